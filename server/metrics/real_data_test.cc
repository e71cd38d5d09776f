// Published figures of real surveys, computed again by folding every answer into cells and asking for the metric.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/base/proto_time.h"
#include "server/metrics/testing/data_file.h"
#include "server/metrics/testing/metric_world.h"

namespace canvass::metrics {
namespace {

using testing::DataRow;
using testing::MetricWorld;
using testing::NumberAt;
using testing::ReadCsv;
using testing::ReadTruth;
using testing::ValueAt;

// Truth is rounded to four decimals.
constexpr double kRounding = 0.00005001;

void SetFact(absl::string_view name, const std::string& text, v1::Response& response) {
  google::protobuf::Value& event = (*response.mutable_facts()->mutable_fields())["event"];
  (*event.mutable_struct_value()->mutable_fields())[std::string(name)].set_string_value(text);
}

// Adds `text` as a score if it is one between low and high.
void AddScore(absl::string_view question, const std::string& text, int low, int high, v1::Response& response) {
  int score = 0;
  if (!absl::SimpleAtoi(text, &score) || score < low || score > high) return;
  v1::Answer* answer = response.add_answers();
  answer->set_question(std::string(question));
  answer->set_score(score);
}

void ExpectNps(const v1::MetricPoint& point, const google::protobuf::Value& truth) {
  const google::protobuf::Struct& expected = truth.struct_value();
  EXPECT_EQ(point.n(), NumberAt(expected, {"n"}));
  EXPECT_EQ(point.nps().promoters(), NumberAt(expected, {"promoters"}));
  EXPECT_EQ(point.nps().passives(), NumberAt(expected, {"passives"}));
  EXPECT_EQ(point.nps().detractors(), NumberAt(expected, {"detractors"}));
  EXPECT_NEAR(point.value(), NumberAt(expected, {"nps"}), kRounding);
  EXPECT_NEAR(point.mean(), NumberAt(expected, {"mean"}), kRounding);
  EXPECT_LE(point.lower(), point.value());
  EXPECT_GE(point.upper(), point.value());
}

void ExpectDistribution(const v1::MetricPoint& point, const google::protobuf::Value& truth) {
  for (const auto& [score, count] : truth.struct_value().fields()) {
    int64_t found = 0;
    for (const v1::ValueCount& given : point.distribution()) {
      if (given.value() == score) found = given.count();
    }
    EXPECT_EQ(found, count.number_value()) << "score " << score;
  }
}

void ExpectCsat(const v1::MetricPoint& point, const google::protobuf::Value& truth) {
  const google::protobuf::Struct& expected = truth.struct_value();
  EXPECT_EQ(point.n(), NumberAt(expected, {"n"}));
  EXPECT_NEAR(point.value(), NumberAt(expected, {"top2_pct"}), kRounding);
  EXPECT_NEAR(point.mean(), NumberAt(expected, {"mean"}), kRounding);
  ExpectDistribution(point, ValueAt(expected, {"dist"}));
}

// Every group of `answer` against the truth of the same name, and none missing.
template <typename Expectation>
void ExpectGroups(const v1::QueryMetricResponse& answer, const google::protobuf::Value& truth, Expectation expect) {
  std::set<std::string> groups;
  for (const v1::MetricPoint& point : answer.points()) {
    SCOPED_TRACE(point.group());
    ASSERT_TRUE(truth.struct_value().fields().contains(point.group()));
    expect(point, truth.struct_value().fields().at(point.group()));
    EXPECT_TRUE(groups.insert(point.group()).second);
  }
  EXPECT_EQ(groups.size(), truth.struct_value().fields().size());
}

class RealDataTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (testing::DataDirectory().empty()) GTEST_SKIP() << testing::kNoData;
  }
};

class AirportTest : public RealDataTest {
 protected:
  void SetUp() override {
    RealDataTest::SetUp();
    if (IsSkipped()) return;
    world_.Publish("airport", R"pb(
      questions {
        key: "recommend"
        nps {}
      }
      questions {
        key: "overall"
        csat { points: 5 }
      }
      breakdowns: "event.boarding_area"
      breakdowns: "event.language"
      breakdowns: "event.peak")pb");
  }

  void FoldYear(int year, absl::string_view area_column) {
    std::vector<v1::Response> responses;
    for (const DataRow& row : ReadCsv(absl::StrCat("sfo-airport/sfo_", year, ".csv.gz"))) {
      v1::Response& response = responses.emplace_back();
      // 11 and empty are blank; of the other question 0 and empty are, and 6 is "not applicable".
      if (row.contains("NETPRO")) AddScore("recommend", row.at("NETPRO"), 0, 10, response);
      AddScore("overall", row.at("Q7ALL"), 1, 5, response);
      if (row.at("Q7ALL") == "6") {
        v1::Answer* answer = response.add_answers();
        answer->set_question("overall");
        answer->set_dismissed(true);
        ++not_applicable_;
      }
      SetFact("boarding_area", row.at(std::string(area_column)), response);
      if (row.contains("LANG")) SetFact("language", row.at("LANG"), response);
      SetFact("peak", row.at("PEAK"), response);
      int day = 1;
      EXPECT_TRUE(absl::SimpleAtoi(row.at("INTDATE"), &day));
      // Late in the evening: in UTC it is the next day already.
      const absl::CivilHour hour(year, 5, day, 21);
      *response.mutable_answer_time() = ToProto(absl::FromCivil(hour, world_.scope().time_zone()));
    }
    rows_ = static_cast<int64_t>(responses.size());
    world_.Fold("airport", responses);
  }

  MetricWorld world_{"America/Los_Angeles"};
  int64_t rows_ = 0;
  int64_t not_applicable_ = 0;
};

TEST_F(AirportTest, NpsOf2017) {
  FoldYear(2017, "BAREA");
  const google::protobuf::Struct truth = ReadTruth("sfo-airport");
  const v1::MetricPoint total = world_.Total("airport", v1::METRIC_NPS, "recommend");
  ExpectNps(total, ValueAt(truth, {"2017", "nps"}));
  EXPECT_EQ(total.missing(), NumberAt(truth, {"2017", "netpro_blank"}));
  EXPECT_EQ(total.n() + total.missing() + total.dismissed(), rows_);
  EXPECT_NEAR(total.lower(), 37.18236071697379, 1e-9);
  EXPECT_NEAR(total.upper(), 42.41021840270609, 1e-9);

  const auto by = [&](absl::string_view breakdown) {
    return world_.Query("airport",
                        absl::StrCat("metric: METRIC_NPS question: 'recommend' breakdown: '", breakdown, "'"));
  };
  ExpectGroups(by("event.boarding_area"), ValueAt(truth, {"2017", "nps_by_BAREA"}), ExpectNps);
  ExpectGroups(by("event.language"), ValueAt(truth, {"2017", "nps_by_LANG"}), ExpectNps);
  ExpectGroups(by("event.peak"), ValueAt(truth, {"2017", "nps_by_PEAK"}), ExpectNps);
  // The largest group comes first.
  EXPECT_EQ(by("event.boarding_area").points(0).group(), "A");
}

TEST_F(AirportTest, NpsOf2017ByDay) {
  FoldYear(2017, "BAREA");
  const google::protobuf::Struct truth = ReadTruth("sfo-airport");
  const auto& days = ValueAt(truth, {"2017", "nps_by_INTDATE"}).struct_value().fields();
  const v1::QueryMetricResponse answer =
      world_.Query("airport", "metric: METRIC_NPS question: 'recommend' granularity: GRANULARITY_DAY");
  EXPECT_EQ(answer.definition().time_zone(), "America/Los_Angeles");
  EXPECT_EQ(answer.points_size(), static_cast<int>(days.size()));
  std::string last;
  for (const v1::MetricPoint& point : answer.points()) {
    SCOPED_TRACE(point.start_date());
    EXPECT_LT(last, point.start_date());
    last = point.start_date();
    int day = 0;
    ASSERT_TRUE(absl::SimpleAtoi(point.start_date().substr(8), &day));
    EXPECT_EQ(point.start_date(), absl::StrFormat("2017-05-%02d", day));
    ExpectNps(point, days.at(absl::StrCat(day)));
  }
}

TEST_F(AirportTest, CsatOf2017) {
  FoldYear(2017, "BAREA");
  const v1::MetricPoint total = world_.Total("airport", v1::METRIC_CSAT, "overall");
  ExpectCsat(total, ValueAt(ReadTruth("sfo-airport"), {"2017", "csat_q7all"}));
  EXPECT_EQ(total.n() + total.missing() + total.dismissed(), rows_);
}

TEST_F(AirportTest, CsatOfThreeYears) {
  FoldYear(2014, "AREA");
  FoldYear(2015, "BAREA");
  FoldYear(2017, "BAREA");
  const google::protobuf::Struct truth = ReadTruth("sfo-airport");
  for (absl::string_view year : {"2014", "2015", "2017"}) {
    SCOPED_TRACE(year);
    const v1::QueryMetricResponse answer =
        world_.Query("airport", absl::StrCat("metric: METRIC_CSAT question: 'overall' start_date: '", year,
                                             "-05-01' end_date: '", year, "-06-01' granularity: GRANULARITY_MONTH"));
    ASSERT_EQ(answer.points_size(), 1);
    ExpectCsat(answer.points(0), ValueAt(truth, {year, "csat_q7all"}));
    EXPECT_EQ(answer.points(0).n() + answer.points(0).missing() + answer.points(0).dismissed(),
              NumberAt(truth, {year, "rows"}));
  }
  EXPECT_EQ(world_.Total("airport", v1::METRIC_CSAT, "overall").dismissed(), not_applicable_);
  EXPECT_EQ(not_applicable_, 70);
}

TEST_F(RealDataTest, GardenCentre) {
  MetricWorld world("Europe/Paris");
  world.Publish("garden", R"pb(
    questions {
      key: "recommend"
      nps {}
    }
    questions {
      key: "satisfaction"
      csat { points: 10 }
    }
    questions {
      key: "intention"
      csat { points: 10 }
    }
    breakdowns: "event.t"
    breakdowns: "event.comment")pb");
  std::vector<v1::Response> responses;
  for (const DataRow& row : ReadCsv("nps-garden-fr/responses.csv.gz")) {
    v1::Response& response = responses.emplace_back();
    AddScore("recommend", row.at("nps"), 0, 10, response);
    AddScore("satisfaction", row.at("satisfaction"), 1, 10, response);
    AddScore("intention", row.at("intention"), 1, 10, response);
    SetFact("t", row.at("t"), response);
    SetFact("comment", row.at("comment").empty() ? "without_comment" : "with_comment", response);
    *response.mutable_answer_time() = ToProto(testing::NoonOf("2016-03-01"));
  }
  world.Fold("garden", responses);

  const google::protobuf::Struct truth = ReadTruth("nps-garden-fr");
  const v1::MetricPoint total = world.Total("garden", v1::METRIC_NPS, "recommend");
  ExpectNps(total, ValueAt(truth, {"overall"}));
  ExpectDistribution(total, ValueAt(truth, {"dist"}));
  EXPECT_EQ(total.missing(), NumberAt(truth, {"nps_empty"}));
  // A few rows have an empty t or one above 14, which the truth leaves out.
  v1::QueryMetricResponse by_t;
  int64_t others = 0;
  const v1::QueryMetricResponse all =
      world.Query("garden", "metric: METRIC_NPS question: 'recommend' breakdown: 'event.t'");
  for (const v1::MetricPoint& point : all.points()) {
    if (ValueAt(truth, {"by_t"}).struct_value().fields().contains(point.group())) {
      *by_t.add_points() = point;
    } else {
      others += point.n();
    }
  }
  ExpectGroups(by_t, ValueAt(truth, {"by_t"}), ExpectNps);
  EXPECT_EQ(others, 18);
  const v1::QueryMetricResponse commented =
      world.Query("garden", "metric: METRIC_NPS question: 'recommend' breakdown: 'event.comment'");
  ASSERT_EQ(commented.points_size(), 2);
  for (const v1::MetricPoint& point : commented.points()) ExpectNps(point, ValueAt(truth, {point.group()}));

  for (absl::string_view question : {"satisfaction", "intention"}) {
    const v1::MetricPoint point = world.Total("garden", v1::METRIC_CSAT, question);
    EXPECT_EQ(point.n(), NumberAt(truth, {question, "n"}));
    EXPECT_NEAR(point.mean(), NumberAt(truth, {question, "mean"}), kRounding);
  }
}

class ShopTest : public RealDataTest {
 protected:
  static constexpr absl::string_view kSurvey = "shop";

  void SetUp() override {
    RealDataTest::SetUp();
    if (IsSkipped()) return;
    world_.Publish(kSurvey, R"pb(
      questions {
        key: "overall"
        csat { points: 5 }
      }
      breakdowns: "event.state"
      breakdowns: "event.status")pb");
    absl::flat_hash_map<std::string, const DataRow*> orders;
    const std::vector<DataRow> order_rows = ReadCsv("olist/orders.csv.gz");
    for (const DataRow& row : order_rows) orders[row.at("order_id")] = &row;

    const auto version = world_.Latest(kSurvey);
    CellBatch batch(&world_.cache());
    for (const DataRow& row : ReadCsv("olist/reviews.csv.gz")) {
      const absl::Time sent = TimeOf(row.at("review_creation_date"));
      v1::Response response;
      AddScore("overall", row.at("review_score"), 1, 5, response);
      SetFact("state", orders.at(row.at("order_id"))->at("customer_state"), response);
      SetFact("status", orders.at(row.at("order_id"))->at("order_status"), response);
      // The published figures are by the month in which the survey was sent.
      *response.mutable_answer_time() = ToProto(sent);
      v1::Invitation invitation;
      *invitation.mutable_facts() = response.facts();
      const SurveyId survey{std::string(kSurvey)};
      const v1::SurveyDefinition& definition = version->definition();
      batch.AddResponse(world_.scope(), survey, definition, response);
      for (InvitationStage stage :
           {InvitationStage::kScheduled, InvitationStage::kDelivered, InvitationStage::kAnswered}) {
        batch.AddStage(world_.scope(), survey, definition, invitation, stage, sent);
      }
      batch.AddTimeToAnswer(world_.scope(), survey, definition, invitation,
                            TimeOf(row.at("review_answer_timestamp")) - sent, sent);
    }
    world_.Write(batch);
  }

  static absl::Time TimeOf(const std::string& text) {
    absl::Time time;
    std::string error;
    EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M:%S", text, &time, &error)) << text << ": " << error;
    return time;
  }

  static void ExpectMedian(const v1::MetricPoint& point, const google::protobuf::Value& truth) {
    const double seconds = 3600 * NumberAt(truth.struct_value(), {"median_response_hours"});
    EXPECT_EQ(point.n(), NumberAt(truth.struct_value(), {"n"}));
    EXPECT_NEAR(point.value(), seconds, 0.005 * seconds + 3600 * kRounding);
    EXPECT_NEAR(absl::ToDoubleSeconds(FromProto(point.median())), point.value(), 1e-6);
    EXPECT_EQ(point.invitations().answered(), point.n());
  }

  // Points by month against the truth by month.
  template <typename Expectation>
  static void ExpectMonths(const v1::QueryMetricResponse& answer, const google::protobuf::Value& truth,
                           Expectation expect) {
    EXPECT_EQ(answer.points_size(), static_cast<int>(truth.struct_value().fields().size()));
    for (const v1::MetricPoint& point : answer.points()) {
      SCOPED_TRACE(point.start_date());
      expect(point, truth.struct_value().fields().at(point.start_date().substr(0, 7)));
    }
  }

  MetricWorld world_;
};

TEST_F(ShopTest, Csat) {
  const google::protobuf::Struct truth = ReadTruth("olist");
  ExpectCsat(world_.Total(kSurvey, v1::METRIC_CSAT, "overall"), ValueAt(truth, {"overall"}));
  ExpectMonths(world_.Query(kSurvey, "metric: METRIC_CSAT question: 'overall' granularity: GRANULARITY_MONTH"),
               ValueAt(truth, {"by_month_sent"}), ExpectCsat);
  ExpectGroups(world_.Query(kSurvey, "metric: METRIC_CSAT question: 'overall' breakdown: 'event.state'"),
               ValueAt(truth, {"by_state"}), ExpectCsat);
  ExpectGroups(world_.Query(kSurvey, "metric: METRIC_CSAT question: 'overall' breakdown: 'event.status'"),
               ValueAt(truth, {"by_order_status"}), ExpectCsat);
}

TEST_F(ShopTest, CsatByMonthAndState) {
  const v1::QueryMetricResponse all = world_.Query(
      kSurvey, "metric: METRIC_CSAT question: 'overall' granularity: GRANULARITY_MONTH breakdown: 'event.state'");
  v1::QueryMetricResponse sao_paulo;
  for (const v1::MetricPoint& point : all.points()) {
    if (point.group() == "SP") *sao_paulo.add_points() = point;
  }
  ExpectMonths(sao_paulo, ValueAt(ReadTruth("olist"), {"by_month_sent_and_state_SP"}), ExpectCsat);
}

TEST_F(ShopTest, MedianTimeToAnswer) {
  const google::protobuf::Struct truth = ReadTruth("olist");
  const v1::MetricPoint total = world_.Total(kSurvey, v1::METRIC_TIME_TO_ANSWER, "");
  const double seconds = 3600 * NumberAt(truth, {"response_hours", "median"});
  EXPECT_EQ(total.n(), NumberAt(truth, {"reviews"}));
  EXPECT_NEAR(total.value(), seconds, 0.005 * seconds);
  EXPECT_NE(total.value(), 0);
  ExpectMonths(world_.Query(kSurvey, "metric: METRIC_TIME_TO_ANSWER granularity: GRANULARITY_MONTH"),
               ValueAt(truth, {"by_month_sent"}), ExpectMedian);
  ExpectGroups(world_.Query(kSurvey, "metric: METRIC_TIME_TO_ANSWER breakdown: 'event.state'"),
               ValueAt(truth, {"by_state"}), ExpectMedian);
}

TEST_F(ShopTest, ResponseRate) {
  const v1::MetricPoint total = world_.Total(kSurvey, v1::METRIC_RESPONSE_RATE, "");
  EXPECT_EQ(total.invitations().delivered(), 19'068);
  EXPECT_EQ(total.value(), 100);
}

}  // namespace
}  // namespace canvass::metrics
