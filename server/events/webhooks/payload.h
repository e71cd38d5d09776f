// Reading other systems' payloads, which may hold anything anywhere: what is missing or of another type reads as empty.
//
//   const std::string customer = TextAt(payload, "customer.id");
//   CopyFacts({{"total_price", "total_price", FactKind::kNumber}, …}, payload, *event.mutable_data());
//
// Pure functions.
#ifndef CANVASS_SERVER_EVENTS_WEBHOOKS_PAYLOAD_H_
#define CANVASS_SERVER_EVENTS_WEBHOOKS_PAYLOAD_H_

#include <google/protobuf/struct.pb.h>

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace canvass::events {

// The value at a dotted path of object keys; nullptr if there is none, or null.
const nlohmann::json* At(const nlohmann::json& payload, absl::string_view path);

// The text at `path`: strings as they are, whole numbers in digits, so that an identifier reads the same either way.
// Empty otherwise.
std::string TextAt(const nlohmann::json& payload, absl::string_view path);

// The first of them that is not empty.
std::string FirstTextAt(const nlohmann::json& payload, std::initializer_list<absl::string_view> paths);

// `text` as a part of an event's type: in lower case, with '_' for every character that a type cannot have.
std::string TypePart(absl::string_view text);

// What a fact becomes in an event's data.
enum class FactKind {
  kText,    // as TextAt
  kNumber,  // a number, or a string that holds one
  kFlag,    // true or false
  kIsSet,   // whether there is anything at the path
  kTags,    // a list of texts, or a text of parts with commas between them, as a list
  kWords,   // a list of texts, or a text of parts with blanks between them, as a list
};

struct FactRule {
  const char* fact;
  const char* path;
  FactKind kind;
};

// Adds the facts that `payload` has. Without a value of its kind a fact is left out, so that conditions on it are
// false.
void CopyFacts(absl::Span<const FactRule> rules, const nlohmann::json& payload, google::protobuf::Struct& data);

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_WEBHOOKS_PAYLOAD_H_
