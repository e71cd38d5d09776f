#include "server/metrics/query_metric.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/metrics/testing/metric_world.h"

namespace canvass::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MetricWorld;
using testing::NoonOf;
using testing::Parse;

constexpr absl::string_view kDefinition = R"pb(
  questions {
    key: "recommend"
    nps {}
  }
  questions {
    key: "overall"
    csat {}
  }
  questions {
    key: "small"
    csat { points: 3 }
  }
  questions {
    key: "ease"
    ces {}
  }
  questions {
    key: "effort"
    ces { points: 5 direction: DIRECTION_EFFORT_IS_HIGH }
  }
  questions {
    key: "reason"
    single_choice {
      options { key: "price" }
      options { key: "speed" }
      options { key: "other" }
    }
  }
  questions {
    key: "reasons"
    multiple_choice {
      options { key: "price" }
      options { key: "speed" }
    }
  }
  questions {
    key: "comment"
    free_text {}
  }
  breakdowns: "event.area"
  breakdowns: "response.language")pb";

std::string DistributionText(const v1::MetricPoint& point) {
  std::string text;
  for (const v1::ValueCount& count : point.distribution())
    absl::StrAppend(&text, count.value(), "=", count.count(), " ");
  return text;
}

class QueryMetricTest : public ::testing::Test {
 protected:
  QueryMetricTest() { world_.Publish("s", kDefinition); }

  v1::MetricPoint Total(v1::Metric metric, absl::string_view question) { return world_.Total("s", metric, question); }
  v1::QueryMetricResponse Query(absl::string_view request) { return world_.Query("s", request); }

  void FoldScores(absl::string_view question, const std::vector<int>& scores) {
    std::vector<v1::Response> responses;
    for (int score : scores) {
      v1::Response& response = responses.emplace_back();
      v1::Answer* answer = response.add_answers();
      answer->set_question(std::string(question));
      answer->set_score(score);
      *response.mutable_answer_time() = ToProto(NoonOf("2025-06-02"));
    }
    world_.Fold("s", responses);
  }

  // One answer to `recommend` on `day` by a respondent of `language`.
  v1::Response Answer(absl::string_view day, int score, absl::string_view language = "en") {
    v1::Response response;
    v1::Answer* answer = response.add_answers();
    answer->set_question("recommend");
    answer->set_score(score);
    response.set_language(std::string(language));
    *response.mutable_answer_time() = ToProto(NoonOf(day));
    return response;
  }

  MetricWorld world_;
};

TEST_F(QueryMetricTest, WithoutAnswersThereIsOnePointWithoutAValue) {
  const v1::MetricPoint point = Total(v1::METRIC_NPS, "recommend");
  EXPECT_EQ(point.n(), 0);
  EXPECT_FALSE(point.has_value());
  EXPECT_FALSE(point.has_lower());
  EXPECT_FALSE(point.has_mean());
  EXPECT_EQ(Query("metric: METRIC_NPS question: 'recommend' granularity: GRANULARITY_DAY").points_size(), 0);
  EXPECT_EQ(Query("metric: METRIC_NPS question: 'recommend' breakdown: 'event.area'").points_size(), 0);
  EXPECT_FALSE(Total(v1::METRIC_TIME_TO_ANSWER, "").has_value());
}

TEST_F(QueryMetricTest, NpsHasAllItIsMadeOf) {
  FoldScores("recommend", {10, 9, 9, 8, 7, 6, 0});
  world_.FoldTexts("s", {"answers { question: 'recommend' dismissed: true }", ""});
  const v1::MetricPoint point = Total(v1::METRIC_NPS, "recommend");
  EXPECT_EQ(point.n(), 7);
  EXPECT_EQ(point.dismissed(), 1);
  EXPECT_EQ(point.missing(), 1);
  EXPECT_EQ(point.nps().promoters(), 3);
  EXPECT_EQ(point.nps().passives(), 2);
  EXPECT_EQ(point.nps().detractors(), 2);
  EXPECT_NEAR(point.value(), 100.0 / 7, 1e-9);
  EXPECT_NEAR(point.mean(), 7.0, 1e-9);
  EXPECT_EQ(DistributionText(point), "0=1 6=1 7=1 8=1 9=2 10=1 ");
  EXPECT_EQ(point.start_date(), "");
  EXPECT_EQ(point.end_date(), "");
}

TEST_F(QueryMetricTest, NpsIntervalIsAdjustedUnlessAskedOtherwise) {
  std::vector<int> scores(32, 9);
  scores.insert(scores.end(), 13, 8);
  scores.insert(scores.end(), 6, 3);
  FoldScores("recommend", scores);
  const v1::QueryMetricResponse adjusted = Query("metric: METRIC_NPS question: 'recommend'");
  EXPECT_NEAR(adjusted.points(0).lower(), 29.294854705446987, 1e-9);
  EXPECT_NEAR(adjusted.points(0).upper(), 67.00144159084931, 1e-9);
  EXPECT_EQ(adjusted.definition().interval_method(), v1::INTERVAL_METHOD_ADJUSTED_WALD);
  EXPECT_EQ(adjusted.definition().confidence(), 0.95);

  const v1::QueryMetricResponse plain =
      Query("metric: METRIC_NPS question: 'recommend' interval_method: INTERVAL_METHOD_WALD");
  EXPECT_NEAR(plain.points(0).lower(), 31.863270481660024, 1e-9);
  EXPECT_NEAR(plain.points(0).upper(), 70.09751383206546, 1e-9);
  EXPECT_EQ(plain.definition().interval_method(), v1::INTERVAL_METHOD_WALD);
  // The score is the plain one in both.
  EXPECT_EQ(plain.points(0).value(), adjusted.points(0).value());

  const v1::QueryMetricResponse sure = Query("metric: METRIC_NPS question: 'recommend' confidence: 0.99");
  EXPECT_LT(sure.points(0).lower(), adjusted.points(0).lower());
  EXPECT_EQ(sure.definition().confidence(), 0.99);
}

TEST_F(QueryMetricTest, CsatCountsTheTopOfItsScale) {
  FoldScores("overall", {5, 4, 3, 1, 5});
  FoldScores("small", {3, 2, 1, 3});
  const v1::QueryMetricResponse answer = Query("metric: METRIC_CSAT question: 'overall'");
  EXPECT_EQ(answer.points(0).value(), 60);
  EXPECT_NEAR(answer.points(0).mean(), 3.6, 1e-12);
  EXPECT_EQ(answer.definition().scale(), "1..5");
  EXPECT_EQ(answer.definition().interval_method(), v1::INTERVAL_METHOD_WILSON);
  EXPECT_GT(answer.points(0).lower(), 0);
  EXPECT_LT(answer.points(0).upper(), 100);
  EXPECT_EQ(Total(v1::METRIC_CSAT, "small").value(), 50);
}

TEST_F(QueryMetricTest, CesIsAShareOfEaseOrTheMeanOfEffort) {
  FoldScores("ease", {7, 5, 4, 1});
  FoldScores("effort", {1, 2, 3, 4, 5});
  const v1::QueryMetricResponse ease = Query("metric: METRIC_CES question: 'ease'");
  EXPECT_EQ(ease.points(0).value(), 50);
  EXPECT_EQ(ease.definition().scale(), "1..7");
  EXPECT_EQ(ease.definition().interval_method(), v1::INTERVAL_METHOD_WILSON);
  const v1::QueryMetricResponse effort = Query("metric: METRIC_CES question: 'effort'");
  EXPECT_EQ(effort.points(0).value(), 3);
  EXPECT_NEAR(effort.points(0).upper() - 3, 1.959963984540054 * 0.7071067811865476, 1e-9);
  EXPECT_EQ(effort.definition().interval_method(), v1::INTERVAL_METHOD_NORMAL);
  EXPECT_THAT(effort.definition().formula(), HasSubstr("low one is good"));
}

TEST_F(QueryMetricTest, MeanOfEveryScale) {
  struct Case {
    absl::string_view question;
    absl::string_view scale;
    std::vector<int> scores;
    double mean;
  };
  world_.Publish("s", absl::StrCat(kDefinition, " questions { key: 'stars' rating { points: 10 } }"));
  for (const Case& c :
       {Case{"recommend", "0..10", {0, 10, 8}, 6}, Case{"overall", "1..5", {1, 5, 5, 5}, 4},
        Case{"ease", "1..7", {7, 6}, 6.5}, Case{"effort", "1..5", {1, 2}, 1.5}, Case{"stars", "1..10", {10, 7}, 8.5}}) {
    FoldScores(c.question, c.scores);
    const v1::QueryMetricResponse answer =
        Query(absl::StrCat("metric: METRIC_MEAN question: '", c.question, "' confidence: 0.95"));
    const v1::MetricPoint& point = answer.points(0);
    EXPECT_DOUBLE_EQ(point.value(), c.mean) << c.question;
    EXPECT_DOUBLE_EQ(point.mean(), c.mean) << c.question;
    EXPECT_EQ(point.n(), static_cast<int>(c.scores.size()));
    EXPECT_LT(point.lower(), c.mean);
    EXPECT_NEAR(c.mean - point.lower(), point.upper() - c.mean, 1e-9);
    EXPECT_EQ(answer.definition().scale(), c.scale);
    EXPECT_EQ(answer.definition().interval_method(), v1::INTERVAL_METHOD_NORMAL);
    EXPECT_THAT(answer.definition().formula(), HasSubstr("sum of scores/n"));
  }
  // z·s/√n with s² = 4.5.
  const v1::MetricPoint stars = Total(v1::METRIC_MEAN, "stars");
  EXPECT_NEAR(stars.upper() - stars.value(), 1.959964 * std::sqrt(4.5 / 2), 1e-5);
}

TEST_F(QueryMetricTest, ChoicesComeInTheOrderOfTheOptions) {
  world_.FoldTexts(
      "s", {"answers { question: 'reason' choice: 'other' }", "answers { question: 'reason' choice: 'price' }",
            "answers { question: 'reason' choice: 'other' }", "answers { question: 'reason' dismissed: true }",
            "answers { question: 'reasons' choices { keys: 'speed' keys: 'price' } }",
            "answers { question: 'reasons' choices { keys: 'speed' } }", "answers { question: 'reasons' choices {} }"});
  const v1::MetricPoint one = Total(v1::METRIC_CHOICES, "reason");
  EXPECT_EQ(one.n(), 3);
  EXPECT_EQ(one.value(), 3);
  EXPECT_EQ(one.dismissed(), 1);
  EXPECT_EQ(one.missing(), 3);
  EXPECT_EQ(DistributionText(one), "price=1 other=2 ");
  const v1::MetricPoint many = Total(v1::METRIC_CHOICES, "reasons");
  EXPECT_EQ(many.n(), 3);
  EXPECT_EQ(many.missing(), 4);
  EXPECT_EQ(DistributionText(many), "price=1 speed=2 ");
}

TEST_F(QueryMetricTest, OptionsOfEarlierVersionsKeepTheirName) {
  world_.FoldTexts(
      "s", {"answers { question: 'reason' choice: 'price' }", "answers { question: 'reason' choice: 'other' }"});
  world_.Publish("s", "questions { key: 'reason' single_choice { options { key: 'new' } options { key: 'other' } } }");
  world_.FoldTexts("s", {"answers { question: 'reason' choice: 'new' }"});
  EXPECT_EQ(DistributionText(Total(v1::METRIC_CHOICES, "reason")), "new=1 other=1 price=1 ");
}

TEST_F(QueryMetricTest, QuestionsThatAreNoLongerAskedCanBeQueried) {
  FoldScores("recommend", {10});
  world_.Publish("s", "questions { key: 'other' nps {} }");
  EXPECT_EQ(Total(v1::METRIC_NPS, "recommend").n(), 1);
}

TEST_F(QueryMetricTest, AnotherScaleIsAnotherSeries) {
  FoldScores("overall", {5, 5});
  world_.Publish("s", "questions { key: 'overall' csat { points: 10 } }");
  FoldScores("overall", {10, 5});
  const v1::QueryMetricResponse answer = Query("metric: METRIC_CSAT question: 'overall'");
  EXPECT_EQ(answer.points(0).n(), 2);
  EXPECT_EQ(answer.points(0).value(), 50);
  EXPECT_EQ(answer.definition().scale(), "1..10");
}

TEST_F(QueryMetricTest, AnswersSayWhichVersionsAreCounted) {
  const auto definition = [&](absl::string_view metric, absl::string_view question) {
    return Query(absl::StrCat("metric: ", metric, " question: '", question, "'")).definition();
  };
  FoldScores("overall", {5, 5, 1});
  EXPECT_THAT(definition("METRIC_CSAT", "overall").survey_versions(), ElementsAre(1));
  EXPECT_THAT(definition("METRIC_CSAT", "overall").other_series_versions(), IsEmpty());

  world_.Publish("s", "questions { key: 'overall' csat { points: 5 } } questions { key: 'stars' rating {} }");
  world_.Publish("s", "questions { key: 'overall' csat { points: 7 } }");
  FoldScores("overall", {7, 6, 5, 1});
  v1::QueryMetricResponse answer = Query("metric: METRIC_CSAT question: 'overall'");
  EXPECT_EQ(answer.definition().scale(), "1..7");
  EXPECT_THAT(answer.definition().survey_versions(), ElementsAre(3));
  EXPECT_THAT(answer.definition().other_series_versions(), ElementsAre(1, 2));
  EXPECT_EQ(answer.points(0).n(), 4) << "the answers of 5 points are another series";

  // No longer asked: the last version that did tells the series.
  EXPECT_THAT(definition("METRIC_NPS", "recommend").survey_versions(), ElementsAre(1));
  EXPECT_THAT(definition("METRIC_MEAN", "stars").survey_versions(), ElementsAre(2));

  // Back to 5 points: the first series runs on.
  world_.Publish("s", "questions { key: 'overall' csat {} }");
  FoldScores("overall", {5});
  answer = Query("metric: METRIC_CSAT question: 'overall'");
  EXPECT_THAT(answer.definition().survey_versions(), ElementsAre(1, 2, 4));
  EXPECT_THAT(answer.definition().other_series_versions(), ElementsAre(3));
  EXPECT_EQ(answer.points(0).n(), 4);

  EXPECT_THAT(Query("metric: METRIC_RESPONSE_RATE").definition().survey_versions(), IsEmpty());
}

TEST_F(QueryMetricTest, ByDayWeekAndMonth) {
  world_.Fold("s", {Answer("2017-04-30", 0), Answer("2017-05-01", 9), Answer("2017-05-07", 9), Answer("2017-05-08", 10),
                    Answer("2017-06-01", 7)});
  const auto pieces = [&](absl::string_view granularity, absl::string_view dates = "") {
    std::vector<std::string> texts;
    const v1::QueryMetricResponse answer =
        Query(absl::StrCat("metric: METRIC_NPS question: 'recommend' granularity: ", granularity, " ", dates));
    for (const v1::MetricPoint& point : answer.points()) {
      texts.push_back(absl::StrCat(point.start_date(), "/", point.end_date(), " ", point.n(), " ", point.value()));
    }
    return texts;
  };
  EXPECT_THAT(pieces("GRANULARITY_DAY"),
              ElementsAre("2017-04-30/2017-05-01 1 -100", "2017-05-01/2017-05-02 1 100", "2017-05-07/2017-05-08 1 100",
                          "2017-05-08/2017-05-09 1 100", "2017-06-01/2017-06-02 1 0"));
  EXPECT_THAT(pieces("GRANULARITY_WEEK"), ElementsAre("2017-04-24/2017-05-01 1 -100", "2017-05-01/2017-05-08 2 100",
                                                      "2017-05-08/2017-05-15 1 100", "2017-05-29/2017-06-05 1 0"));
  EXPECT_THAT(pieces("GRANULARITY_MONTH"),
              ElementsAre("2017-04-01/2017-05-01 1 -100", "2017-05-01/2017-06-01 3 100", "2017-06-01/2017-07-01 1 0"));
  // The asked time cuts the pieces at its ends.
  EXPECT_THAT(pieces("GRANULARITY_MONTH", "start_date: '2017-05-02' end_date: '2017-06-01'"),
              ElementsAre("2017-05-02/2017-06-01 2 100"));
  EXPECT_THAT(pieces("GRANULARITY_WEEK", "start_date: '2017-05-07'"),
              ElementsAre("2017-05-07/2017-05-08 1 100", "2017-05-08/2017-05-15 1 100", "2017-05-29/2017-06-05 1 0"));
}

TEST_F(QueryMetricTest, TotalsKeepToTheAskedDays) {
  world_.Fold("s", {Answer("2017-05-01", 9), Answer("2017-05-02", 9), Answer("2017-05-03", 9)});
  const auto n = [&](absl::string_view dates) {
    return Query(absl::StrCat("metric: METRIC_NPS question: 'recommend' ", dates)).points(0).n();
  };
  EXPECT_EQ(n("start_date: '2017-05-02'"), 2);
  EXPECT_EQ(n("end_date: '2017-05-02'"), 1);
  EXPECT_EQ(n("start_date: '2017-05-02' end_date: '2017-05-03'"), 1);
  EXPECT_EQ(n("start_date: '2018-01-01'"), 0);
}

TEST_F(QueryMetricTest, GroupsComeBySizeThenByName) {
  world_.Fold("s", {Answer("2017-05-01", 9, "fr"), Answer("2017-05-01", 9, "en"), Answer("2017-05-01", 9, "en"),
                    Answer("2017-05-02", 9, "de"), Answer("2017-05-02", 9, ""), Answer("2017-05-02", 9, "fr")});
  const auto groups = [&](absl::string_view more) {
    std::vector<std::string> texts;
    const v1::QueryMetricResponse answer =
        Query(absl::StrCat("metric: METRIC_NPS question: 'recommend' breakdown: 'response.language' ", more));
    for (const v1::MetricPoint& point : answer.points()) {
      texts.push_back(absl::StrCat(point.start_date(), point.group(), point.n()));
    }
    return texts;
  };
  EXPECT_THAT(groups(""), ElementsAre("en2", "fr2", "1", "de1"));
  EXPECT_THAT(groups("granularity: GRANULARITY_DAY"),
              ElementsAre("2017-05-01en2", "2017-05-01fr1", "2017-05-021", "2017-05-02de1", "2017-05-02fr1"));
}

TEST_F(QueryMetricTest, PiecesAndGroupsWithoutAnswersAreLeftOut) {
  v1::Response missing = Answer("2017-05-02", 9, "fr");
  missing.clear_answers();
  v1::Response dismissed = Answer("2017-05-03", 9, "de");
  dismissed.mutable_answers(0)->set_dismissed(true);
  world_.Fold("s", {Answer("2017-05-01", 9, "en"), missing, dismissed});
  const v1::QueryMetricResponse days = Query("metric: METRIC_NPS question: 'recommend' granularity: GRANULARITY_DAY");
  ASSERT_EQ(days.points_size(), 2);
  EXPECT_EQ(days.points(0).start_date(), "2017-05-01");
  EXPECT_EQ(days.points(1).start_date(), "2017-05-03");
  EXPECT_EQ(days.points(1).dismissed(), 1);
  EXPECT_FALSE(days.points(1).has_value());
  const v1::QueryMetricResponse groups =
      Query("metric: METRIC_NPS question: 'recommend' breakdown: 'response.language'");
  ASSERT_EQ(groups.points_size(), 2);
  EXPECT_EQ(groups.points(0).group(), "en");
  EXPECT_EQ(groups.points(1).group(), "de");
  EXPECT_EQ(Total(v1::METRIC_NPS, "recommend").missing(), 1);
}

TEST_F(QueryMetricTest, BreakdownsDeclaredLaterApplyToLaterAnswers) {
  world_.Publish("late", "questions { key: 'recommend' nps {} }");
  world_.Fold("late", {Answer("2017-05-01", 9, "fr"), Answer("2017-05-01", 9, "fr")});
  world_.Publish("late", "questions { key: 'recommend' nps {} } breakdowns: 'response.language'");
  world_.Fold("late", {Answer("2017-05-01", 9, "fr")});
  const v1::QueryMetricResponse answer =
      world_.Query("late", "metric: METRIC_NPS question: 'recommend' breakdown: 'response.language'");
  ASSERT_EQ(answer.points_size(), 2);
  EXPECT_EQ(answer.points(0).group(), "");
  EXPECT_EQ(answer.points(0).n(), 2);
  EXPECT_EQ(answer.points(1).group(), "fr");
}

TEST_F(QueryMetricTest, OfVeryManyGroupsTheLargestAreAnswered) {
  std::vector<v1::Response> responses;
  for (int i = 0; i < 1'100; ++i) responses.push_back(Answer("2017-05-01", 9, absl::StrCat("l", i)));
  for (int i = 1'050; i < 1'100; ++i) responses.push_back(Answer("2017-05-01", 9, absl::StrCat("l", i)));
  world_.Fold("s", responses);
  const v1::QueryMetricResponse answer =
      Query("metric: METRIC_NPS question: 'recommend' breakdown: 'response.language'");
  ASSERT_EQ(answer.points_size(), 1'000);
  EXPECT_EQ(answer.points(0).group(), "l1050");
  EXPECT_EQ(answer.points(49).n(), 2);
  EXPECT_EQ(answer.points(50).n(), 1);
  EXPECT_EQ(Total(v1::METRIC_NPS, "recommend").n(), 1'150);
}

TEST_F(QueryMetricTest, SmallPagesAddUpToTheSame) {
  std::vector<v1::Response> responses;
  for (int i = 0; i < 500; ++i) {
    responses.push_back(Answer(i % 3 == 0 ? "2017-05-01" : "2017-05-09", i % 11, absl::StrCat("l", i % 17)));
  }
  world_.Fold("s", responses);
  for (const bool by_day : {false, true}) {
    for (const absl::string_view breakdown : {"", "response.language"}) {
      std::map<std::tuple<int64_t, std::string, int32_t>, int64_t> at_once;
      std::map<std::tuple<int64_t, std::string, int32_t>, int64_t> by_pages;
      const CellQuery query{.series = "recommend:nps", .by_day = by_day, .breakdown = std::string(breakdown)};
      for (auto [sums, page_rows] : {std::pair(&at_once, 50'000), std::pair(&by_pages, 7)}) {
        const absl::Status status = world_.store().Read(
            world_.scope(), SurveyId("s"), query,
            [sums = sums](const CellSum& cell) {
              (*sums)[{cell.day, std::string(cell.group), cell.value}] += cell.total;
            },
            page_rows);
        ASSERT_TRUE(status.ok()) << status;
      }
      EXPECT_EQ(at_once, by_pages);
      EXPECT_GE(at_once.size(), 11u);
    }
  }
}

class InvitationMetricTest : public QueryMetricTest {
 protected:
  void Deliver(absl::string_view day, absl::Duration answered_after, absl::string_view area = "A") {
    v1::Invitation invitation = Parse<v1::Invitation>(absl::StrCat(
        "facts { fields { key: 'event' value { struct_value { fields { key: 'area' value { string_value: '", area,
        "' } } } } } }"));
    CellBatch batch(&world_.cache());
    const auto version = world_.Latest("s");
    const auto stage = [&](InvitationStage reached) {
      batch.AddStage(world_.scope(), SurveyId("s"), version->definition(), invitation, reached, NoonOf(day));
    };
    stage(InvitationStage::kScheduled);
    stage(InvitationStage::kDelivered);
    if (answered_after > absl::ZeroDuration()) {
      stage(InvitationStage::kAnswered);
      batch.AddTimeToAnswer(world_.scope(), SurveyId("s"), version->definition(), invitation, answered_after,
                            NoonOf(day));
    } else {
      stage(InvitationStage::kDismissed);
    }
    world_.Write(batch);
  }
};

TEST_F(InvitationMetricTest, ResponseRate) {
  for (int i = 0; i < 3; ++i) Deliver("2017-05-01", absl::Minutes(10));
  Deliver("2017-05-01", absl::ZeroDuration());
  Deliver("2017-05-02", absl::ZeroDuration(), "B");
  const v1::MetricPoint total = Total(v1::METRIC_RESPONSE_RATE, "");
  EXPECT_EQ(total.value(), 60);
  EXPECT_EQ(total.n(), 5);
  EXPECT_EQ(total.invitations().scheduled(), 5);
  EXPECT_EQ(total.invitations().delivered(), 5);
  EXPECT_EQ(total.invitations().answered(), 3);
  EXPECT_EQ(total.invitations().dismissed(), 2);
  EXPECT_NEAR(total.lower(), 23.07242812760128, 1e-9);
  EXPECT_NEAR(total.upper(), 88.2379225767352, 1e-9);
  const v1::QueryMetricResponse days = Query("metric: METRIC_RESPONSE_RATE granularity: GRANULARITY_DAY");
  ASSERT_EQ(days.points_size(), 2);
  EXPECT_EQ(days.points(0).value(), 75);
  EXPECT_EQ(days.points(1).value(), 0);
  const v1::QueryMetricResponse areas = Query("metric: METRIC_RESPONSE_RATE breakdown: 'event.area'");
  ASSERT_EQ(areas.points_size(), 2);
  EXPECT_EQ(areas.points(0).group(), "A");
}

TEST_F(InvitationMetricTest, TimeToAnswer) {
  for (int minutes : {10, 20, 40, 80}) Deliver("2017-05-01", absl::Minutes(minutes));
  Deliver("2017-05-01", absl::ZeroDuration());
  const v1::MetricPoint total = Total(v1::METRIC_TIME_TO_ANSWER, "");
  EXPECT_EQ(total.n(), 4);
  EXPECT_NEAR(total.value(), 1800, 9);
  EXPECT_NEAR(absl::ToDoubleSeconds(FromProto(total.median())), total.value(), 1e-6);
  EXPECT_EQ(total.invitations().delivered(), 5);
  EXPECT_FALSE(total.has_lower());
}

class MetricQueryErrorTest : public QueryMetricTest {
 protected:
  // "field: description" of every violation; the reason must be INVALID_METRIC_QUERY.
  std::string Violations(absl::string_view request) {
    const auto result = world_.TryQuery("s", Parse<v1::QueryMetricRequest>(request));
    EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument) << result.status();
    EXPECT_EQ(ReasonOf(result.status()), v1::ERROR_REASON_INVALID_METRIC_QUERY);
    std::string text;
    for (const FieldViolation& violation : ViolationsOf(result.status())) {
      absl::StrAppend(&text, violation.field, ": ", violation.description, "\n");
    }
    return text;
  }
};

TEST_F(MetricQueryErrorTest, UnknownQuestionListsTheKnownOnes) {
  const std::string text = Violations("metric: METRIC_NPS question: 'nope'");
  EXPECT_THAT(text, HasSubstr("question: 'nope'"));
  EXPECT_THAT(text, HasSubstr("recommend (nps), overall (csat)"));
  EXPECT_THAT(Violations("metric: METRIC_NPS"), HasSubstr("question: required"));
}

TEST_F(MetricQueryErrorTest, UndeclaredBreakdownListsTheDeclaredOnes) {
  const std::string text = Violations("metric: METRIC_NPS question: 'recommend' breakdown: 'event.gate'");
  EXPECT_THAT(text, HasSubstr("breakdown: 'event.gate'"));
  EXPECT_THAT(text, HasSubstr("event.area, response.language"));
}

TEST_F(MetricQueryErrorTest, MetricMustFitTheKind) {
  const std::string text = Violations("metric: METRIC_CSAT question: 'recommend'");
  EXPECT_THAT(text, HasSubstr("metric: 'recommend' is a question of kind nps"));
  EXPECT_THAT(text, HasSubstr("METRIC_NPS or METRIC_MEAN can be asked"));
  EXPECT_THAT(Violations("metric: METRIC_CHOICES question: 'comment'"), HasSubstr("no metric can be asked"));
  EXPECT_THAT(Violations("metric: METRIC_MEAN question: 'reason'"), HasSubstr("METRIC_CHOICES can be asked"));
  EXPECT_THAT(Violations("question: 'recommend'"), HasSubstr("metric: required"));
  world_.Publish("s", "questions { key: 'hint' statement {} } questions { key: 'birth' date {} }");
  EXPECT_THAT(Violations("metric: METRIC_MEAN question: 'hint'"), HasSubstr("no metric can be asked"));
  EXPECT_THAT(Violations("metric: METRIC_MEAN question: 'birth'"), HasSubstr("no metric can be asked"));
  EXPECT_THAT(Violations("metric: METRIC_RESPONSE_RATE question: 'recommend'"), HasSubstr("question: "));
  EXPECT_THAT(Violations("metric: METRIC_RESPONSE_RATE breakdown: 'response.language'"), HasSubstr("breakdown: "));
}

TEST_F(MetricQueryErrorTest, DatesAndNumbersMustBeInRange) {
  const auto with = [&](absl::string_view more) {
    return Violations(absl::StrCat("metric: METRIC_NPS question: 'recommend' ", more));
  };
  EXPECT_THAT(with("start_date: '2017-02-29'"), HasSubstr("start_date: '2017-02-29'"));
  EXPECT_THAT(with("end_date: 'tomorrow'"), HasSubstr("end_date: 'tomorrow'"));
  EXPECT_THAT(with("start_date: '2017-05-02' end_date: '2017-05-02'"), HasSubstr("end_date: 2017-05-02 is not after"));
  EXPECT_THAT(with("start_date: '2010-01-01' end_date: '2020-01-02' granularity: GRANULARITY_DAY"),
              HasSubstr("end_date: more than 10 years"));
  EXPECT_THAT(with("confidence: 0.4"), HasSubstr("confidence: 0.4"));
  EXPECT_THAT(with("confidence: 0.9999"), HasSubstr("confidence: "));
  EXPECT_THAT(with("confidence: nan"), HasSubstr("confidence: "));
  EXPECT_THAT(with("interval_method: INTERVAL_METHOD_WILSON"), HasSubstr("interval_method: "));
  EXPECT_THAT(with("granularity: 9"), HasSubstr("granularity: 9"));
}

TEST_F(MetricQueryErrorTest, AllViolationsComeAtOnce) {
  const std::string text =
      Violations("metric: METRIC_CSAT question: 'nope' breakdown: 'x' start_date: 'y' confidence: 2 granularity: 9");
  for (absl::string_view field : {"question: ", "breakdown: ", "start_date: ", "confidence: ", "granularity: "}) {
    EXPECT_THAT(text, HasSubstr(std::string(field)));
  }
}

TEST_F(MetricQueryErrorTest, OpenTimeIsBoundedByItsAnswers) {
  world_.Fold("s", {Answer("2005-05-01", 9), Answer("2017-05-01", 9)});
  EXPECT_THAT(Violations("metric: METRIC_NPS question: 'recommend' granularity: GRANULARITY_MONTH"),
              HasSubstr("start_date: the answers cover more than 10 years"));
  EXPECT_EQ(Query("metric: METRIC_NPS question: 'recommend' granularity: GRANULARITY_MONTH start_date: '2010-01-01'")
                .points_size(),
            1);
  EXPECT_EQ(Total(v1::METRIC_NPS, "recommend").n(), 2);
}

TEST_F(MetricQueryErrorTest, AnswersThatDoNotFitAMessageAreRefused) {
  std::vector<v1::Response> responses;
  for (int language = 0; language < 300; ++language) {
    for (int day = 0; day < 50; ++day) {
      responses.push_back(Answer("2017-05-01", 9, absl::StrCat(language, std::string(250, 'l'))));
      *responses.back().mutable_answer_time() = ToProto(NoonOf("2017-05-01") + absl::Hours(24 * day));
    }
  }
  world_.Fold("s", responses);
  EXPECT_THAT(Violations("metric: METRIC_NPS question: 'recommend' breakdown: 'response.language' "
                         "granularity: GRANULARITY_DAY"),
              HasSubstr("granularity: the answer has 15000 points"));
}

TEST_F(MetricQueryErrorTest, SurveyMustExistAndBePublished) {
  v1::QueryMetricRequest request = Parse<v1::QueryMetricRequest>("metric: METRIC_NPS question: 'recommend'");
  EXPECT_EQ(ReasonOf(world_.TryQuery("nope", request).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  surveys::SurveyStore surveys(world_.db().database());
  v1::Survey draft = Parse<v1::Survey>(R"pb(
    display_name: "Draft"
    definition {
      default_language: "en"
      questions {
        key: "a"
        nps {}
        text { key: "en" value: "?" }
      }
    })pb");
  ASSERT_TRUE(surveys.Create(world_.scope(), SurveyId("draft"), draft, world_.db().clock().Now()).ok());
  const absl::Status status = world_.TryQuery("draft", request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_SURVEY_NOT_PUBLISHED);
}

TEST_F(MetricQueryErrorTest, SurveysOfOtherTenantsAreNotFound) {
  v1::QueryMetricRequest request = Parse<v1::QueryMetricRequest>("metric: METRIC_NPS question: 'recommend'");
  request.set_survey("tenants/other/surveys/s");
  const auto result = QueryMetric(world_.store(), world_.catalog(), world_.db().clock(), world_.scope(), request);
  EXPECT_EQ(result.status().code(), absl::StatusCode::kNotFound);
  // The same survey id of another tenant has cells of its own.
  FoldScores("recommend", {10});
  const TenantScope other = mysql::testing::MakeScope("other");
  int cells = 0;
  ASSERT_TRUE(
      world_.store().Read(other, SurveyId("s"), {.series = "recommend:nps"}, [&](const CellSum&) { ++cells; }).ok());
  EXPECT_EQ(cells, 0);
}

}  // namespace
}  // namespace canvass::metrics
