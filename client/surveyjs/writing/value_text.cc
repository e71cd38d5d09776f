#include "client/surveyjs/writing/value_text.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/surveyjs/expression/condition_building.h"

namespace canvass::surveyjs {
namespace {

using Result = absl::StatusOr<std::string>;

Result AggregateText(const v1::Aggregate& aggregate, NameOf name_of) {
  std::vector<std::string> terms;
  const bool count = aggregate.function() == v1::Aggregate::FUNCTION_COUNT;
  for (const v1::Aggregate::Term& term : aggregate.terms()) {
    const std::string name = absl::StrCat("{", name_of(term.field()), "}");
    const double weight = term.has_weight() ? term.weight() : 1;
    if (count) {
      terms.push_back(absl::StrCat("iif(", name, " notempty, 1, 0)"));
    } else if (weight == 1) {
      terms.push_back(name);
    } else if (aggregate.function() == v1::Aggregate::FUNCTION_MEAN) {
      return absl::InvalidArgumentError("SurveyJS has no mean of weighted terms");
    } else {
      terms.push_back(absl::StrCat(name, " * ", ConstantText(NumberValue(weight))));
    }
  }
  const std::string list = absl::StrCat("(", absl::StrJoin(terms, ", "), ")");
  switch (aggregate.function()) {
    case v1::Aggregate::FUNCTION_SUM:
    case v1::Aggregate::FUNCTION_COUNT:
      return absl::StrCat("sum", list);
    case v1::Aggregate::FUNCTION_MEAN:
      return absl::StrCat("avg", list);
    case v1::Aggregate::FUNCTION_MIN:
      return absl::StrCat("min", list);
    case v1::Aggregate::FUNCTION_MAX:
      return absl::StrCat("max", list);
    default:
      return absl::InvalidArgumentError("it has no function");
  }
}

Result SelectionText(const v1::Selection& selection, NameOf name_of) {
  std::string text;
  int open = 0;
  for (const v1::Selection::Case& each : selection.cases()) {
    if (IsAlways(each.when())) {
      absl::StrAppend(&text, ConstantText(each.value()));
      return absl::StrCat(text, std::string(open, ')'));
    }
    Result when = ExpressionText(each.when(), name_of);
    if (!when.ok()) return absl::InvalidArgumentError(absl::StrCat("one of its conditions ", when.status().message()));
    absl::StrAppend(&text, "iif(", *when, ", ", ConstantText(each.value()), ", ");
    ++open;
  }
  return absl::StrCat(text, "null", std::string(open, ')'));
}

}  // namespace

Result ValueText(const v1::CalculatedValue& value, NameOf name_of) {
  if (value.has_aggregate()) return AggregateText(value.aggregate(), name_of);
  if (value.has_select()) return SelectionText(value.select(), name_of);
  return absl::InvalidArgumentError("it has no kind");
}

}  // namespace canvass::surveyjs
