#include "client/cli/output/message_json.h"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/json_util.h"

namespace canvass::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Json = nlohmann::ordered_json;

constexpr Json::error_handler_t kReplace = Json::error_handler_t::replace;
// Whole numbers up to here are written without a fraction.
constexpr double kMaxWhole = 1e15;

Json FromNumber(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  if (std::trunc(number) == number && std::abs(number) < kMaxWhole) return static_cast<std::int64_t>(number);
  return number;
}

// Of a type of protobuf's own that is not told apart below.
Json FromOther(const Message& message) {
  std::string text;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  return status.ok() ? Json::parse(text, nullptr, false) : Json();
}

// With three, six or nine digits of a second, or none.
Json FromTimestamp(const google::protobuf::Timestamp& time) {
  const absl::Time moment = absl::FromUnixSeconds(time.seconds());
  const std::string seconds = absl::FormatTime("%Y-%m-%dT%H:%M:%S", moment, absl::UTCTimeZone());
  if (time.nanos() == 0) return absl::StrCat(seconds, "Z");
  std::string digits = absl::StrCat(1'000'000'000 + time.nanos()).substr(1);
  while (absl::EndsWith(digits, "000")) digits.resize(digits.size() - 3);
  return absl::StrCat(seconds, ".", digits, "Z");
}

nlohmann::json FromStruct(const google::protobuf::Struct& map);

nlohmann::json FromValue(const google::protobuf::Value& value) {
  switch (value.kind_case()) {
    case google::protobuf::Value::kNumberValue:
      return FromNumber(value.number_value());
    case google::protobuf::Value::kStringValue:
      return value.string_value();
    case google::protobuf::Value::kBoolValue:
      return value.bool_value();
    case google::protobuf::Value::kStructValue:
      return FromStruct(value.struct_value());
    case google::protobuf::Value::kListValue: {
      nlohmann::json list = nlohmann::json::array();
      for (const auto& item : value.list_value().values()) list.push_back(FromValue(item));
      return list;
    }
    default:
      return nullptr;
  }
}

// Its keys come in another order every time; nlohmann::json sorts them.
nlohmann::json FromStruct(const google::protobuf::Struct& map) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [key, value] : map.fields()) json[key] = FromValue(value);
  return json;
}

Json FromMessage(const Message& message);

// Of `field` of `message`, or of its item `index` where it is repeated.
Json FromField(const Message& message, const FieldDescriptor& field, int index) {
  const google::protobuf::Reflection& get = *message.GetReflection();
  const bool item = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return item ? get.GetRepeatedInt32(message, &field, index) : get.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
      return item ? get.GetRepeatedInt64(message, &field, index) : get.GetInt64(message, &field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return item ? get.GetRepeatedUInt32(message, &field, index) : get.GetUInt32(message, &field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return item ? get.GetRepeatedUInt64(message, &field, index) : get.GetUInt64(message, &field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return FromNumber(item ? get.GetRepeatedDouble(message, &field, index) : get.GetDouble(message, &field));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return FromNumber(item ? get.GetRepeatedFloat(message, &field, index) : get.GetFloat(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return item ? get.GetRepeatedBool(message, &field, index) : get.GetBool(message, &field);
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number = item ? get.GetRepeatedEnumValue(message, &field, index) : get.GetEnumValue(message, &field);
      const auto* value = field.enum_type()->FindValueByNumber(number);
      return value == nullptr ? Json(number) : Json(value->name());
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = item ? get.GetRepeatedString(message, &field, index) : get.GetString(message, &field);
      return field.type() == FieldDescriptor::TYPE_BYTES ? absl::Base64Escape(text) : text;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return FromMessage(item ? get.GetRepeatedMessage(message, &field, index) : get.GetMessage(message, &field));
  }
  return nullptr;
}

// Of a map, whose entries are messages of a key and a value, in the order of the keys.
Json FromMap(const Message& message, const FieldDescriptor& field) {
  nlohmann::json map = nlohmann::json::object();
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    const Message& entry = message.GetReflection()->GetRepeatedMessage(message, &field, i);
    const Json key = FromField(entry, *field.message_type()->map_key(), 0);
    map[key.is_string() ? key.get<std::string>() : key.dump()] =
        FromField(entry, *field.message_type()->map_value(), 0);
  }
  return map;
}

Json FromMessage(const Message& message) {
  const std::string& type = message.GetDescriptor()->full_name();
  if (type == "google.protobuf.Timestamp") {
    return FromTimestamp(static_cast<const google::protobuf::Timestamp&>(message));
  }
  if (type == "google.protobuf.Struct") return FromStruct(static_cast<const google::protobuf::Struct&>(message));
  if (type == "google.protobuf.Value") return FromValue(static_cast<const google::protobuf::Value&>(message));
  if (absl::StartsWith(type, "google.protobuf.")) return FromOther(message);
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  Json json = Json::object();
  for (const FieldDescriptor* field : fields) {
    if (field->is_map()) {
      json[field->name()] = FromMap(message, *field);
      continue;
    }
    if (!field->is_repeated()) {
      json[field->name()] = FromField(message, *field, 0);
      continue;
    }
    Json& list = json[field->name()] = Json::array();
    for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i) {
      list.push_back(FromField(message, *field, i));
    }
  }
  return json;
}

}  // namespace

Json ToJson(const Message& message) { return FromMessage(message); }

std::string JsonText(const Json& json) { return json.dump(2, ' ', false, kReplace) + "\n"; }

}  // namespace canvass::cli
