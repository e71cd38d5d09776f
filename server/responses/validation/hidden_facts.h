// Hidden fields: what comes with a response beside its answers, `facts.hidden`, an object with the survey's declared
// fields by key.
//
//   CheckHidden(definition, "response.facts", response.facts(), MissingFields::kRefused, violations);
//   MoveHidden(given, facts);   // an invitation's facts now hold what the response brought
//
// Pure; thread-safe. Surveys without hidden fields cost a look into the facts.
#ifndef CANVASS_SERVER_RESPONSES_VALIDATION_HIDDEN_FACTS_H_
#define CANVASS_SERVER_RESPONSES_VALIDATION_HIDDEN_FACTS_H_

#include <google/protobuf/struct.pb.h>

#include <optional>

#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/error.h"

namespace canvass::responses {

// The name of the object within facts.
inline constexpr char kHidden[] = "hidden";

// Whether a field that the survey requires may be missing: nobody is refused for what a respondent cannot help.
enum class MissingFields { kRefused, kAllowed };

// Adds a violation, at paths such as `response.facts.hidden.plan` where `path` is that of the facts, for each value
// that is not declared or does not fit its type, and for each that is required and missing. Null is missing, an empty
// text too.
void CheckHidden(const v1::SurveyDefinition& definition, absl::string_view path, const google::protobuf::Struct& facts,
                 MissingFields missing, Violations& violations);

// What `text`, such as a link may say, is as a value of the field; nullopt if it is none or empty.
std::optional<google::protobuf::Value> ReadHidden(const v1::HiddenField& field, absl::string_view text);

// The values among `hidden` that the survey declares and that fit.
google::protobuf::Struct FittingHidden(const v1::SurveyDefinition& definition, const google::protobuf::Struct& hidden);

// The object of hidden fields within `facts`; empty if there is none.
const google::protobuf::Struct& HiddenIn(const google::protobuf::Struct& facts);

// Puts the hidden fields of `from` into `to`, in place of those that are there; nothing if `from` has none.
void CopyHidden(const google::protobuf::Struct& from, google::protobuf::Struct& to);
void MoveHidden(google::protobuf::Struct& from, google::protobuf::Struct& to);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_VALIDATION_HIDDEN_FACTS_H_
