#include "server/mysql/pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/mysql/embedded_server.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::mysql {
namespace {

using testing::TemporaryDirectory;
using testing::TestDatabase;
using testing::TestSchema;

int64_t SessionId(Connection& connection) {
  const absl::StatusOr<Rows> rows = connection.Query("SELECT CONNECTION_ID()");
  return rows.ok() && !rows->empty() ? rows->front().Int(0) : 0;
}

class PoolTest : public ::testing::Test {
 protected:
  Pool& MakePool(PoolOptions options) {
    options.connect = db_.connect_options();
    pool_ = std::make_unique<Pool>(std::move(options), clock_);
    return *pool_;
  }
  int64_t BorrowedId(Pool& pool) {
    const absl::StatusOr<Pool::Borrowed> connection = pool.Borrow(absl::Seconds(5));
    EXPECT_TRUE(connection.ok()) << connection.status();
    return connection.ok() ? SessionId(**connection) : 0;
  }
  void Kill(int64_t id) { ASSERT_TRUE(db_.Connect()->ExecuteText(absl::StrCat("KILL CONNECTION ", id)).ok()); }

  TestDatabase db_{{.schema = TestSchema::kEmpty}};
  SystemClock clock_;
  std::unique_ptr<Pool> pool_;
};

TEST_F(PoolTest, ASessionIsUsedAgain) {
  Pool& pool = MakePool({});
  const int64_t first = BorrowedId(pool);
  EXPECT_EQ(BorrowedId(pool), first);
  EXPECT_EQ(pool.counts().open, 1);
  EXPECT_EQ(pool.counts().idle, 1);
}

TEST_F(PoolTest, NoMoreThanItsSize) {
  Pool& pool = MakePool({.max_connections = 3});
  std::atomic<int> in_use = 0;
  std::atomic<int> most = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        const absl::StatusOr<Pool::Borrowed> connection = pool.Borrow(absl::Seconds(30));
        ASSERT_TRUE(connection.ok()) << connection.status();
        const int now = ++in_use;
        int seen = most;
        while (seen < now && !most.compare_exchange_weak(seen, now)) {
        }
        EXPECT_TRUE((*connection)->Query("SELECT SLEEP(0.002)").ok());
        --in_use;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(most, 3);
  EXPECT_EQ(pool.counts().open, 3);
}

TEST_F(PoolTest, WaitingEndsAtTheDeadlineOrAtItsOwnLimit) {
  Pool& pool = MakePool({.max_connections = 1, .max_wait = absl::Milliseconds(300)});
  const absl::StatusOr<Pool::Borrowed> held = pool.Borrow(absl::Seconds(5));
  ASSERT_TRUE(held.ok());
  const absl::Time start = clock_.Now();
  const absl::Status late = pool.Borrow(absl::Milliseconds(50)).status();
  EXPECT_EQ(late.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(ReasonOf(late), v1::ERROR_REASON_DEADLINE_EXCEEDED);
  const absl::Status busy = pool.Borrow(absl::InfiniteDuration()).status();
  EXPECT_EQ(busy.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(busy), v1::ERROR_REASON_DATABASE_UNAVAILABLE);
  EXPECT_LT(clock_.Now() - start, absl::Seconds(2));
}

TEST_F(PoolTest, ABrokenSessionIsThrownAway) {
  Pool& pool = MakePool({});
  {
    const absl::StatusOr<Pool::Borrowed> connection = pool.Borrow(absl::Seconds(5));
    ASSERT_TRUE(connection.ok());
    Kill(SessionId(**connection));
    EXPECT_FALSE((*connection)->Query("SELECT 1").ok());
  }
  EXPECT_EQ(pool.counts().open, 0);
  EXPECT_NE(BorrowedId(pool), 0);
}

TEST_F(PoolTest, AfterAPauseASessionIsCheckedBeforeItIsLent) {
  Pool& pool = MakePool({.check_after = absl::ZeroDuration()});
  const int64_t first = BorrowedId(pool);
  Kill(first);
  const int64_t second = BorrowedId(pool);
  EXPECT_NE(second, 0);
  EXPECT_NE(second, first);
}

TEST_F(PoolTest, OneBrokenSessionMakesTheOthersSuspect) {
  Pool& pool = MakePool({.check_after = absl::Hours(1)});
  std::vector<int64_t> ids;
  {
    std::vector<Pool::Borrowed> held;
    for (int i = 0; i < 3; ++i) {
      absl::StatusOr<Pool::Borrowed> connection = pool.Borrow(absl::Seconds(5));
      ASSERT_TRUE(connection.ok());
      ids.push_back(SessionId(**connection));
      held.push_back(*std::move(connection));
    }
  }
  for (const int64_t id : ids) Kill(id);
  {  // the first to use one finds out the hard way
    const absl::StatusOr<Pool::Borrowed> connection = pool.Borrow(absl::Seconds(5));
    ASSERT_TRUE(connection.ok());
    EXPECT_FALSE((*connection)->Query("SELECT 1").ok());
  }
  for (int i = 0; i < 3; ++i) EXPECT_NE(BorrowedId(pool), 0);
}

TEST_F(PoolTest, OldSessionsAreReplaced) {
  Pool& pool = MakePool({.max_age = absl::Milliseconds(100)});
  const int64_t first = BorrowedId(pool);
  absl::SleepFor(absl::Milliseconds(150));
  EXPECT_NE(BorrowedId(pool), first);
  EXPECT_EQ(pool.counts().open, 1);
}

// A server of its own, for tests that take it down.
class PoolOutageTest : public ::testing::Test {
 protected:
  PoolOutageTest() {
    testing::CopyTemplate(directory_.path() + "/data");
    Start();
  }

  void Start() {
    absl::StatusOr<std::unique_ptr<EmbeddedServer>> server =
        EmbeddedServer::Start({.data_directory = directory_.path() + "/data",
                               .durability = Durability::kProcessCrash,
                               .log_file_megabytes = 32},
                              clock_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  // Borrows until it works; returns how long that took.
  absl::Duration TimeToRecover(Pool& pool, absl::Duration patience) {
    const absl::Time start = clock_.Now();
    while (clock_.Now() - start < patience) {
      const absl::StatusOr<Pool::Borrowed> connection = pool.Borrow(absl::Seconds(1));
      if (connection.ok() && (*connection)->Query("SELECT 1").ok()) return clock_.Now() - start;
      absl::SleepFor(absl::Milliseconds(10));
    }
    return absl::InfiniteDuration();
  }

  SystemClock clock_;
  TemporaryDirectory directory_;
  std::unique_ptr<EmbeddedServer> server_;
};

TEST_F(PoolOutageTest, WhileTheServerIsDownEverybodyHearsItAtOnceAndThenItIsBack) {
  Pool pool({.connect = server_->connect_options(), .max_connections = 4}, clock_);
  ASSERT_TRUE(pool.Borrow(absl::Seconds(5)).ok());
  ASSERT_TRUE(server_->Stop().ok());
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 10; ++round) {
        const absl::Time start = clock_.Now();
        absl::Status status;
        {
          const absl::StatusOr<Pool::Borrowed> connection = pool.Borrow(absl::Seconds(30));
          status = connection.ok() ? (*connection)->Query("SELECT 1").status() : connection.status();
        }
        EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
        EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_DATABASE_UNAVAILABLE);
        EXPECT_LT(clock_.Now() - start, absl::Seconds(2));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  server_.reset();
  Start();
  EXPECT_LT(TimeToRecover(pool, absl::Seconds(10)), absl::Seconds(3));
}

TEST_F(PoolOutageTest, AKilledServerComesBackAndThePoolWithIt) {
  Pool pool({.connect = server_->connect_options(), .max_connections = 4}, clock_);
  ASSERT_TRUE(pool.Borrow(absl::Seconds(5)).ok());
  const pid_t before = server_->pid();
  ASSERT_EQ(kill(before, SIGKILL), 0);
  EXPECT_LT(TimeToRecover(pool, absl::Seconds(30)), absl::Seconds(20));
  EXPECT_NE(server_->pid(), before);
  EXPECT_EQ(server_->restarts(), 1);
}

}  // namespace
}  // namespace canvass::mysql
