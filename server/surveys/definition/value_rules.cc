#include "server/surveys/definition/value_rules.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/conditions/facts.h"
#include "server/surveys/definition/condition_rules.h"
#include "server/surveys/definition/text_rules.h"

namespace canvass::surveys {
namespace {

using google::protobuf::Value;

constexpr int kMaxValues = 50;
constexpr int kMaxTerms = 200;
constexpr int kMaxCases = 50;
constexpr int kMaxBreakdowns = 8;

void CheckAggregate(const std::string& path, const v1::Aggregate& aggregate, Faults& faults) {
  if (!v1::Aggregate::Function_IsValid(aggregate.function()) ||
      aggregate.function() == v1::Aggregate::FUNCTION_UNSPECIFIED) {
    faults.Add(path + ".function", "is required: one of the functions other than FUNCTION_UNSPECIFIED");
  }
  faults.CheckCount(path + ".terms", aggregate.terms_size(), 1, kMaxTerms);
  for (int i = 0; i < std::min(aggregate.terms_size(), kMaxTerms) && !faults.Full(); ++i) {
    const std::string term = absl::StrCat(path, ".terms[", i, "]");
    const std::string& field = aggregate.terms(i).field();
    if (!conditions::IsFactPath(field, FactRoots())) {
      faults.Add(term + ".field", absl::StrCat(Quoted(field),
                                               " is not a field: answer.<question>, value.<key>, contact.<path>, "
                                               "event.<path> or hidden.<key>"));
    }
    if (!std::isfinite(aggregate.terms(i).weight())) faults.Add(term + ".weight", "must be a finite number");
  }
}

void CheckCaseValue(const std::string& path, const Value& value, Faults& faults) {
  switch (value.kind_case()) {
    case Value::kNumberValue:
      if (!std::isfinite(value.number_value())) faults.Add(path, "must be a finite number");
      return;
    case Value::kStringValue:
      return faults.CheckLength(path, value.string_value(), kMaxTextCharacters);
    case Value::kBoolValue:
      return;
    default:
      return faults.Add(path, "must be text, a number or a boolean");
  }
}

void CheckSelection(const std::string& path, v1::Selection& selection, Faults& faults) {
  faults.CheckCount(path + ".cases", selection.cases_size(), 1, kMaxCases);
  for (int i = 0; i < std::min(selection.cases_size(), kMaxCases) && !faults.Full(); ++i) {
    const std::string each = absl::StrCat(path, ".cases[", i, "]");
    if (selection.cases(i).has_when()) Normalize(each + ".when", *selection.mutable_cases(i)->mutable_when(), faults);
    CheckCaseValue(each + ".value", selection.cases(i).value(), faults);
  }
}

}  // namespace

void CheckValues(v1::SurveyDefinition& definition, Faults& faults) {
  faults.CheckCount("definition.values", definition.values_size(), 0, kMaxValues);
  Keys keys(Keys::First::kLetter, faults);
  for (int i = 0; i < std::min(definition.values_size(), kMaxValues) && !faults.Full(); ++i) {
    const std::string path = absl::StrCat("definition.values[", i, "]");
    v1::CalculatedValue& value = *definition.mutable_values(i);
    keys.Check(path, value.key());
    switch (value.kind_case()) {
      case v1::CalculatedValue::kAggregate:
        CheckAggregate(path + ".aggregate", value.aggregate(), faults);
        break;
      case v1::CalculatedValue::kSelect:
        CheckSelection(path + ".select", *value.mutable_select(), faults);
        break;
      case v1::CalculatedValue::KIND_NOT_SET:
        faults.Add(path + ".kind", "is required: aggregate or select");
        break;
    }
  }
}

void CheckBreakdowns(const v1::SurveyDefinition& definition, Faults& faults) {
  faults.CheckCount("definition.breakdowns", definition.breakdowns_size(), 0, kMaxBreakdowns);
  std::map<std::string, int> first;
  for (int i = 0; i < std::min(definition.breakdowns_size(), kMaxBreakdowns); ++i) {
    const std::string path = absl::StrCat("definition.breakdowns[", i, "]");
    const std::string& breakdown = definition.breakdowns(i);
    const bool of_response = breakdown == "response.language" || breakdown == "response.channel";
    if (!of_response && !conditions::IsFactPath(breakdown, {"event", "contact", "hidden"})) {
      faults.Add(path, absl::StrCat(Quoted(breakdown),
                                    " is not a fact: event.<path>, contact.<path>, hidden.<key>, "
                                    "response.language or response.channel"));
    }
    const auto [earlier, is_new] = first.emplace(breakdown, i);
    if (!is_new) faults.Add(path, absl::StrCat(Quoted(breakdown), " stands at ", earlier->second, " already"));
  }
}

}  // namespace canvass::surveys
