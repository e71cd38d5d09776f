// The rules of a response: whether what a respondent sent fits the survey version that was asked.
//
//   Violations violations;
//   const Outcome outcome = Validate(version.definition(), {.now = clock.Now()}, response, violations);
//   CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_RESPONSE));
//   const std::vector<std::string> hidden = LeaveOut(outcome.hidden_answers, response);
//
// Pure functions without I/O. They stand on the path of every SubmitResponse: no allocation where nothing is wrong and
// the survey has neither logic nor quotas.
#ifndef CANVASS_SERVER_RESPONSES_RESPONSE_H_
#define CANVASS_SERVER_RESPONSES_RESPONSE_H_

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/error.h"
#include "server/responses/validation/hidden_facts.h"

namespace canvass::responses {

struct ResponseContext {
  absl::Time now;
  // The facts of the invitation that is answered; the response may add hidden fields alone. Null: there is none, and
  // the response brings its own.
  const google::protobuf::Struct* invitation_facts = nullptr;
  MissingFields missing_hidden = MissingFields::kRefused;
  // Leave answers to questions that were not shown out, whatever the definition says.
  bool drop_hidden_answers = false;
};

// What the survey's logic makes of a response.
struct Outcome {
  // Which answers are to be left out, by their places in the response: those to questions that were not shown, where
  // the definition has them dropped.
  std::vector<int> hidden_answers;
  // Which quotas it counts towards, by their places in the definition.
  std::vector<int> quotas;
  // See Response.completeness.
  double completeness = 0;
};

// Adds every violation of `response`, with paths such as `response.answers[2].score`: answers that do not fit
// `definition`, answers to questions that its logic did not show, required questions that were shown and have none,
// times, language, channel and facts. Resource names and output fields are not looked at. Stops at
// Violations::kMaxReported. What it returns means nothing if there are violations.
Outcome Validate(const v1::SurveyDefinition& definition, const ResponseContext& context, const v1::Response& response,
                 Violations& violations);

// The same of a part of a response, to which more will be added: each answer for itself, and what stands beside them.
void CheckPart(const v1::SurveyDefinition& definition, const ResponseContext& context, const v1::Response& response,
               Violations& violations);

// Adds a violation at `field` unless `key` is a question's.
void CheckQuestionKey(const v1::SurveyDefinition& definition, const std::string& key, absl::string_view field,
                      Violations& violations);

// Removes the answers at `places`, which ascend, and returns the keys of their questions.
std::vector<std::string> LeaveOut(const std::vector<int>& places, v1::Response& response);

// Clears what callers do not decide, but for the name.
void ClearOutputFields(v1::Response& response);

// What tells a repeated call from another one: 16 bytes over all that the caller may say in `response`. Output fields
// must have been cleared.
std::string ContentDigest(const v1::Response& response);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_RESPONSE_H_
