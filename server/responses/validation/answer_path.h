// Where an answer stands in a request, for the paths of violations. Nothing is put together before something is wrong.
//
//   CheckAnswer(question, answer, {.list = "response.answers", .index = 2}, violations);   // response.answers[2].score
//   CheckAnswer(question, answer, {}, violations);                                         // score
#ifndef CANVASS_SERVER_RESPONSES_VALIDATION_ANSWER_PATH_H_
#define CANVASS_SERVER_RESPONSES_VALIDATION_ANSWER_PATH_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace canvass::responses {

struct AnswerPath {
  // The path of the list that holds the answer. Empty: paths start within the answer.
  absl::string_view list = "";
  int index = 0;

  // The path of `field` of the answer; of the answer itself if it is empty.
  std::string To(absl::string_view field) const {
    if (list.empty()) return std::string(field);
    return absl::StrCat(list, "[", index, "]", field.empty() ? "" : ".", field);
  }
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_VALIDATION_ANSWER_PATH_H_
