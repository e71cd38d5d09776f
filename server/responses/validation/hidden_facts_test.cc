#include "server/responses/validation/hidden_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/testing/parse.h"
#include "server/conditions/facts.h"

namespace canvass::responses {
namespace {

using canvass::testing::Parse;
using google::protobuf::Struct;
using google::protobuf::Value;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

v1::SurveyDefinition Declared() {
  return Parse<v1::SurveyDefinition>(R"pb(
    hidden_fields { key: "plan" type: TYPE_TEXT max_length: 5 }
    hidden_fields { key: "seats" type: TYPE_NUMBER }
    hidden_fields { key: "trial" type: TYPE_BOOLEAN }
    hidden_fields { key: "since" type: TYPE_DATE }
  )pb");
}

v1::SurveyDefinition Requiring() {
  v1::SurveyDefinition definition = Declared();
  definition.mutable_hidden_fields(0)->set_required(true);
  definition.mutable_hidden_fields(1)->set_required(true);
  return definition;
}

Struct Hidden(const std::string& fields) {
  return Parse<Struct>(absl::StrCat("fields { key: 'hidden' value { struct_value { ", fields, " } } }"));
}

std::string Of(const std::string& key, const std::string& value) {
  return absl::StrCat("fields { key: '", key, "' value { ", value, " } } ");
}

std::vector<std::string> Faults(const v1::SurveyDefinition& definition, const Struct& facts,
                                MissingFields missing = MissingFields::kRefused) {
  Violations violations;
  CheckHidden(definition, "response.facts", facts, missing, violations);
  std::vector<std::string> faults;
  for (const FieldViolation& violation : violations.list()) {
    faults.push_back(absl::StrCat(violation.field, " ", violation.description));
  }
  return faults;
}

TEST(HiddenFactsTest, TakesWhatIsDeclaredAndOfItsType) {
  EXPECT_THAT(Faults(Declared(), Hidden(Of("plan", "string_value: 'žluťo'") + Of("seats", "number_value: -2.5") +
                                        Of("trial", "bool_value: false") + Of("since", "string_value: '2024-02-29'"))),
              IsEmpty());
  EXPECT_THAT(Faults(Declared(), Struct()), IsEmpty());
  EXPECT_THAT(Faults(Declared(), Hidden(Of("plan", "string_value: ''") + Of("seats", "null_value: NULL_VALUE"))),
              IsEmpty());
}

TEST(HiddenFactsTest, SaysWhatIsWrongWithEachValue) {
  const struct {
    const char* key;
    const char* value;
    const char* says;
  } cases[] = {
      {"plan", "string_value: 'longer'", "has 6 characters; the field takes at most 5"},
      {"plan", "string_value: 'a\\nb'", "without control characters"},
      {"plan", "string_value: 'a\\xc2\\x85'", "without control characters"},
      {"plan", "number_value: 1", "must be text"},
      {"plan", "list_value {}", "must be text"},
      {"seats", "string_value: '1'", "must be a finite number"},
      {"seats", "bool_value: true", "must be a finite number"},
      {"trial", "string_value: 'true'", "must be true or false"},
      {"since", "string_value: '2026-02-29'", "'2026-02-29' is not a day of the calendar"},
      {"since", "string_value: '2026-1-1'", "is not a day of the calendar"},
      {"since", "number_value: 2026", "must be a day as text"},
      {"Plan", "string_value: 'pro'", "is not a hidden field of this version"},
  };
  for (const auto& [key, value, says] : cases) {
    const std::vector<std::string> faults = Faults(Declared(), Hidden(Of(key, value)));
    ASSERT_THAT(faults, SizeIs(1)) << key << " " << value;
    EXPECT_THAT(faults[0], HasSubstr(absl::StrCat("response.facts.hidden.", key, " ")));
    EXPECT_THAT(faults[0], HasSubstr(says));
  }
  Struct endless = Hidden(Of("seats", "number_value: 1"));
  (*(*endless.mutable_fields())["hidden"].mutable_struct_value()->mutable_fields())["seats"].set_number_value(INFINITY);
  EXPECT_THAT(Faults(Declared(), endless), ElementsAre(HasSubstr("finite number")));
  EXPECT_THAT(Faults(Declared(), Parse<Struct>("fields { key: 'hidden' value { string_value: 'plan=pro' } }")),
              ElementsAre("response.facts.hidden must be an object"));
}

TEST(HiddenFactsTest, SurveysWithoutAnyTakeNone) {
  EXPECT_THAT(Faults({}, Struct()), IsEmpty());
  EXPECT_THAT(Faults({}, Hidden("")), IsEmpty());
  EXPECT_THAT(Faults({}, Hidden(Of("x\\n", "string_value: 'pro'"))),
              ElementsAre(HasSubstr("response.facts.hidden.x\\n is not a hidden field")));
}

TEST(HiddenFactsTest, RequiredOnesMustBeThere) {
  EXPECT_THAT(Faults(Requiring(), Struct()), ElementsAre("response.facts.hidden.plan is required by the survey",
                                                         "response.facts.hidden.seats is required by the survey"));
  EXPECT_THAT(Faults(Requiring(), Hidden(Of("plan", "string_value: ''") + Of("seats", "null_value: NULL_VALUE"))),
              SizeIs(2));
  EXPECT_THAT(Faults(Requiring(), Hidden(Of("plan", "string_value: 'pro'") + Of("seats", "number_value: 0"))),
              IsEmpty());
  EXPECT_THAT(Faults(Requiring(), Struct(), MissingFields::kAllowed), IsEmpty());
  EXPECT_THAT(Faults(Requiring(), Hidden(Of("plan", "number_value: 1")), MissingFields::kAllowed), SizeIs(1));
}

TEST(HiddenFactsTest, ReadsTextsAsTheirTypes) {
  const v1::SurveyDefinition declared = Declared();
  const auto read = [&](int place, absl::string_view text) {
    const std::optional<Value> value = ReadHidden(declared.hidden_fields(place), text);
    return value.has_value() ? absl::StrCat(value->kind_case(), ":", conditions::FactText(*value)) : "none";
  };
  EXPECT_EQ(read(0, "pro"), absl::StrCat(Value::kStringValue, ":pro"));
  EXPECT_EQ(read(1, "12.5"), absl::StrCat(Value::kNumberValue, ":12.5"));
  EXPECT_EQ(read(2, "false"), absl::StrCat(Value::kBoolValue, ":false"));
  EXPECT_EQ(read(3, "2026-01-31"), absl::StrCat(Value::kStringValue, ":2026-01-31"));
  for (const char* text : {"", "longer", "a\tb"}) EXPECT_EQ(read(0, text), "none") << text;
  for (const char* text : {"", "many", "nan", "inf", "1e999", "5 seats"}) EXPECT_EQ(read(1, text), "none") << text;
  for (const char* text : {"", "1", "TRUE", "yes"}) EXPECT_EQ(read(2, text), "none") << text;
  for (const char* text : {"", "today", "2026-13-01"}) EXPECT_EQ(read(3, text), "none") << text;
}

TEST(HiddenFactsTest, KeepsWhatFitsAlone) {
  const Struct facts =
      Hidden(Of("plan", "string_value: 'longer'") + Of("seats", "number_value: 5") + Of("since", "string_value: ''") +
             Of("gone", "bool_value: true") + Of("trial", "bool_value: true"));
  std::vector<std::string> keys;
  const Struct fitting = FittingHidden(Declared(), HiddenIn(facts));
  for (const auto& [key, value] : fitting.fields()) keys.push_back(key);
  EXPECT_THAT(keys, UnorderedElementsAre("seats", "trial"));
}

TEST(HiddenFactsTest, MovesAndCopiesNothingElse) {
  Struct given = Hidden(Of("plan", "string_value: 'pro'"));
  (*given.mutable_fields())["event"].set_bool_value(true);
  Struct facts = Hidden(Of("plan", "string_value: 'free'"));
  CopyHidden(Struct(), facts);
  EXPECT_EQ(HiddenIn(facts).fields().at("plan").string_value(), "free");
  CopyHidden(given, facts);
  EXPECT_EQ(HiddenIn(facts).fields().at("plan").string_value(), "pro");
  EXPECT_FALSE(facts.fields().contains("event"));
  Struct empty;
  MoveHidden(given, empty);
  EXPECT_EQ(HiddenIn(empty).fields().at("plan").string_value(), "pro");
  EXPECT_EQ(HiddenIn(Struct()).fields_size(), 0);
}

}  // namespace
}  // namespace canvass::responses
