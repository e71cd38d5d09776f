#include "server/surveys/publishing/check_for_publish.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::surveys {
namespace {

using testing::DefineWith;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::PublishFaults;
using ::testing::StartsWith;

struct FaultCase {
  const char* text;   // within DefineWith
  const char* fault;  // path and beginning of the description; empty: none
};

void Expect(const std::vector<FaultCase>& cases) {
  for (const auto& [text, fault] : cases) {
    const std::vector<std::string> faults = PublishFaults(DefineWith(text));
    if (*fault == '\0') {
      EXPECT_THAT(faults, IsEmpty()) << text;
    } else {
      EXPECT_THAT(faults, ElementsAre(StartsWith(absl::StrCat("definition.", fault)))) << text;
    }
  }
}

std::string Route(const std::string& rest) {
  return absl::StrCat("questions { key: 'q' nps {} routes { ", rest, " } } ");
}

std::string ShowIf(const std::string& condition) {
  return absl::StrCat("questions { key: 'q' nps {} show_if { text: '", condition, "' } }");
}

TEST(CheckForPublishTest, AcceptsARealSurvey) {
  EXPECT_THAT(PublishFaults(testing::RealSurvey()), IsEmpty());
  EXPECT_THAT(PublishFaults(DefineWith("")), IsEmpty());
}

TEST(CheckForPublishTest, FindsReferencesThatLeadNowhere) {
  Expect({
      {"questions { key: 'q' nps {} show_if { text: 'answer.x = 1' } }",
       "questions[4].show_if.compare.field: question 'x' does not exist"},
      {"questions { key: 'q' nps {} show_if { text: 'answer.nps = 1 AND value.v = 1' } }",
       "questions[4].show_if.all.conditions[1].compare.field: value 'v' does not exist"},
      {"questions { key: 'q' nps {} routes { skip_to: 'x' } }",
       "questions[4].routes[0].skip_to: question 'x' does not exist"},
      {"questions { key: 'q' nps {} routes { end_with: 'x' } }",
       "questions[4].routes[0].end_with: ending 'x' does not exist"},
      {"pages { key: 'p' starts_with: 'x' }", "pages[0].starts_with: question 'x' does not exist"},
      {"pages { key: 'p' starts_with: 'b' }",
       "pages[0].starts_with: the first page must start with the first question"},
      {"pages { key: 'p' starts_with: 'a' } pages { key: 'r' starts_with: 'a' }",
       "pages[1].starts_with: question 'a' does not come behind"},
      {"pages { key: 'p' starts_with: 'a' } pages { key: 'r' starts_with: 'c' } pages { key: 's' starts_with: 'b' }",
       "pages[2].starts_with: question 'b' does not come behind"},
      {"quotas { key: 'k' limit: 1 ending: 'x' }", "quotas[0].ending: ending 'x' does not exist"},
      {"quotas { key: 'k' limit: 1 when { text: 'answer.x = 1' } }",
       "quotas[0].when.compare.field: question 'x' does not exist"},
      {"values { key: 'v' aggregate { function: FUNCTION_SUM terms { field: 'answer.x' } } }",
       "values[0].aggregate.terms[0].field: question 'x' does not exist"},
      {"values { key: 'v' select { cases { when { text: 'answer.x = 1' } value { bool_value: true } } } }",
       "values[0].select.cases[0].when.compare.field: question 'x' does not exist"},
      {"questions { key: 's' statement {} } questions { key: 'q' nps {} show_if { text: 'answer.s:*' } }",
       "questions[5].show_if.compare.field: question 's' is a statement, which has no answer"},
      {"questions { key: 'q' nps {} show_if { text: 'answer.nps.x = 1' } }",
       "questions[4].show_if.compare.field: an answer to question 'nps' has no part 'x'"},
      {"questions { key: 'q' nps {} show_if { text: 'contact.country = \"CZ\" AND event.total > 5' } }", ""},
  });
}

TEST(CheckForPublishTest, FindsForwardReferences) {
  const std::string later = "questions { key: 'later' nps {} } ";
  const std::string value = "values { key: 'v' aggregate { function: FUNCTION_SUM terms { field: 'answer.later' } } } ";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {ShowIf("answer.later = 1") + later, "questions[4].show_if.compare.field: question 'later' is asked later"},
      {ShowIf("answer.q = 1"), "questions[4].show_if.compare.field: question 'q' has no answer yet"},
      {Route("skip_to: 'later' when { text: 'answer.later = 1' }") + later,
       "questions[4].routes[0].when.compare.field: question 'later' has no answer yet"},
      {Route("skip_to: 'later' when { text: 'answer.q = 1' }") + later, ""},
      {ShowIf("value.v = 1") + later + value,
       "questions[4].show_if.compare.field: value 'v' depends on question 'later', which has no answer yet"},
      {later + ShowIf("value.v = 1") + value, ""},
      // Through another value.
      {ShowIf("value.w = 1") + later + value +
           "values { key: 'w' aggregate { function: FUNCTION_MAX terms { field: 'value.v' } } }",
       "questions[4].show_if.compare.field: value 'w' depends on question 'later'"},
      {"pages { key: 'p' starts_with: 'a' } pages { key: 'r' starts_with: 'b' show_if { text: 'answer.b = \"no\"' } }",
       "pages[1].show_if.compare.field: question 'b' has no answer yet"},
      {"pages { key: 'p' starts_with: 'a' } pages { key: 'r' starts_with: 'b' show_if { text: 'answer.a = \"no\"' } }",
       ""},
      {Route("skip_to: 'b'"), "questions[4].routes[0].skip_to: question 'b' is not behind this one"},
      {Route("skip_to: 'q'"), "questions[4].routes[0].skip_to: question 'q' is not behind this one"},
  };
  for (const auto& [text, fault] : cases) Expect({{text.c_str(), fault.c_str()}});
}

TEST(CheckForPublishTest, NamesCirclesOfValues) {
  const std::string sum = " aggregate { function: FUNCTION_SUM terms { field: ";
  Expect({{absl::StrCat("values { key: 'x'", sum, "'value.x' } } }").c_str(),
           "values[0]: refers to itself in a circle: x -> x"}});
  Expect({{absl::StrCat("values { key: 'x'", sum, "'value.z' } } } values { key: 'y'", sum,
                        "'value.x' } } } values { key: 'z'", sum, "'value.y' } } }")
               .c_str(),
           "values[0]: refers to itself in a circle: x -> z -> y -> x"}});
  Expect(
      {{"values { key: 'x' select { cases { when { text: 'value.y = 1' } value { number_value: 1 } } } } "
        "values { key: 'y' select { cases { when { text: 'value.x = 1' } value { number_value: 1 } } } }",
        "values[0]: refers to itself in a circle: x -> y -> x"}});
  // Not a circle, but the wrong way round.
  Expect(
      {{absl::StrCat("values { key: 'x'", sum, "'value.y' } } } values { key: 'y'", sum, "'answer.nps' } } }").c_str(),
        "values[0].aggregate.terms[0].field: value 'y' is worked out later"}});
}

TEST(CheckForPublishTest, FindsComparisonsThatCanNeverBeTrue) {
  const std::string kinds =
      "questions { key: 'many' multiple_choice { options { key: 'x' } options { key: 'y' } } } "
      "questions { key: 'grid' matrix { rows { key: 'r' } columns { key: 'k' } columns { key: 'l' } } } "
      "questions { key: 'rank' ranking { options { key: 'x' } options { key: 'y' } } } "
      "questions { key: 'stars' rating { points: 3 } } questions { key: 'words' free_text {} } "
      "questions { key: 'kilos' number { min: 1 max: 10 } } questions { key: 'grams' number { decimals: 2 } } "
      "questions { key: 'day' date { min: '2026-01-31' max: '2026-12-31' } } "
      "questions { key: 'may' consent {} } questions { key: 'must' required: true consent {} } "
      "values { key: 'sum' aggregate { function: FUNCTION_SUM terms { field: 'answer.nps' } } } "
      "values { key: 'mood' select { cases { value { string_value: 'fine' } } } } ";
  const std::pair<const char*, const char*> cases[] = {
      {"answer.a = \"purple\"", "question 'a' has no option 'purple'"},
      {"answer.a != \"purple\"", "question 'a' has no option 'purple'"},
      {"answer.a = \"yes\"", ""},
      {"answer.a != \"yes\"", ""},
      {"answer.a = \"ye*\"", ""},
      {"answer.a = \"z*\"", "can never be true of question 'a'"},
      {"answer.a:\"es\"", ""},
      {"answer.a:*", ""},
      {"answer.a = 1", "can never be true: an answer to question 'a' is text"},
      {"answer.a > \"z\"", "can never be true of question 'a'"},
      {"answer.nps > 10", "can never be true of question 'nps': scores are 0 to 10"},
      {"answer.nps >= 10", ""},
      {"answer.nps = 4.5", "can never be true of question 'nps'"},
      {"answer.nps = \"9\"", "can never be true: an answer to question 'nps' is a number"},
      {"answer.stars > 3", "can never be true of question 'stars': scores are 1 to 3"},
      {"answer.many = \"x\"", "can never be true: an answer to question 'many' is a list"},
      {"answer.many:\"x\"", ""},
      {"answer.many:\"z\"", "question 'many' has no option 'z'"},
      {"answer.rank:\"z\"", "question 'rank' has no option 'z'"},
      {"answer.grid = \"k\"", "can never be true: an answer to question 'grid' is a matrix"},
      {"answer.grid:\"r\"", ""},
      {"answer.grid:\"x\"", "question 'grid' has no row 'x'"},
      {"answer.grid.x = \"k\"", "question 'grid' has no row 'x'"},
      {"answer.grid.r = \"k\"", ""},
      {"answer.grid.r = \"x\"", "question 'grid' has no column 'x'"},
      {"answer.words > 5", "can never be true: an answer to question 'words' is text"},
      {"answer.words:\"price\"", ""},
      {"answer.words = \"\"", "can never be true of question 'words'"},
      {"answer.kilos > 10", "can never be true of question 'kilos'"},
      {"answer.kilos >= 10", ""},
      {"answer.kilos = 2.5", "can never be true of question 'kilos'"},
      {"answer.kilos < 1", "can never be true of question 'kilos'"},
      {"answer.grams = 2.55", ""},
      {"answer.grams = 2.555", "can never be true of question 'grams'"},
      {"answer.day = \"2026-02-29\"", "can never be true: '2026-02-29' is not a day"},
      {"answer.day = \"2026-02-28\"", ""},
      {"answer.day > \"2026-12-31\"", "can never be true of question 'day'"},
      {"answer.day >= \"2026-06\"", ""},
      {"answer.may = false", ""},
      {"answer.must = false", "can never be true of question 'must'"},
      {"answer.may = \"true\"", "can never be true: an answer to question 'may' is true or false"},
      {"value.sum = \"x\"", "can never be true: value 'sum' is a number"},
      {"value.sum > 7", ""},
      {"value.mood = \"bad\"", "can never be true: no case of value 'mood'"},
      {"value.mood = \"fine\"", ""},
      {"event.total = \"anything\"", ""},
  };
  for (const auto& [condition, fault] : cases) {
    const std::vector<std::string> faults = PublishFaults(DefineWith(kinds + ShowIf(condition)));
    if (*fault == '\0') {
      EXPECT_THAT(faults, IsEmpty()) << condition;
    } else {
      EXPECT_THAT(faults, ElementsAre(HasSubstr(absl::StrCat("definition.questions[14].show_if.compare"))))
          << condition;
      EXPECT_THAT(faults, ElementsAre(HasSubstr(absl::StrCat(": ", fault)))) << condition;
    }
  }
}

TEST(CheckForPublishTest, FindsHiddenFieldsThatAreNotDeclared) {
  const std::string fields = "hidden_fields { key: 'plan' type: TYPE_TEXT } ";
  const auto with = [&](const std::string& text, const char* fault) { Expect({{(fields + text).c_str(), fault}}); };
  with(ShowIf("hidden.plan = \"pro\" AND hidden.plan:*"), "");
  with(ShowIf("hidden.plam = \"pro\""), "questions[4].show_if.compare.field: hidden field 'plam' is not declared");
  with(ShowIf("hidden.plan.name = \"pro\""),
       "questions[4].show_if.compare.field: hidden field 'plan' has no part 'name'");
  with(Route("skip_to: 'r' when { text: 'hidden.x = 1' }") + "questions { key: 'r' nps {} }",
       "questions[4].routes[0].when.compare.field: hidden field 'x' is not declared");
  with("quotas { key: 'k' limit: 1 when { text: 'hidden.x = 1' } }",
       "quotas[0].when.compare.field: hidden field 'x' is not declared");
  with("values { key: 'v' aggregate { function: FUNCTION_SUM terms { field: 'hidden.x' } } }",
       "values[0].aggregate.terms[0].field: hidden field 'x' is not declared");
  with("title { key: 'en' value: '{{hidden.plan|}}' }", "");
  with("title { key: 'en' value: '{{hidden.x}}' }",
       "title[\"en\"]: the pipe 'hidden.x': hidden field 'x' is not declared");
  with("breakdowns: 'hidden.plan'", "");
  with("breakdowns: 'event.x' breakdowns: 'hidden.x'", "breakdowns[1]: hidden field 'x' is not declared");
  with("breakdowns: 'hidden.plan.x'", "breakdowns[0]: hidden field 'plan' has no part 'x'");
}

TEST(CheckForPublishTest, FindsComparisonsThatNoHiddenFieldIsLike) {
  const std::string fields =
      "hidden_fields { key: 'plan' type: TYPE_TEXT max_length: 3 } hidden_fields { key: 'seats' type: TYPE_NUMBER } "
      "hidden_fields { key: 'trial' type: TYPE_BOOLEAN } hidden_fields { key: 'since' type: TYPE_DATE } ";
  const std::pair<const char*, const char*> cases[] = {
      {"hidden.plan = \"pro\"", ""},
      {"hidden.plan != \"pro\"", ""},
      {"hidden.plan = \"\"", ""},
      {"hidden.plan = \"p*\"", ""},
      {"hidden.plan = \"pros\"", "can never be true: hidden field 'plan' has at most 3 characters"},
      {"hidden.plan = 3", "can never be true: hidden field 'plan' is text"},
      {"hidden.seats > 3.5", ""},
      {"hidden.seats = \"3\"", "can never be true: hidden field 'seats' is a number"},
      {"hidden.trial = true", ""},
      {"hidden.trial != true", ""},
      {"hidden.trial = \"yes\"", "can never be true: hidden field 'trial' is true or false"},
      {"hidden.since >= \"2026-01-31\"", ""},
      {"hidden.since = \"2026-*\"", ""},
      {"hidden.since = \"2026-02-30\"", "can never be true: '2026-02-30' is not a day"},
      {"hidden.since < \"0001-01-01\"", "can never be true: hidden field 'since' is never like that"},
      {"hidden.since:*", ""},
  };
  for (const auto& [condition, fault] : cases) {
    const std::string at = *fault == '\0' ? "" : absl::StrCat("questions[4].show_if.compare: ", fault);
    Expect({{(fields + ShowIf(condition)).c_str(), at.c_str()}});
  }
}

TEST(CheckForPublishTest, FindsRequiredQuestionsThatNobodyCanAnswer) {
  Expect({
      {"questions { key: 'q' required: true statement {} }", "questions[4].required: must not be set for a statement"},
      {"questions { key: 'q' required: true number { min: 0.2 max: 0.8 } }", "questions[4].number: is required, but"},
      {"questions { key: 'q' required: true number { min: 0.2 max: 0.8 decimals: 1 } }", ""},
      {"questions { key: 'q' number { min: 0.2 max: 0.8 } }", ""},
      {"questions { key: 'q' required: true free_text { max_length: 4 pattern: PATTERN_EMAIL } }",
       "questions[4].free_text.max_length: is required, but"},
      {"questions { key: 'q' required: true free_text { max_length: 5 pattern: PATTERN_EMAIL } }", ""},
      {"questions { key: 'q' required: true free_text { max_length: 6 pattern: PATTERN_PHONE } }",
       "questions[4].free_text.max_length: is required, but"},
      {"questions { key: 'q' required: true free_text { max_length: 1 pattern: PATTERN_NUMBER } }", ""},
  });
}

TEST(CheckForPublishTest, FindsPipesThatAreNotFilled) {
  const auto text = [](const char* pipe) {
    return absl::StrCat("questions { key: 'q' nps {} text { key: 'en' value: '", pipe, "' } }");
  };
  const std::pair<const char*, const char*> cases[] = {
      {"{{answer.nps}}", ""},
      {"{{ answer.nps | none }}", ""},
      {"{{contact.first_name|dear guest}}", ""},
      {"\\\\{{answer.x}}", ""},
      {"{{answer.x}}", "questions[4].text[\"en\"]: the pipe 'answer.x': question 'x' does not exist"},
      {"{{answer.q}}", "questions[4].text[\"en\"]: the pipe 'answer.q': question 'q' has no answer yet"},
      {"{{value.v}}", "questions[4].text[\"en\"]: the pipe 'value.v': value 'v' does not exist"},
      {"{{name}}", "questions[4].text[\"en\"]: the pipe 'name' is not answer."},
      {"{{}}", "questions[4].text[\"en\"]: the pipe '' is not answer."},
      {"Hello {{contact.name", "questions[4].text[\"en\"]: opens a pipe"},
  };
  for (const auto& [pipe, fault] : cases) Expect({{text(pipe).c_str(), fault}});
  Expect({
      {"title { key: 'en' value: '{{answer.a}}' }",
       "title[\"en\"]: the pipe 'answer.a': question 'a' has no answer yet"},
      {"pages { key: 'p' starts_with: 'a' } pages { key: 'r' starts_with: 'b' title { key: 'en' value: '{{answer.b}}' "
       "} }",
       "pages[1].title[\"en\"]: the pipe 'answer.b'"},
      {"endings { key: 'e' text { key: 'en' value: '{{answer.nps}}' } }", ""},
  });
}

TEST(CheckForPublishTest, FindsMissingTranslations) {
  v1::SurveyDefinition definition = testing::RealSurvey();
  definition.mutable_questions(1)->mutable_multiple_choice()->mutable_options(2)->mutable_text()->erase("en");
  definition.mutable_endings(0)->mutable_title()->erase("en");
  definition.add_languages("cs-CZ");  // falls back to cs
  EXPECT_THAT(PublishFaults(definition),
              ElementsAre("definition.questions[1].multiple_choice.options[2].text[\"en\"]: is missing; the survey is "
                          "offered in 'en'",
                          StartsWith("definition.endings[0].title[\"en\"]: is missing")));
  definition.set_languages(0, "sk");
  EXPECT_EQ(PublishFaults(definition).size(), 19u) << "all of them";
}

TEST(CheckForPublishTest, EveryFaultIsOneViolation) {
  v1::SurveyDefinition definition = DefineWith(R"pb(
    languages: "en"
    questions {
      key: "Upper"
      csat { points: 4 }
    }
    questions {
      key: "wide"
      rating { points: 11 }
    }
    questions {
      key: "few"
      single_choice { options { key: "one" exclusive: true } }
    }
    questions {
      key: "many"
      multiple_choice {
        options { key: "x" }
        options { key: "x" }
        min_choices: 3
      }
    }
    questions {
      key: "range"
      number { min: 5 max: 4 decimals: 7 }
    }
    questions {
      key: "day"
      date { min: "2026-02-30" }
    }
    questions {
      key: "said"
      required: true
      statement {}
    }
    questions {
      key: "lost"
      nps {}
      show_if { text: "answer.nobody = 1" }
    }
    questions {
      key: "bad"
      nps {}
      show_if { text: "answer.nps = = 1" }
    }
    questions {
      key: "off"
      nps {}
      show_if { text: "answer.nps > 10" }
    }
    questions {
      key: "back"
      nps {}
      routes { skip_to: "a" }
    }
    questions {
      key: "piped"
      nps {}
      help { key: "en" value: "{{answer.nobody}}" }
    }
    endings { key: "done" redirect_url: "http://example.com" }
    endings { key: "nowhere" }
    values {
      key: "v"
      aggregate {
        function: FUNCTION_SUM
        terms { field: "value.v" }
      }
    }
    quotas { key: "k" ending: "gone" }
  )pb");
  const std::vector<std::string> faults = PublishFaults(definition);
  std::set<std::string> paths;
  for (const std::string& fault : faults) paths.insert(fault.substr(0, fault.find(": ")));
  EXPECT_EQ(paths, (std::set<std::string>{
                       "definition.languages[0]",
                       "definition.questions[4].key",
                       "definition.questions[4].csat.points",
                       "definition.questions[5].rating.points",
                       "definition.questions[6].single_choice.options",
                       "definition.questions[6].single_choice.options[0].exclusive",
                       "definition.questions[7].multiple_choice.options[1].key",
                       "definition.questions[7].multiple_choice.min_choices",
                       "definition.questions[8].number.min",
                       "definition.questions[8].number.decimals",
                       "definition.questions[9].date.min",
                       "definition.questions[10].required",
                       "definition.questions[11].show_if.compare.field",
                       "definition.questions[12].show_if.text",
                       "definition.questions[13].show_if.compare",
                       "definition.questions[14].routes[0].skip_to",
                       "definition.questions[15].help[\"en\"]",
                       "definition.endings[0].redirect_url",
                       "definition.endings[1]",
                       "definition.values[0]",
                       "definition.quotas[0].limit",
                       "definition.quotas[0].ending",
                   }))
      << ::testing::PrintToString(faults);
  EXPECT_EQ(faults.size(), paths.size());
  EXPECT_EQ(PublishFaults(definition), faults) << "the order changes";
}

TEST(CheckForPublishTest, ReportsAtMostAHundred) {
  v1::SurveyDefinition definition = DefineWith("");
  for (int i = 0; i < 190; ++i) {
    v1::Question& question = *definition.add_questions();
    question.set_key(absl::StrCat("q", i));
    question.mutable_nps();
  }
  EXPECT_EQ(PublishFaults(definition).size(), 100u);
}

}  // namespace
}  // namespace canvass::surveys
