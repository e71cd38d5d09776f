#include "server/surveys/flow/comparisons.h"

#include "absl/strings/str_cat.h"

namespace canvass::surveys {

void ForEachComparison(const std::string& path, const v1::Condition& condition,
                       absl::FunctionRef<void(const std::string& path, const v1::Comparison& compare)> visit) {
  const auto visit_list = [&](absl::string_view name, const v1::ConditionList& list) {
    for (int i = 0; i < list.conditions_size(); ++i) {
      ForEachComparison(absl::StrCat(path, name, ".conditions[", i, "]"), list.conditions(i), visit);
    }
  };
  if (condition.has_all()) visit_list(".all", condition.all());
  if (condition.has_any()) visit_list(".any", condition.any());
  if (condition.has_not_()) ForEachComparison(path + ".not", condition.not_(), visit);
  if (condition.has_compare()) visit(path + ".compare", condition.compare());
}

void ForEachComparison(const v1::Condition& condition, absl::FunctionRef<void(const v1::Comparison& compare)> visit) {
  for (const v1::Condition& each : condition.all().conditions()) ForEachComparison(each, visit);
  for (const v1::Condition& each : condition.any().conditions()) ForEachComparison(each, visit);
  if (condition.has_not_()) ForEachComparison(condition.not_(), visit);
  if (condition.has_compare()) visit(condition.compare());
}

bool IsEquality(const v1::Comparison& compare) {
  return compare.operator_() == v1::Comparison::OPERATOR_EQUAL ||
         compare.operator_() == v1::Comparison::OPERATOR_NOT_EQUAL;
}

bool IsHas(const v1::Comparison& compare) { return compare.operator_() == v1::Comparison::OPERATOR_HAS; }

bool AsksForAnything(const v1::Comparison& compare) { return IsHas(compare) && compare.value().string_value() == "*"; }

}  // namespace canvass::surveys
