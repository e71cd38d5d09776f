#include "server/conditions/lexer.h"

#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"

namespace canvass::conditions {
namespace {

constexpr char kOctalDigits[] = "01234567";
constexpr char kHexDigits[] = "0123456789abcdefABCDEF";
// Each escape character stands before what it means.
constexpr char kEscapes[] = "a\ab\bf\fn\nr\rt\tv\v\\\\''\"\"??``";

bool IsSpace(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }

bool EndsWord(char c) { return IsSpace(c) || absl::string_view("\"'(),=!<>:.").find(c) != absl::string_view::npos; }

void AppendUtf8(uint32_t code, std::string& out) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
    return;
  }
  const int following = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const uint32_t lead = following == 1 ? 0xC0 : following == 2 ? 0xE0 : 0xF0;
  out.push_back(static_cast<char>(lead | (code >> (6 * following))));
  for (int i = following - 1; i >= 0; --i) out.push_back(static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3F)));
}

class Lexer {
 public:
  explicit Lexer(absl::string_view text) : text_(text) {}

  absl::StatusOr<std::vector<Token>> Run() {
    while (true) {
      const std::size_t before = at_;
      while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
      Token token;
      token.space_before = at_ > before;
      token.position = PositionOf(at_);
      CANVASS_RETURN_IF_ERROR(Next(token));
      tokens_.push_back(std::move(token));
      if (tokens_.back().kind == Token::Kind::kEnd) return std::move(tokens_);
    }
  }

 private:
  // Counts on from the token before, so that the whole text is walked once.
  std::size_t PositionOf(std::size_t offset) {
    position_ += CharacterCount(text_.substr(counted_, offset - counted_));
    counted_ = offset;
    return position_;
  }

  absl::Status Next(Token& token) {
    if (at_ == text_.size()) return absl::OkStatus();
    const char c = text_[at_];
    switch (c) {
      case '(':
        return Take(Token::Kind::kOpen, 1, token);
      case ')':
        return Take(Token::Kind::kClose, 1, token);
      case ',':
        return Take(Token::Kind::kComma, 1, token);
      case '.':
        return Take(Token::Kind::kDot, 1, token);
      case ':':
        return Take(Token::Kind::kComparator, 1, token);
      case '"':
      case '\'':
        return TakeString(c, token);
      case '=':
        if (text_.substr(at_, 2) == "==") return SyntaxError(token.position, "write '=' instead of '=='");
        return Take(Token::Kind::kComparator, 1, token);
      case '!':
        if (text_.substr(at_, 2) != "!=") return SyntaxError(token.position, "write NOT instead of '!'");
        return Take(Token::Kind::kComparator, 2, token);
      case '<':
        if (text_.substr(at_, 2) == "<>") return SyntaxError(token.position, "write '!=' instead of '<>'");
        [[fallthrough]];
      case '>':
        return Take(Token::Kind::kComparator, text_.substr(at_ + 1, 1) == "=" ? 2 : 1, token);
      default:
        return TakeWord(token);
    }
  }

  absl::Status Take(Token::Kind kind, std::size_t size, Token& token) {
    token.kind = kind;
    token.text = std::string(text_.substr(at_, size));
    at_ += size;
    return absl::OkStatus();
  }

  absl::Status TakeWord(Token& token) {
    std::size_t end = at_;
    while (end < text_.size() && !EndsWord(text_[end])) ++end;
    if (HasControlCharacter(text_.substr(at_, end - at_))) {
      return SyntaxError(token.position, "a word holds a control character; write it as an escape in quotes");
    }
    return Take(Token::Kind::kWord, end - at_, token);
  }

  absl::Status TakeString(char quote, Token& token) {
    token.kind = Token::Kind::kString;
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == quote) {
        ++at_;
        return absl::OkStatus();
      }
      if (c == '\\') {
        CANVASS_RETURN_IF_ERROR(TakeEscape(token));
      } else {
        token.text.push_back(c);
        ++at_;
      }
    }
    return SyntaxError(token.position, "unterminated string: the closing quote is missing");
  }

  absl::Status TakeEscape(Token& token) {
    const absl::string_view rest = text_.substr(at_ + 1);
    const char c = rest.empty() ? '\0' : rest[0];
    if (c == '*') {  // says that the star is one; the value keeps both
      token.text += "\\*";
      at_ += 2;
      return absl::OkStatus();
    }
    for (std::size_t i = 0; i + 1 < sizeof(kEscapes) - 1; i += 2) {
      if (c != kEscapes[i]) continue;
      token.text.push_back(kEscapes[i + 1]);
      at_ += 2;
      return absl::OkStatus();
    }
    if (c == 'x' || c == 'X') return TakeCode(rest.substr(1, 2), 2, kHexDigits, 16, 2, token);
    if (c == 'u') return TakeCode(rest.substr(1, 4), 4, kHexDigits, 16, 2, token);
    if (c == 'U') return TakeCode(rest.substr(1, 8), 8, kHexDigits, 16, 2, token);
    if (c >= '0' && c <= '3') return TakeCode(rest.substr(0, 3), 3, kOctalDigits, 8, 1, token);
    return SyntaxError(PositionOf(at_), "unknown escape; write \\\\ for a backslash");
  }

  // Takes a code point of exactly `length` `digits`, which follow a backslash and, if `prefix` is 2, a letter.
  absl::Status TakeCode(absl::string_view number, std::size_t length, absl::string_view digits, uint32_t base,
                        std::size_t prefix, Token& token) {
    uint32_t code = 0;
    bool good = number.size() == length;
    for (char c : number) {
      good = good && digits.find(c) != absl::string_view::npos;
      const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
      code = code * base + static_cast<uint32_t>(lower > '9' ? lower - 'a' + 10 : lower - '0');
    }
    if (!good || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
      return SyntaxError(PositionOf(at_),
                         "this escape does not name a character: write \\xHH, \\uHHHH, \\UHHHHHHHH or "
                         "\\NNN (octal), and \\\\ for a backslash");
    }
    AppendUtf8(code, token.text);
    at_ += prefix + length;
    return absl::OkStatus();
  }

  const absl::string_view text_;
  std::size_t at_ = 0;
  std::size_t counted_ = 0;   // up to here
  std::size_t position_ = 1;  // it makes this position
  std::vector<Token> tokens_;
};

}  // namespace

absl::Status SyntaxError(std::size_t position, absl::string_view description) {
  return Error(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_CONDITION,
               absl::StrCat("at position ", position, ": ", description));
}

absl::StatusOr<std::vector<Token>> Tokenize(absl::string_view text) {
  if (!IsUtf8(text)) {
    return Error(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_CONDITION,
                 "the condition is invalid UTF-8");
  }
  return Lexer(text).Run();
}

}  // namespace canvass::conditions
