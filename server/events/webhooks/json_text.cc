#include "server/events/webhooks/json_text.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"

namespace canvass::events {
namespace {

using google::protobuf::Value;
using nlohmann::json;

absl::Status Malformed(absl::string_view why) {
  return Error(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_MALFORMED_MESSAGE,
               absl::StrCat("the body is not JSON that can be taken in: ", why));
}

void ToValue(const json& from, Value& to) {
  switch (from.type()) {
    case json::value_t::object:
      return ToStruct(from, *to.mutable_struct_value());
    case json::value_t::array:
      to.mutable_list_value();
      for (const json& element : from) ToValue(element, *to.mutable_list_value()->add_values());
      return;
    case json::value_t::string:
      return to.set_string_value(from.get_ref<const std::string&>());
    case json::value_t::boolean:
      return to.set_bool_value(from.get<bool>());
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
    case json::value_t::number_float:
      return to.set_number_value(from.get<double>());
    default:
      return to.set_null_value(google::protobuf::NULL_VALUE);
  }
}

}  // namespace

absl::StatusOr<json> ParseJson(absl::string_view text) {
  // The library takes one for the end of the text.
  if (const std::size_t nul = text.find('\0'); nul != absl::string_view::npos) {
    return Malformed(absl::StrCat("byte ", nul + 1, " is NUL"));
  }
  bool too_deep = false;
  // What stands too deep is thrown away while it is read, so that no tree of it ever exists.
  const json::parser_callback_t bound_depth = [&](int depth, json::parse_event_t event, const json&) {
    const bool opens = event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
    if (opens && depth >= kMaxJsonDepth) too_deep = true;
    return !too_deep;
  };
  try {
    json value = json::parse(text.begin(), text.end(), bound_depth);
    if (too_deep) return Malformed(absl::StrCat("it is nested more than ", kMaxJsonDepth, " deep"));
    return value;
  } catch (const json::parse_error& error) {
    return Malformed(absl::StrCat("byte ", error.byte, " breaks RFC 8259, or is not UTF-8"));
  } catch (const json::exception&) {
    return Malformed("a number is larger than a double can hold");
  }
}

void ToStruct(const json& object, google::protobuf::Struct& out) {
  for (const auto& [key, value] : object.items()) ToValue(value, (*out.mutable_fields())[key]);
}

std::optional<google::protobuf::Timestamp> ParseTimestamp(absl::string_view text) {
  // absl also takes blanks around it and words for infinity.
  if (text.empty() || !absl::ascii_isdigit(static_cast<unsigned char>(text.front())) ||
      absl::ascii_isspace(static_cast<unsigned char>(text.back()))) {
    return std::nullopt;
  }
  absl::Time time;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) return std::nullopt;
  google::protobuf::Timestamp timestamp = ToProto(time);
  if (!IsValid(timestamp)) return std::nullopt;
  return timestamp;
}

}  // namespace canvass::events
