#include "server/surveys/logic/calculated_values.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "server/conditions/condition.h"
#include "server/conditions/facts.h"

namespace canvass::surveys {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// What is known of an aggregate's terms.
struct Terms {
  int count = 0;
  double sum = 0;
  double weights = 0;
  double least = 0;
  double greatest = 0;

  void Add(double number, double weight) {
    const double weighted = number * weight;
    least = count == 0 ? weighted : std::min(least, weighted);
    greatest = count == 0 ? weighted : std::max(greatest, weighted);
    sum += weighted;
    weights += weight;
    ++count;
  }
};

std::optional<double> Result(v1::Aggregate::Function function, const Terms& terms) {
  if (function == v1::Aggregate::FUNCTION_COUNT) return terms.count;
  if (terms.count == 0) return std::nullopt;
  switch (function) {
    case v1::Aggregate::FUNCTION_SUM:
      return terms.sum;
    case v1::Aggregate::FUNCTION_MEAN:
      return terms.sum / terms.weights;  // not finite where the weights cancel out: then there is no mean
    case v1::Aggregate::FUNCTION_MIN:
      return terms.least;
    case v1::Aggregate::FUNCTION_MAX:
      return terms.greatest;
    default:
      return std::nullopt;
  }
}

std::optional<Value> AggregateValue(const v1::Aggregate& aggregate, const Struct& facts) {
  Terms terms;
  for (const v1::Aggregate::Term& term : aggregate.terms()) {
    const Value* fact = conditions::Find(facts, term.field());
    if (fact != nullptr && fact->has_number_value()) {
      terms.Add(fact->number_value(), term.has_weight() ? term.weight() : 1);
    }
  }
  const std::optional<double> result = Result(aggregate.function(), terms);
  if (!result.has_value() || !std::isfinite(*result)) return std::nullopt;
  Value value;
  value.set_number_value(*result);
  return value;
}

std::optional<Value> SelectedValue(const v1::Selection& selection, const Struct& facts) {
  for (const v1::Selection::Case& each : selection.cases()) {
    if (!each.has_when() || conditions::Evaluate(each.when(), facts)) return each.value();
  }
  return std::nullopt;
}

std::optional<Value> ValueOf(const v1::CalculatedValue& definition, const Struct& facts) {
  switch (definition.kind_case()) {
    case v1::CalculatedValue::kAggregate:
      return AggregateValue(definition.aggregate(), facts);
    case v1::CalculatedValue::kSelect:
      return SelectedValue(definition.select(), facts);
    case v1::CalculatedValue::KIND_NOT_SET:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

void Calculate(const v1::SurveyDefinition& definition, Struct& facts) {
  auto& fields = *facts.mutable_fields();
  fields.erase("value");
  if (definition.values().empty()) return;
  fields["value"].mutable_struct_value();
  for (const v1::CalculatedValue& each : definition.values()) {
    std::optional<Value> value = ValueOf(each, facts);
    if (!value.has_value()) continue;
    (*fields["value"].mutable_struct_value()->mutable_fields())[each.key()] = *std::move(value);
  }
}

}  // namespace canvass::surveys
