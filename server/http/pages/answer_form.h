// The fields of a posted page, and the answers in them. The fields of question `ease` are `q.ease`, with `.other` for
// what stands beside an option, and `.<key>` for each row of a matrix and each option of a ranking.
//
//   CANVASS_ASSIGN_OR_RETURN(const Form form, Form::Parse(body));
//   const FormAnswer read = ReadAnswer(question, form);
//
// Pure. A Form is not thread-safe.
#ifndef CANVASS_SERVER_HTTP_PAGES_ANSWER_FORM_H_
#define CANVASS_SERVER_HTTP_PAGES_ANSWER_FORM_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/question.pb.h"
#include "canvass/v1/response.pb.h"

namespace canvass::http {

// Names and values, as application/x-www-form-urlencoded has them.
class Form {
 public:
  // Line breaks, which browsers send as CR LF, become LF: what the respondent typed. InvalidArgument (INVALID_FIELD) if
  // it is not UTF-8.
  static absl::StatusOr<Form> Parse(absl::string_view body);

  void Add(const std::string& name, std::string value);
  // The first value under `name`, empty if there is none.
  absl::string_view First(absl::string_view name) const;
  // All of them.
  const std::vector<std::string>& All(absl::string_view name) const;

 private:
  absl::flat_hash_map<std::string, std::vector<std::string>> values_;
};

// The name of the question's field, or of a part of it.
std::string FieldName(const v1::Question& question, absl::string_view part = "");

struct FormAnswer {
  // Absent: nothing was filled in.
  std::optional<v1::Answer> answer;
  // Something was filled in that no answer can hold: a number that is none, two options on one place.
  bool unreadable = false;
};

// What the form says to `question`. Whether that fits is for CheckAnswer to say.
FormAnswer ReadAnswer(const v1::Question& question, const Form& form);

// A number as respondents read and type it.
std::string NumberText(double number);

// Fills in the fields by which ReadAnswer would read `answer`: an empty one if it was dismissed.
void WriteAnswer(const v1::Question& question, const v1::Answer& answer, Form& form);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_PAGES_ANSWER_FORM_H_
