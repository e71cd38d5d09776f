// Builds a Condition from the tokens of an AIP-160 filter, for condition_text.h, which describes the grammar.
#ifndef CANVASS_SERVER_CONDITIONS_PARSER_H_
#define CANVASS_SERVER_CONDITIONS_PARSER_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/condition.pb.h"
#include "server/conditions/lexer.h"

namespace canvass::conditions {

// AND, OR and NOT, which are not words.
bool IsKeyword(absl::string_view word);

// `tokens` come from Tokenize. InvalidArgument (INVALID_CONDITION) that names the position of the first fault.
absl::StatusOr<v1::Condition> ParseTokens(std::vector<Token> tokens);

}  // namespace canvass::conditions

#endif  // CANVASS_SERVER_CONDITIONS_PARSER_H_
