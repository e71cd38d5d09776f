#include "client/surveyjs/expression/token.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {
namespace {

// Longer symbols first, each with the spelling that it stands for.
constexpr std::array<std::pair<absl::string_view, absl::string_view>, 25> kSymbols = {{
    {"||", "or"}, {"&&", "and"}, {"<>", "!="}, {"!=", "!="}, {"==", "="},        {"=<", "<="}, {"=>", ">="},
    {"<=", "<="}, {">=", ">="},  {"=", "="},   {"<", "<"},   {"*=", "contains"}, {">", ">"},   {"!", "not"},
    {"+", "+"},   {"-", "-"},    {"*", "*"},   {"/", "/"},   {"%", "%"},         {"^", "^"},   {"(", "("},
    {")", ")"},   {"[", "["},    {"]", "]"},   {",", ","},
}};

// Words that are operators, in lower case.
const absl::flat_hash_map<absl::string_view, absl::string_view>& OperatorWords() {
  static const auto& words = *new absl::flat_hash_map<absl::string_view, absl::string_view>{
      {"or", "or"},
      {"and", "and"},
      {"not", "not"},
      {"negate", "not"},
      {"equal", "="},
      {"equals", "="},
      {"notequal", "!="},
      {"notequals", "!="},
      {"less", "<"},
      {"lessorequal", "<="},
      {"greater", ">"},
      {"greaterorequal", ">="},
      {"power", "^"},
      {"contains", "contains"},
      {"contain", "contains"},
      {"notcontains", "notcontains"},
      {"notcontain", "notcontains"},
      {"anyof", "anyof"},
      {"allof", "allof"},
      {"noneof", "noneof"},
      {"empty", "empty"},
      {"notempty", "notempty"},
  };
  return words;
}

bool IsWordCharacter(char c) { return c == '_' || absl::ascii_isalnum(static_cast<unsigned char>(c)); }
bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

class Tokenizer {
 public:
  explicit Tokenizer(absl::string_view text) : rest_(text) {}

  absl::StatusOr<std::vector<Token>> Run() && {
    while (true) {
      rest_ = absl::StripLeadingAsciiWhitespace(rest_);
      if (rest_.empty()) break;
      const char c = rest_[0];
      absl::Status taken;
      if (c == '{') {
        taken = TakeVariable();
      } else if (c == '\'' || c == '"') {
        taken = TakeText(c);
      } else if (IsDigit(c)) {
        TakeNumber();
      } else if (IsWordCharacter(c)) {
        TakeWord();
      } else {
        taken = TakeSymbol();
      }
      if (!taken.ok()) return taken;
    }
    tokens_.push_back({Token::Kind::kEnd});
    return std::move(tokens_);
  }

 private:
  absl::Status TakeVariable() {
    const std::size_t end = rest_.find_first_of("{}", 1);
    if (end == absl::string_view::npos || rest_[end] == '{') {
      return absl::InvalidArgumentError("has a '{' that is not closed");
    }
    absl::string_view name = absl::StripAsciiWhitespace(rest_.substr(1, end - 1));
    // `{#name}` is `{name}` without the guess whether a text is a number.
    if (absl::StartsWith(name, "#")) name.remove_prefix(1);
    if (name.empty()) return absl::InvalidArgumentError("has braces without a name");
    tokens_.push_back({Token::Kind::kVariable, std::string(name)});
    rest_.remove_prefix(end + 1);
    return absl::OkStatus();
  }

  absl::Status TakeText(char quote) {
    std::string text;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      const bool escaped = rest_[i] == '\\' && i + 1 < rest_.size() && (rest_[i + 1] == '\'' || rest_[i + 1] == '"');
      if (!escaped && rest_[i] == quote) {
        tokens_.push_back({Token::Kind::kText, std::move(text)});
        rest_.remove_prefix(i + 1);
        return absl::OkStatus();
      }
      if (escaped) ++i;
      text += rest_[i];
    }
    return absl::InvalidArgumentError("has a text whose quotes are not closed");
  }

  void TakeNumber() {
    std::size_t end = 0;
    while (end < rest_.size() && IsDigit(rest_[end])) ++end;
    if (end + 1 < rest_.size() && rest_[end] == '.' && IsDigit(rest_[end + 1])) {
      ++end;
      while (end < rest_.size() && IsDigit(rest_[end])) ++end;
    }
    // `0x1F`, `2nd`: whatever it is, it is one word.
    const bool number = end == rest_.size() || !IsWordCharacter(rest_[end]);
    while (end < rest_.size() && IsWordCharacter(rest_[end])) ++end;
    tokens_.push_back({number ? Token::Kind::kNumber : Token::Kind::kWord, std::string(rest_.substr(0, end))});
    rest_.remove_prefix(end);
  }

  void TakeWord() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), IsWordCharacter);
    const absl::string_view word = rest_.substr(0, end - rest_.begin());
    const auto found = OperatorWords().find(absl::AsciiStrToLower(word));
    if (found != OperatorWords().end()) {
      tokens_.push_back({Token::Kind::kSymbol, std::string(found->second)});
    } else {
      tokens_.push_back({Token::Kind::kWord, std::string(word)});
    }
    rest_.remove_prefix(word.size());
  }

  absl::Status TakeSymbol() {
    for (const auto& [symbol, meaning] : kSymbols) {
      if (!absl::StartsWith(rest_, symbol)) continue;
      tokens_.push_back({Token::Kind::kSymbol, std::string(meaning)});
      rest_.remove_prefix(symbol.size());
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(absl::StrCat("has an unknown sign at ", Quoted(Shortened(rest_, 10))));
  }

  absl::string_view rest_;
  std::vector<Token> tokens_;
};

}  // namespace

absl::StatusOr<std::vector<Token>> Tokenize(absl::string_view text) { return Tokenizer(text).Run(); }

}  // namespace canvass::surveyjs
