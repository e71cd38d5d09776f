// Cuts the text of an AIP-160 filter into tokens for the parser.
//
// Words are runs of anything but white space, quotes, parentheses, commas, dots and comparators; so AND, 42, -x and *
// are words, and `1.5` is a word, a dot and a word.
#ifndef CANVASS_SERVER_CONDITIONS_LEXER_H_
#define CANVASS_SERVER_CONDITIONS_LEXER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace canvass::conditions {

struct Token {
  enum class Kind { kWord, kString, kDot, kOpen, kClose, kComma, kComparator, kEnd };
  Kind kind = Kind::kEnd;
  std::string text;          // of kString: what it says, without quotes and escapes
  std::size_t position = 0;  // in characters, from 1
  bool space_before = false;
};

// InvalidArgument (INVALID_CONDITION) that names the position in `text`.
absl::Status SyntaxError(std::size_t position, absl::string_view description);

// The tokens of `text`, the last one being kEnd.
// InvalidArgument (INVALID_CONDITION) if it is not UTF-8, or has an unfinished string, an unknown escape, a control
// character or a '!' that is not part of '!='.
absl::StatusOr<std::vector<Token>> Tokenize(absl::string_view text);

}  // namespace canvass::conditions

#endif  // CANVASS_SERVER_CONDITIONS_LEXER_H_
