// What is wrong with an answer, in the respondent's words and language. AnswerProblem.description, which says it to
// developers, is English.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_HTTP_PAGES_PROBLEM_TEXT_H_
#define CANVASS_SERVER_HTTP_PAGES_PROBLEM_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "canvass/v1/question.pb.h"
#include "server/http/pages/answer_form.h"
#include "server/http/pages/sentences.h"

namespace canvass::http {

// What the respondent is told of the wrong or missing answer to `question`, which was read from a form as `read`.
// `field` is that of the AnswerProblem.
std::string ProblemText(const v1::Question& question, const FormAnswer& read, absl::string_view field,
                        const Sentences& sentences);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_PAGES_PROBLEM_TEXT_H_
