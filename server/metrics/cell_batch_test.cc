#include "server/metrics/cell_batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/metrics/formulas/time_histogram.h"
#include "server/metrics/series.h"
#include "server/metrics/testing/metric_world.h"

namespace canvass::metrics {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::NoonOf;
using testing::Parse;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr absl::string_view kAllKinds = R"pb(
  questions {
    key: "recommend"
    nps {}
  }
  questions {
    key: "overall"
    csat {}
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
  })pb";

// "series value total" of every cell, for checks by eye.
std::vector<std::string> Texts(const CellBatch& batch) {
  std::vector<std::string> texts;
  for (const CellBatch::Cell& cell : batch.Cells()) {
    texts.push_back(absl::StrCat(cell.series, " ", cell.value, " ", cell.total));
  }
  return texts;
}

class CellBatchTest : public ::testing::Test {
 protected:
  void Add(const v1::SurveyDefinition& definition, absl::string_view response, int64_t sign = 1) {
    auto parsed = Parse<v1::Response>(response);
    if (!parsed.has_answer_time()) *parsed.mutable_answer_time() = ToProto(NoonOf("2017-05-10"));
    batch_.AddResponse(scope_, survey_, definition, parsed, sign);
  }

  TenantScope scope_ = mysql::testing::MakeScope("acme", "UTC");
  SurveyId survey_{"post-purchase"};
  CellBatch batch_;
};

TEST_F(CellBatchTest, CountsEveryKindOfAnswer) {
  Add(Parse<v1::SurveyDefinition>(kAllKinds), R"pb(
    answers { question: "recommend" score: 0 }
    answers { question: "overall" score: 5 }
    answers { question: "ease" score: 7 }
    answers { question: "effort" score: 1 }
    answers { question: "reason" choice: "speed" }
    answers {
      question: "reasons"
      choices { keys: "price" keys: "speed" }
    }
    answers { question: "comment" text: "fine" })pb");
  EXPECT_THAT(Texts(batch_),
              UnorderedElementsAre("recommend:nps 0 1", "overall:csat5 5 1", "ease:ces7 7 1", "effort:ces5e 1 1",
                                   absl::StrCat("reason:one ", OptionValue("speed"), " 1"),
                                   absl::StrCat("reasons:many ", OptionValue("price"), " 1"),
                                   absl::StrCat("reasons:many ", OptionValue("speed"), " 1"), "reasons:many -3 1",
                                   "comment:text 1 1"));
}

TEST_F(CellBatchTest, CountsMissingAndDismissedForEveryQuestion) {
  const auto definition = Parse<v1::SurveyDefinition>(kAllKinds);
  Add(definition, "");
  Add(definition, R"pb(
    answers { question: "comment" dismissed: true }
    answers { question: "recommend" dismissed: true })pb");
  EXPECT_THAT(Texts(batch_), UnorderedElementsAre("recommend:nps -1 1", "recommend:nps -2 1", "overall:csat5 -1 2",
                                                  "ease:ces7 -1 2", "effort:ces5e -1 2", "reason:one -1 2",
                                                  "reasons:many -1 2", "comment:text -1 1", "comment:text -2 1"));
}

TEST_F(CellBatchTest, ChoosingNothingOfMultipleChoiceIsAnAnswer) {
  Add(Parse<v1::SurveyDefinition>(R"pb(questions {
                                         key: "reasons"
                                         multiple_choice { options { key: "a" } }
                                       })pb"),
      R"pb(answers {
             question: "reasons"
             choices {}
           })pb");
  EXPECT_THAT(Texts(batch_), ElementsAre("reasons:many -3 1"));
}

TEST_F(CellBatchTest, FindsAnswersInAnyOrderAndPassesOverUnknownOnes) {
  const auto definition = Parse<v1::SurveyDefinition>(R"pb(questions {
                                                             key: "a"
                                                             nps {}
                                                           }
                                                           questions {
                                                             key: "b"
                                                             nps {}
                                                           }
                                                           questions {
                                                             key: "c"
                                                             nps {}
                                                           })pb");
  Add(definition, R"pb(
    answers { question: "c" score: 3 }
    answers { question: "gone" score: 9 }
    answers { question: "a" score: 1 })pb");
  EXPECT_THAT(Texts(batch_), ElementsAre("a:nps 1 1", "b:nps -1 1", "c:nps 3 1"));
}

TEST_F(CellBatchTest, TakesBackWhatItCounted) {
  const auto definition = Parse<v1::SurveyDefinition>(kAllKinds);
  Add(definition, R"pb(answers { question: "recommend" score: 9 })pb");
  Add(definition, R"pb(answers { question: "recommend" score: 9 })pb", -1);
  EXPECT_THAT(batch_.Cells(), IsEmpty());
}

TEST_F(CellBatchTest, DaysAreTheTenants) {
  const auto definition = Parse<v1::SurveyDefinition>(R"pb(questions {
                                                             key: "a"
                                                             nps {}
                                                           })pb");
  const TenantScope auckland = mysql::testing::MakeScope("acme", "Pacific/Auckland");
  v1::Response response = Parse<v1::Response>(R"pb(answers { question: "a" score: 1 })pb");
  *response.mutable_answer_time() = ToProto(NoonOf("2017-05-10") + absl::Hours(1));  // 01:00 of the 11th in Auckland
  batch_.AddResponse(auckland, survey_, definition, response);
  ASSERT_THAT(batch_.Cells(), SizeIs(1));
  EXPECT_EQ(DayFromNumber(batch_.Cells()[0].day), absl::CivilDay(2017, 5, 11));
}

TEST_F(CellBatchTest, DaysOf23And25HoursHoldTheirOwn) {
  const auto definition = Parse<v1::SurveyDefinition>(R"pb(questions {
                                                             key: "a"
                                                             nps {}
                                                           })pb");
  const TenantScope paris = mysql::testing::MakeScope("acme", "Europe/Paris");
  // Clocks went forward on 2025-03-30 and back on 2025-10-26: 23 and 25 hours, each counted once an hour.
  for (absl::CivilDay day : {absl::CivilDay(2025, 3, 30), absl::CivilDay(2025, 10, 26)}) {
    const absl::Time start = absl::FromCivil(day, paris.time_zone());
    const absl::Time end = absl::FromCivil(day + 1, paris.time_zone());
    for (absl::Time time = start; time < end; time += absl::Hours(1)) {
      v1::Response response;
      *response.mutable_answer_time() = ToProto(time);
      batch_.AddResponse(paris, survey_, definition, response);
    }
  }
  ASSERT_THAT(batch_.Cells(), SizeIs(2));
  EXPECT_EQ(batch_.Cells()[0].total, 23);
  EXPECT_EQ(batch_.Cells()[1].total, 25);
}

TEST_F(CellBatchTest, VersionsWithTheSameCombinationShareIt) {
  // Another version: one question more, breakdowns declared in another order.
  const auto first = Parse<v1::SurveyDefinition>(R"pb(questions {
                                                        key: "a"
                                                        nps {}
                                                      }
                                                      breakdowns: "response.language"
                                                      breakdowns: "response.channel")pb");
  const auto second = Parse<v1::SurveyDefinition>(R"pb(
    questions {
      key: "a"
      nps {}
    }
    questions {
      key: "b"
      nps {}
    }
    breakdowns: "response.channel"
    breakdowns: "response.language")pb");
  Add(first, R"pb(language: "fr"
                  answers { question: "a" score: 1 })pb");
  Add(second, R"pb(language: "fr"
                   answers { question: "a" score: 1 })pb");
  EXPECT_THAT(Texts(batch_), ElementsAre("a:nps 1 2", "b:nps -1 1"));
}

TEST_F(CellBatchTest, AnotherDefinitionAtTheSamePlaceIsNotTakenForTheFirst) {
  v1::SurveyDefinition definition = Parse<v1::SurveyDefinition>(R"pb(questions {
                                                                       key: "a"
                                                                       csat { points: 5 }
                                                                     })pb");
  Add(definition, R"pb(answers { question: "a" score: 3 })pb");
  definition.mutable_questions(0)->mutable_csat()->set_points(7);
  Add(definition, R"pb(answers { question: "a" score: 3 })pb");
  EXPECT_THAT(Texts(batch_), ElementsAre("a:csat5 3 1", "a:csat7 3 1"));
}

TEST_F(CellBatchTest, CountsStagesAndTimes) {
  const auto definition = Parse<v1::SurveyDefinition>(R"pb(questions {
                                                             key: "a"
                                                             nps {}
                                                           })pb");
  const absl::Time delivered = NoonOf("2017-05-10");
  batch_.AddStage(scope_, survey_, definition, v1::Invitation(), InvitationStage::kScheduled, delivered);
  batch_.AddStage(scope_, survey_, definition, v1::Invitation(), InvitationStage::kDelivered, delivered);
  batch_.AddTimeToAnswer(scope_, survey_, definition, v1::Invitation(), absl::Seconds(90), delivered);
  EXPECT_THAT(Texts(batch_),
              ElementsAre("@stage 1 1", "@stage 2 1", absl::StrCat("@time ", TimeBucket(absl::Seconds(90)), " 1")));
}

TEST_F(CellBatchTest, IsSortedByPrimaryKey) {
  const auto definition = Parse<v1::SurveyDefinition>(R"pb(
    questions {
      key: "zebra"
      nps {}
    }
    questions {
      key: "ant"
      nps {}
    }
    breakdowns: "response.language")pb");
  for (absl::string_view tenant : {"zoo", "acme"}) {
    for (absl::string_view survey : {"s2", "s1"}) {
      for (absl::string_view language : {"fr", "de", "en", "pt"}) {
        for (int score : {9, 0, 5}) {
          v1::Response response;
          response.set_language(std::string(language));
          v1::Answer* answer = response.add_answers();
          answer->set_question("zebra");
          answer->set_score(score);
          *response.mutable_answer_time() = ToProto(NoonOf("2017-05-10") - absl::Hours(24 * score));
          batch_.AddResponse(mysql::testing::MakeScope(tenant), SurveyId(std::string(survey)), definition, response);
        }
      }
    }
  }
  const std::vector<CellBatch::Cell> cells = batch_.Cells();
  ASSERT_THAT(cells, SizeIs(2 * 2 * 2 * 3 * 4));
  EXPECT_TRUE(std::is_sorted(cells.begin(), cells.end(), [](const auto& a, const auto& b) {
    return std::tie(a.tenant, a.survey, a.series, a.day, a.dimension_key, a.value) <
           std::tie(b.tenant, b.survey, b.series, b.day, b.dimension_key, b.value);
  }));
}

class CellWriteTest : public ::testing::Test {
 protected:
  CellBatch BatchOf(int responses) {
    CellBatch batch(&world_.cache());
    const auto definition = Parse<v1::SurveyDefinition>(R"pb(questions {
                                                               key: "a"
                                                               nps {}
                                                             }
                                                             breakdowns: "response.language")pb");
    for (int i = 0; i < responses; ++i) {
      auto response = Parse<v1::Response>(absl::StrCat(R"pb(answers { question: "a" score:)pb", i % 11, "}"));
      response.set_language(i % 2 == 0 ? "fr" : "de");
      *response.mutable_answer_time() = ToProto(NoonOf("2017-05-10") + absl::Hours(24 * (i % 5)));
      batch.AddResponse(world_.scope(), SurveyId("s"), definition, response);
    }
    return batch;
  }
  int64_t Sum() { return world_.db().Count("SELECT COALESCE(SUM(total), 0) FROM metric_cells"); }

  testing::MetricWorld world_;
};

TEST_F(CellWriteTest, AddsToWhatIsThere) {
  const CellBatch batch = BatchOf(1'000);
  world_.Write(batch);
  EXPECT_EQ(world_.db().Count("SELECT COUNT(*) FROM metric_cells"), static_cast<int64_t>(batch.cell_count()));
  world_.Write(batch);
  EXPECT_EQ(world_.db().Count("SELECT COUNT(*) FROM metric_cells"), static_cast<int64_t>(batch.cell_count()));
  EXPECT_EQ(Sum(), 2'000);
}

TEST_F(CellWriteTest, RolledBackTransactionsLeaveNothing) {
  const CellBatch batch = BatchOf(10);
  const absl::Status status = world_.db().database().Write(world_.scope(), [&](mysql::Transaction& tx) -> absl::Status {
    EXPECT_TRUE(batch.Write(tx, 0).ok());
    return absl::CancelledError("changed my mind");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(Sum(), 0);
  EXPECT_EQ(world_.db().Count("SELECT COUNT(*) FROM metric_dimensions"), 0);
  // Nothing was marked as committed, so the next writer brings the combinations itself.
  world_.Write(batch);
  EXPECT_EQ(world_.db().Count("SELECT COUNT(*) FROM metric_dimensions"), 2);
}

TEST_F(CellWriteTest, KnownCombinationsAreNotWrittenAgain) {
  world_.Write(BatchOf(10));
  ASSERT_EQ(world_.db().Count("SELECT COUNT(*) FROM metric_dimensions"), 2);
  ASSERT_TRUE(world_.db().Connect()->Execute("DELETE FROM metric_dimensions").ok());
  world_.Write(BatchOf(10));
  EXPECT_EQ(world_.db().Count("SELECT COUNT(*) FROM metric_dimensions"), 0);
}

TEST_F(CellWriteTest, SlotsHaveRowsOfTheirOwn) {
  const CellBatch batch = BatchOf(110);
  world_.Write(batch, 0);
  world_.Write(batch, 1);
  world_.Write(batch, 32767);
  EXPECT_EQ(world_.db().Count("SELECT COUNT(*) FROM metric_cells"), 3 * static_cast<int64_t>(batch.cell_count()));
  EXPECT_EQ(Sum(), 330);
  world_.Publish("s", R"pb(questions {
                             key: "a"
                             nps {}
                           })pb");
  EXPECT_EQ(world_.Total("s", v1::METRIC_NPS, "a").n(), 330);
}

// A writer that holds its rows for long must not keep a writer of another slot from the same cells.
TEST_F(CellWriteTest, WritersOfDifferentSlotsDoNotWaitForEachOther) {
  const CellBatch batch = BatchOf(110);
  world_.Write(batch, 1);
  world_.Write(batch, 2);
  const absl::Status outer =
      world_.db().database().Write(world_.scope(), [&](mysql::Transaction& slow) -> absl::Status {
        CANVASS_RETURN_IF_ERROR(batch.Write(slow, 1));
        const auto other = world_.db().Connect();
        EXPECT_TRUE(other->ExecuteText("SET innodb_lock_wait_timeout = 0").ok());
        EXPECT_TRUE(other->Begin().ok());
        mysql::Transaction fast(*other);
        EXPECT_TRUE(batch.Write(fast, 2).ok());
        return other->Commit();
      });
  EXPECT_TRUE(outer.ok()) << outer;
  EXPECT_EQ(Sum(), 4 * 110);
}

TEST_F(CellWriteTest, SumsAreExactUnderConcurrentWriters) {
  constexpr int kWriters = 4;
  constexpr int kBatches = 25;
  constexpr int kResponses = 64;
  std::atomic<int> failures = 0;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kBatches; ++i) {
        const CellBatch batch = BatchOf(kResponses);
        // Two of the writers share a slot: right as well, only slower.
        const absl::Status status = world_.db().database().Write(
            world_.scope(), [&](mysql::Transaction& tx) { return batch.Write(tx, writer / 2 + writer % 2); });
        if (status.ok()) batch.MarkCommitted();
        failures += status.ok() ? 0 : 1;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(Sum(), kWriters * kBatches * kResponses);
  world_.Publish("s", R"pb(questions {
                             key: "a"
                             nps {}
                           })pb");
  EXPECT_EQ(world_.Total("s", v1::METRIC_NPS, "a").n(), kWriters * kBatches * kResponses);
}

}  // namespace
}  // namespace canvass::metrics
