// The rules of answers that pick from lists: choices, rankings, matrices, and the text beside an option that is
// `other`.
//
// Parts of CheckAnswer, which has seen that the answer's kind fits the question's. Pure; thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_VALIDATION_OPTION_CHECK_H_
#define CANVASS_SERVER_RESPONSES_VALIDATION_OPTION_CHECK_H_

#include <google/protobuf/repeated_ptr_field.h>

#include "absl/strings/string_view.h"
#include "canvass/v1/question.pb.h"
#include "canvass/v1/response.pb.h"
#include "server/responses/validation/answer_faults.h"

namespace canvass::responses {

void CheckChoice(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults);
void CheckChoices(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults);
void CheckRanking(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults);
void CheckMatrix(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults);

// For answers of every kind.
void CheckOtherText(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults);

// The place of the element with that key, -1 if there is none. Starts looking at `start`: respondents answer in the
// order in which they were asked, so that the first look is mostly the right one.
template <typename Element>
int FindFrom(const google::protobuf::RepeatedPtrField<Element>& elements, int start, absl::string_view key) {
  const int size = elements.size();
  for (int i = 0; i < size; ++i) {
    const int place = start + i < size ? start + i : start + i - size;
    if (absl::string_view(elements[place].key()) == key) return place;
  }
  return -1;
}

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_VALIDATION_OPTION_CHECK_H_
