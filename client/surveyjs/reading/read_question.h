// One question as it comes out of a SurveyJS document, before it has its key and its logic.
//
// A plain value.
#ifndef CANVASS_CLIENT_SURVEYJS_READING_READ_QUESTION_H_
#define CANVASS_CLIENT_SURVEYJS_READING_READ_QUESTION_H_

#include <string>
#include <vector>

#include "canvass/v1/question.pb.h"
#include "client/surveyjs/expression/condition_of.h"

namespace canvass::surveyjs {

struct ReadQuestion {
  // A row of a matrix: `{q.speed}` is `answer.q.speed`.
  struct Part {
    std::string name;  // in expressions, behind the question's name and a dot
    std::string key;   // behind the question's key and a dot
    std::vector<Reference::Option> options;
  };
  v1::Question question;
  // In expressions: `city`, or `address.city` of a field within another question.
  std::string name = {};
  Reference::Kind kind = Reference::Kind::kText;
  std::vector<Reference::Option> options = {};
  std::vector<Part> parts = {};
  // Statements have no answer to refer to.
  bool has_answer = true;
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_READING_READ_QUESTION_H_
