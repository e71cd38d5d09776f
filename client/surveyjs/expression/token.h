// Cuts an expression of SurveyJS into tokens.
//
// Pure; thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_EXPRESSION_TOKEN_H_
#define CANVASS_CLIENT_SURVEYJS_EXPRESSION_TOKEN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace canvass::surveyjs {

struct Token {
  enum class Kind { kWord, kNumber, kText, kVariable, kSymbol, kEnd };
  Kind kind = Kind::kEnd;
  // What it says: a text without quotes, a variable without braces, and one spelling for each operator: `!=` for `<>`
  // and `notequal`, `and` for `&&`, `not` for `!`.
  std::string text = {};
};

// The tokens of `text`, the last one being kEnd. InvalidArgument with a sentence about the first fault.
absl::StatusOr<std::vector<Token>> Tokenize(absl::string_view text);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_EXPRESSION_TOKEN_H_
