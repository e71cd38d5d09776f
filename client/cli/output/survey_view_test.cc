#include "client/cli/output/survey_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/output/survey_changes.h"
#include "client/cli/testing/parse.h"

namespace canvass::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(SurveyViewTest, SaysWhatEveryKindTakes) {
  const struct {
    const char* question;
    const char* text;
  } kCases[] = {
      {"nps {}", "nps 0-10"},
      {"rating { points: 10 }", "rating 1-10"},
      {"multiple_choice { options { key: 'a' } options { key: 'b' } min_choices: 1 max_choices: 2 }",
       "any of a, b; at least 1; at most 2"},
      {"free_text { pattern: PATTERN_EMAIL max_length: 80 }", "text, email, at most 80"},
      {"matrix { rows { key: 'r' } rows { key: 's' } columns { key: 'c' } columns { key: 'd' } }",
       "one of c, d for each of r, s"},
      {"ranking { options { key: 'a' } options { key: 'b' } min_ranked: 1 }", "ranking of a, b; at least 1"},
      {"number { min: 0 max: 9.5 decimals: 1 }", "number from 0 to 9.5, 1 decimals"},
      {"number {}", "number"},
      {"date { min: '2026-01-01' }", "date from 2026-01-01"},
      {"consent { document: 'privacy' }", "consent to privacy"},
      {"statement {}", "statement"},
  };
  for (const auto& one : kCases) EXPECT_EQ(QuestionKindText(Parse<v1::Question>(one.question)), one.text);
}

TEST(SurveyViewTest, ShowsLogicPagesValuesEndingsAndQuotas) {
  const std::string text = DefinitionText(Parse<v1::SurveyDefinition>(R"pb(
                                            default_language: "en"
                                            languages: "cs"
                                            hidden_answers: HIDDEN_ANSWERS_DROP
                                            questions {
                                              key: "q"
                                              nps {}
                                              show_if { text: "event.a = 1" }
                                              routes {
                                                when { text: "answer.q <= 6" }
                                                end_with: "sorry"
                                              }
                                              routes { skip_to: "z" }
                                            }
                                            pages {
                                              key: "p"
                                              starts_with: "q"
                                              show_if { text: "event.b = 2" }
                                            }
                                            values {
                                              key: "v"
                                              aggregate {
                                                function: FUNCTION_SUM
                                                terms { field: "answer.q" weight: 2 }
                                                terms { field: "event.x" }
                                              }
                                            }
                                            values {
                                              key: "w"
                                              select {
                                                cases {
                                                  when { text: "answer.q = 1" }
                                                  value { string_value: "low" }
                                                }
                                                cases { value { number_value: 3 } }
                                              }
                                            }
                                            endings { key: "sorry" redirect_url: "https://x.example" }
                                            quotas { key: "k" limit: 2000 ending: "sorry" }
                                            hidden_fields { key: "plan" type: TYPE_TEXT max_length: 9 required: true }
                                            hidden_fields { key: "seats" type: TYPE_NUMBER }
                                          )pb"),
                                          {});
  EXPECT_THAT(text, HasSubstr("Language: en, also cs\n"));
  EXPECT_THAT(text, HasSubstr("Answers to questions that were not shown are left out\n"));
  EXPECT_THAT(text, HasSubstr("if event.a = 1; to the end sorry if answer.q <= 6; to z"));
  EXPECT_THAT(text, HasSubstr("p     q            if event.b = 2"));
  EXPECT_THAT(text, HasSubstr("v      sum(2 * answer.q, event.x)\n"));
  EXPECT_THAT(text, HasSubstr("w      \"low\" if answer.q = 1; 3\n"));
  EXPECT_THAT(text, HasSubstr("sorry          https://x.example\n"));
  EXPECT_THAT(text, HasSubstr("k      2,000  all     sorry\n"));
  EXPECT_THAT(text, HasSubstr("plan          text, at most 9  yes\n"));
  EXPECT_THAT(text, HasSubstr("seats         number\n"));
}

v1::DiffSurveyVersionsResponse Diff() {
  return Parse<v1::DiffSurveyVersionsResponse>(R"pb(
    changes { path: "questions[a].text[\"cs\"]" kind: KIND_CHANGED before: "Jak?" after: "Jak moc?" }
    changes { path: "questions[b]" kind: KIND_ADDED after: "nps" }
    changes { path: "endings[x]" kind: KIND_REMOVED before: "Bye\x1b[31m" }
    changes { path: "questions[c]" kind: KIND_MOVED before: "2" after: "4" }
    series { question: "a" outcome: OUTCOME_NEW_SERIES reason: "the scale changed" }
    series { question: "b" outcome: OUTCOME_ADDED })pb");
}

TEST(SurveyChangesTest, ShowsEachChangeAndTheSeries) {
  EXPECT_EQ(SurveyChangesText(Diff(), {.unicode = false}, 0),
            "~ questions[a].text[\"cs\"]: Jak? -> Jak moc?\n"
            "+ questions[b]: nps\n"
            "- endings[x]: Bye\xEF\xBF\xBD[31m\n"
            "> questions[c]: moved from 2 to 4\n"
            "\n"
            "QUESTION  METRICS     WHY\n"
            "a         new series  the scale changed\n"
            "b         added\n");
  EXPECT_EQ(SurveyChangesText({}, {}, 0), "nothing changed\n");
  EXPECT_THAT(NewSeries(Diff()), ElementsAre("a (the scale changed)"));
}

TEST(SurveyChangesTest, CutsLongTextsOnATerminal) {
  v1::DiffSurveyVersionsResponse diff;
  v1::SurveyChange& change = *diff.add_changes();
  change.set_path("questions[a].text");
  change.set_before(std::string(300, 'x'));
  change.set_after(std::string(300, 'y'));
  EXPECT_LT(SurveyChangesText(diff, {.unicode = false}, 80).size(), 82u);
}

}  // namespace
}  // namespace canvass::cli
