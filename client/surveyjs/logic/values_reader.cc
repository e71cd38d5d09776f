#include "client/surveyjs/logic/values_reader.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "client/surveyjs/expression/condition_building.h"
#include "client/surveyjs/expression/condition_of.h"
#include "client/surveyjs/expression/expression.h"
#include "client/surveyjs/reading/key_maker.h"
#include "client/surveyjs/reading/properties.h"

namespace canvass::surveyjs {
namespace {

using nlohmann::json;

constexpr int kMaxValues = 50;
constexpr int kMaxTerms = 200;
constexpr int kMaxCases = 50;

absl::Status Cannot(absl::string_view reason) { return absl::InvalidArgumentError(reason); }

struct Term {
  std::string field;
  double weight = 1;
};

class ValueReader {
 public:
  explicit ValueReader(const Names& names) : names_(names) {}

  // What `expression` works out; the last question that it depends on is then known.
  absl::Status Read(const Expression& expression, v1::CalculatedValue& value) {
    if (expression.kind == Expression::Kind::kFunction && expression.name != "iif") {
      return ReadFunction(expression, *value.mutable_aggregate());
    }
    if (expression.kind == Expression::Kind::kFunction || expression.kind == Expression::Kind::kConstant) {
      return ReadCases(expression, *value.mutable_select());
    }
    std::vector<Term> terms;
    const absl::Status read = ReadTerms(expression, 1, terms);
    if (!read.ok()) return read;
    value.mutable_aggregate()->set_function(v1::Aggregate::FUNCTION_SUM);
    return SetTerms(terms, *value.mutable_aggregate());
  }

  int last_question() const { return last_question_; }

 private:
  absl::Status ReadFunction(const Expression& call, v1::Aggregate& aggregate) {
    const std::vector<Term> counted = CountedTerms(call);
    if (!counted.empty()) {
      aggregate.set_function(v1::Aggregate::FUNCTION_COUNT);
      return SetTerms(counted, aggregate);
    }
    if (call.name == "sum") {
      aggregate.set_function(v1::Aggregate::FUNCTION_SUM);
    } else if (call.name == "avg") {
      aggregate.set_function(v1::Aggregate::FUNCTION_MEAN);
    } else if (call.name == "min") {
      aggregate.set_function(v1::Aggregate::FUNCTION_MIN);
    } else if (call.name == "max") {
      aggregate.set_function(v1::Aggregate::FUNCTION_MAX);
    } else {
      return Cannot(absl::StrCat("calls the function ", Shortened(call.name, 40), "()"));
    }
    std::vector<Term> terms;
    for (const Expression& argument : call.operands) {
      const std::size_t before = terms.size();
      const absl::Status read = ReadTerms(argument, 1, terms);
      if (!read.ok()) return read;
      if (terms.size() != before + 1 && call.name != "sum") return Cannot("has a sum within a function");
      // The mean of weighted terms divides by the weights here.
      if (call.name == "avg" && terms.back().weight != 1) return Cannot("has a mean of weighted terms");
    }
    return SetTerms(terms, aggregate);
  }

  // sum(iif({a} notempty, 1, 0), …) counts the answers; empty if `call` is something else.
  std::vector<Term> CountedTerms(const Expression& call) {
    std::vector<Term> terms;
    if (call.name != "sum") return terms;
    for (const Expression& each : call.operands) {
      const bool counts = each.kind == Expression::Kind::kFunction && each.name == "iif" && each.operands.size() == 3 &&
                          each.operands[0].IsOperation("notempty") && each.operands[1].constant == 1 &&
                          each.operands[2].constant == 0;
      absl::StatusOr<Named> named = counts ? names_.FindBefore(each.operands[0].operands[0].name, Names::kEnd)
                                           : absl::StatusOr<Named>(Cannot("is no count"));
      if (!named.ok()) return {};
      terms.push_back({Use(*named)});
    }
    return terms;
  }

  // Adds the terms of a linear expression, each times `weight`.
  absl::Status ReadTerms(const Expression& expression, double weight, std::vector<Term>& terms) {
    if (expression.kind == Expression::Kind::kVariable) {
      absl::StatusOr<Named> named = names_.FindBefore(expression.name, Names::kEnd);
      if (!named.ok()) return named.status();
      if (named->reference.kind != Reference::Kind::kNumber && named->reference.kind != Reference::Kind::kFact) {
        return Cannot(absl::StrCat("calculates with ", Quoted(expression.name), ", which is no number"));
      }
      terms.push_back({Use(*named), weight});
      return absl::OkStatus();
    }
    if (expression.kind != Expression::Kind::kOperation || expression.operands.size() != 2) {
      return Cannot("is neither a sum, a function of numbers nor iif()");
    }
    const Expression& left = expression.operands[0];
    const Expression& right = expression.operands[1];
    const bool left_number = left.kind == Expression::Kind::kConstant && left.constant.is_number();
    const bool right_number = right.kind == Expression::Kind::kConstant && right.constant.is_number();
    if (expression.name == "+" || expression.name == "-") {
      const absl::Status read = ReadTerms(left, weight, terms);
      return read.ok() ? ReadTerms(right, expression.name == "-" ? -weight : weight, terms) : read;
    }
    if (expression.name == "*" && right_number) return ReadTerms(left, weight * right.constant.get<double>(), terms);
    if (expression.name == "*" && left_number) return ReadTerms(right, weight * left.constant.get<double>(), terms);
    if (expression.name == "/" && right_number && right.constant != 0) {
      return ReadTerms(left, weight / right.constant.get<double>(), terms);
    }
    return Cannot("is neither a sum, a function of numbers nor iif()");
  }

  static absl::Status SetTerms(const std::vector<Term>& terms, v1::Aggregate& aggregate) {
    if (terms.empty() || terms.size() > kMaxTerms) return Cannot(absl::StrCat("has ", terms.size(), " terms"));
    for (const Term& term : terms) {
      v1::Aggregate::Term& added = *aggregate.add_terms();
      added.set_field(term.field);
      if (term.weight != 1) added.set_weight(term.weight);
    }
    return absl::OkStatus();
  }

  // A constant, or iif() with constants, the last of which may be another iif().
  absl::Status ReadCases(const Expression& expression, v1::Selection& selection) {
    const Expression* rest = &expression;
    while (rest->kind == Expression::Kind::kFunction) {
      if (rest->name != "iif" || rest->operands.size() != 3) return Cannot("calls a function other than iif()");
      std::vector<std::string> caveats;
      absl::StatusOr<v1::Condition> when = ConditionOf(
          rest->operands[0],
          [&](absl::string_view name) -> absl::StatusOr<Reference> {
            absl::StatusOr<Named> named = names_.FindBefore(name, Names::kEnd);
            if (!named.ok()) return named.status();
            Use(*named);
            return std::move(named->reference);
          },
          caveats);
      if (!when.ok()) return when.status();
      const absl::Status added = AddCase(rest->operands[1], &*when, selection);
      if (!added.ok()) return added;
      rest = &rest->operands[2];
    }
    if (rest->constant.is_null() && selection.cases_size() > 0) return absl::OkStatus();
    return AddCase(*rest, nullptr, selection);
  }

  static absl::Status AddCase(const Expression& result, const v1::Condition* when, v1::Selection& selection) {
    if (result.kind != Expression::Kind::kConstant || result.constant.is_null())
      return Cannot("chooses more than constants");
    if (selection.cases_size() == kMaxCases) return Cannot(absl::StrCat("has more than ", kMaxCases, " cases"));
    v1::Selection::Case& added = *selection.add_cases();
    if (when != nullptr && !IsAlways(*when)) *added.mutable_when() = *when;
    const json& constant = result.constant;
    *added.mutable_value() = constant.is_boolean()  ? BoolValue(constant.get<bool>())
                             : constant.is_number() ? NumberValue(constant.get<double>())
                                                    : TextValue(constant.get<std::string>());
    return absl::OkStatus();
  }

  std::string Use(const Named& named) {
    if (named.reference.kind != Reference::Kind::kFact) last_question_ = std::max(last_question_, named.position);
    return named.reference.field;
  }

  const Names& names_;
  int last_question_ = 0;
};

Reference::Kind KindOf(const v1::CalculatedValue& value) {
  if (value.has_aggregate()) return Reference::Kind::kNumber;
  const auto& cases = value.select().cases();
  const auto all = [&](auto is) {
    return std::all_of(cases.begin(), cases.end(), [&](const auto& each) { return is(each.value()); });
  };
  if (all([](const auto& each) { return each.has_number_value(); })) return Reference::Kind::kNumber;
  if (all([](const auto& each) { return each.has_string_value(); })) return Reference::Kind::kText;
  if (all([](const auto& each) { return each.has_bool_value(); })) return Reference::Kind::kBoolean;
  return Reference::Kind::kFact;
}

}  // namespace

void ReadValues(const json* values, Draft& draft, Report& report) {
  if (values == nullptr || !values->is_array()) return;
  KeyMaker keys(KeyMaker::First::kLetter, "value");
  for (std::size_t i = 0; i < values->size(); ++i) {
    Properties properties((*values)[i], absl::StrCat("calculatedValues[", i, "]"));
    properties.Ignore({"includeIntoResult"});
    const std::string name = properties.TakeText("name");
    const std::string text = properties.TakeText("expression");
    if (!(*values)[i].is_object() || draft.definition.values_size() == kMaxValues) {
      report.Add(properties.path(), absl::StrCat("is left out: ", kMaxValues, " values are possible"));
      continue;
    }
    const absl::StatusOr<Expression> expression = ParseExpression(text);
    v1::CalculatedValue value;
    ValueReader reader(draft.names);
    const absl::Status read = expression.ok() ? reader.Read(*expression, value) : expression.status();
    if (!read.ok()) {
      report.Add(properties.path(),
                 absl::StrCat("the value ", Quoted(name), " is left out: ", Quoted(text), " ", read.message()));
      continue;
    }
    value.set_key(keys.Make(name));
    if (value.key() != name)
      report.Add(properties.path(), absl::StrCat(Quoted(name), " is no key: it became ", value.key()));
    if (draft.names.Knows(name))
      report.Add(properties.path(), absl::StrCat(Quoted(name), " names the question of that name"));
    draft.names.Add(name, {.reference = {.kind = KindOf(value), .field = absl::StrCat("value.", value.key())},
                           .position = reader.last_question()});
    properties.ReportRest(report);
    *draft.definition.add_values() = std::move(value);
  }
}

}  // namespace canvass::surveyjs
