// The cases of tests/data/aip-160 against our parser: the same tree, or a refusal for a reason that is written here.

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <sstream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/conditions/condition_text.h"

namespace canvass::conditions {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Value;
using google::protobuf::util::MessageDifferencer;

// Filters that a condition cannot say, by what our message says about them. Everything else must give the expected
// tree.
const std::map<std::string, std::string>& NotApplicable() {
  static const char kFunction[] = "functions such as";
  static const char kNumber[] = "a field is expected here, not a number";
  static const std::map<std::string, std::string> reasons = {
      // A condition compares fields with values: a number cannot stand on the left or alone.
      {"-30", kNumber},
      {"2.5 >= 2.4", kNumber},
      {"-2.5 >= -2.4", kNumber},
      // There are no functions; AIP-160 leaves it to each service which it has.
      {"math.mem('30mb')", kFunction},
      {"(msg.endsWith('world') AND retries < 10)", kFunction},
      {"time.now()", kFunction},
      {"timestamp(\"2012-04-21T11:30:00-04:00\")", kFunction},
      {"duration(\"4h0m0s\")", kFunction},
  };
  return reasons;
}

ListValue ReadCases() {
  std::ifstream file("tests/data/aip-160/parser.json");
  std::stringstream text;
  text << file.rdbuf();
  ListValue cases;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text.str(), &cases).ok());
  return cases;
}

const Value& Field(const Value& object, const std::string& key) { return object.struct_value().fields().at(key); }
bool Has(const Value& object, const std::string& key) {
  const auto found = object.struct_value().fields().find(key);
  return found != object.struct_value().fields().end() && !found->second.has_null_value();
}
const std::string& Op(const Value& tree) { return Field(tree, "op").string_value(); }
const Value& Arg(const Value& tree, int i) { return Field(tree, "args").list_value().values(i); }

// A word or dotted words, as text.
std::string Words(const Value& tree) {
  if (tree.has_string_value()) return tree.string_value();
  if (Op(tree) == "Text") return Arg(tree, 0).string_value();
  return absl::StrCat(Words(Arg(tree, 0)), ".", Words(Arg(tree, 1)));
}

Value Literal(const Value& tree) {
  Value value;
  if (Op(tree) == "String") return Arg(tree, 0);
  if (Op(tree) == "Int" || Op(tree) == "Float") return Arg(tree, 0);
  value.set_string_value(Words(tree));
  return value;
}

v1::Condition Compare(const std::string& field, v1::Comparison::Operator op, const Value& value) {
  v1::Condition condition;
  condition.mutable_compare()->set_field(field);
  condition.mutable_compare()->set_operator_(op);
  *condition.mutable_compare()->mutable_value() = value;
  return condition;
}

// Adds `inner` to `list`, and its parts rather than itself if it is a list of the same kind: AND is associative.
void AddFlat(bool all, const v1::Condition& inner, v1::ConditionList& list) {
  const bool same = all ? inner.has_all() : inner.has_any();
  if (same) {
    list.MergeFrom(all ? inner.all() : inner.any());
  } else {
    *list.add_conditions() = inner;
  }
}

v1::Condition Flat(const v1::Condition& condition) {
  v1::Condition flat;
  if (condition.has_not_()) {
    *flat.mutable_not_() = Flat(condition.not_());
  } else if (condition.has_all()) {
    for (const auto& inner : condition.all().conditions()) AddFlat(true, Flat(inner), *flat.mutable_all());
  } else if (condition.has_any()) {
    for (const auto& inner : condition.any().conditions()) AddFlat(false, Flat(inner), *flat.mutable_any());
  } else {
    flat = condition;
  }
  return flat;
}

// The condition of an expected tree. A word alone is the condition that the field is there, see WithPresence.
v1::Condition Translate(const Value& tree) {
  static const std::map<std::string, v1::Comparison::Operator> comparators = {
      {"Equals", v1::Comparison::OPERATOR_EQUAL},
      {"NotEquals", v1::Comparison::OPERATOR_NOT_EQUAL},
      {"LessThan", v1::Comparison::OPERATOR_LESS},
      {"GreaterThan", v1::Comparison::OPERATOR_GREATER},
      {"GreaterEquals", v1::Comparison::OPERATOR_GREATER_OR_EQUAL}};
  const std::string& op = Op(tree);
  v1::Condition condition;
  if (const auto found = comparators.find(op); found != comparators.end()) {
    return Compare(Words(Arg(tree, 0)), found->second, Literal(Arg(tree, 1)));
  }
  if (op == "Text" || op == "Member") {
    Value anything;
    anything.set_string_value("*");
    return Compare(Words(tree), v1::Comparison::OPERATOR_HAS, anything);
  }
  if (op == "Not") {
    *condition.mutable_not_() = Translate(Arg(tree, 0));
    return condition;
  }
  EXPECT_THAT(op, testing::AnyOf("And", "Or", "Sequence"));
  for (const Value& inner : Field(tree, "args").list_value().values()) {
    const bool all = op != "Or";
    AddFlat(all, Translate(inner), all ? *condition.mutable_all() : *condition.mutable_any());
  }
  return condition;
}

// Words alone are refused, but how they bind must be the same: "a b OR c" becomes "a:* b:* OR c:*".
std::string WithPresence(const std::string& filter) {
  static const std::regex word("[A-Za-z][A-Za-z0-9_.]*");
  std::string out;
  auto begin = std::sregex_iterator(filter.begin(), filter.end(), word);
  std::size_t at = 0;
  for (auto match = begin; match != std::sregex_iterator(); ++match) {
    out += filter.substr(at, static_cast<std::size_t>(match->position()) - at) + match->str();
    if (match->str() != "AND" && match->str() != "OR" && match->str() != "NOT") out += ":*";
    at = static_cast<std::size_t>(match->position() + match->length());
  }
  return out + filter.substr(at);
}

bool IsWordsAlone(const std::string& filter) {
  return std::regex_match(filter, std::regex("[A-Za-z0-9_. ()]*")) && filter.find("()") == std::string::npos;
}

std::string FilterOf(const Value& example) {
  const Value& filter = Field(example, "filter");
  if (filter.has_string_value()) return filter.string_value();
  return absl::HexStringToBytes(Field(filter, "bytes_hex").string_value());
}

TEST(Aip160Test, ReadsFiltersAsTheOtherParserDoes) {
  int applied = 0;
  const ListValue cases = ReadCases();
  for (const Value& example : cases.values()) {
    const std::string filter = FilterOf(example);
    SCOPED_TRACE(filter);
    // This one compares with timestamp(…); the rest of it is sound.
    const bool has_function =
        filter.find("timestamp(") != std::string::npos && filter.find("driver") != std::string::npos;
    if (Has(example, "errorContains") || NotApplicable().contains(filter) || has_function) continue;
    const bool words = IsWordsAlone(filter);
    EXPECT_EQ(ParseCondition(filter).ok(), !words);
    const absl::StatusOr<v1::Condition> parsed = ParseCondition(words ? WithPresence(filter) : filter);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_TRUE(MessageDifferencer::Equals(Flat(*parsed), Translate(Field(example, "expected"))))
        << parsed->ShortDebugString();
    ++applied;
  }
  EXPECT_EQ(applied, 20);
}

TEST(Aip160Test, SaysWhyItRefusesTheRest) {
  int refused = 0;
  const ListValue cases = ReadCases();
  for (const Value& example : cases.values()) {
    const std::string filter = FilterOf(example);
    const auto reason = NotApplicable().find(filter);
    if (reason == NotApplicable().end()) continue;
    const absl::StatusOr<v1::Condition> parsed = ParseCondition(filter);
    ASSERT_FALSE(parsed.ok()) << filter;
    EXPECT_THAT(parsed.status().message(), testing::HasSubstr(reason->second)) << filter;
    ++refused;
  }
  EXPECT_EQ(refused, 8);
}

TEST(Aip160Test, ReadsTimesInQuotesInsteadOfTimestamps) {
  const absl::StatusOr<v1::Condition> parsed = ParseCondition(
      "start_time > \"2006-01-02T15:04:05+07:00\" AND\n\t(driver = \"driver1\" OR start_driver = \"driver1\")");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->all().conditions_size(), 2);
  EXPECT_EQ(parsed->all().conditions(1).any().conditions_size(), 2);
}

TEST(Aip160Test, RefusesWhatTheOtherParserRefuses) {
  int refused = 0;
  const ListValue cases = ReadCases();
  for (const Value& example : cases.values()) {
    if (!Has(example, "errorContains")) continue;
    std::string expected = Field(example, "errorContains").string_value();
    if (expected == "unexpected token <") expected = "unexpected token '<'";
    const absl::StatusOr<v1::Condition> parsed = ParseCondition(FilterOf(example));
    ASSERT_FALSE(parsed.ok()) << FilterOf(example);
    EXPECT_THAT(parsed.status().message(), testing::HasSubstr(expected));
    EXPECT_EQ(ReasonOf(parsed.status()), v1::ERROR_REASON_INVALID_CONDITION);
    ++refused;
  }
  EXPECT_EQ(refused, 3);
}

}  // namespace
}  // namespace canvass::conditions
