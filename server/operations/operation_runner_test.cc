#include "server/operations/operation_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/error.h"
#include "server/mysql/testing/test_database.h"
#include "server/operations/operation.h"
#include "tenants/tenant_store.h"

namespace canvass::operations {
namespace {

using v1::Operation;

constexpr absl::Duration kPatience = absl::Seconds(20);

class OperationRunnerTest : public ::testing::Test {
 protected:
  OperationRunnerTest() {
    v1::Tenant tenant;
    tenant.set_time_zone("UTC");
    const auto made = tenants_.Insert(TenantId("acme"), tenant, db_.clock().Now());
    EXPECT_TRUE(made.ok()) << made.status();
  }

  // A server of its own on the same database.
  struct TestServer {
    std::unique_ptr<tenants::TenantDirectory> directory;
    std::unique_ptr<OperationRunner> runner;
  };
  TestServer Serve(OperationFunction function, absl::Duration lease = absl::Seconds(15)) {
    TestServer server;
    server.directory = std::make_unique<tenants::TenantDirectory>(db_.database(), tenants_, db_.clock());
    server.runner = std::make_unique<OperationRunner>(
        RunnerParts{.operations = operations_,
                    .tenants = *server.directory,
                    .clock = db_.clock(),
                    .random = db_.random(),
                    .functions = {{"Count", std::move(function)}}},
        RunnerOptions{.threads = 2, .lease = lease, .poll_interval = absl::Milliseconds(20)});
    return server;
  }

  Uuid Create() {
    const Uuid id = Uuid::V7(db_.clock().Now(), db_.random());
    EXPECT_TRUE(operations_.Create(scope_, {.id = id, .kind = "Count", .request = "ten"}, db_.clock().Now()).ok());
    return id;
  }
  Operation Get(const Uuid& id) { return *operations_.Get(scope_, id); }
  // As it is once `reached` says so, or patience ends.
  template <typename Condition>
  Operation Await(const Uuid& id, Condition reached) {
    const absl::Time deadline = absl::Now() + kPatience;
    while (!reached(Get(id)) && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(5));
    return Get(id);
  }
  Operation AwaitEnd(const Uuid& id) {
    return Await(id, [](const Operation& operation) { return operation.state() != Operation::STATE_RUNNING; });
  }

  // Runs until it is stopped.
  static absl::Status Endless(const TenantScope&, const std::string&, OperationRun& run, Operation&) {
    while (!run.stopped()) absl::SleepFor(absl::Milliseconds(1));
    return absl::CancelledError();
  }

  mysql::testing::TestDatabase db_{{.max_connections = 16}};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  tenants::TenantStore tenants_{db_.database()};
  OperationStore operations_{db_.database()};
};

TEST_F(OperationRunnerTest, DoesWhatIsThereAndSaysHowFarItIs) {
  std::atomic<bool> go_on = false;
  const TestServer server =
      Serve([&](const TenantScope& scope, const std::string& request, OperationRun& run, Operation& result) {
        run.Report(4, 10);
        while (!go_on) absl::SleepFor(absl::Milliseconds(1));
        run.Report(10, 10);
        result.mutable_backtest()->set_time_zone(absl::StrCat(scope.tenant().value(), " ", request));
        return absl::OkStatus();
      });
  const Uuid id = Create();
  const Operation halfway = Await(id, [](const Operation& operation) { return operation.progress().done() == 4; });
  EXPECT_EQ(halfway.progress().total(), 10);
  EXPECT_EQ(halfway.state(), Operation::STATE_RUNNING);
  go_on = true;
  const Operation done = AwaitEnd(id);
  EXPECT_EQ(done.state(), Operation::STATE_SUCCEEDED);
  EXPECT_EQ(done.progress().done(), 10);
  EXPECT_EQ(done.backtest().time_zone(), "acme ten");
}

TEST_F(OperationRunnerTest, EachIsDoneOnceByWhicheverOfTwoServers) {
  std::atomic<int> runs = 0;
  const OperationFunction function = [&](const TenantScope&, const std::string&, OperationRun&, Operation& result) {
    ++runs;
    absl::SleepFor(absl::Milliseconds(30));
    result.mutable_backtest();
    return absl::OkStatus();
  };
  const TestServer a = Serve(function);
  const TestServer b = Serve(function);
  for (int round = 0; round < 3; ++round) {
    std::vector<Uuid> ids;
    for (int i = 0; i < kMaxRunning; ++i) ids.push_back(Create());
    for (const Uuid& id : ids) EXPECT_EQ(AwaitEnd(id).state(), Operation::STATE_SUCCEEDED);
  }
  EXPECT_EQ(runs, 3 * kMaxRunning);
}

TEST_F(OperationRunnerTest, AFailureIsToldAndAFaultIsNot) {
  std::atomic<int> run = 0;
  const TestServer server = Serve([&](const TenantScope&, const std::string&, OperationRun&, Operation& result) {
    result.mutable_backtest();
    return run++ == 0 ? Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SURVEY_NOT_FOUND, "no survey")
                      : absl::InternalError("row 7");
  });
  const Operation refused = AwaitEnd(Create());
  EXPECT_EQ(refused.state(), Operation::STATE_FAILED);
  EXPECT_EQ(refused.error().reason(), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  EXPECT_FALSE(refused.has_backtest()) << "half a result is none";
  const Operation broken = AwaitEnd(Create());
  EXPECT_EQ(broken.error().reason(), v1::ERROR_REASON_INTERNAL);
}

TEST_F(OperationRunnerTest, StopsWhatIsCancelled) {
  std::atomic<bool> ended = false;
  const TestServer server =
      Serve([&](const TenantScope& scope, const std::string& request, OperationRun& run, Operation& result) {
        const absl::Status status = Endless(scope, request, run, result);
        ended = true;
        return status;
      });
  const Uuid id = Create();
  Await(id, [](const Operation& operation) { return operation.has_start_time(); });
  ASSERT_TRUE(operations_.Cancel(scope_, id, db_.clock().Now()).ok());
  const absl::Time deadline = absl::Now() + kPatience;
  while (!ended && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_TRUE(ended);
  EXPECT_EQ(Get(id).state(), Operation::STATE_CANCELLED);
}

TEST_F(OperationRunnerTest, AnotherServerBeginsWhatADeadOneHeld) {
  const Uuid id = Create();
  const auto dead = operations_.Claim(
      scope_, {.owner = "dead", .lease = absl::Milliseconds(300), .kinds = {"Count"}, .now = db_.clock().Now()});
  ASSERT_TRUE(dead->has_value());
  const TestServer server = Serve([](const TenantScope&, const std::string&, OperationRun&, Operation& result) {
    result.mutable_backtest()->set_newly_asked(7);
    return absl::OkStatus();
  });
  EXPECT_EQ(Get(id).state(), Operation::STATE_RUNNING) << "its lease has not ended";
  EXPECT_EQ(AwaitEnd(id).backtest().newly_asked(), 7);
  EXPECT_FALSE(*operations_.Finish(scope_, **dead, {}, db_.clock().Now())) << "it is late";
}

TEST_F(OperationRunnerTest, KeepsItsClaimForLongerThanALease) {
  std::atomic<int> runs = 0;
  const OperationFunction slow = [&](const TenantScope&, const std::string&, OperationRun&, Operation& result) {
    ++runs;
    absl::SleepFor(absl::Milliseconds(1500));
    result.mutable_backtest();
    return absl::OkStatus();
  };
  const TestServer a = Serve(slow, absl::Milliseconds(500));
  const TestServer b = Serve(slow, absl::Milliseconds(500));
  EXPECT_EQ(AwaitEnd(Create()).state(), Operation::STATE_SUCCEEDED);
  EXPECT_EQ(runs, 1);
}

TEST_F(OperationRunnerTest, WhoStopsLeavesItToTheNext) {
  std::optional<TestServer> first = Serve(Endless, absl::Hours(1));
  const Uuid id = Create();
  Await(id, [](const Operation& operation) { return operation.has_start_time(); });
  first.reset();
  EXPECT_EQ(Get(id).state(), Operation::STATE_RUNNING);
  const TestServer second = Serve([](const TenantScope&, const std::string&, OperationRun&, Operation& result) {
    result.mutable_backtest();
    return absl::OkStatus();
  });
  EXPECT_EQ(AwaitEnd(id).state(), Operation::STATE_SUCCEEDED) << "long before the first lease would have ended";
}

TEST_F(OperationRunnerTest, WhatFailsForWantOfTheDatabaseIsBegunAgain) {
  std::atomic<int> runs = 0;
  const TestServer server = Serve(
      [&](const TenantScope&, const std::string&, OperationRun&, Operation& result) {
        if (runs++ == 0) return absl::UnavailableError("no database");
        result.mutable_backtest();
        return absl::OkStatus();
      },
      absl::Milliseconds(200));
  EXPECT_EQ(AwaitEnd(Create()).state(), Operation::STATE_SUCCEEDED);
  EXPECT_EQ(runs, 2);
}

TEST_F(OperationRunnerTest, GivesUpWhatNeverEnds) {
  const Uuid id = Create();
  for (int i = 0; i < kMaxBegins; ++i) {
    const auto claimed =
        operations_.Claim(scope_, {.owner = "x", .lease = absl::Hours(1), .kinds = {"Count"}, .now = absl::Now()});
    ASSERT_TRUE(operations_.Release(scope_, **claimed).ok());
  }
  const TestServer server = Serve(Endless);
  EXPECT_EQ(AwaitEnd(id).state(), Operation::STATE_FAILED);
}

TEST_F(OperationRunnerTest, SweepsWhatIsOld) {
  const Uuid id = Create();
  ASSERT_TRUE(operations_.Cancel(scope_, id, db_.clock().Now()).ok());
  db_.clock().Advance(kKept + absl::Hours(1));
  const TestServer server = Serve(Endless);
  const absl::Time deadline = absl::Now() + kPatience;
  while (operations_.Get(scope_, id).ok() && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(5));
  EXPECT_EQ(ReasonOf(operations_.Get(scope_, id).status()), v1::ERROR_REASON_OPERATION_NOT_FOUND);
}

}  // namespace
}  // namespace canvass::operations
