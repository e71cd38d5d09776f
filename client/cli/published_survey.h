// The version of a survey that takes answers now, for commands that need to know its questions.
//
// Not thread-safe, as the session.
#ifndef CANVASS_CLIENT_CLI_PUBLISHED_SURVEY_H_
#define CANVASS_CLIENT_CLI_PUBLISHED_SURVEY_H_

#include <string>

#include "absl/status/statusor.h"
#include "canvass/v1/survey.pb.h"
#include "client/cli/session.h"

namespace canvass::cli {

// The version `version` of the survey of that full name, the latest published one for 0. UsageError if it was never
// published.
absl::StatusOr<v1::SurveyVersion> PublishedSurvey(Session& session, const std::string& survey, int version);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_PUBLISHED_SURVEY_H_
