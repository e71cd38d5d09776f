// Answers given on the command line or typed at a prompt. What kind each is, the survey's questions say:
//
//   nps, csat, ces, rating   recommend=9
//   single_choice            reason=price         reason=other:the smell     (what is behind the colon: other_text)
//   multiple_choice          liked=staff,food     liked=staff,other:the view
//   free_text                comment=Fine
//   matrix                   quality=speed:good,taste:bad
//   ranking                  order=price,speed    (the best first)
//   number                   weight=2.5
//   date                     visit=2026-01-31
//   consent                  terms=yes
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

// The answer that "key=value" gives. UsageError if there is no such question, or if the value is not of its form;
// whether it is on the scale, the server says.
absl::StatusOr<v1::Answer> ParseAnswer(const v1::SurveyDefinition& definition, absl::string_view text);

// The answer to `question` that `value` is. InvalidArgument if it is not of its form, with the form.
absl::StatusOr<v1::Answer> ParseValue(const v1::Question& question, absl::string_view value);

// The answer "seen, not answered" to `key`. UsageError if there is no such question.
absl::StatusOr<v1::Answer> DismissedAnswer(const v1::SurveyDefinition& definition, absl::string_view key);

// "recommend 9, reason price, comment dismissed".
std::string AnswersText(const v1::Response& response);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_DOCUMENTS_ANSWERS_H_
