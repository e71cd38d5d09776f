#include "server/surveys/definition/check_definition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/conditions/condition_text.h"
#include "server/surveys/definition/condition_rules.h"
#include "server/surveys/definition/entry_rules.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::surveys {
namespace {

using testing::DefineWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::vector<std::string> Faults(v1::SurveyDefinition definition) {
  Violations violations;
  CheckDefinition(definition, violations);
  return testing::TextsOf(violations);
}

struct FaultCase {
  const char* text;
  const char* fault;  // below `definition.`; empty: none
};

void ExpectWithin(const std::string& before, const std::string& after, const std::vector<FaultCase>& cases) {
  for (const auto& [text, fault] : cases) {
    const std::vector<std::string> faults = Faults(DefineWith(absl::StrCat(before, text, after)));
    if (*fault == '\0') {
      EXPECT_THAT(faults, IsEmpty()) << text;
    } else {
      EXPECT_THAT(faults, ElementsAre(StartsWith(absl::StrCat("definition.", fault)))) << text;
    }
  }
}

void ExpectOfQuestion(const std::vector<FaultCase>& cases) { ExpectWithin("questions { key: 'q' ", " }", cases); }

TEST(CheckDefinitionTest, AcceptsARealSurveyAndADraftWithLooseEnds) {
  EXPECT_THAT(Faults(testing::RealSurvey()), IsEmpty());
  EXPECT_THAT(Faults(DefineWith("questions { key: 'q' nps {} show_if { text: 'answer.x = 1' } routes { skip_to: 'y' } }"
                                "pages { key: 'p' starts_with: 'z' } quotas { key: 'k' limit: 1 ending: 'none' }")),
              IsEmpty());
}

TEST(CheckDefinitionTest, ChecksEveryKindOfQuestion) {
  ExpectOfQuestion({
      {"rating {}", ""},
      {"rating { points: 2 }", ""},
      {"rating { points: 10 }", ""},
      {"rating { points: 1 }", "questions[4].rating.points: 1 is not allowed: 2 to 10"},
      {"rating { points: 11 }", "questions[4].rating.points: 11 is not allowed: 2 to 10"},
      {"rating { low_label { key: 'de' value: 'x' } }", "questions[4].rating.low_label: has no text in the default"},
      {"rating { high_label { key: 'en' value: ' ' } }", "questions[4].rating.high_label[\"en\"]: must not be blank"},
      {"free_text { min_length: 5 max_length: 4 }", "questions[4].free_text.min_length: 5 is more than max_length"},
      {"free_text { min_length: 2001 }", "questions[4].free_text.min_length: 2001 is more than max_length"},
      {"free_text { min_length: 2000 }", ""},
      {"free_text { min_length: -1 }", "questions[4].free_text.min_length: -1 is not allowed"},
      {"free_text { max_length: -1 }", "questions[4].free_text.max_length: -1 is not allowed"},
      {"number {}", ""},
      {"number { min: 1 max: 1 decimals: 6 }", ""},
      {"number { min: 2 max: 1 }", "questions[4].number.min: 2 is more than max, which is 1"},
      {"number { min: nan }", "questions[4].number.min: must be a finite number"},
      {"number { max: inf }", "questions[4].number.max: must be a finite number"},
      {"number { decimals: 7 }", "questions[4].number.decimals: 7 is not allowed: 0 to 6"},
      {"number { unit { key: 'de' value: 'kg' } }", "questions[4].number.unit: has no text in the default"},
      {"date { min: '2024-02-29' max: '2026-12-31' }", ""},
      {"date { min: '2026-02-29' }", "questions[4].date.min: '2026-02-29' is not a day"},
      {"date { max: '2026-2-28' }", "questions[4].date.max: '2026-2-28' is not a day"},
      {"date { min: '2026-02-02' max: '2026-02-01' }", "questions[4].date.min: 2026-02-02 is later than max"},
      {"consent { document: 'privacy-2026-05' }", ""},
      {"consent { document: 'a\\tb' }", "questions[4].consent.document: must not hold control characters"},
      {"statement {}", ""},
      {"", "questions[4].kind: is required"},
  });
  const std::string long_document = absl::StrCat("consent { document: '", std::string(101, 'x'), "' }");
  ExpectOfQuestion({{long_document.c_str(), "questions[4].consent.document: has 101 characters; at most 100"}});
}

TEST(CheckDefinitionTest, ChecksOptionsRowsAndColumns) {
  ExpectWithin("questions { key: 'q' single_choice { options { key: 'x' } ", " } }",
               {{"options { key: 'y' other: true }", ""},
                {"", "questions[4].single_choice.options: has 1 items; 2 to 500"},
                {"options { key: 'x' }", "questions[4].single_choice.options[1].key: 'x' is taken by"},
                {"options { key: 'y' exclusive: true }", "questions[4].single_choice.options[1].exclusive: is for"},
                {"options { key: 'y' other: true } options { key: 'z' other: true }",
                 "questions[4].single_choice.options[2].other: options[1] is the other option already"},
                {"options { key: 'option_57565' } options { key: 'option_104623' }",
                 "questions[4].single_choice.options[2].key: 'option_104623' and 'option_57565' are one to metrics"}});
  ExpectWithin("questions { key: 'q' multiple_choice { options { key: 'x' } options { key: 'y' exclusive: true } ",
               " } }",
               {{"min_choices: 1 max_choices: 2 order: OPTION_ORDER_SHUFFLED", ""},
                {"min_choices: 3", "questions[4].multiple_choice.min_choices: 3 is not allowed: 0 to 2"}});
  ExpectWithin("questions { key: 'q' matrix { rows { key: 'r' } columns { key: 'k' } ", " } }",
               {{"columns { key: 'l' } rows { key: 's' pinned: true }", ""},
                {"", "questions[4].matrix.columns: has 1 items; 2 to 20"},
                {"columns { key: 'k' }", "questions[4].matrix.columns[1].key: 'k' is taken by"},
                {"columns { key: 'l' } rows { key: 'r' }", "questions[4].matrix.rows[1].key: 'r' is taken by"},
                {"columns { key: 'l' } rows { key: 's' other: true }", "questions[4].matrix.rows[1].other: is for"}});
  ExpectWithin("questions { key: 'q' ranking { options { key: 'x' } options { key: 'y' } ", " } }",
               {{"min_ranked: 2", ""},
                {"min_ranked: 3", "questions[4].ranking.min_ranked: 3 is not allowed: 0 to 2"},
                {"min_ranked: -1", "questions[4].ranking.min_ranked: -1 is not allowed"},
                {"options { key: 'z' exclusive: true }", "questions[4].ranking.options[2].exclusive: is for"}});
}

TEST(CheckDefinitionTest, ChecksWhatStandsAroundAQuestion) {
  ExpectOfQuestion({
      {"nps {} tags { touchpoint: 'check-out_2' }", ""},
      {"nps {} tags { touchpoint: '2nd' }", "questions[4].tags.touchpoint: '2nd' is not a touchpoint"},
      {"nps {} tags { touchpoint: 'Shop' }", "questions[4].tags.touchpoint: 'Shop' is not a touchpoint"},
      {"nps {} routes { when { text: 'answer.nps = 1' } }", "questions[4].routes[0].target: is required"},
      {"nps {} routes { skip_to: '' }", "questions[4].routes[0].skip_to: '' is not a key"},
      {"nps {} routes { end_with: 'The End' }", "questions[4].routes[0].end_with: 'The End' is not a key"},
  });
  v1::SurveyDefinition definition = DefineWith("");
  definition.mutable_questions(0)->mutable_tags()->set_experience_level(
      static_cast<v1::QuestionTags::ExperienceLevel>(9));
  definition.mutable_questions(1)->mutable_tags()->set_empathy_quadrant(
      static_cast<v1::QuestionTags::EmpathyQuadrant>(9));
  definition.mutable_questions(2)->mutable_single_choice()->set_order(static_cast<v1::OptionOrder>(9));
  definition.mutable_questions(3)->mutable_free_text()->set_pattern(static_cast<v1::TextQuestion::Pattern>(9));
  definition.set_hidden_answers(static_cast<v1::SurveyDefinition::HiddenAnswers>(9));
  EXPECT_THAT(Faults(definition), ElementsAre(StartsWith("definition.questions[0].tags.experience_level"),
                                              StartsWith("definition.questions[1].tags.empathy_quadrant"),
                                              StartsWith("definition.questions[2].single_choice.order"),
                                              StartsWith("definition.questions[3].free_text.pattern"),
                                              StartsWith("definition.hidden_answers")));
}

TEST(CheckDefinitionTest, ChecksPagesEndingsValuesQuotasAndLanguages) {
  ExpectWithin(
      "", "",
      {
          {"pages { key: 'P' starts_with: 'a' }", "pages[0].key: 'P' is not a key"},
          {"pages { key: 'p' }", "pages[0].starts_with: '' is not a key"},
          {"pages { key: 'p' starts_with: 'a' title { key: 'de' value: 'x' } }", "pages[0].title: has no text"},
          {"pages { key: 'p' starts_with: 'a' description { key: 'de' value: 'x' } }",
           "pages[0].description: has no text"},
          {"pages { key: 'p' starts_with: 'a' } pages { key: 'p' starts_with: 'b' }", "pages[1].key: 'p' is taken by"},
          {"endings { key: 'e' redirect_url: 'https://example.com/a?b#c' }", ""},
          {"endings { key: 'e' redirect_url: 'http://example.com' }",
           "endings[0].redirect_url: 'http://example.com' is not"},
          {"endings { key: 'e' redirect_url: 'https:///path' }", "endings[0].redirect_url: 'https:///path' is not"},
          {"endings { key: 'e' redirect_url: 'https://a b' }", "endings[0].redirect_url: 'https://a b' is not"},
          {"endings { key: 'e' redirect_url: 'javascript:alert(1)' }",
           "endings[0].redirect_url: 'javascript:alert(1)' is"},
          {"endings { key: 'e' title { key: 'de' value: 'x' } }",
           "endings[0].title: has no text in the default language"},
          {"endings { key: 'e' } endings { key: 'e' }", "endings[1].key: 'e' is taken by"},
          {"values { key: 'v' }", "values[0].kind: is required"},
          {"values { key: 'v' aggregate { function: FUNCTION_SUM } }",
           "values[0].aggregate.terms: has 0 items; 1 to 200"},
          {"values { key: 'v' aggregate { terms { field: 'answer.nps' } } }",
           "values[0].aggregate.function: is required"},
          {"values { key: 'v' aggregate { function: FUNCTION_SUM terms { field: 'nps' } } }",
           "values[0].aggregate.terms[0].field: 'nps' is not a field"},
          {"values { key: 'v' aggregate { function: FUNCTION_SUM terms { field: 'answer.nps' weight: nan } } }",
           "values[0].aggregate.terms[0].weight: must be a finite number"},
          {"values { key: 'v' select {} }", "values[0].select.cases: has 0 items; 1 to 50"},
          {"values { key: 'v' select { cases {} } }",
           "values[0].select.cases[0].value: must be text, a number or a boolean"},
          {"values { key: 'v' select { cases { value { number_value: inf } } } }",
           "values[0].select.cases[0].value: must be"},
          {"quotas { key: 'k' limit: 1 }", ""},
          {"quotas { key: 'k' }", "quotas[0].limit: 0 is not allowed: 1 or more"},
          {"quotas { key: 'k' limit: 1 ending: 'The End' }", "quotas[0].ending: 'The End' is not a key"},
          {"quotas { key: 'k' limit: 1 } quotas { key: 'k' limit: 1 }", "quotas[1].key: 'k' is taken by"},
          {"languages: 'cs' languages: 'pt-BR'", ""},
          {"languages: 'czech please'", "languages[0]: 'czech please' is not a BCP 47 language tag"},
          {"languages: 'en'", "languages[0]: 'en' is the default language already"},
          {"languages: 'cs' languages: 'CS'", "languages[1]: 'CS' is definition.languages[0] already"},
          {"title { key: 'de' value: 'x' }", "title: has no text in the default language"},
          {"closed_text { key: 'de' value: 'x' }", "closed_text: has no text in the default language"},
      });
}

TEST(CheckDefinitionTest, ChecksHiddenFieldsAndRepeats) {
  ExpectWithin("hidden_fields { key: 'h' ", " }",
               {
                   {"type: TYPE_TEXT", ""},
                   {"type: TYPE_TEXT max_length: 1", ""},
                   {"type: TYPE_TEXT max_length: 1000 required: true", ""},
                   {"type: TYPE_TEXT max_length: 1001", "hidden_fields[0].max_length: 1001 is not allowed: 1 to 1000"},
                   {"type: TYPE_TEXT max_length: -1", "hidden_fields[0].max_length: -1 is not allowed"},
                   {"type: TYPE_NUMBER", ""},
                   {"type: TYPE_NUMBER max_length: 5", "hidden_fields[0].max_length: is for TYPE_TEXT alone"},
                   {"type: TYPE_BOOLEAN", ""},
                   {"type: TYPE_DATE max_length: 10", "hidden_fields[0].max_length: is for TYPE_TEXT alone"},
                   {"", "hidden_fields[0].type: is required"},
                   {"max_length: 5", "hidden_fields[0].type: is required"},
               });
  v1::SurveyDefinition strange = DefineWith("hidden_fields { key: 'h' }");
  strange.mutable_hidden_fields(0)->set_type(static_cast<v1::HiddenField::Type>(9));
  EXPECT_THAT(Faults(strange), ElementsAre(StartsWith("definition.hidden_fields[0].type: is required")));
  ExpectWithin("hidden_fields { key: '", "' type: TYPE_TEXT } hidden_fields { key: 'plan' type: TYPE_DATE }",
               {{"seats", ""},
                {"plan", "hidden_fields[1].key: 'plan' is taken by definition.hidden_fields[0]"},
                {"Plan", "hidden_fields[0].key: 'Plan' is not a key"},
                {"a.b", "hidden_fields[0].key: 'a.b' is not a key"}});
  ExpectWithin("repeats { ", " }",
               {
                   {"", ""},
                   {"contact_period { seconds: 1 } duplicate_period { nanos: 1000 }", ""},
                   {"contact_period { seconds: 316224000 }", ""},
                   {"contact_period { seconds: 316224001 }", "repeats.contact_period: must be more than 0"},
                   {"contact_period {}", "repeats.contact_period: must be more than 0 and at most 3660 days"},
                   {"contact_period { seconds: -5 }", "repeats.contact_period: must be more than 0"},
                   {"contact_period { seconds: 1 nanos: -1 }", "repeats.contact_period: must be more than 0"},
                   {"duplicate_period { seconds: 31622400 }", ""},
                   {"duplicate_period { seconds: 31622401 }",
                    "repeats.duplicate_period: must be more than 0 and at most "
                    "366 days"},
               });
}

TEST(CheckDefinitionTest, CountsWhatThereIsTooMuchOf) {
  const auto with = [](int count, auto add) {
    v1::SurveyDefinition definition = DefineWith("");
    for (int i = 0; i < count; ++i) add(definition, absl::StrCat("k", i));
    return Faults(definition);
  };
  EXPECT_THAT(with(101,
                   [](v1::SurveyDefinition& definition, const std::string& key) {
                     v1::Page& page = *definition.add_pages();
                     page.set_key(key);
                     page.set_starts_with("a");
                   }),
              ElementsAre("definition.pages: has 101 items; 0 to 100 are allowed"));
  EXPECT_THAT(with(21,
                   [](v1::SurveyDefinition& definition, const std::string& key) {
                     v1::Ending& ending = *definition.add_endings();
                     ending.set_key(key);
                     (*ending.mutable_title())["en"] = key;
                   }),
              ElementsAre("definition.endings: has 21 items; 0 to 20 are allowed"));
  EXPECT_THAT(with(51,
                   [](v1::SurveyDefinition& definition, const std::string& key) {
                     v1::Quota& quota = *definition.add_quotas();
                     quota.set_key(key);
                     quota.set_limit(1);
                   }),
              ElementsAre("definition.quotas: has 51 items; 0 to 50 are allowed"));
  EXPECT_THAT(with(51,
                   [](v1::SurveyDefinition& definition, const std::string& key) {
                     v1::CalculatedValue& value = *definition.add_values();
                     value.set_key(key);
                     value.mutable_select()->add_cases()->mutable_value()->set_bool_value(true);
                   }),
              ElementsAre("definition.values: has 51 items; 0 to 50 are allowed"));
  EXPECT_THAT(with(51,
                   [](v1::SurveyDefinition& definition, const std::string& key) {
                     v1::HiddenField& field = *definition.add_hidden_fields();
                     field.set_key(key);
                     field.set_type(v1::HiddenField::TYPE_TEXT);
                   }),
              ElementsAre("definition.hidden_fields: has 51 items; 0 to 50 are allowed"));
  EXPECT_THAT(with(50, [](v1::SurveyDefinition& definition,
                          const std::string& key) { definition.add_languages(absl::StrCat("de-x-", key)); }),
              ElementsAre("definition.languages: has 50 items; 0 to 49 are allowed"));
  EXPECT_THAT(with(21, [](v1::SurveyDefinition& definition,
                          const std::string&) { definition.mutable_questions(0)->add_routes()->set_skip_to("b"); }),
              ElementsAre("definition.questions[0].routes: has 21 items; 0 to 20 are allowed"));
}

TEST(CheckDefinitionTest, StoresConditionsInStructuredForm) {
  v1::SurveyDefinition definition = testing::RealSurvey();
  Violations violations;
  EXPECT_TRUE(CheckDefinition(definition, violations));
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(conditions::ConditionText(definition.questions(1).show_if()), "answer.recommend <= 6");
  EXPECT_TRUE(definition.questions(1).routes(0).when().has_compare());
  EXPECT_TRUE(definition.pages(1).show_if().has_compare());
  EXPECT_TRUE(definition.values(0).select().cases(0).when().has_compare());
  EXPECT_TRUE(definition.quotas(0).when().has_compare());
}

TEST(CheckDefinitionTest, TellsWhatIsWrongWithConditions) {
  v1::SurveyDefinition definition = DefineWith("pages { key: 'p' starts_with: 'a' show_if { text: 'nps > 1' } }");
  definition.mutable_questions(0)->mutable_show_if()->mutable_any()->add_conditions()->set_text("answer.b >");
  definition.mutable_questions(1)->add_routes()->set_skip_to("c");
  definition.mutable_questions(1)->mutable_routes(0)->mutable_when()->mutable_compare()->set_field("response.x");
  const std::vector<std::string> faults = Faults(definition);
  EXPECT_THAT(faults, ElementsAre(StartsWith("definition.pages[0].show_if.text: "),
                                  StartsWith("definition.questions[0].show_if.any.conditions[0].text: "),
                                  StartsWith("definition.questions[1].routes[0].when.compare.field: "),
                                  StartsWith("definition.questions[1].routes[0].when.compare.operator: "),
                                  StartsWith("definition.questions[1].routes[0].when.compare.value: ")));
  Violations violations;
  CheckDefinition(definition, violations);
  EXPECT_TRUE(IsUnusable(definition.pages(0).show_if()));
  EXPECT_TRUE(IsUnusable(definition.questions(0).show_if()));
}

// What a caller may send to keep the server busy.
TEST(CheckDefinitionTest, IsBoundedOnHostileInput) {
  v1::SurveyDefinition options = DefineWith("");
  for (int i = 0; i < 10'000; ++i) {
    options.mutable_questions(0)->mutable_single_choice()->add_options()->set_key(absl::StrCat("o", i));
  }
  EXPECT_THAT(Faults(options)[0], HasSubstr("single_choice.options: has 10002 items; 2 to 500 are allowed"));
  EXPECT_EQ(Faults(options).size(), Violations::kMaxReported);

  v1::SurveyDefinition large = DefineWith("");
  (*large.mutable_title())["en"] = std::string(2'000'000, 'x');
  EXPECT_THAT(Faults(large), ElementsAre(HasSubstr("bytes serialized; at most 262144 are allowed")));

  v1::SurveyDefinition deep = DefineWith("");
  v1::Condition* condition = deep.mutable_questions(1)->mutable_show_if();
  for (int i = 0; i < 500; ++i) condition = condition->mutable_not_();
  condition->set_text("answer.a = \"yes\"");
  EXPECT_THAT(Faults(deep), ElementsAre(HasSubstr("is nested more than 16 deep")));

  // Small as text, large in the form in which it is stored.
  v1::SurveyDefinition growing = DefineWith("");
  std::string text = "event.a=1";
  for (int i = 1; i < 100; ++i) absl::StrAppend(&text, " AND event.a=1");
  for (int i = 0; i < 150; ++i) {
    v1::Question& question = *growing.add_questions();
    question = growing.questions(3);
    question.set_key(absl::StrCat("q", i));
    question.mutable_show_if()->set_text(text);
  }
  EXPECT_THAT(Faults(growing), ElementsAre(HasSubstr("bytes serialized with its conditions in structured form")));
}

TEST(ParseDayTest, TakesDaysOfTheCalendarAlone) {
  for (const char* day : {"2026-01-31", "2024-02-29", "0001-01-01", "9999-12-31", "2000-02-29"}) {
    EXPECT_TRUE(ParseDay(day).has_value()) << day;
  }
  for (const char* day :
       {"", "2026", "2026-13-01", "2026-00-10", "2026-04-31", "2026-04-00", "1900-02-29", "0000-01-01", "2026/01/01",
        "26-01-01", "2026-01-1 ", "+026-01-01", "2026-01-01T", "20260101"}) {
    EXPECT_FALSE(ParseDay(day).has_value()) << day;
  }
}

}  // namespace
}  // namespace canvass::surveys
