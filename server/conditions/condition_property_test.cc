// Laws that hold for any condition, any facts and any text.

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "server/base/error.h"
#include "server/conditions/condition.h"
#include "server/conditions/condition_text.h"

namespace canvass::conditions {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr absl::string_view kRoots[] = {"event", "contact"};

// Every number equally likely from the first run on; by itself inRange would begin with the smallest ones.
int Below(int end) { return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, end)); }

std::string AnyOf(const std::vector<std::string>& choices) {
  return choices[static_cast<std::size_t>(Below(static_cast<int>(choices.size())))];
}

// Few of them, so that a condition and facts often meet.
std::string AnyText() {
  return AnyOf({"",        "a",   "ab",    "b*",  "*b",   "*",           "\\*",
                "a\\*",    "\\",  "**",    "AND", "true", "null",        "1",
                "event.a", "x y", "\"q\"", "'",   "žluť", "line\nbreak", std::string("nul\0", 4),
                "\x7f"});
}

std::string AnyPath() {
  return AnyOf(
      {"event.a", "event.b", "event.a.b", "event.x y.NOT", "contact.a", "contact.l", "contact.l.b", "event.1"});
}

void SetScalar(Value& value) {
  switch (Below(4)) {
    case 0:
      return value.set_bool_value(Below(2) == 0);
    case 1:
      return value.set_number_value(*rc::gen::element(0.0, 1.0, -2.5, 1e300, 0.1, 1e-9, 12345678901234.0));
    default:
      return value.set_string_value(AnyText());
  }
}

v1::Condition AnyCondition(int depth) {
  v1::Condition condition;
  const int kind = Below(depth > 0 ? 7 : 4);
  if (kind == 0 && Below(4) == 0) return condition;
  if (kind < 4) {
    v1::Comparison& compare = *condition.mutable_compare();
    compare.set_field(AnyPath());
    compare.set_operator_(static_cast<v1::Comparison::Operator>(1 + Below(7)));
    SetScalar(*compare.mutable_value());
    const bool order = compare.operator_() >= v1::Comparison::OPERATOR_LESS &&
                       compare.operator_() <= v1::Comparison::OPERATOR_GREATER_OR_EQUAL;
    if (order && compare.value().has_bool_value()) compare.mutable_value()->set_number_value(1);
  } else if (kind == 4) {
    *condition.mutable_not_() = AnyCondition(depth - 1);
  } else {
    v1::ConditionList& list = kind == 5 ? *condition.mutable_all() : *condition.mutable_any();
    for (int i = Below(4); i > 0; --i) *list.add_conditions() = AnyCondition(depth - 1);
  }
  return condition;
}

void SetAny(Value& value, int depth) {
  const int kind = Below(depth > 0 ? 8 : 5);
  if (kind == 0) return value.set_null_value(google::protobuf::NULL_VALUE);
  if (kind < 5) return SetScalar(value);
  if (kind == 5) {
    for (int i = Below(3); i > 0; --i) SetAny(*value.mutable_list_value()->add_values(), depth - 1);
    value.mutable_list_value();
    return;
  }
  auto& fields = *value.mutable_struct_value()->mutable_fields();
  for (const char* key : {"a", "b", "x y", "NOT", "1", "l"}) {
    if (Below(2) == 0) SetAny(fields[key], depth - 1);
  }
}

Struct AnyFacts() {
  Struct facts;
  for (const char* root : {"event", "contact"}) {
    auto& fields = *(*facts.mutable_fields())[root].mutable_struct_value()->mutable_fields();
    for (const char* key : {"a", "b", "x y", "1", "l"}) {
      if (Below(4) > 0) SetAny(fields[key], 2);
    }
  }
  return facts;
}

v1::Condition Not(const v1::Condition& inner) {
  v1::Condition condition;
  *condition.mutable_not_() = inner;
  return condition;
}

RC_GTEST_PROP(ConditionProperty, GeneratedConditionsAreValid, ()) {
  v1::Condition condition = AnyCondition(4);
  const v1::Condition before = condition;
  RC_ASSERT(NormalizeCondition("c", kRoots, condition).ok());
  RC_ASSERT(google::protobuf::util::MessageDifferencer::Equals(condition, before));
}

RC_GTEST_PROP(ConditionProperty, NotIsTheOpposite, ()) {
  const v1::Condition condition = AnyCondition(4);
  const Struct facts = AnyFacts();
  RC_CLASSIFY(Evaluate(condition, facts));
  RC_ASSERT(Evaluate(Not(condition), facts) == !Evaluate(condition, facts));
}

RC_GTEST_PROP(ConditionProperty, DeMorgan, ()) {
  const v1::Condition a = AnyCondition(3);
  const v1::Condition b = AnyCondition(3);
  const Struct facts = AnyFacts();
  v1::Condition any;
  *any.mutable_any()->add_conditions() = a;
  *any.mutable_any()->add_conditions() = b;
  v1::Condition all;
  *all.mutable_all()->add_conditions() = Not(a);
  *all.mutable_all()->add_conditions() = Not(b);
  RC_ASSERT(Evaluate(Not(any), facts) == Evaluate(all, facts));
  RC_ASSERT(Evaluate(any, facts) == (Evaluate(a, facts) || Evaluate(b, facts)));
}

RC_GTEST_PROP(ConditionProperty, TextRoundTrips, ()) {
  const v1::Condition condition = AnyCondition(4);
  const std::string text = ConditionText(condition);
  RC_PRE(text.size() <= kMaxTextBytes);
  const absl::StatusOr<v1::Condition> parsed = ParseCondition(text);
  if (!parsed.ok()) RC_FAIL(text + ": " + parsed.status().ToString());
  for (int i = 0; i < 5; ++i) {
    const Struct facts = AnyFacts();
    if (Evaluate(*parsed, facts) != Evaluate(condition, facts)) RC_FAIL(text);
  }
  // What was read once is read the same for ever after.
  const absl::StatusOr<v1::Condition> again = ParseCondition(ConditionText(*parsed));
  RC_ASSERT(again.ok());
  RC_ASSERT(google::protobuf::util::MessageDifferencer::Equals(*again, *parsed));
}

RC_GTEST_PROP(ConditionProperty, ExactlyOneOrderHolds, ()) {
  const Struct facts = AnyFacts();
  v1::Condition condition;
  condition.mutable_compare()->set_field(AnyPath());
  condition.mutable_compare()->mutable_value()->set_number_value(*rc::gen::element(0.0, 1.0, -2.5));
  int holding = 0;
  bool equal = false;
  for (auto op : {v1::Comparison::OPERATOR_LESS, v1::Comparison::OPERATOR_EQUAL, v1::Comparison::OPERATOR_GREATER}) {
    condition.mutable_compare()->set_operator_(op);
    const bool holds = Evaluate(condition, facts);
    holding += holds ? 1 : 0;
    if (op == v1::Comparison::OPERATOR_EQUAL) equal = holds;
  }
  condition.mutable_compare()->set_operator_(v1::Comparison::OPERATOR_NOT_EQUAL);
  const bool unequal = Evaluate(condition, facts);
  RC_ASSERT(holding <= 1);
  RC_ASSERT(!(equal && unequal));
  RC_ASSERT(holding == 0 || equal != unequal);
}

RC_GTEST_PROP(ConditionProperty, AnyTextIsReadOrRefused, ()) {
  std::string text;
  for (int i = Below(40); i > 0; --i) {
    text += AnyOf({"event.a", "contact", ".",    "=",    "!=", "<",  ">=", ":",    "(",           ")",
                   " ",       " AND ",   " OR ", "NOT ", "-",  "*",  "\"", "'x'",  "\"\\u017e\"", "\\",
                   "1",       "2.5",     "true", ",",    "!",  "\n", "ž",  "\xff", "f("});
  }
  v1::Condition condition;
  condition.set_text(text);
  const absl::Status status = NormalizeCondition("c", kRoots, condition);
  RC_CLASSIFY(status.ok());
  if (!status.ok()) {
    RC_ASSERT(ReasonOf(status) == v1::ERROR_REASON_INVALID_CONDITION);
    return;
  }
  const absl::StatusOr<v1::Condition> again = ParseCondition(ConditionText(condition));
  if (!again.ok()) RC_FAIL(text + " -> " + ConditionText(condition));
  RC_ASSERT(google::protobuf::util::MessageDifferencer::Equals(*again, condition));
}

RC_GTEST_PROP(ConditionProperty, AnyBytesAreReadOrRefused, (const std::string& bytes)) {
  const absl::StatusOr<v1::Condition> condition = ParseCondition(bytes);
  RC_ASSERT(condition.ok() || ReasonOf(condition.status()) == v1::ERROR_REASON_INVALID_CONDITION);
}

}  // namespace
}  // namespace canvass::conditions
