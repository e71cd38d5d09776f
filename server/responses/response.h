// The rules of a response: whether what a respondent sent fits the survey version that was asked.
//
//   Violations violations;
//   Validate(version.definition(), {.now = clock.Now()}, response, violations);
//   CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_RESPONSE));
//
// Pure functions without I/O. They stand on the path of every SubmitResponse: no allocation where nothing is wrong.
#ifndef CANVASS_SERVER_RESPONSES_RESPONSE_H_
#define CANVASS_SERVER_RESPONSES_RESPONSE_H_

#include <string>

#include "absl/time/time.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/error.h"

namespace canvass::responses {

// How far behind the server's clock a respondent's device may be ahead of it.
inline constexpr absl::Duration kMaxClockSkew = absl::Minutes(10);

// Who knows the facts of the moment.
enum class FactsSource { kCaller, kInvitation };

struct ResponseContext {
  absl::Time now;
  FactsSource facts = FactsSource::kCaller;
};

// Adds every violation of `response`, with paths such as `response.answers[2].score`: answers that do not fit
// `definition`, required questions without one, times, language, channel and facts. Resource names and output fields
// are not looked at. Stops at Violations::kMaxReported.
void Validate(const v1::SurveyDefinition& definition, const ResponseContext& context, const v1::Response& response,
              Violations& violations);

// What tells a repeated call from another one: 16 bytes over all that the caller may say in `response`. Output fields
// must have been cleared.
std::string ContentDigest(const v1::Response& response);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_RESPONSE_H_
