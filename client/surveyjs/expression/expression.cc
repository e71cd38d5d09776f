#include "client/surveyjs/expression/expression.h"

#include <cstdlib>
#include <initializer_list>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/surveyjs/expression/token.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {
namespace {

constexpr std::size_t kMaxBytes = 10'000;
constexpr int kMaxDepth = 50;

// Binary operators from the loosest to the tightest.
constexpr int kLevels = 7;
const std::vector<absl::string_view>& OperatorsOf(int level) {
  static const auto& levels = *new std::vector<std::vector<absl::string_view>>{
      {"or"},
      {"and"},
      {"=", "!=", "<", "<=", ">", ">="},
      {"+", "-"},
      {"*", "/", "%"},
      {"^"},
      {"contains", "notcontains", "anyof", "allof", "noneof"},
  };
  return levels[level];
}

// Recursive descent. The first fault stays in `fault_`, and everything returns quickly from then on.
class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  absl::StatusOr<Expression> Run() && {
    Expression expression = ParseLevel(0);
    if (fault_.empty() && Peek().kind != Token::Kind::kEnd) Fail(absl::StrCat("goes on with ", Quoted(Peek().text)));
    if (!fault_.empty()) return absl::InvalidArgumentError(fault_);
    return expression;
  }

 private:
  const Token& Peek() const { return tokens_[at_]; }
  bool IsSymbol(absl::string_view symbol) const {
    return Peek().kind == Token::Kind::kSymbol && absl::string_view(Peek().text) == symbol;
  }
  Token Take() {
    Token token = Peek();
    if (token.kind != Token::Kind::kEnd) ++at_;
    return token;
  }
  bool TakeSymbol(absl::string_view symbol) {
    if (!IsSymbol(symbol)) return false;
    ++at_;
    return true;
  }
  Expression Fail(std::string fault) {
    if (fault_.empty()) fault_ = std::move(fault);
    return {};
  }

  static Expression Operation(std::string name, std::vector<Expression> operands) {
    return {.kind = Expression::Kind::kOperation, .name = std::move(name), .operands = std::move(operands)};
  }

  Expression ParseLevel(int level) {
    if (level == kLevels) return ParseFactor();
    Expression left = ParseLevel(level + 1);
    int chain = 0;
    while (fault_.empty() && Peek().kind == Token::Kind::kSymbol &&
           absl::c_linear_search(OperatorsOf(level), Peek().text)) {
      std::string name = Take().text;
      Expression right = ParseLevel(level + 1);
      // `a and b and c` is one operation of three, so that long chains are not deep.
      if (level < 2 && left.IsOperation(name)) {
        left.operands.push_back(std::move(right));
      } else {
        if (++chain > kMaxDepth) return Fail("has too many operators in a row");
        left = Operation(std::move(name), {std::move(left), std::move(right)});
      }
    }
    return left;
  }

  // A single operand with `empty` or `notempty` behind it.
  Expression ParseFactor() {
    if (!fault_.empty()) return {};
    if (++depth_ > kMaxDepth) return Fail(absl::StrCat("is nested more than ", kMaxDepth, " deep"));
    Expression factor = ParseOperand();
    --depth_;
    int chain = 0;
    while (fault_.empty() && (IsSymbol("empty") || IsSymbol("notempty"))) {
      if (++chain > kMaxDepth) return Fail("has too many operators in a row");
      factor = Operation(Take().text, {std::move(factor)});
    }
    return factor;
  }

  Expression ParseOperand() {
    if (TakeSymbol("(")) {
      Expression inner = ParseLevel(0);
      TakeSymbol(")");  // SurveyJS forgives a missing one
      return inner;
    }
    if (TakeSymbol("not")) return Operation("not", {ParseFactor()});
    if (TakeSymbol("-")) return ParseNegative();
    if (TakeSymbol("[")) {
      return {.kind = Expression::Kind::kList, .operands = ParseSequence("]")};
    }
    Token token = Take();
    switch (token.kind) {
      case Token::Kind::kVariable:
        return {.kind = Expression::Kind::kVariable, .name = std::move(token.text)};
      case Token::Kind::kText:
        return {.constant = std::move(token.text)};
      case Token::Kind::kNumber:
        return {.constant = std::strtod(token.text.c_str(), nullptr)};
      case Token::Kind::kWord:
        return ParseWord(std::move(token.text));
      case Token::Kind::kSymbol:
        return Fail(absl::StrCat("has no value before ", Quoted(token.text)));
      case Token::Kind::kEnd:
        return Fail("ends too early");
    }
    return {};
  }

  Expression ParseNegative() {
    if (Peek().kind != Token::Kind::kNumber) return Fail("has a '-' that is not before a number");
    return {.constant = -std::strtod(Take().text.c_str(), nullptr)};
  }

  Expression ParseWord(std::string word) {
    if (TakeSymbol("(")) {
      return {.kind = Expression::Kind::kFunction, .name = std::move(word), .operands = ParseSequence(")")};
    }
    const std::string lower = absl::AsciiStrToLower(word);
    if (lower == "true" || lower == "false") return {.constant = lower == "true"};
    if (word == "null" || word == "undefined") return {};
    return {.constant = std::move(word)};
  }

  std::vector<Expression> ParseSequence(absl::string_view close) {
    std::vector<Expression> items;
    while (fault_.empty() && !IsSymbol(close) && Peek().kind != Token::Kind::kEnd) {
      items.push_back(ParseLevel(0));
      if (!TakeSymbol(",")) break;
    }
    if (fault_.empty() && !TakeSymbol(close) && close == "]") Fail("has a '[' that is not closed");
    return items;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string fault_;
};

void CollectVariables(const Expression& expression, std::vector<std::string>& names) {
  if (expression.kind == Expression::Kind::kVariable) names.push_back(expression.name);
  for (const Expression& operand : expression.operands) CollectVariables(operand, names);
}

}  // namespace

absl::StatusOr<Expression> ParseExpression(absl::string_view text) {
  if (text.size() > kMaxBytes) {
    return absl::InvalidArgumentError(absl::StrCat("has ", text.size(), " bytes; at most ", kMaxBytes, " are read"));
  }
  absl::StatusOr<std::vector<Token>> tokens = Tokenize(text);
  if (!tokens.ok()) return tokens.status();
  return Parser(*std::move(tokens)).Run();
}

std::vector<std::string> VariablesOf(const Expression& expression) {
  std::vector<std::string> names;
  CollectVariables(expression, names);
  return names;
}

}  // namespace canvass::surveyjs
