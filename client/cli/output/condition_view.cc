#include "client/cli/output/condition_view.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "client/cli/output/message_json.h"

namespace canvass::cli {
namespace {

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

std::string ValueText(const google::protobuf::Value& value) {
  // `field:*` asks whether the field is there.
  if (value.string_value() == "*") return "*";
  // 50, not 50.0.
  if (value.has_number_value()) return absl::StrCat(value.number_value());
  return ToJson(value).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

// In parentheses where it stands inside another.
std::string Nested(const v1::Condition& condition) {
  const std::string text = ConditionText(condition);
  const bool single = condition.has_compare() || condition.has_not_();
  return single ? text : absl::StrCat("(", text, ")");
}

std::string ListText(const v1::ConditionList& list, absl::string_view word, absl::string_view empty) {
  if (list.conditions().empty()) return std::string(empty);
  if (list.conditions_size() == 1) return ConditionText(list.conditions(0));
  return absl::StrJoin(list.conditions(), word, [](std::string* out, const v1::Condition& condition) {
    absl::StrAppend(out, Nested(condition));
  });
}

}  // namespace

std::string ConditionText(const v1::Condition& condition) {
  switch (condition.kind_case()) {
    case v1::Condition::kAll:
      return ListText(condition.all(), " AND ", "true");
    case v1::Condition::kAny:
      return ListText(condition.any(), " OR ", "false");
    case v1::Condition::kNot:
      return absl::StrCat("NOT ", Nested(condition.not_()));
    case v1::Condition::kCompare:
      return absl::StrCat(condition.compare().field(), OperatorText(condition.compare().operator_()),
                          ValueText(condition.compare().value()));
    case v1::Condition::kText:
      return condition.text();
    default:
      return "";
  }
}

}  // namespace canvass::cli
