// The rules of one answer: whether it fits its question. SubmitResponse judges whole responses by them (response.h),
// and whoever asks page by page judges the answers so far.
//
//   Violations violations;
//   CheckAnswer(question, answer, {.list = "response.answers", .index = 2}, violations);
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_VALIDATION_ANSWER_CHECK_H_
#define CANVASS_SERVER_RESPONSES_VALIDATION_ANSWER_CHECK_H_

#include "canvass/v1/question.pb.h"
#include "canvass/v1/response.pb.h"
#include "server/base/error.h"
#include "server/responses/validation/answer_path.h"

namespace canvass::responses {

// Adds every violation of `answer`, which is to `question`: that its kind is another, that it is off the scale or the
// list of options, that a required question is dismissed, and what else question.proto says of the question's kind.
// Fields are those of Answer, for example `choices.keys[1]` or `matrix.columns.speed`. Allocates nothing where nothing
// is wrong. Stops at Violations::kMaxReported.
void CheckAnswer(const v1::Question& question, const v1::Answer& answer, const AnswerPath& path,
                 Violations& violations);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_VALIDATION_ANSWER_CHECK_H_
