// Answers given on the command line: `recommend=9`, `reason=price`, `liked=staff,food`, `comment=Fine`. What kind each
// is, the survey's questions say.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_DOCUMENTS_ANSWERS_H_
#define CANVASS_CLIENT_CLI_DOCUMENTS_ANSWERS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::cli {

// The answer that "key=value" gives. UsageError if there is no such question, or if a score is no whole number; whether
// it is on the scale, the server says.
absl::StatusOr<v1::Answer> ParseAnswer(const v1::SurveyDefinition& definition, absl::string_view text);

// The answer "seen, not answered" to `key`. UsageError if there is no such question.
absl::StatusOr<v1::Answer> DismissedAnswer(const v1::SurveyDefinition& definition, absl::string_view key);

// "recommend 9, reason price, comment dismissed".
std::string AnswersText(const v1::Response& response);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_DOCUMENTS_ANSWERS_H_
