#include "server/metrics/recount.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/metrics/testing/metric_world.h"

namespace canvass::metrics {
namespace {

using testing::Parse;

class RecountTest : public ::testing::Test {
 protected:
  RecountTest() {
    world_.Publish("s", R"pb(
      questions {
        key: "recommend"
        nps {}
      }
      questions {
        key: "reasons"
        multiple_choice {
          options { key: "a" }
          options { key: "b" }
        }
      }
      breakdowns: "response.language")pb");
  }

  // Stores `count` responses as responses/ does, and folds them in the same transaction.
  void Store(int count) {
    const auto version = world_.Latest("s");
    const absl::Status status =
        world_.db().database().Write(world_.scope(), [&](mysql::Transaction& tx) -> absl::Status {
          CellBatch cells;
          mysql::Params rows;
          for (int i = 0; i < count; ++i) {
            auto response = Parse<v1::Response>(absl::StrCat("answers { question: 'recommend' score: ", i % 11, " }"));
            if (i % 3 == 0) Add("answers { question: 'reasons' choices { keys: 'a' keys: 'b' } }", response);
            if (i % 7 == 0) Add("answers { question: 'reasons' dismissed: true }", response);
            response.set_language(i % 2 == 0 ? "en" : "fr");
            const absl::Time answer_time = world_.db().clock().Now() - absl::Hours(i % 100);
            const Uuid id = Uuid::V7(world_.db().clock().Now(), world_.db().random());
            // The column has the time, not the payload.
            rows.Add(world_.scope().tenant())
                .Add(id)
                .Add(id)
                .Add(id)
                .Add("s")
                .Add(version->version())
                .Add("")
                .AddNull();
            rows.Add(answer_time).Add(answer_time).Add(response.SerializeAsString());
            *response.mutable_answer_time() = ToProto(answer_time);
            cells.AddResponse(world_.scope(), SurveyId("s"), version->definition(), response);
          }
          CANVASS_RETURN_IF_ERROR(
              tx.InsertRows("INSERT INTO responses (tenant_id, response_id, single_use_key, content_digest, survey_id, "
                            "survey_version,"
                            " contact_id, invitation_id, answer_time, create_time, payload) VALUES",
                            11, rows));
          return cells.Write(tx, 3);
        });
    ASSERT_TRUE(status.ok()) << status;
  }

  static void Add(absl::string_view text, v1::Response& response) { response.MergeFrom(Parse<v1::Response>(text)); }

  RecountResult Run() {
    RecountResult result;
    const absl::Status status =
        world_.db().database().Read(world_.scope(), [&](mysql::Transaction& tx) -> absl::Status {
          CANVASS_ASSIGN_OR_RETURN(result, Recount(tx, world_.catalog(), world_.scope(), SurveyId("s")));
          return absl::OkStatus();
        });
    EXPECT_TRUE(status.ok()) << status;
    return result;
  }

  testing::MetricWorld world_{"Asia/Tokyo"};
};

TEST_F(RecountTest, NothingIsEqualToNothing) {
  EXPECT_TRUE(Run().equal());
  EXPECT_EQ(Run().responses, 0);
}

TEST_F(RecountTest, CellsAreEqualToTheirResponses) {
  Store(1'234);
  const RecountResult result = Run();
  EXPECT_EQ(result.responses, 1'234);
  EXPECT_GT(result.cells, 0);
  EXPECT_TRUE(result.equal());
}

TEST_F(RecountTest, HiddenQuestionsAreCountedAlike) {
  world_.Publish("s", R"pb(
    questions {
      key: "recommend"
      nps {}
      routes {
        when {
          compare {
            field: "answer.recommend"
            operator: OPERATOR_GREATER
            value { number_value: 8 }
          }
        }
        end_with: "thanks"
      }
    }
    questions {
      key: "reasons"
      multiple_choice {
        options { key: "a" }
        options { key: "b" }
      }
    }
    endings { key: "thanks" }
    breakdowns: "response.language")pb");
  Store(500);
  EXPECT_TRUE(Run().equal());
  // 9 and 10 end the survey.
  const v1::MetricPoint reasons = world_.Total("s", v1::METRIC_CHOICES, "reasons");
  EXPECT_GT(reasons.missing(), 0);
  EXPECT_LT(reasons.n() + reasons.dismissed() + reasons.missing(), 500);
}

TEST_F(RecountTest, CellsOfInvitationsAreNoDifference) {
  Store(10);
  CellBatch stages;
  stages.AddStage(world_.scope(), SurveyId("s"), world_.Latest("s")->definition(), v1::Invitation(),
                  InvitationStage::kDelivered, world_.db().clock().Now());
  world_.Write(stages);
  EXPECT_TRUE(Run().equal());
}

TEST_F(RecountTest, FindsACellThatWasChanged) {
  Store(100);
  ASSERT_TRUE(
      world_.db()
          .Connect()
          ->Execute("UPDATE metric_cells SET total = total + 2 WHERE series = 'recommend:nps' AND value = 7 LIMIT 1")
          .ok());
  const RecountResult result = Run();
  ASSERT_EQ(result.differences.size(), 1u);
  EXPECT_EQ(result.differences[0].cell.series, "recommend:nps");
  EXPECT_EQ(result.differences[0].cell.value, 7);
  EXPECT_EQ(result.differences[0].stored_total, result.differences[0].cell.total + 2);
}

TEST_F(RecountTest, FindsLostResponsesAndLostCells) {
  Store(100);
  const auto connection = world_.db().Connect();
  ASSERT_TRUE(connection->Execute("DELETE FROM responses LIMIT 1").ok());
  // One cell of each question has one answer too many; choices and respondents are cells of their own.
  EXPECT_GE(Run().differences.size(), 2u);
  ASSERT_TRUE(connection->Execute("DELETE FROM responses").ok());
  EXPECT_EQ(static_cast<int64_t>(Run().differences.size()), Run().cells);
}

TEST_F(RecountTest, FindsResponsesThatWereNeverFolded) {
  Store(50);
  ASSERT_TRUE(world_.db().Connect()->Execute("DELETE FROM metric_cells").ok());
  const RecountResult result = Run();
  EXPECT_FALSE(result.equal());
  EXPECT_EQ(result.differences[0].stored_total, 0);
}

}  // namespace
}  // namespace canvass::metrics
