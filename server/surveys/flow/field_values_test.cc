// Whether the values to try cover what comparisons can tell apart.

#include "server/surveys/flow/field_values.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/conditions/condition.h"
#include "server/conditions/condition_text.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::surveys {
namespace {

using google::protobuf::Value;

std::vector<v1::Condition> ConditionsOn(const std::vector<std::string>& comparisons) {
  std::vector<v1::Condition> conditions;
  for (const std::string& comparison : comparisons) {
    const absl::StatusOr<v1::Condition> condition = conditions::ParseCondition("answer.x " + comparison);
    EXPECT_TRUE(condition.ok()) << comparison << ": " << condition.status();
    conditions.push_back(condition.value_or(v1::Condition()));
  }
  return conditions;
}

std::vector<const v1::Comparison*> ComparisonsOf(const std::vector<v1::Condition>& conditions) {
  std::vector<const v1::Comparison*> comparisons;
  for (const v1::Condition& condition : conditions) comparisons.push_back(&condition.compare());
  return comparisons;
}

// Which of `conditions` are true of `value`, as a row of 0 and 1.
std::string TruthsOf(const std::vector<v1::Condition>& conditions, const Value& value) {
  google::protobuf::Struct facts;
  (*(*facts.mutable_fields())["answer"].mutable_struct_value()->mutable_fields())["x"] = value;
  std::string truths;
  for (const v1::Condition& condition : conditions) truths += conditions::Evaluate(condition, facts) ? '1' : '0';
  return truths;
}

Value Text(const std::string& text) {
  Value value;
  value.set_string_value(text);
  return value;
}

TEST(FieldValuesTest, CoverEveryShortText) {
  const std::vector<std::vector<std::string>> cases = {
      {"= \"b\""},
      {"= \"b\"", "= \"c\"", "!= \"b\""},
      {"< \"b\"", "> \"b\"", "= \"b\""},
      {"< \"b\"", "< \"c\"", ">= \"bb\"", "= \"c\""},
      {"= \"b*\"", "= \"*b\"", "= \"b\""},
      {"= \"b*\"", "= \"*b\"", "!= \"b\"", "< \"b\""},
      {":\"b\"", "= \"b*\"", "> \"b\""},
      {":*", "= \"*\""},
  };
  for (const std::vector<std::string>& comparisons : cases) {
    const std::vector<v1::Condition> conditions = ConditionsOn(comparisons);
    for (const bool fact : {false, true}) {
      v1::Question question;
      question.mutable_free_text();
      const FieldValues values =
          fact ? ValuesOfFact(ComparisonsOf(conditions)) : ValuesOfAnswer(question, ComparisonsOf(conditions));
      EXPECT_TRUE(values.complete) << comparisons[0];
      std::set<std::string> covered;
      for (const Value& value : values.values) covered.insert(TruthsOf(conditions, value));
      // Every text of one to four of these letters.
      std::vector<std::string> texts = {""};
      for (std::size_t i = 0; i < texts.size(); ++i) {
        for (const char* letter : {"a", "b", "c", " "}) {
          if (texts[i].size() < 4) texts.push_back(texts[i] + letter);
        }
        if (texts[i].empty()) continue;
        EXPECT_TRUE(covered.contains(TruthsOf(conditions, Text(texts[i])))) << comparisons[0] << ": " << texts[i];
      }
    }
  }
}

TEST(FieldValuesTest, SayWhereTheyDoNotCoverEverything) {
  v1::Question text;
  text.mutable_free_text();
  const auto complete = [&](const std::vector<std::string>& comparisons) {
    const std::vector<v1::Condition> conditions = ConditionsOn(comparisons);
    return ValuesOfAnswer(text, ComparisonsOf(conditions)).complete;
  };
  EXPECT_FALSE(complete({":\"a\"", ":\"b\""}));
  EXPECT_FALSE(complete({"= \"a*\"", "= \"b\""}));
  EXPECT_TRUE(complete({"= \"a\"", "= \"b\""}));
  const std::vector<v1::Condition> lists = ConditionsOn({":\"a\"", ":\"b\""});
  EXPECT_FALSE(ValuesOfFact(ComparisonsOf(lists)).complete);
}

TEST(FieldValuesTest, CoverNumbersAndKindsOfFacts) {
  const std::vector<v1::Condition> conditions = ConditionsOn({"> 5", "<= 7", "= 6", "= true", "!= \"a\"", ":*"});
  std::set<std::string> covered;
  for (const Value& value : ValuesOfFact(ComparisonsOf(conditions)).values) covered.insert(TruthsOf(conditions, value));
  for (double number : {-1.0, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 1e9}) {
    Value value;
    value.set_number_value(number);
    EXPECT_TRUE(covered.contains(TruthsOf(conditions, value))) << number;
  }
  for (const bool boolean : {false, true}) {
    Value value;
    value.set_bool_value(boolean);
    EXPECT_TRUE(covered.contains(TruthsOf(conditions, value))) << boolean;
  }
  Value list;
  list.mutable_list_value();
  EXPECT_TRUE(covered.contains(TruthsOf(conditions, list)));
  EXPECT_TRUE(covered.contains(TruthsOf(conditions, Text("a"))));
  EXPECT_TRUE(covered.contains(TruthsOf(conditions, Text("b"))));
}

TEST(FieldValuesTest, CoverHiddenFieldsOfEveryType) {
  v1::HiddenField field;
  field.set_type(v1::HiddenField::TYPE_NUMBER);
  const std::vector<v1::Condition> numbers = ConditionsOn({"> 5", "<= 7"});
  const FieldValues of_number = ValuesOfHiddenField(field, ComparisonsOf(numbers));
  std::set<std::string> covered;
  for (const Value& value : of_number.values) covered.insert(TruthsOf(numbers, value));
  EXPECT_TRUE(of_number.complete);
  EXPECT_EQ(covered, (std::set<std::string>{"01", "11", "10"}));
  EXPECT_EQ(ValuesOfHiddenField(field, {}).values.size(), 1u);

  field.set_type(v1::HiddenField::TYPE_TEXT);
  const std::vector<v1::Condition> texts = ConditionsOn({"= \"\"", "= \"a\"", "> \"b\""});
  covered.clear();
  for (const Value& value : ValuesOfHiddenField(field, ComparisonsOf(texts)).values) {
    covered.insert(TruthsOf(texts, value));
  }
  EXPECT_EQ(covered, (std::set<std::string>{"100", "010", "001", "000"}));

  field.set_type(v1::HiddenField::TYPE_BOOLEAN);
  EXPECT_EQ(ValuesOfHiddenField(field, {}).values.size(), 2u);
  field.set_type(v1::HiddenField::TYPE_DATE);
  for (const Value& value : ValuesOfHiddenField(field, {}).values) EXPECT_EQ(value.string_value().size(), 10u);
}

TEST(FieldValuesTest, ListsKeepWhatAMultipleChoiceAllows) {
  const v1::SurveyDefinition definition = testing::Define(
      "questions { key: 'm' multiple_choice { min_choices: 2 max_choices: 2 options { key: 'a' } options { key: 'b' } "
      "options { key: 'c' } options { key: 'none' exclusive: true } } }");
  const std::vector<v1::Condition> conditions = ConditionsOn({":\"a\"", ":\"b\"", ":\"none\""});
  std::set<std::string> covered;
  for (const Value& value : ValuesOfAnswer(definition.questions(0), ComparisonsOf(conditions)).values) {
    covered.insert(TruthsOf(conditions, value));
  }
  EXPECT_EQ(covered, (std::set<std::string>{"100", "010", "110", "001"}));
}

TEST(FieldValuesTest, AnExclusiveOptionIsEnoughByItself) {
  const v1::SurveyDefinition definition = testing::Define(
      "questions { key: 'm' multiple_choice { min_choices: 2 options { key: 'a' } options { key: 'b' } "
      "options { key: 'none' exclusive: true } } }");
  const std::vector<v1::Condition> conditions = ConditionsOn({":\"a\""});
  std::set<std::string> covered;
  for (const Value& value : ValuesOfAnswer(definition.questions(0), ComparisonsOf(conditions)).values) {
    covered.insert(TruthsOf(conditions, value));
  }
  EXPECT_EQ(covered, (std::set<std::string>{"0", "1"}));
}

}  // namespace
}  // namespace canvass::surveys
