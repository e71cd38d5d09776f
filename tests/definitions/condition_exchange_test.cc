// Conditions on their way to SurveyJS and back: whatever the answers are, they are true of the same.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "client/surveyjs/expression/condition_building.h"
#include "client/surveyjs/expression/condition_of.h"
#include "client/surveyjs/expression/expression.h"
#include "client/surveyjs/expression/expression_text.h"
#include "server/conditions/condition.h"

namespace canvass {
namespace {

using google::protobuf::Struct;
using surveyjs::Reference;

const std::vector<std::string> kWords = {"a", "b", "it's", "say \"x\"", "c"};

// A number, a text, one option, several options and a boolean.
absl::StatusOr<Reference> Resolve(absl::string_view name) {
  const std::vector<Reference::Option> options = {{"a", "a"}, {"b", "b"}, {"c", "c"}};
  const std::string field = "answer." + std::string(name);
  if (name == "number") return Reference{.kind = Reference::Kind::kNumber, .field = field};
  if (name == "text") return Reference{.kind = Reference::Kind::kText, .field = field};
  if (name == "one") return Reference{.kind = Reference::Kind::kOption, .field = field, .options = options};
  if (name == "several") return Reference{.kind = Reference::Kind::kOptions, .field = field, .options = options};
  return Reference{.kind = Reference::Kind::kBoolean, .field = field};
}

rc::Gen<v1::Condition> Comparisons() {
  return rc::gen::exec([] {
    const auto any_of = [](std::vector<v1::Comparison::Operator> several) {
      return *rc::gen::elementOf(std::move(several));
    };
    const std::string word = *rc::gen::elementOf(kWords);
    switch (*rc::gen::inRange(0, 6)) {
      case 0:
        return surveyjs::Compare("answer.number",
                                 any_of({v1::Comparison::OPERATOR_EQUAL, v1::Comparison::OPERATOR_NOT_EQUAL,
                                         v1::Comparison::OPERATOR_LESS, v1::Comparison::OPERATOR_LESS_OR_EQUAL,
                                         v1::Comparison::OPERATOR_GREATER, v1::Comparison::OPERATOR_GREATER_OR_EQUAL}),
                                 surveyjs::NumberValue(*rc::gen::inRange(-2, 3) / 2.0));
      case 1:
        return surveyjs::Compare("answer.text",
                                 any_of({v1::Comparison::OPERATOR_EQUAL, v1::Comparison::OPERATOR_NOT_EQUAL,
                                         v1::Comparison::OPERATOR_LESS, v1::Comparison::OPERATOR_HAS}),
                                 surveyjs::TextValue(word));
      case 2:
        return surveyjs::Compare("answer.one",
                                 any_of({v1::Comparison::OPERATOR_EQUAL, v1::Comparison::OPERATOR_NOT_EQUAL}),
                                 surveyjs::TextValue(word));
      case 3:
        return surveyjs::HasText("answer.several", word);
      case 4:
        return surveyjs::Compare("answer.truth",
                                 any_of({v1::Comparison::OPERATOR_EQUAL, v1::Comparison::OPERATOR_NOT_EQUAL}),
                                 surveyjs::BoolValue(*rc::gen::arbitrary<bool>()));
      default:
        return surveyjs::IsThere(
            "answer." + *rc::gen::elementOf(std::vector<std::string>{"number", "text", "one", "several", "truth"}));
    }
  });
}

rc::Gen<v1::Condition> Conditions(int depth) {
  return rc::gen::exec([depth]() -> v1::Condition {
    const int kind = depth == 0 ? 0 : *rc::gen::inRange(0, 5);
    if (kind < 2) return *Comparisons();
    v1::Condition condition;
    if (kind == 2) {
      *condition.mutable_not_() = *Conditions(depth - 1);
      return condition;
    }
    v1::ConditionList& list = kind == 3 ? *condition.mutable_all() : *condition.mutable_any();
    const int count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) *list.add_conditions() = *Conditions(depth - 1);
    return condition;
  });
}

rc::Gen<Struct> Answers() {
  return rc::gen::exec([] {
    Struct facts;
    auto& answers = *(*facts.mutable_fields())["answer"].mutable_struct_value()->mutable_fields();
    const auto there = [] { return *rc::gen::inRange(0, 4) > 0; };
    const std::vector<std::string> keys = {"a", "b", "c"};
    if (there()) answers["number"].set_number_value(*rc::gen::inRange(-2, 3) / 2.0);
    if (there()) answers["text"].set_string_value(*rc::gen::elementOf(kWords));
    if (there()) answers["one"].set_string_value(*rc::gen::elementOf(keys));
    if (there()) answers["truth"].set_bool_value(*rc::gen::arbitrary<bool>());
    if (there()) {
      for (const std::string& key : keys) {
        if (there()) answers["several"].mutable_list_value()->add_values()->set_string_value(key);
      }
    }
    return facts;
  });
}

RC_GTEST_PROP(ConditionExchange, ThereAndBackIsTrueOfTheSameAnswers, ()) {
  const v1::Condition condition = *Conditions(3);
  const absl::StatusOr<std::string> text = surveyjs::ExpressionText(
      condition, [](absl::string_view field) { return std::string(field.substr(field.find('.') + 1)); });
  RC_ASSERT(text.ok());
  const absl::StatusOr<surveyjs::Expression> expression = surveyjs::ParseExpression(*text);
  RC_LOG() << *text;
  RC_ASSERT(expression.ok());
  std::vector<std::string> caveats;
  const absl::StatusOr<v1::Condition> again = surveyjs::ConditionOf(*expression, Resolve, caveats);
  RC_LOG() << again.status().ToString();
  RC_ASSERT(again.ok());
  for (int i = 0; i < 5; ++i) {
    const Struct facts = *Answers();
    RC_ASSERT(conditions::Evaluate(condition, facts) == conditions::Evaluate(*again, facts));
  }
}

RC_GTEST_PROP(ConditionExchange, AnyTextIsReadOrRefused, ()) {
  const std::vector<std::string> pieces = {"{number}", "{text}", "'a'", "5",     "and", "or", "!",     "(",
                                           ")",        "[",      "]",   ",",     "=",   "<>", "anyof", "-",
                                           "iif",      "}",      "{",   "empty", "'",   "*"};
  std::string text;
  const int count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) text += *rc::gen::elementOf(pieces) + " ";
  const absl::StatusOr<surveyjs::Expression> expression = surveyjs::ParseExpression(text);
  std::vector<std::string> caveats;
  if (expression.ok()) surveyjs::ConditionOf(*expression, Resolve, caveats).IgnoreError();
}

}  // namespace
}  // namespace canvass
