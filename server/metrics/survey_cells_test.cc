#include "server/metrics/survey_cells.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/metrics/series.h"
#include "server/metrics/testing/metric_world.h"

namespace canvass::metrics {
namespace {

using ::testing::ElementsAre;
using testing::Parse;

// "series value total" of every cell.
std::vector<std::string> Texts(const SurveyCells& cells) {
  std::vector<std::string> texts;
  for (const SurveyCells::CellRow& cell : cells.SortedCells()) {
    texts.push_back(absl::StrCat(*cell.series, " ", cell.value, " ", cell.total));
  }
  return texts;
}

std::vector<std::string> CellsOf(const v1::SurveyDefinition& definition, absl::string_view response) {
  SurveyCells cells;
  cells.AddResponse(definition, Parse<v1::Response>(response), /*day=*/1, /*sign=*/1);
  return Texts(cells);
}

TEST(SurveyCellsTest, RatingsCountTheirScores) {
  const auto definition = Parse<v1::SurveyDefinition>("questions { key: 'stars' rating {} }");
  SurveyCells cells;
  for (int score : {5, 5, 1}) {
    cells.AddResponse(definition, Parse<v1::Response>(absl::StrCat("answers { question: 'stars' score: ", score, " }")),
                      1, 1);
  }
  EXPECT_THAT(Texts(cells), ElementsAre("stars:rating5 1 1", "stars:rating5 5 2"));
}

TEST(SurveyCellsTest, OtherKindsCountThatThereIsAnAnswer) {
  const auto definition = Parse<v1::SurveyDefinition>(R"pb(
    questions {
      key: "agree"
      consent {}
    }
    questions {
      key: "born"
      date {}
    }
    questions {
      key: "grid"
      matrix {}
    }
    questions {
      key: "hint"
      statement {}
    }
    questions {
      key: "order"
      ranking {}
    }
    questions {
      key: "weight"
      number {}
    })pb");
  EXPECT_THAT(
      CellsOf(definition, R"pb(
        answers { question: "agree" consent: false }
        answers { question: "born" date: "2000-02-29" }
        answers {
          question: "grid"
          matrix { columns { key: "row" value: "column" } }
        }
        answers {
          question: "order"
          ranking { keys: "b" keys: "a" }
        }
        answers { question: "weight" number: -3.5 })pb"),
      ElementsAre("agree:consent 1 1", "born:date 1 1", "grid:matrix 1 1", "order:ranking 1 1", "weight:number 1 1"));
  EXPECT_THAT(CellsOf(definition, "answers { question: 'agree' dismissed: true }"),
              ElementsAre("agree:consent -2 1", "born:date -1 1", "grid:matrix -1 1", "order:ranking -1 1",
                          "weight:number -1 1"))
      << "a statement takes no answer, so none is missing";
}

// b is shown to those below 7; c to those in Prague; whoever gives 10 is led past d.
const char kLogic[] = R"pb(
  questions {
    key: "a"
    nps {}
    routes {
      when {
        compare {
          field: "answer.a"
          operator: OPERATOR_EQUAL
          value { number_value: 10 }
        }
      }
      skip_to: "e"
    }
  }
  questions {
    key: "b"
    csat {}
    show_if {
      compare {
        field: "answer.a"
        operator: OPERATOR_LESS
        value { number_value: 7 }
      }
    }
  }
  questions {
    key: "c"
    csat {}
    show_if {
      compare {
        field: "event.city"
        operator: OPERATOR_EQUAL
        value { string_value: "Praha" }
      }
    }
  }
  questions {
    key: "d"
    csat {}
  }
  questions {
    key: "e"
    csat {}
  })pb";

TEST(SurveyCellsTest, WhatWasNotShownIsNotMissing) {
  const auto definition = Parse<v1::SurveyDefinition>(kLogic);
  struct Case {
    std::string response;
    std::vector<std::string> cells;
  };
  const std::string prague =
      " facts { fields { key: 'event' value { struct_value { fields { key: 'city' value { string_value: 'Praha' } } } "
      "} "
      "} }";
  for (const Case& c : {
           Case{"answers { question: 'a' score: 3 }", {"a:nps 3 1", "b:csat5 -1 1", "d:csat5 -1 1", "e:csat5 -1 1"}},
           Case{"answers { question: 'a' score: 8 }", {"a:nps 8 1", "d:csat5 -1 1", "e:csat5 -1 1"}},
           Case{"answers { question: 'a' score: 8 }" + prague,
                {"a:nps 8 1", "c:csat5 -1 1", "d:csat5 -1 1", "e:csat5 -1 1"}},
           Case{"answers { question: 'a' score: 10 } answers { question: 'e' dismissed: true }" + prague,
                {"a:nps 10 1", "e:csat5 -2 1"}},
           // Nothing is known of who did not answer the question that conditions read.
           Case{"", {"a:nps -1 1", "d:csat5 -1 1", "e:csat5 -1 1"}},
           // What was answered counts, whatever the logic says.
           Case{"answers { question: 'a' score: 8 } answers { question: 'b' score: 4 }",
                {"a:nps 8 1", "b:csat5 4 1", "d:csat5 -1 1", "e:csat5 -1 1"}},
       }) {
    EXPECT_EQ(CellsOf(definition, c.response), c.cells) << c.response;
  }
}

TEST(SurveyCellsTest, VersionsThatDifferInLogicAloneAreToldApart) {
  const auto with_logic = Parse<v1::SurveyDefinition>(kLogic);
  v1::SurveyDefinition without = with_logic;
  for (v1::Question& question : *without.mutable_questions()) {
    question.clear_show_if();
    question.clear_routes();
  }
  SurveyCells cells;
  const auto response = Parse<v1::Response>("answers { question: 'a' score: 10 }");
  for (int i = 0; i < 2; ++i) {
    cells.AddResponse(with_logic, response, 1, 1);
    cells.AddResponse(without, response, 1, 1);
  }
  EXPECT_THAT(Texts(cells), ElementsAre("a:nps 10 4", "b:csat5 -1 2", "c:csat5 -1 2", "d:csat5 -1 2", "e:csat5 -1 4"));
}

}  // namespace
}  // namespace canvass::metrics
