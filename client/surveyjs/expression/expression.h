// The expression language of SurveyJS, as a tree: `{nps} >= 9 and {reason} notempty`.
//
//   absl::StatusOr<Expression> expression = ParseExpression("{nps} >= 9");
//
// Plain values; ParseExpression is pure and thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_EXPRESSION_EXPRESSION_H_
#define CANVASS_CLIENT_SURVEYJS_EXPRESSION_EXPRESSION_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace canvass::surveyjs {

struct Expression {
  enum class Kind {
    kConstant,   // `constant`: null, a boolean, a number or a text
    kVariable,   // `name`, what stands between the braces
    kList,       // `operands`
    kOperation,  // `name` applied to `operands`: or and not = != < <= > >= + - * / % ^ contains notcontains anyof allof
                 // noneof empty notempty
    kFunction,   // `name` called with `operands`
  };
  Kind kind = Kind::kConstant;
  nlohmann::json constant = nullptr;
  std::string name = {};
  std::vector<Expression> operands = {};

  bool IsOperation(absl::string_view operation) const {
    return kind == Kind::kOperation && absl::string_view(name) == operation;
  }
};

// InvalidArgument with a sentence about the first fault, or if `text` is longer than 10,000 bytes or nested more than
// 50 deep. Other spellings that SurveyJS takes (`<>`, `=<`, `&&`, `equal`, `*=`, …) are taken, too.
absl::StatusOr<Expression> ParseExpression(absl::string_view text);

// The names of all variables in `expression`.
std::vector<std::string> VariablesOf(const Expression& expression);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_EXPRESSION_EXPRESSION_H_
