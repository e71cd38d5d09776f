// JSON that others send, parsed within limits: what is wrong with it is a status, never an exception.
//
//   CANVASS_ASSIGN_OR_RETURN(const nlohmann::json payload, ParseJson(body));
//   ToStruct(payload, *event.mutable_data());
//
// Pure functions. Numbers and duplicate keys are as nlohmann's library has them: whole numbers up to 64 bits are exact,
// of two equal keys the last one counts.
#ifndef CANVASS_SERVER_EVENTS_WEBHOOKS_JSON_TEXT_H_
#define CANVASS_SERVER_EVENTS_WEBHOOKS_JSON_TEXT_H_

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace canvass::events {

// How deep objects and lists may stand in each other. What is stored has narrower limits (event.h); this one protects
// what walks through the parsed value.
inline constexpr int kMaxJsonDepth = 32;

// InvalidArgument (MALFORMED_MESSAGE), with the place, if `text` is not one JSON value in UTF-8, nested at most
// kMaxJsonDepth deep, of numbers that a double can hold.
absl::StatusOr<nlohmann::json> ParseJson(absl::string_view text);

// Adds the members of `object`, which is one and came from ParseJson.
void ToStruct(const nlohmann::json& object, google::protobuf::Struct& out);

// The time that an RFC 3339 text gives; none if it is not one.
std::optional<google::protobuf::Timestamp> ParseTimestamp(absl::string_view text);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_WEBHOOKS_JSON_TEXT_H_
