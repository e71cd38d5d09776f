#include "server/surveys/versions/short_text.h"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/struct.pb.h>

#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "canvass/v1/condition.pb.h"
#include "server/base/proto_time.h"
#include "server/conditions/condition_text.h"
#include "server/conditions/facts.h"

namespace canvass::surveys {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

template <typename Type>
bool Is(const Descriptor& type) {
  return &type == Type::descriptor();
}

std::string ConstantText(const google::protobuf::Value& value) {
  return value.has_string_value() ? absl::StrCat("\"", value.string_value(), "\"") : conditions::FactText(value);
}

// The entries of a map from text to text, by key.
std::map<std::string, std::string> EntriesOf(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  const FieldDescriptor* key = field.message_type()->map_key();
  const FieldDescriptor* value = field.message_type()->map_value();
  std::map<std::string, std::string> entries;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
    entries[entry.GetReflection()->GetString(entry, key)] = entry.GetReflection()->GetString(entry, value);
  }
  return entries;
}

std::string LocalText(const std::map<std::string, std::string>& texts, absl::string_view language) {
  const auto found = texts.find(std::string(language));
  if (found != texts.end()) return found->second;
  return texts.empty() ? "" : texts.begin()->second;
}

std::string FieldsText(const Message& message, absl::string_view language) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::vector<std::string> texts;
  for (const FieldDescriptor* field : fields) {
    std::string text;
    if (field->is_map()) {
      text = LocalText(EntriesOf(message, *field), language);
    } else if (field->is_repeated()) {
      std::vector<std::string> elements;
      for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i) {
        elements.push_back(ShortText(message, *field, i, language));
      }
      text = absl::StrCat("[", absl::StrJoin(elements, ", "), "]");
    } else {
      text = ShortText(message, *field, -1, language);
    }
    texts.push_back(absl::StrCat(field->name(), ": ", text));
  }
  return absl::StrJoin(texts, ", ");
}

}  // namespace

bool IsOneText(const Descriptor& type) {
  return Is<v1::Condition>(type) || Is<google::protobuf::Value>(type) || Is<google::protobuf::Duration>(type);
}

std::string ShortText(const Message& message, absl::string_view language) {
  const Descriptor& type = *message.GetDescriptor();
  if (Is<google::protobuf::Value>(type)) return ConstantText(static_cast<const google::protobuf::Value&>(message));
  if (Is<google::protobuf::Duration>(type)) {
    return absl::FormatDuration(FromProto(static_cast<const google::protobuf::Duration&>(message)));
  }
  if (Is<v1::Condition>(type)) {
    const std::string text = conditions::ConditionText(static_cast<const v1::Condition&>(message));
    return text.empty() ? "always" : text;
  }
  for (const char* name : {"text", "title"}) {
    const FieldDescriptor* field = type.FindFieldByName(name);
    if (field == nullptr || !field->is_map()) continue;
    std::string text = LocalText(EntriesOf(message, *field), language);
    if (!text.empty()) return text;
  }
  return FieldsText(message, language);
}

std::string ShortText(const Message& message, const FieldDescriptor& field, int index, absl::string_view language) {
  const Reflection& reflection = *message.GetReflection();
  const bool one = index < 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return one ? reflection.GetString(message, &field) : reflection.GetRepeatedString(message, &field, index);
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(one ? reflection.GetInt32(message, &field)
                              : reflection.GetRepeatedInt32(message, &field, index));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(one ? reflection.GetInt64(message, &field)
                              : reflection.GetRepeatedInt64(message, &field, index));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return conditions::NumberText(one ? reflection.GetDouble(message, &field)
                                        : reflection.GetRepeatedDouble(message, &field, index));
    case FieldDescriptor::CPPTYPE_BOOL:
      return (one ? reflection.GetBool(message, &field) : reflection.GetRepeatedBool(message, &field, index)) ? "true"
                                                                                                              : "false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return (one ? reflection.GetEnum(message, &field) : reflection.GetRepeatedEnum(message, &field, index))->name();
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const Message& inner =
          one ? reflection.GetMessage(message, &field) : reflection.GetRepeatedMessage(message, &field, index);
      const std::string text = ShortText(inner, language);
      return IsOneText(*inner.GetDescriptor()) ? text : absl::StrCat("{", text, "}");
    }
    default:
      return "";
  }
}

std::string IdentityOf(const Message& element) {
  const Descriptor& type = *element.GetDescriptor();
  for (const char* name : {"key", "field", "value"}) {
    const FieldDescriptor* field = type.FindFieldByName(name);
    if (field != nullptr) return ShortText(element, *field, -1, "");
  }
  const google::protobuf::OneofDescriptor* target = type.FindOneofByName("target");
  const FieldDescriptor* led =
      target == nullptr ? nullptr : element.GetReflection()->GetOneofFieldDescriptor(element, target);
  return led == nullptr ? "" : absl::StrCat(led->name(), " ", ShortText(element, *led, -1, ""));
}

}  // namespace canvass::surveys
