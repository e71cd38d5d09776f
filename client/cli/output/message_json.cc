#include "client/cli/output/message_json.h"

#include <cstdint>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/util/json_util.h"

namespace canvass::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using Json = nlohmann::ordered_json;

constexpr Json::error_handler_t kReplace = Json::error_handler_t::replace;

bool IsWide(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 || field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
}

void NumberToNumber(Json& value) {
  std::int64_t number = 0;
  if (value.is_string() && absl::SimpleAtoi(value.get_ref<const std::string&>(), &number)) value = number;
}

// Whether the order of a field's keys means nothing, and is another one every time.
bool IsUnordered(const FieldDescriptor& field) {
  return field.is_map() || (field.message_type() != nullptr && !field.is_repeated() &&
                            field.message_type()->full_name() == "google.protobuf.Struct");
}

// The same with the keys of all maps in order. nlohmann-json's other type sorts them.
Json Sorted(const Json& value) { return Json(nlohmann::json(value)); }

// Makes numbers of the int64 fields in `json`, which is a message of `type`, and gives maps an order.
void Normalize(const Descriptor& type, Json& json) {
  if (!json.is_object() || absl::StartsWith(type.full_name(), "google.protobuf.")) return;
  for (auto& [key, value] : json.items()) {
    const FieldDescriptor* field = type.FindFieldByName(key);
    if (field == nullptr) continue;
    if (IsUnordered(*field)) {
      value = Sorted(value);
      continue;
    }
    const bool wide = IsWide(*field);
    if (!wide && field->message_type() == nullptr) continue;
    const auto convert = [&](Json& one) { wide ? NumberToNumber(one) : Normalize(*field->message_type(), one); };
    if (!field->is_repeated()) {
      convert(value);
    } else {
      for (Json& item : value) convert(item);
    }
  }
}

}  // namespace

Json ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  Json json = status.ok() ? Json::parse(text, nullptr, false) : Json();
  if (message.GetDescriptor()->full_name() == "google.protobuf.Struct") return Sorted(json);
  Normalize(*message.GetDescriptor(), json);
  return json;
}

std::string JsonText(const Json& json) { return json.dump(2, ' ', false, kReplace) + "\n"; }

}  // namespace canvass::cli
