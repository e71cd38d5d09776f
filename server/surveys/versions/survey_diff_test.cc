#include "server/surveys/versions/survey_diff.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/surveys/versions/series_comparison.h"

namespace canvass::surveys {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::SizeIs;

v1::SurveyDefinition Parse(const std::string& text) {
  v1::SurveyDefinition definition;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &definition)) << text;
  if (definition.default_language().empty()) definition.set_default_language("en");
  return WithDefaults(definition);
}

// "ADDED questions[a]: (before) -> (after)", without what is empty.
std::vector<std::string> Changes(const std::string& base, const std::string& target) {
  std::vector<std::string> lines;
  for (const v1::SurveyChange& change : DiffDefinitions(Parse(base), Parse(target))) {
    lines.push_back(absl::StrCat(v1::SurveyChange::Kind_Name(change.kind()).substr(5), " ", change.path(), ": ",
                                 change.before(), change.before().empty() ? "" : " ", "->",
                                 change.after().empty() ? "" : " ", change.after()));
  }
  return lines;
}

// "question OUTCOME: reason"
std::vector<std::string> Series(const std::string& base, const std::string& target) {
  std::vector<std::string> lines;
  for (const v1::SeriesComparison& each : CompareSeries(Parse(base), Parse(target))) {
    lines.push_back(absl::StrCat(each.question(), " ", v1::SeriesComparison::Outcome_Name(each.outcome()).substr(8),
                                 ": ", each.reason()));
  }
  return lines;
}

std::string Question(const std::string& key, const std::string& more = "nps {}") {
  return absl::StrCat("questions { key: '", key, "' ", more, " } ");
}

std::string Compare(const std::string& field, const std::string& value) {
  return absl::StrCat("{ compare { field: '", field, "' operator: OPERATOR_LESS value { number_value: ", value,
                      " } } }");
}

struct Vector {
  std::string name;
  std::string base;
  std::string target;
  std::vector<std::string> changes;
};

class SurveyDiffTest : public testing::TestWithParam<Vector> {};

TEST_P(SurveyDiffTest, NamesEveryChange) {
  EXPECT_THAT(Changes(GetParam().base, GetParam().target), ElementsAreArray(GetParam().changes));
}

const std::string kOptions = "options { key: 'price' text { key: 'en' value: 'Price' } } options { key: 'speed' } ";

INSTANTIATE_TEST_SUITE_P(
    Vectors, SurveyDiffTest,
    testing::Values(
        Vector{"Nothing", Question("a") + Question("b"), Question("a") + Question("b"), {}},
        Vector{"Texts",
               Question("a", "text { key: 'en' value: 'Old' } text { key: 'cs' value: 'Staré' } nps {}"),
               Question("a", "text { key: 'en' value: 'New' } text { key: 'pl' value: 'Nowe' } nps {}"),
               {"REMOVED questions[a].text[\"cs\"]: Staré ->", "CHANGED questions[a].text[\"en\"]: Old -> New",
                "ADDED questions[a].text[\"pl\"]: -> Nowe"}},
        Vector{"Questions",
               Question("a") + Question("gone", "text { key: 'en' value: 'Why?' } nps {}") + Question("b"),
               Question("a") + Question("b") + Question("new", "csat { points: 7 }"),
               {"REMOVED questions[gone]: Why? ->", "ADDED questions[new]: -> key: new, csat: {points: 7}"}},
        Vector{"InsertionMovesNothing",
               Question("a") + Question("b") + Question("c"),
               Question("new", "text { key: 'en' value: 'Hi' }") + Question("a") + Question("b") + Question("c"),
               {"ADDED questions[new]: -> Hi"}},
        Vector{"HiddenFields",
               "hidden_fields { key: 'plan' type: TYPE_TEXT } hidden_fields { key: 'old' type: TYPE_DATE }",
               "hidden_fields { key: 'plan' type: TYPE_TEXT max_length: 200 required: true } "
               "hidden_fields { key: 'seats' type: TYPE_NUMBER }",
               {"CHANGED hidden_fields[plan].required: false -> true",
                "REMOVED hidden_fields[old]: key: old, type: TYPE_DATE ->",
                "ADDED hidden_fields[seats]: -> key: seats, type: TYPE_NUMBER"}},
        Vector{"Repeats",
               "repeats { contact_period { seconds: 86400 } }",
               "repeats { contact_period { seconds: 129600 } duplicate_period { seconds: 60 } }",
               {"CHANGED repeats.contact_period: 24h -> 36h", "ADDED repeats.duplicate_period: -> 1m"}},
        Vector{"OneMoves",
               Question("a") + Question("b") + Question("c") + Question("d"),
               Question("d") + Question("a") + Question("b") + Question("c"),
               {"MOVED questions[d]: after c -> first"}},
        Vector{"MovedAndChanged",
               Question("a") + Question("b") + Question("c"),
               Question("b") + Question("c") + Question("a", "required: true nps {}"),
               {"MOVED questions[a]: first -> after c", "CHANGED questions[a].required: false -> true"}},
        Vector{"Kind",
               Question("a", "csat {}"),
               Question("a", "ces { points: 5 }"),
               {"CHANGED questions[a].kind: csat {points: 5} -> "
                "ces {points: 5, direction: DIRECTION_EASE_IS_HIGH}"}},
        Vector{"KindWithoutFields",
               Question("a", "nps {}"),
               Question("a", "consent {}"),
               {"CHANGED questions[a].kind: nps -> consent"}},
        Vector{"Scale",
               Question("a", "csat {}"),
               Question("a", "csat { points: 7 }"),
               {"CHANGED questions[a].csat.points: 5 -> 7"}},
        Vector{"SayingADefaultIsNoChange",
               Question("a", "csat {}") + Question("b", "ces {}") + Question("c", "rating {}") +
                   Question("d", "free_text {}") + Question("e", "single_choice {}") +
                   "values { key: 'v' aggregate { terms { field: 'answer.a' } } }",
               Question("a", "csat { points: 5 }") +
                   Question("b", "ces { points: 7 direction: DIRECTION_EASE_IS_HIGH }") +
                   Question("c", "rating { points: 5 }") + Question("d", "free_text { max_length: 2000 }") +
                   Question("e", "single_choice { order: OPTION_ORDER_AS_WRITTEN }") +
                   "values { key: 'v' aggregate { terms { field: 'answer.a' weight: 1 } } } "
                   "hidden_answers: HIDDEN_ANSWERS_REFUSE",
               {}},
        Vector{"Options",
               Question("a", "single_choice { " + kOptions + "}"),
               Question("a",
                        "single_choice { options { key: 'speed' pinned: true } options { key: 'price' text { "
                        "key: 'en' value: 'The price' } } options { key: 'care' text { key: 'en' value: 'Care' } "
                        "} order: OPTION_ORDER_SHUFFLED }"),
               {"CHANGED questions[a].single_choice.options[speed].pinned: false -> true",
                "MOVED questions[a].single_choice.options[price]: first -> after speed",
                "CHANGED questions[a].single_choice.options[price].text[\"en\"]: Price -> The price",
                "ADDED questions[a].single_choice.options[care]: -> Care",
                "CHANGED questions[a].single_choice.order: OPTION_ORDER_AS_WRITTEN -> OPTION_ORDER_SHUFFLED"}},
        Vector{"Matrix",
               Question("a", "matrix { rows { key: 'x' } columns { key: '1' } }"),
               Question("a", "matrix { rows { key: 'y' } columns { key: '1' exclusive: true } }"),
               {"REMOVED questions[a].matrix.rows[x]: key: x ->", "ADDED questions[a].matrix.rows[y]: -> key: y",
                "CHANGED questions[a].matrix.columns[1].exclusive: false -> true"}},
        Vector{"BoundsThatMayBeAbsent",
               Question("a", "number { min: 0 }"),
               Question("a", "number { max: 2.5 }"),
               {"REMOVED questions[a].number.min: 0 ->", "ADDED questions[a].number.max: -> 2.5"}},
        Vector{"NumbersOfManyDigits",
               Question("a", "number { max: 1234567 }") +
                   "values { key: 'v' select { cases { value { number_value: 0.12345678 } } } }",
               Question("a", "number { max: 1234568 }") +
                   "values { key: 'v' select { cases { value { number_value: 0.12345679 } } } }",
               {"CHANGED questions[a].number.max: 1234567 -> 1234568",
                "REMOVED values[v].select.cases[0.12345678]: value: 0.12345678 ->",
                "ADDED values[v].select.cases[0.12345679]: -> value: 0.12345679"}},
        Vector{"Conditions",
               Question("a") + Question("b", "show_if " + Compare("answer.a", "7") + " nps {}") + Question("c"),
               Question("a") + Question("b", "show_if " + Compare("answer.a", "9") + " nps {}") +
                   Question("c", "show_if " + Compare("event.total", "50") + " nps {}"),
               {"CHANGED questions[b].show_if: answer.a < 7 -> answer.a < 9",
                "ADDED questions[c].show_if: -> event.total < 50"}},
        Vector{
            "Routes",
            Question("a", "routes { when " + Compare("answer.a", "7") + " skip_to: 'c' } routes { skip_to: 'b' }"),
            Question("a", "routes { when " + Compare("answer.a", "6") + " skip_to: 'c' } routes { end_with: 'bye' }"),
            {"CHANGED questions[a].routes[skip_to c].when: answer.a < 7 -> answer.a < 6",
             "REMOVED questions[a].routes[skip_to b]: skip_to: b ->",
             "ADDED questions[a].routes[end_with bye]: -> end_with: bye"}},
        Vector{"Tags",
               Question("a", "tags { touchpoint: 'cart' }"),
               Question("a", "tags { touchpoint: 'checkout' empathy_quadrant: EMPATHY_QUADRANT_FEELS }"),
               {"CHANGED questions[a].tags.touchpoint: cart -> checkout",
                "ADDED questions[a].tags.empathy_quadrant: -> EMPATHY_QUADRANT_FEELS"}},
        Vector{"Values",
               "values { key: 'v' aggregate { function: FUNCTION_SUM terms { field: 'answer.a' } terms { field: "
               "'answer.b' } } } values { key: 'w' select { cases { value { string_value: 'high' } } } }",
               "values { key: 'v' aggregate { function: FUNCTION_MEAN terms { field: 'answer.b' weight: 2 } } } "
               "values { key: 'w' select { cases { when " +
                   Compare("answer.a", "3") +
                   " value { string_value: 'high' } } cases { value { number_value: 1 } } } }",
               {"CHANGED values[v].aggregate.function: FUNCTION_SUM -> FUNCTION_MEAN",
                "REMOVED values[v].aggregate.terms[answer.a]: field: answer.a, weight: 1 ->",
                "CHANGED values[v].aggregate.terms[answer.b].weight: 1 -> 2",
                "ADDED values[w].select.cases[\"high\"].when: -> answer.a < 3",
                "ADDED values[w].select.cases[1]: -> value: 1"}},
        Vector{"TheRestOfTheSurvey",
               "languages: 'cs' languages: 'de' breakdowns: 'event.city' title { key: 'en' value: 'Old' } "
               "pages { key: 'p' starts_with: 'a' } endings { key: 'thanks' redirect_url: 'https://a' } "
               "quotas { key: 'women' limit: 100 }",
               "default_language: 'de' languages: 'cs' languages: 'pl' title { key: 'en' value: 'New' } "
               "pages { key: 'p' starts_with: 'b' show_if {} } endings { key: 'thanks' } "
               "quotas { key: 'women' limit: 200 ending: 'full' } hidden_answers: HIDDEN_ANSWERS_DROP "
               "closed_text { key: 'en' value: 'Too late' }",
               {"CHANGED default_language: en -> de", "REMOVED breakdowns[event.city]: event.city ->",
                "REMOVED languages[de]: de ->", "ADDED languages[pl]: -> pl", "CHANGED title[\"en\"]: Old -> New",
                "CHANGED pages[p].starts_with: a -> b", "ADDED pages[p].show_if: -> always",
                "REMOVED endings[thanks].redirect_url: https://a ->", "CHANGED quotas[women].limit: 100 -> 200",
                "ADDED quotas[women].ending: -> full",
                "CHANGED hidden_answers: HIDDEN_ANSWERS_REFUSE -> HIDDEN_ANSWERS_DROP",
                "ADDED closed_text[\"en\"]: -> Too late"}},
        Vector{"TheSameKeyTwice",
               Question("a") + Question("a"),
               Question("a") + Question("a", "csat {}"),
               {"CHANGED questions[a#2].kind: nps -> csat {points: 5}"}}),
    [](const testing::TestParamInfo<Vector>& info) { return info.param.name; });

TEST(SurveyDiffTest, TextsAreShortened) {
  const auto changes =
      DiffDefinitions(Parse(""), Parse("title { key: 'en' value: '" + std::string(199, 'x') + "žluť' }"));
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].after(), std::string(199, 'x') + "…");
}

TEST(SurveyDiffTest, ThereAreAtMostAThousandChanges) {
  std::string many;
  for (int i = 0; i < 3000; ++i) absl::StrAppend(&many, "options { key: 'o", i, "' } ");
  EXPECT_THAT(Changes(Question("a", "single_choice {}"), Question("a", "single_choice { " + many + "}")),
              SizeIs(kMaxChanges));
}

TEST(CompareSeriesTest, KindAndScaleMakeASeries) {
  const std::string base = Question("nps") + Question("scale", "csat {}") + Question("kind", "single_choice {}") +
                           Question("turned", "ces {}") + Question("gone") + Question("hint", "statement {}") +
                           Question("said", "rating {}");
  const std::string target = Question("new", "date {}") + Question("nps") + Question("scale", "csat { points: 7 }") +
                             Question("kind", "multiple_choice {}") +
                             Question("turned", "ces { direction: DIRECTION_EFFORT_IS_HIGH }") +
                             Question("hint", "statement {}") + Question("said", "rating { points: 5 }");
  EXPECT_THAT(
      Series(base, target),
      ElementsAre(
          "new ADDED: only the newer version asks it, so its series starts there",
          "nps SAME: nothing that respondents see of it changed",
          "scale NEW_SERIES: it was csat of 1 to 5 and is csat of 1 to 7: its numbers cannot be compared, so a "
          "new series starts",
          "kind NEW_SERIES: it was single_choice and is multiple_choice: its numbers cannot be compared, so a new "
          "series starts",
          "turned NEW_SERIES: it was ces of 1 to 7 and is ces of 1 to 7 where effort is high: its numbers cannot "
          "be compared, so a new series starts",
          "said SAME: nothing that respondents see of it changed",
          "gone REMOVED: only the older version asks it, so its series ends there"));
}

TEST(CompareSeriesTest, WordingAndOptionsAreNamed) {
  EXPECT_THAT(Series(Question("a", "text { key: 'en' value: 'Old' } single_choice { options { key: 'x' } }"),
                     Question("a", "text { key: 'en' value: 'New' } single_choice { options { key: 'y' } }")),
              ElementsAre("a REWORDED: changed: text[\"en\"], single_choice.options[x], single_choice.options[y]"));
  EXPECT_THAT(Series(Question("a", "tags { touchpoint: 'cart' } nps {}"), Question("a")),
              ElementsAre("a SAME: nothing that respondents see of it changed"))
      << "respondents see no tags";
  std::string options;
  for (int i = 0; i < 8; ++i) absl::StrAppend(&options, "options { key: '", i, "' } ");
  EXPECT_THAT(Series(Question("a", "single_choice {}"), Question("a", "single_choice { " + options + "}")),
              ElementsAre("a REWORDED: changed: single_choice.options[0], single_choice.options[1], "
                          "single_choice.options[2], single_choice.options[3], single_choice.options[4] and 3 more"));
}

// The outcome of each of a, b, c.
std::vector<std::string> Outcomes(const std::string& base, const std::string& target) {
  std::vector<std::string> outcomes;
  for (const std::string& line : Series(base, target)) {
    outcomes.push_back(line.substr(0, line.find(':')));
    if (absl::EndsWith(outcomes.back(), "REWORDED")) {
      EXPECT_EQ(line.substr(line.find(':')), ": who is shown it changed");
    }
  }
  return outcomes;
}

TEST(CompareSeriesTest, WhoIsAskedMatters) {
  const std::string plain = Question("a") + Question("b") + Question("c");
  const std::vector<std::string> of_b = {"a SAME", "b REWORDED", "c SAME"};
  EXPECT_EQ(
      Outcomes(plain, Question("a") + Question("b", "show_if " + Compare("answer.a", "7") + " nps {}") + Question("c")),
      of_b);
  EXPECT_EQ(Outcomes(plain, Question("a", "routes { when " + Compare("answer.a", "7") + " skip_to: 'c' } nps {}") +
                                Question("b") + Question("c")),
            of_b)
      << "the way past b";
  EXPECT_EQ(Outcomes(plain, Question("a", "routes { end_with: 'bye' when " + Compare("answer.a", "7") + " } nps {}") +
                                Question("b") + Question("c")),
            (std::vector<std::string>{"a SAME", "b REWORDED", "c REWORDED"}));
  const std::string page = " pages { key: 'p' starts_with: 'a' } pages { key: 'q' starts_with: 'c' ";
  EXPECT_EQ(Outcomes(plain + page + "}", plain + page + "show_if " + Compare("answer.a", "7") + " }"),
            (std::vector<std::string>{"a SAME", "b SAME", "c REWORDED"}));
}

}  // namespace
}  // namespace canvass::surveys
