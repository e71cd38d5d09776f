#include "server/responses/batch_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/digest.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/mysql/pool.h"
#include "server/mysql/testing/cutting_proxy.h"
#include "server/mysql/testing/test_database.h"
#include "server/responses/response.h"
#include "server/responses/testing/intake_house.h"

namespace canvass::responses {
namespace {

using mysql::testing::CuttingProxy;
using mysql::testing::MakeScope;
using testing::IntakeHouse;
using Result = absl::StatusOr<v1::SubmitResponseResponse>;
using Cut = CuttingProxy::Cut;

v1::SurveyDefinition Definition() {
  v1::SurveyDefinition definition;
  definition.set_default_language("en");
  v1::Question& question = *definition.add_questions();
  question.set_key("recommend");
  (*question.mutable_text())["en"] = "Would you?";
  question.mutable_nps();
  return definition;
}

// The writer works through the proxy, everything else beside it.
class BatchWriterTest : public ::testing::Test {
 protected:
  BatchWriterTest() {
    house_.Publish(scope_, survey_, Definition());
    version_ = *house_.catalog.Version(scope_, survey_, 1);
  }

  mysql::PoolOptions ThroughProxy() {
    mysql::PoolOptions options{.connect = db_.connect_options()};
    options.connect.socket = proxy_.socket();
    options.connect.lock_wait_timeout = absl::Seconds(1);
    return options;
  }

  // A submission as the intake makes it; its answer goes to results_[index].
  std::unique_ptr<Submission> Make(std::size_t index, int score = 9) {
    auto item = std::make_unique<Submission>(scope_);
    item->id = Uuid::V7(clock_.Now(), random_);
    item->single_use_key = item->id.bytes();
    item->survey = survey_;
    v1::Answer& answer = *item->content.add_answers();
    answer.set_question("recommend");
    answer.set_score(score);
    item->content_digest = ContentDigest(item->content);
    *item->content.mutable_answer_time() = ToProto(clock_.Now());
    item->version = version_;
    item->valid = true;
    item->create_time = clock_.Now();
    item->deadline = clock_.Now() + absl::Seconds(20);
    if (results_.size() <= index) results_.resize(index + 1, absl::UnknownError("not answered"));
    item->done = [this, index](Result result) { results_[index] = std::move(result); };
    return item;
  }
  std::unique_ptr<Submission> MakeWithId(std::size_t index, const std::string& request_id, int score = 9) {
    std::unique_ptr<Submission> item = Make(index, score);
    item->single_use_key = Digest16(absl::StrCat("r:", request_id));
    return item;
  }
  std::unique_ptr<Submission> MakeInvited(std::size_t index, const Uuid& invitation, int score = 9) {
    std::unique_ptr<Submission> item = Make(index, score);
    item->single_use_key = Digest16(absl::StrCat("i:", invitation.bytes()));
    item->invitation = invitation;
    item->version = nullptr;
    item->valid = false;
    return item;
  }

  int64_t Stored() const { return db_.Count("SELECT COUNT(*) FROM responses"); }
  void ExpectCellsEqualRecount() { EXPECT_TRUE(house_.Recount(scope_, survey_).equal()); }

  SystemClock clock_;
  SecureRandom random_;
  mysql::testing::TestDatabase db_{{.clock = &clock_}};
  CuttingProxy proxy_{db_.connect_options().socket};
  IntakeHouse house_{db_.database(), clock_, random_};
  mysql::Database proxied_{std::make_unique<mysql::Pool>(ThroughProxy(), clock_), clock_};
  TenantScope scope_ = MakeScope();
  SurveyId survey_{"nps"};
  std::shared_ptr<const v1::SurveyVersion> version_;
  BatchWriter writer_{proxied_,
                      {.responses = house_.responses,
                       .invitations = house_.invitations,
                       .decisions = house_.decisions,
                       .catalog = house_.catalog,
                       .dimensions = house_.dimensions},
                      clock_,
                      absl::Seconds(1)};
  std::vector<Result> results_;
};

TEST_F(BatchWriterTest, ABadItemNeverFailsItsNeighbours) {
  BatchWriter::Items items;
  for (std::size_t i = 0; i < 100; ++i) {
    items.push_back(Make(i));
    // Longer than its column: only the database finds out.
    if (i == 17 || i == 18 || i == 90) items.back()->contact = ContactId(std::string(200, 'x'));
  }
  writer_.Write(std::move(items), 0);
  for (std::size_t i = 0; i < 100; ++i) {
    if (i == 17 || i == 18 || i == 90) {
      EXPECT_EQ(results_[i].status().code(), absl::StatusCode::kInternal) << i;
    } else {
      EXPECT_TRUE(results_[i].ok()) << i << ": " << results_[i].status();
    }
  }
  EXPECT_EQ(Stored(), 97);
  ExpectCellsEqualRecount();
}

TEST_F(BatchWriterTest, EveryKindOfItemInOneBatch) {
  BatchWriter::Items before;
  before.push_back(MakeWithId(0, "used"));
  writer_.Write(std::move(before), 0);
  const Uuid open = house_.Invite(scope_, survey_).id;
  const Uuid late = house_.Invite(scope_, survey_, {.expire = -absl::Seconds(1), .content = {}}).id;
  BatchWriter::Items items;
  items.push_back(Make(0));
  items.push_back(MakeWithId(1, "used"));     // repeats
  items.push_back(MakeWithId(2, "used", 3));  // differs
  items.push_back(MakeWithId(3, "new"));
  items.push_back(MakeInvited(4, open));
  items.push_back(MakeInvited(5, late));
  items.push_back(MakeInvited(6, Uuid::V7(clock_.Now(), random_)));  // is not there
  items.push_back(Make(7));
  items.back()->contact = ContactId(std::string(200, 'x'));
  items.push_back(Make(8));
  items.back()->deadline = clock_.Now();
  const std::string first_name = results_[0]->name();
  writer_.Write(std::move(items), 0);
  EXPECT_TRUE(results_[0].ok());
  EXPECT_TRUE(results_[1].ok() && results_[1]->repeated_call() && results_[1]->name() == first_name);
  EXPECT_EQ(ReasonOf(results_[2].status()), v1::ERROR_REASON_REQUEST_ID_REUSED);
  EXPECT_TRUE(results_[3].ok() && !results_[3]->repeated_call());
  EXPECT_TRUE(results_[4].ok()) << results_[4].status();
  EXPECT_EQ(ReasonOf(results_[5].status()), v1::ERROR_REASON_INVITATION_EXPIRED);
  EXPECT_EQ(ReasonOf(results_[6].status()), v1::ERROR_REASON_INVITATION_NOT_FOUND);
  EXPECT_EQ(ReasonOf(results_[7].status()), v1::ERROR_REASON_INTERNAL);
  EXPECT_EQ(ReasonOf(results_[8].status()), v1::ERROR_REASON_DEADLINE_EXCEEDED);
  EXPECT_EQ(Stored(), 4);
  ExpectCellsEqualRecount();
}

TEST_F(BatchWriterTest, TheEarlierOfTwoInABatchWins) {
  BatchWriter::Items items;
  for (std::size_t i = 0; i < 6; ++i) {
    items.push_back(MakeWithId(i, "one", i % 2 == 0 ? 9 : 3));
    clock_.Sleep(absl::Milliseconds(2));
  }
  writer_.Write(std::move(items), 0);
  ASSERT_TRUE(results_[0].ok());
  EXPECT_FALSE(results_[0]->repeated_call());
  for (std::size_t i : {2, 4}) EXPECT_TRUE(results_[i].ok() && results_[i]->repeated_call()) << i;
  for (std::size_t i : {1, 3, 5}) EXPECT_EQ(ReasonOf(results_[i].status()), v1::ERROR_REASON_REQUEST_ID_REUSED) << i;
  EXPECT_EQ(Stored(), 1);
}

// Facts come with the invitations: what was small when it was queued may be too much for one statement.
TEST_F(BatchWriterTest, LargeFactsDoNotBreakABatch) {
  IntakeHouse::Invitee invitee;
  auto& event = (*invitee.content.mutable_facts()->mutable_fields())["event"];
  (*event.mutable_struct_value()->mutable_fields())["note"].set_string_value(std::string(60'000, 'x'));
  BatchWriter::Items items;
  for (std::size_t i = 0; i < 256; ++i) items.push_back(MakeInvited(i, house_.Invite(scope_, survey_, invitee).id));
  writer_.Write(std::move(items), 0);
  for (const Result& result : results_) EXPECT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(Stored(), 256);
}

TEST_F(BatchWriterTest, ADatabaseThatIsAwayFailsAllAtOnce) {
  proxy_.SetClosed(true);
  BatchWriter::Items items;
  for (std::size_t i = 0; i < 50; ++i) items.push_back(Make(i));
  const absl::Time start = clock_.Now();
  writer_.Write(std::move(items), 0);
  EXPECT_LT(clock_.Now() - start, absl::Seconds(5));
  for (const Result& result : results_) {
    EXPECT_EQ(result.status().code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(ReasonOf(result.status()), v1::ERROR_REASON_DATABASE_UNAVAILABLE);
  }
  EXPECT_EQ(Stored(), 0);
}

class CommitTest : public BatchWriterTest, public ::testing::WithParamInterface<Cut> {};

TEST_P(CommitTest, AnUnansweredCommitStoresEverythingOnce) {
  BatchWriter::Items before;
  before.push_back(MakeWithId(0, "used"));
  writer_.Write(std::move(before), 0);
  const Uuid invitation = house_.Invite(scope_, survey_).id;
  BatchWriter::Items items;
  items.push_back(Make(0));
  items.push_back(MakeWithId(1, "new"));
  items.push_back(MakeInvited(2, invitation));
  items.push_back(MakeWithId(3, "used"));
  items.push_back(MakeInvited(4, invitation, 3));
  for (std::size_t i = 5; i < 30; ++i) items.push_back(Make(i));
  // The order of equal keys is by time.
  items[4]->id = Uuid::V7(clock_.Now() + absl::Seconds(1), random_);
  proxy_.CutNextCommit(GetParam());
  writer_.Write(std::move(items), 0);
  EXPECT_EQ(proxy_.cuts(), 1);
  for (std::size_t i = 0; i < 30; ++i) {
    if (i == 4) {
      EXPECT_EQ(ReasonOf(results_[i].status()), v1::ERROR_REASON_INVITATION_ANSWERED);
    } else {
      ASSERT_TRUE(results_[i].ok()) << i << ": " << results_[i].status();
      EXPECT_EQ(results_[i]->repeated_call(), i == 3) << i;
    }
  }
  EXPECT_EQ(Stored(), 29);
  EXPECT_EQ(db_.Count("SELECT SUM(total) FROM metric_cells WHERE series = '@stage' AND value = 3"), 1);
  ExpectCellsEqualRecount();
}

INSTANTIATE_TEST_SUITE_P(Cuts, CommitTest, ::testing::Values(Cut::kRequest, Cut::kAnswer, Cut::kLate),
                         [](const auto& info) {
                           return info.param == Cut::kRequest  ? "Request"
                                  : info.param == Cut::kAnswer ? "Answer"
                                                               : "Late";
                         });

TEST_F(BatchWriterTest, WhatStaysUnknownIsNeverOk) {
  BatchWriter::Items warm;
  warm.push_back(Make(0));
  writer_.Write(std::move(warm), 0);
  BatchWriter::Items items;
  for (std::size_t i = 0; i < 3; ++i) {
    items.push_back(MakeWithId(i, absl::StrCat("id-", i)));
    items.back()->deadline = clock_.Now() + absl::Seconds(1);
  }
  proxy_.CutNextCommit(Cut::kAnswer);
  proxy_.SetClosed(true);
  writer_.Write(std::move(items), 0);
  for (const Result& result : results_) {
    EXPECT_EQ(result.status().code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(ReasonOf(result.status()), v1::ERROR_REASON_OUTCOME_UNKNOWN);
  }
  // It had happened; who sends it again hears so.
  proxy_.SetClosed(false);
  clock_.Sleep(absl::Seconds(1));
  BatchWriter::Items again;
  for (std::size_t i = 0; i < 3; ++i) again.push_back(MakeWithId(i, absl::StrCat("id-", i)));
  writer_.Write(std::move(again), 0);
  for (const Result& result : results_) EXPECT_TRUE(result.ok() && result->repeated_call()) << result.status();
  EXPECT_EQ(Stored(), 4);
  ExpectCellsEqualRecount();
}

// Somebody else's lock on one invitation costs that invitation's answer its time, not the others theirs.
TEST_F(BatchWriterTest, ALockedInvitationDelaysNobodyForGood) {
  const Uuid locked = house_.Invite(scope_, survey_).id;
  const std::unique_ptr<mysql::Connection> other = db_.Connect();
  ASSERT_TRUE(other->Begin().ok());
  ASSERT_TRUE(other->Query("SELECT 1 FROM invitations FOR UPDATE").ok());
  BatchWriter::Items items;
  for (std::size_t i = 0; i < 7; ++i) items.push_back(Make(i));
  items.push_back(MakeInvited(7, locked));
  items.back()->deadline = clock_.Now() + absl::Seconds(3);
  writer_.Write(std::move(items), 0);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(results_[i].ok()) << i << ": " << results_[i].status();
  EXPECT_FALSE(results_[7].ok());
  EXPECT_TRUE(other->Rollback().ok());
}

}  // namespace
}  // namespace canvass::responses
