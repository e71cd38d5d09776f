#include "client/cli/output/condition_view.h"

#include <charconv>
#include <cmath>
#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "client/charts/text_width.h"

namespace canvass::cli {
namespace {

// The longest text that the server takes.
constexpr std::size_t kMaxTextBytes = 4096;

absl::string_view OperatorText(v1::Comparison::Operator comparison) {
  switch (comparison) {
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
    case v1::Comparison::OPERATOR_HAS:
      return ":";
    default:
      return " ? ";
  }
}

std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

bool IsWord(absl::string_view part) {
  const bool plain =
      absl::c_all_of(part, [](char c) { return c == '_' || absl::ascii_isalnum(static_cast<unsigned char>(c)); });
  return plain && part != "AND" && part != "OR" && part != "NOT";
}

std::string PathText(absl::string_view path) {
  return absl::StrJoin(absl::StrSplit(path, '.'), ".", [](std::string* out, absl::string_view part) {
    absl::StrAppend(out, IsWord(part) ? std::string(part) : Quoted(part));
  });
}

std::string ValueText(const v1::Comparison& compare) {
  const google::protobuf::Value& value = compare.value();
  switch (value.kind_case()) {
    case google::protobuf::Value::kNumberValue: {
      // The shortest that is this number: 50, not 50.0.
      char buffer[32];
      const std::to_chars_result end = std::to_chars(buffer, buffer + sizeof(buffer), value.number_value());
      return {buffer, end.ptr};
    }
    case google::protobuf::Value::kBoolValue:
      return value.bool_value() ? "true" : "false";
    case google::protobuf::Value::kStringValue:
      break;
    default:
      return "null";
  }
  // `field:*` asks whether the field is there.
  const bool presence = compare.operator_() == v1::Comparison::OPERATOR_HAS && value.string_value() == "*";
  return presence ? "*" : Quoted(value.string_value());
}

// In parentheses where it stands inside another; `not_is_single` where NOT needs none.
std::string Nested(const v1::Condition& condition, bool not_is_single) {
  const std::string text = ConditionText(condition);
  const bool constant = (condition.has_all() && condition.all().conditions().empty()) ||
                        (condition.has_any() && condition.any().conditions().empty());
  const bool single = condition.has_compare() || constant || (not_is_single && condition.has_not_());
  return single ? text : absl::StrCat("(", text, ")");
}

std::string ListText(const v1::ConditionList& list, absl::string_view word, absl::string_view empty) {
  if (list.conditions().empty()) return std::string(empty);
  if (list.conditions_size() == 1) return ConditionText(list.conditions(0));
  return absl::StrJoin(list.conditions(), word, [](std::string* out, const v1::Condition& condition) {
    absl::StrAppend(out, Nested(condition, true));
  });
}

bool IsSayable(absl::string_view text) {
  return charts::IsUtf8(text) &&
         absl::c_none_of(text, [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); });
}

bool IsExact(const v1::Comparison& compare) {
  const std::vector<absl::string_view> parts = absl::StrSplit(compare.field(), '.');
  if (parts.size() < 2 || absl::c_linear_search(parts, "") || !IsSayable(compare.field())) return false;
  if (!v1::Comparison::Operator_IsValid(compare.operator_()) || compare.operator_() == 0) return false;
  const google::protobuf::Value& value = compare.value();
  if (value.has_number_value()) return std::isfinite(value.number_value());
  return value.has_bool_value() || (value.has_string_value() && IsSayable(value.string_value()));
}

bool IsExact(const v1::Condition& condition);

// Of one condition in parentheses nothing is left but the condition.
bool IsExact(const v1::ConditionList& list) {
  return list.conditions_size() != 1 &&
         absl::c_all_of(list.conditions(), [](const v1::Condition& one) { return IsExact(one); });
}

bool IsExact(const v1::Condition& condition) {
  switch (condition.kind_case()) {
    case v1::Condition::kAll:
      return IsExact(condition.all());
    case v1::Condition::kAny:
      return IsExact(condition.any());
    case v1::Condition::kNot:
      return IsExact(condition.not_());
    case v1::Condition::kCompare:
      return IsExact(condition.compare());
    default:
      return false;
  }
}

}  // namespace

std::string ConditionText(const v1::Condition& condition) {
  switch (condition.kind_case()) {
    case v1::Condition::kAll:
      return ListText(condition.all(), " AND ", "true");
    case v1::Condition::kAny:
      return ListText(condition.any(), " OR ", "false");
    case v1::Condition::kNot:
      return absl::StrCat("NOT ", Nested(condition.not_(), false));
    case v1::Condition::kCompare:
      return absl::StrCat(PathText(condition.compare().field()), OperatorText(condition.compare().operator_()),
                          ValueText(condition.compare()));
    case v1::Condition::kText:
      return condition.text();
    default:
      return "";
  }
}

std::optional<std::string> ExactConditionText(const v1::Condition& condition) {
  if (condition.kind_case() == v1::Condition::kText) return condition.text();
  if (!IsExact(condition)) return std::nullopt;
  std::string text = ConditionText(condition);
  if (text.size() > kMaxTextBytes) return std::nullopt;
  return text;
}

}  // namespace canvass::cli
