#include "server/operations/operation_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/mysql/testing/test_database.h"
#include "server/operations/get_operation.h"
#include "server/operations/operation.h"

namespace canvass::operations {
namespace {

using ::testing::SizeIs;
using v1::Operation;

class OperationStoreTest : public ::testing::Test {
 protected:
  absl::Time now() { return db_.clock().Now(); }

  absl::StatusOr<Operation> TryCreate(const std::string& kind = "Count") {
    db_.clock().Advance(absl::Milliseconds(1));
    return operations_.Create(
        scope_,
        {.id = Uuid::V7(now(), db_.random()), .kind = kind, .target = "tenants/acme/triggers/x", .request = "to ten"},
        now());
  }
  Uuid Create(const std::string& kind = "Count") {
    const absl::StatusOr<Operation> operation = TryCreate(kind);
    EXPECT_TRUE(operation.ok()) << operation.status();
    return *ParseOperationName(scope_, "name", operation->name());
  }
  std::optional<ClaimedOperation> Claim(const std::string& owner, absl::Duration lease = absl::Minutes(1)) {
    const auto claimed = operations_.Claim(scope_, {.owner = owner, .lease = lease, .kinds = {"Count"}, .now = now()});
    EXPECT_TRUE(claimed.ok()) << claimed.status();
    return *claimed;
  }
  bool Finish(const ClaimedOperation& claimed, Operation::State state = Operation::STATE_SUCCEEDED) {
    Operation outcome;
    outcome.set_state(state);
    outcome.mutable_backtest()->set_newly_asked(claimed.token);
    return *operations_.Finish(scope_, claimed, outcome, now());
  }
  Operation Get(const Uuid& id) { return *operations_.Get(scope_, id); }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  OperationStore operations_{db_.database()};
};

TEST_F(OperationStoreTest, LivesFromCreatingToItsResult) {
  const Uuid id = Create();
  EXPECT_EQ(Get(id).state(), Operation::STATE_RUNNING);
  EXPECT_EQ(Get(id).method(), "Count");
  EXPECT_EQ(Get(id).target(), "tenants/acme/triggers/x");
  EXPECT_EQ(FromProto(Get(id).create_time()), now());
  EXPECT_FALSE(Get(id).has_start_time()) << "nobody has begun";

  db_.clock().Advance(absl::Seconds(1));
  const std::optional<ClaimedOperation> claimed = Claim("a");
  ASSERT_TRUE(claimed.has_value());
  EXPECT_EQ(claimed->id, id);
  EXPECT_EQ(claimed->request, "to ten");
  EXPECT_EQ(claimed->token, 1);
  EXPECT_FALSE(Claim("b").has_value()) << "it is held";
  EXPECT_FALSE(Claim("a").has_value()) << "even by the same owner";
  EXPECT_EQ(FromProto(Get(id).start_time()), now());

  v1::OperationProgress progress;
  progress.set_done(3);
  progress.set_total(10);
  EXPECT_TRUE(*operations_.Renew(scope_, *claimed, progress, absl::Minutes(1)));
  EXPECT_EQ(Get(id).progress().done(), 3);
  EXPECT_EQ(Get(id).progress().total(), 10);

  EXPECT_TRUE(Finish(*claimed));
  EXPECT_EQ(Get(id).state(), Operation::STATE_SUCCEEDED);
  EXPECT_EQ(Get(id).backtest().newly_asked(), 1);
  EXPECT_EQ(Get(id).target(), "tenants/acme/triggers/x");
  EXPECT_EQ(FromProto(Get(id).finish_time()), now());
  EXPECT_FALSE(Finish(*claimed, Operation::STATE_FAILED)) << "what is finished stays so";
  EXPECT_FALSE(*operations_.Renew(scope_, *claimed, progress, absl::Minutes(1)));
  EXPECT_EQ(Get(id).state(), Operation::STATE_SUCCEEDED);
}

TEST_F(OperationStoreTest, WhoseLeaseEndedWritesNothing) {
  const Uuid id = Create();
  const std::optional<ClaimedOperation> late = Claim("late", absl::ZeroDuration());
  absl::SleepFor(absl::Milliseconds(2));
  const std::optional<ClaimedOperation> other = Claim("other");
  ASSERT_TRUE(late.has_value() && other.has_value());
  EXPECT_EQ(other->token, 2);
  EXPECT_FALSE(*operations_.Renew(scope_, *late, {}, absl::Hours(1)));
  EXPECT_FALSE(Finish(*late));
  EXPECT_TRUE(operations_.Release(scope_, *late).ok());
  EXPECT_FALSE(Claim("third").has_value()) << "a stale release lets nobody in";
  EXPECT_EQ(Get(id).state(), Operation::STATE_RUNNING);
  EXPECT_TRUE(Finish(*other));
  EXPECT_EQ(Get(id).backtest().newly_asked(), 2);
}

TEST_F(OperationStoreTest, ReleasedOnesAreBegunAtOnce) {
  Create();
  const std::optional<ClaimedOperation> first = Claim("a");
  ASSERT_TRUE(operations_.Release(scope_, *first).ok());
  const std::optional<ClaimedOperation> second = Claim("b");
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->token, 2);
}

TEST_F(OperationStoreTest, CancelsWhateverIsRunning) {
  const Uuid waiting = Create();
  ASSERT_TRUE(operations_.Cancel(scope_, waiting, now()).ok());
  EXPECT_EQ(Get(waiting).state(), Operation::STATE_CANCELLED);
  EXPECT_TRUE(Get(waiting).has_finish_time());
  EXPECT_FALSE(Claim("a").has_value());

  const Uuid held = Create();
  const std::optional<ClaimedOperation> claimed = Claim("a");
  ASSERT_TRUE(operations_.Cancel(scope_, held, now()).ok());
  EXPECT_FALSE(*operations_.Renew(scope_, *claimed, {}, absl::Hours(1)));
  EXPECT_FALSE(Finish(*claimed));
  EXPECT_EQ(Get(held).state(), Operation::STATE_CANCELLED);

  Create();
  const std::optional<ClaimedOperation> done = Claim("a");
  ASSERT_TRUE(Finish(*done));
  ASSERT_TRUE(operations_.Cancel(scope_, done->id, now()).ok());
  EXPECT_EQ(Get(done->id).state(), Operation::STATE_SUCCEEDED) << "too late";
}

TEST_F(OperationStoreTest, AFewRunAtATime) {
  for (int i = 0; i < kMaxRunning; ++i) Create();
  const absl::Status refused = TryCreate().status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(refused), v1::ERROR_REASON_QUOTA_EXCEEDED);
  const TenantScope other = mysql::testing::MakeScope("other");
  EXPECT_TRUE(operations_.Create(other, {.id = Uuid::V7(now(), db_.random()), .kind = "Count"}, now()).ok());
  ASSERT_TRUE(Finish(*Claim("a")));
  EXPECT_TRUE(TryCreate().ok()) << "one was finished";
}

TEST_F(OperationStoreTest, NoMoreThanThatEvenAtTheSameMoment) {
  std::vector<std::thread> threads;
  std::vector<absl::Status> statuses(6);
  for (absl::Status& status : statuses) {
    threads.emplace_back([&] {
      status = operations_.Create(scope_, {.id = Uuid::V7(now(), db_.random()), .kind = "Count"}, now()).status();
    });
  }
  for (std::thread& thread : threads) thread.join();
  int made = 0;
  for (const absl::Status& status : statuses) {
    made += status.ok() ? 1 : 0;
    EXPECT_TRUE(status.ok() || ReasonOf(status) == v1::ERROR_REASON_QUOTA_EXCEEDED) << status;
  }
  EXPECT_EQ(made, kMaxRunning);
}

TEST_F(OperationStoreTest, ClaimsWhatItKnowsTheOldestFirst) {
  Create("Unknown");
  const Uuid first = Create();
  Create();
  EXPECT_EQ(Claim("a")->id, first);
  EXPECT_NE(Claim("a")->id, first);
  EXPECT_FALSE(Claim("a").has_value()) << "of the other kind this version knows nothing";
}

TEST_F(OperationStoreTest, ListsPageByPageWithoutResults) {
  std::vector<std::string> names;
  for (int i = 0; i < 5; ++i) {
    names.insert(names.begin(), Get(Create()).name());
    ASSERT_TRUE(Finish(*Claim("a")));
  }
  v1::ListOperationsRequest request;
  request.set_parent("tenants/acme");
  request.set_page_size(2);
  std::vector<std::string> listed;
  int pages = 0;
  do {
    const auto page = ListOperations(operations_, scope_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const Operation& operation : page->operations()) {
      listed.push_back(operation.name());
      EXPECT_EQ(operation.result_case(), Operation::RESULT_NOT_SET);
    }
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, names);
  EXPECT_EQ(pages, 3);
  const TenantScope other = mysql::testing::MakeScope("other");
  request.set_parent("tenants/other");
  EXPECT_THAT(ListOperations(operations_, other, request)->operations(), SizeIs(0));
}

TEST_F(OperationStoreTest, NamesThatAreNoneOfOursAreNotFound) {
  v1::GetOperationRequest get;
  v1::CancelOperationRequest cancel;
  for (const std::string& id : {std::string("none"), Uuid().ToString()}) {
    get.set_name("tenants/-/operations/" + id);
    cancel.set_name(get.name());
    EXPECT_EQ(ReasonOf(GetOperation(operations_, scope_, get).status()), v1::ERROR_REASON_OPERATION_NOT_FOUND);
    EXPECT_EQ(ReasonOf(CancelOperation(operations_, db_.clock(), scope_, cancel).status()),
              v1::ERROR_REASON_OPERATION_NOT_FOUND);
  }
  const Uuid id = Create();
  cancel.set_name("tenants/-/operations/" + id.ToString());
  EXPECT_EQ(CancelOperation(operations_, db_.clock(), scope_, cancel)->state(), Operation::STATE_CANCELLED);
  const TenantScope other = mysql::testing::MakeScope("other");
  EXPECT_EQ(operations_.Get(other, id).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(OperationStoreTest, RemovesWhatWasFinishedLongAgo) {
  Create();
  ASSERT_TRUE(Finish(*Claim("a")));
  const Uuid running = Create();
  db_.clock().Advance(absl::Hours(1));
  const Uuid young = Create();
  ASSERT_TRUE(operations_.Cancel(scope_, young, now()).ok());
  EXPECT_EQ(*operations_.RemoveFinished(scope_, now() - absl::Minutes(1)), 1);
  EXPECT_EQ(*operations_.RemoveFinished(scope_, now() - absl::Minutes(1)), 0);
  EXPECT_EQ(Get(running).state(), Operation::STATE_RUNNING);
  EXPECT_EQ(Get(young).state(), Operation::STATE_CANCELLED);
}

TEST(ProblemOfTest, TellsCallersWhatIsTheirsAlone) {
  const v1::Problem theirs =
      ProblemOf(Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SURVEY_NOT_FOUND, "no survey"), Uuid());
  EXPECT_EQ(theirs.code(), 5);
  EXPECT_EQ(theirs.reason(), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  EXPECT_EQ(theirs.message(), "no survey");
  const v1::Problem ours = ProblemOf(absl::InternalError("row 7 is broken"), Uuid());
  EXPECT_EQ(ours.reason(), v1::ERROR_REASON_INTERNAL);
  EXPECT_THAT(ours.message(), ::testing::Not(::testing::HasSubstr("row 7")));
}

}  // namespace
}  // namespace canvass::operations
