#include "server/conditions/parser.h"

#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"

namespace canvass::conditions {
namespace {

using Kind = Token::Kind;
using Operator = v1::Comparison::Operator;

// Deeper parentheses than a condition's depth are harmless where they say nothing, but must end somewhere.
constexpr int kMaxParentheses = 64;
constexpr std::size_t kMaxWordInMessage = 60;

std::string Shown(absl::string_view word) { return absl::StrCat("'", Shorten(word, kMaxWordInMessage), "'"); }

// An integer or decimal fraction with an optional exponent, as JSON has it.
bool IsNumber(absl::string_view word) {
  std::size_t i = !word.empty() && word[0] == '-' ? 1 : 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < word.size() && absl::ascii_isdigit(static_cast<unsigned char>(word[i]))) ++i;
    return i - start;
  };
  const bool leading_zero = i + 1 < word.size() && word[i] == '0';
  const std::size_t integer = digits();
  if (integer == 0 || (leading_zero && integer > 1)) return false;
  if (i < word.size() && word[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < word.size() && (word[i] == 'e' || word[i] == 'E')) {
    ++i;
    if (i < word.size() && (word[i] == '-' || word[i] == '+')) ++i;
    if (digits() == 0) return false;
  }
  return i == word.size();
}

Operator OperatorOf(absl::string_view comparator) {
  if (comparator == "=") return v1::Comparison::OPERATOR_EQUAL;
  if (comparator == "!=") return v1::Comparison::OPERATOR_NOT_EQUAL;
  if (comparator == "<") return v1::Comparison::OPERATOR_LESS;
  if (comparator == "<=") return v1::Comparison::OPERATOR_LESS_OR_EQUAL;
  if (comparator == ">") return v1::Comparison::OPERATOR_GREATER;
  if (comparator == ">=") return v1::Comparison::OPERATOR_GREATER_OR_EQUAL;
  return v1::Comparison::OPERATOR_HAS;
}

v1::Condition Negated(v1::Condition inner) {
  v1::Condition condition;
  *condition.mutable_not_() = std::move(inner);
  return condition;
}

// Recursive descent along the grammar of AIP-160. Every function takes what its name says from the tokens at at_.
class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  absl::StatusOr<v1::Condition> Run() {
    if (Is(Kind::kEnd)) return v1::Condition();
    CANVASS_ASSIGN_OR_RETURN(v1::Condition condition, Expression(nullptr));
    if (!Is(Kind::kEnd)) return Unexpected();
    return condition;
  }

 private:
  // What values in parentheses behind a comparator are compared with: `field = ("a" OR "b")`.
  struct Left {
    std::string field;
    Operator op;
  };

  const Token& Now() const { return tokens_[at_]; }
  bool Is(Kind kind) const { return Now().kind == kind; }
  bool IsWord(absl::string_view word) const { return Is(Kind::kWord) && Now().text == word; }
  void Skip() { ++at_; }

  absl::Status Unexpected() const {
    if (Is(Kind::kEnd))
      return SyntaxError(Now().position, "the condition ends where a comparison or value is expected");
    return SyntaxError(Now().position, absl::StrCat("unexpected token ", Shown(Now().text)));
  }

  // expression: sequence {AND sequence}. A sequence is several factors with nothing between them, which in exact
  // matching is AND as well.
  absl::StatusOr<v1::Condition> Expression(const Left* left) {
    std::vector<v1::Condition> conditions;
    while (true) {
      CANVASS_ASSIGN_OR_RETURN(conditions.emplace_back(), Factor(left));
      if (IsWord("AND")) {
        Skip();
      } else if (Is(Kind::kEnd) || Is(Kind::kClose)) {
        break;
      }
    }
    if (conditions.size() == 1) return std::move(conditions[0]);
    v1::Condition all;
    for (v1::Condition& condition : conditions) *all.mutable_all()->add_conditions() = std::move(condition);
    return all;
  }

  // factor: term {OR term}
  absl::StatusOr<v1::Condition> Factor(const Left* left) {
    CANVASS_ASSIGN_OR_RETURN(v1::Condition first, Term(left));
    if (!IsWord("OR")) return first;
    v1::Condition any;
    *any.mutable_any()->add_conditions() = std::move(first);
    while (IsWord("OR")) {
      Skip();
      CANVASS_ASSIGN_OR_RETURN(*any.mutable_any()->add_conditions(), Term(left));
    }
    return any;
  }

  // term: [NOT | -] simple
  absl::StatusOr<v1::Condition> Term(const Left* left) {
    bool negated = false;
    if (IsWord("NOT")) {
      Skip();
      negated = true;
    } else if (left == nullptr && Is(Kind::kWord) && Now().text[0] == '-') {
      negated = true;
      CANVASS_RETURN_IF_ERROR(SkipMinus());
    }
    CANVASS_ASSIGN_OR_RETURN(v1::Condition condition, Simple(left));
    if (negated) return Negated(std::move(condition));
    return condition;
  }

  // The minus is the first character of the word that it negates, or stands directly before a parenthesis or quote.
  absl::Status SkipMinus() {
    Token& token = tokens_[at_];
    if (token.text.size() > 1) {
      token.text.erase(0, 1);
      ++token.position;
      return absl::OkStatus();
    }
    Skip();
    if (Now().space_before || Is(Kind::kEnd)) return SyntaxError(token.position, "'-' must touch what it negates");
    return absl::OkStatus();
  }

  // simple: restriction | composite
  absl::StatusOr<v1::Condition> Simple(const Left* left) {
    if (Is(Kind::kOpen)) return Composite(left);
    if (left == nullptr) return Restriction();
    return Compare(*left);
  }

  absl::StatusOr<v1::Condition> Composite(const Left* left) {
    const std::size_t position = Now().position;
    if (++parentheses_ > kMaxParentheses) return SyntaxError(position, "too many parentheses within each other");
    Skip();
    CANVASS_ASSIGN_OR_RETURN(v1::Condition condition, Expression(left));
    if (!Is(Kind::kClose)) return SyntaxError(position, "this parenthesis is not closed");
    Skip();
    --parentheses_;
    return condition;
  }

  // restriction: path comparator argument; or true or false alone.
  absl::StatusOr<v1::Condition> Restriction() {
    const Token first = Now();
    if (first.kind != Kind::kWord && first.kind != Kind::kString) return Unexpected();
    if (first.kind == Kind::kWord && IsKeyword(first.text)) return Unexpected();
    CANVASS_ASSIGN_OR_RETURN(std::string path, Path());
    if (Is(Kind::kOpen) && !Now().space_before) {
      return SyntaxError(first.position, absl::StrCat("functions such as ", Shown(path + "()"), " are not supported"));
    }
    if (IsNumber(path)) return SyntaxError(first.position, "a field is expected here, not a number");
    if (!Is(Kind::kComparator)) {
      v1::Condition constant;
      if (first.kind != Kind::kWord || (path != "true" && path != "false")) {
        return SyntaxError(first.position, WordAlone(path));
      }
      path == "true" ? constant.mutable_all() : constant.mutable_any();  // empty lists
      return constant;
    }
    const Left left{std::move(path), OperatorOf(Now().text)};
    Skip();
    if (Is(Kind::kOpen)) return Composite(&left);
    return Compare(left);
  }

  static std::string WordAlone(absl::string_view word) {
    if (word == "and" || word == "or" || word == "not") {
      return absl::StrCat("write ", absl::AsciiStrToUpper(word), " in capitals");
    }
    if (word == "&&") return "write AND instead of '&&'";
    if (word == "||") return "write OR instead of '||'";
    return absl::StrCat(
        Shown(word),
        " is not compared with anything; write field = value, such as contact.country = \"FR\", and put "
        "text with spaces in quotes");
  }

  // member: value {DOT field}. Joined by dots.
  absl::StatusOr<std::string> Path() {
    std::string path;
    while (true) {
      const Token& part = Now();
      if ((part.kind != Kind::kWord && part.kind != Kind::kString) || (!path.empty() && part.space_before)) {
        return SyntaxError(part.position, "a part of the path is missing behind the dot");
      }
      if (part.text.empty() || part.text.find('.') != std::string::npos) {
        return SyntaxError(part.position, "a part of a path must not be empty or hold a dot");
      }
      path += part.text;
      Skip();
      if (!Is(Kind::kDot)) return path;
      if (Now().space_before) return SyntaxError(Now().position, "no space is allowed before the dot of a path");
      path += '.';
      Skip();
    }
  }

  // One comparison with the value that comes next.
  absl::StatusOr<v1::Condition> Compare(const Left& left) {
    v1::Condition condition;
    v1::Comparison& compare = *condition.mutable_compare();
    compare.set_field(left.field);
    compare.set_operator_(left.op);
    CANVASS_RETURN_IF_ERROR(TakeValue(*compare.mutable_value()));
    return condition;
  }

  absl::Status TakeValue(google::protobuf::Value& value) {
    const Token first = Now();
    if (first.kind == Kind::kString) {
      value.set_string_value(first.text);
      Skip();
      return absl::OkStatus();
    }
    if (first.kind != Kind::kWord && first.kind != Kind::kDot) return Unexpected();
    if (IsKeyword(first.text)) {
      return SyntaxError(first.position, absl::StrCat("a value is expected before ", first.text,
                                                      "; put it in quotes if it is the value"));
    }
    const std::string word = BareValue();
    if (Is(Kind::kString) && !Now().space_before) return Unexpected();
    if (Is(Kind::kOpen) && !Now().space_before) {
      return SyntaxError(first.position, absl::StrCat("functions such as ", Shown(word + "()"), " are not supported"));
    }
    if (Is(Kind::kComparator)) {
      return SyntaxError(Now().position, absl::StrCat("unexpected token ", Shown(Now().text),
                                                      "; put text that holds it, such as a time, in quotes"));
    }
    return SetBareValue(first.position, word, value);
  }

  // Words and dots without white space between them.
  std::string BareValue() {
    std::string word = Now().text;
    Skip();
    while ((Is(Kind::kWord) || Is(Kind::kDot)) && !Now().space_before) {
      word += Now().text;
      Skip();
    }
    return word;
  }

  static absl::Status SetBareValue(std::size_t position, const std::string& word, google::protobuf::Value& value) {
    double number = 0;
    if (IsNumber(word)) {
      if (!absl::SimpleAtod(word, &number) || !std::isfinite(number)) {
        return SyntaxError(position, absl::StrCat(Shown(word), " is too large for a number"));
      }
      value.set_number_value(number);
    } else if (word == "true" || word == "false") {
      value.set_bool_value(word == "true");
    } else if (word == "null") {
      return SyntaxError(position, "null cannot be compared; write NOT field:* to find where a field is not there");
    } else if (absl::StartsWith(word, "event.") || absl::StartsWith(word, "contact.") ||
               absl::StartsWith(word, "answer.")) {
      return SyntaxError(position, absl::StrCat("a field is compared with a value, not with another field; put ",
                                                Shown(word), " in quotes if it is text"));
    } else {
      value.set_string_value(word);
    }
    return absl::OkStatus();
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int parentheses_ = 0;
};

}  // namespace

bool IsKeyword(absl::string_view word) { return word == "AND" || word == "OR" || word == "NOT"; }

absl::StatusOr<v1::Condition> ParseTokens(std::vector<Token> tokens) { return Parser(std::move(tokens)).Run(); }

}  // namespace canvass::conditions
