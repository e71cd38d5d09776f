#include "server/conditions/condition_text.h"

#include <charconv>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/conditions/lexer.h"
#include "server/conditions/parser.h"

namespace canvass::conditions {
namespace {

absl::string_view ComparatorOf(v1::Comparison::Operator op) {
  switch (op) {
    case v1::Comparison::OPERATOR_EQUAL:
      return " = ";
    case v1::Comparison::OPERATOR_NOT_EQUAL:
      return " != ";
    case v1::Comparison::OPERATOR_LESS:
      return " < ";
    case v1::Comparison::OPERATOR_LESS_OR_EQUAL:
      return " <= ";
    case v1::Comparison::OPERATOR_GREATER:
      return " > ";
    case v1::Comparison::OPERATOR_GREATER_OR_EQUAL:
      return " >= ";
    default:
      return ":";
  }
}

bool IsPlainWord(absl::string_view part) {
  for (char c : part) {
    if (c != '_' && !absl::ascii_isalnum(static_cast<unsigned char>(c))) return false;
  }
  return !IsKeyword(part);
}

std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      absl::StrAppend(&quoted, "\\x", absl::BytesToHexString(absl::string_view(&c, 1)));
    } else {
      quoted.push_back(c);
    }
  }
  return quoted + "\"";
}

std::string PathText(absl::string_view path) {
  std::string text;
  while (true) {
    const std::size_t dot = path.find('.');
    const absl::string_view part = path.substr(0, dot);
    text += IsPlainWord(part) ? std::string(part) : Quoted(part);
    if (dot == absl::string_view::npos) return text;
    text += '.';
    path.remove_prefix(dot + 1);
  }
}

std::string CompareText(const v1::Comparison& compare) {
  std::string text = PathText(compare.field());
  absl::StrAppend(&text, ComparatorOf(compare.operator_()));
  const google::protobuf::Value& value = compare.value();
  if (value.has_number_value()) {
    char buffer[32];
    const std::to_chars_result end = std::to_chars(buffer, buffer + sizeof(buffer), value.number_value());
    return text.append(buffer, end.ptr);
  }
  if (value.has_bool_value()) return text + (value.bool_value() ? "true" : "false");
  if (compare.operator_() == v1::Comparison::OPERATOR_HAS && value.string_value() == "*") return text + "*";
  return text + Quoted(value.string_value());
}

std::string Text(const v1::Condition& condition);
std::string Nested(const v1::Condition& condition);

std::string ListText(const v1::ConditionList& list, absl::string_view joint, absl::string_view if_empty) {
  if (list.conditions().empty()) return std::string(if_empty);
  std::string text;
  for (const v1::Condition& condition : list.conditions()) {
    if (!text.empty()) absl::StrAppend(&text, joint);
    absl::StrAppend(&text, condition.has_not_() ? Text(condition) : Nested(condition));
  }
  return text;
}

std::string Text(const v1::Condition& condition) {
  switch (condition.kind_case()) {
    case v1::Condition::kAll:
      return ListText(condition.all(), " AND ", "true");
    case v1::Condition::kAny:
      return ListText(condition.any(), " OR ", "false");
    case v1::Condition::kNot:
      return absl::StrCat("NOT ", Nested(condition.not_()));
    case v1::Condition::kCompare:
      return CompareText(condition.compare());
    default:
      return "true";
  }
}

// In parentheses where what stands around it could take a part of it.
std::string Nested(const v1::Condition& condition) {
  const bool alone = condition.kind_case() == v1::Condition::kCompare ||
                     condition.kind_case() == v1::Condition::KIND_NOT_SET ||
                     (condition.has_all() && condition.all().conditions().empty()) ||
                     (condition.has_any() && condition.any().conditions().empty());
  return alone ? Text(condition) : absl::StrCat("(", Text(condition), ")");
}

}  // namespace

absl::StatusOr<v1::Condition> ParseCondition(absl::string_view text) {
  if (text.size() > kMaxTextBytes) {
    return Error(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_CONDITION,
                 absl::StrCat("the condition has ", text.size(), " bytes; at most ", kMaxTextBytes, " are allowed"));
  }
  CANVASS_ASSIGN_OR_RETURN(std::vector<Token> tokens, Tokenize(text));
  return ParseTokens(std::move(tokens));
}

std::string ConditionText(const v1::Condition& condition) {
  return condition.kind_case() == v1::Condition::KIND_NOT_SET ? "" : Text(condition);
}

}  // namespace canvass::conditions
