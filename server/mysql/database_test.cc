#include "server/mysql/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "absl/synchronization/notification.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/mysql/connection.h"
#include "server/mysql/pool.h"
#include "server/mysql/status_mapping.h"
#include "server/mysql/testing/cutting_proxy.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::mysql {
namespace {

using testing::CuttingProxy;
using testing::MakeScope;
using testing::TestDatabase;
using testing::TestSchema;

class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest() {
    Sql("CREATE TABLE things (id BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL, payload MEDIUMBLOB NULL) "
        "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
  }
  void Sql(absl::string_view sql) {
    const absl::Status status = db_.Connect()->ExecuteText(sql);
    ASSERT_TRUE(status.ok()) << status;
  }
  absl::Status Write(TransactionFunction function, absl::Time deadline = absl::InfiniteFuture()) {
    return db_.database().Write(scope_, function, deadline);
  }
  static absl::Status Insert(Transaction& tx, int64_t id, int64_t n = 0) {
    return tx.Execute("INSERT INTO things (id, n) VALUES (?, ?)", Params().Add(id).Add(n)).status();
  }
  static absl::Status Add(Transaction& tx, int64_t id) {
    return tx.Execute("UPDATE things SET n = n + 1 WHERE id = ?", Params().Add(id)).status();
  }
  int64_t Rows() { return db_.Count("SELECT COUNT(*) FROM things"); }
  // Another Database on the same schema, over `connect`.
  std::unique_ptr<Database> Another(ConnectOptions connect) {
    return std::make_unique<Database>(std::make_unique<Pool>(PoolOptions{.connect = std::move(connect)}, clock_),
                                      clock_);
  }

  SystemClock clock_;
  TestDatabase db_{{.schema = TestSchema::kEmpty, .clock = &clock_}};
  const TenantScope scope_ = MakeScope();
};

TEST_F(DatabaseTest, AnErrorOfTheFunctionUndoesWhatItWrote) {
  const absl::Status status = Write([](Transaction& tx) -> absl::Status {
    CANVASS_RETURN_IF_ERROR(Insert(tx, 1));
    return absl::NotFoundError("by the function");
  });
  EXPECT_EQ(status, absl::NotFoundError("by the function"));
  EXPECT_EQ(Rows(), 0);
  EXPECT_TRUE(Write([](Transaction& tx) { return Insert(tx, 1); }).ok());
  EXPECT_EQ(Rows(), 1);
}

TEST_F(DatabaseTest, ADuplicateIsAnAnswerAndTheTransactionGoesOn) {
  Sql("INSERT INTO things VALUES (1, 10, NULL)");
  absl::Status duplicate;
  const absl::Status status = Write([&](Transaction& tx) -> absl::Status {
    CANVASS_RETURN_IF_ERROR(Insert(tx, 2));
    duplicate = Insert(tx, 1);
    return Insert(tx, 3);
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(IsDuplicateKey(duplicate));
  EXPECT_EQ(Rows(), 3);
}

TEST_F(DatabaseTest, TwoThatBlockEachOtherBothGetThrough) {
  Sql("INSERT INTO things VALUES (1, 0, NULL), (2, 0, NULL)");
  std::atomic<int> attempts = 0;
  auto* const barrier = new absl::Barrier(2);  // the last one to leave deletes it
  const auto cross = [&](int64_t first, int64_t second) {
    bool met = false;
    const absl::Status status = Write([&](Transaction& tx) -> absl::Status {
      ++attempts;
      CANVASS_RETURN_IF_ERROR(Add(tx, first));
      if (!std::exchange(met, true) && barrier->Block()) delete barrier;
      return Add(tx, second);
    });
    EXPECT_TRUE(status.ok()) << status;
  };
  std::thread other([&] { cross(2, 1); });
  cross(1, 2);
  other.join();
  EXPECT_EQ(attempts, 3);
  EXPECT_EQ(db_.Count("SELECT SUM(n) FROM things"), 4);
}

TEST_F(DatabaseTest, ALockThatIsHeldForTooLongCostsARetryNotHalfATransaction) {
  Sql("INSERT INTO things VALUES (1, 0, NULL)");
  ConnectOptions impatient = db_.connect_options();
  impatient.lock_wait_timeout = absl::Seconds(1);
  const std::unique_ptr<Database> database = Another(impatient);
  const std::unique_ptr<Connection> holder = db_.Connect();
  ASSERT_TRUE(holder->Begin().ok());
  ASSERT_TRUE(holder->Execute("UPDATE things SET n = 100 WHERE id = 1").ok());
  int attempts = 0;
  const absl::Status status = database->Write(scope_, [&](Transaction& tx) -> absl::Status {
    if (++attempts == 2) CANVASS_RETURN_IF_ERROR(holder->Rollback());
    CANVASS_RETURN_IF_ERROR(Insert(tx, 2));
    // Overlooking the failure does not lead to a commit of the first half.
    Add(tx, 1).IgnoreError();
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(Rows(), 2);
  EXPECT_EQ(db_.Count("SELECT n FROM things WHERE id = 1"), 1);
}

TEST_F(DatabaseTest, AnEndlessConflictEndsInAborted) {
  int attempts = 0;
  const absl::Status status = Write([&](Transaction&) {
    ++attempts;
    return ToStatus({.code = 1213, .text = "made up"}, "");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_CONFLICT);
  EXPECT_EQ(attempts, 10);
}

TEST_F(DatabaseTest, RetriesStopAtTheDeadline) {
  int attempts = 0;
  const absl::Time start = clock_.Now();
  const absl::Status status = Write(
      [&](Transaction&) {
        ++attempts;
        return ToStatus({.code = 1213, .text = "made up"}, "");
      },
      start + absl::Milliseconds(20));
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_LT(attempts, 10);
  EXPECT_LT(clock_.Now() - start, absl::Seconds(1));
}

TEST_F(DatabaseTest, NothingStartsAfterTheDeadline) {
  int calls = 0;
  const auto count = [&](Transaction&) {
    ++calls;
    return absl::OkStatus();
  };
  const absl::Status late = Write(count, clock_.Now() - absl::Seconds(1));
  EXPECT_EQ(late.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(calls, 0);
  const absl::Status between = Write(
      [&](Transaction& tx) -> absl::Status {
        CANVASS_RETURN_IF_ERROR(Insert(tx, 1));
        absl::SleepFor(absl::Milliseconds(300));
        return Insert(tx, 2);
      },
      clock_.Now() + absl::Milliseconds(250));
  EXPECT_EQ(between.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(ReasonOf(between), v1::ERROR_REASON_DEADLINE_EXCEEDED);
  EXPECT_EQ(Rows(), 0);
}

TEST_F(DatabaseTest, AConnectionLostBeforeCommitCostsARetry) {
  int attempts = 0;
  const absl::Status status = Write([&](Transaction& tx) -> absl::Status {
    CANVASS_RETURN_IF_ERROR(Insert(tx, 1));
    if (++attempts == 1) {
      CANVASS_ASSIGN_OR_RETURN(const mysql::Rows id, tx.Query("SELECT CONNECTION_ID()", Params()));
      Sql(absl::StrCat("KILL CONNECTION ", id[0].Int(0)));
    }
    return Insert(tx, 2);
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(Rows(), 2);
}

TEST_F(DatabaseTest, ACommitWhoseAnswerIsLostIsUnknownAndNotRepeated) {
  CuttingProxy proxy(db_.connect_options().socket);
  ConnectOptions through = db_.connect_options();
  through.socket = proxy.socket();
  const std::unique_ptr<Database> database = Another(through);
  int64_t id = 0;
  for (const auto cut : {CuttingProxy::Cut::kAnswer, CuttingProxy::Cut::kRequest}) {
    ++id;
    int attempts = 0;
    proxy.CutNextCommit(cut);
    const absl::Status status = database->Write(scope_, [&](Transaction& tx) {
      ++attempts;
      return Insert(tx, id);
    });
    EXPECT_TRUE(CommitUnknown(status)) << status;
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_OUTCOME_UNKNOWN);
    EXPECT_EQ(attempts, 1);
  }
  EXPECT_EQ(proxy.cuts(), 2);
  // The one really was written, the other was not, and no caller could have told.
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM things WHERE id = 1"), 1);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM things WHERE id = 2"), 0);
  // How a store finds out: the same again, on a new connection.
  const absl::Status again = database->Write(scope_, [](Transaction& tx) { return Insert(tx, 1); });
  EXPECT_TRUE(IsDuplicateKey(again));
  EXPECT_TRUE(database->Write(scope_, [](Transaction& tx) { return Insert(tx, 2); }).ok());
}

TEST_F(DatabaseTest, ReadDoesNotWrite) {
  const absl::Status status = db_.database().Read(scope_, [](Transaction& tx) { return Insert(tx, 1); });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(Rows(), 0);
  int64_t seen = -1;
  const absl::Status read = db_.database().Read(scope_, [&](Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query("SELECT COUNT(*) FROM things", Params()));
    seen = rows[0].Int(0);
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  EXPECT_EQ(seen, 0);
}

TEST_F(DatabaseTest, ASharedTransactionNeedsATenant) {
  const TenantScope other = MakeScope("globex");
  const TenantScope* const both[] = {&scope_, &other};
  EXPECT_TRUE(db_.database().WriteShared(both, [](Transaction& tx) { return Insert(tx, 1); }).ok());
  EXPECT_EQ(db_.database().WriteShared({}, [](Transaction& tx) { return Insert(tx, 2); }).code(),
            absl::StatusCode::kInternal);
  EXPECT_EQ(Rows(), 1);
}

TEST_F(DatabaseTest, WritersOfTheSameRowsLoseNothing) {
  Sql("INSERT INTO things VALUES (1, 0, NULL), (2, 0, NULL), (3, 0, NULL)");
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 6; ++writer) {
    threads.emplace_back([&, writer] {
      for (int round = 0; round < 20; ++round) {
        const absl::Status status = Write([&](Transaction& tx) -> absl::Status {
          CANVASS_RETURN_IF_ERROR(Add(tx, 1 + (writer + round) % 3));
          return Add(tx, 1 + (writer * 2 + round + 1) % 3);
        });
        EXPECT_TRUE(status.ok()) << status;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(db_.Count("SELECT SUM(n) FROM things"), 6 * 20 * 2);
}

class InsertRowsTest : public DatabaseTest {
 protected:
  absl::Status InsertMany(int64_t first, int64_t count, std::size_t payload, absl::string_view tail = "") {
    Params params;
    for (int64_t i = 0; i < count; ++i) params.Add(first + i).Add(i).Add(std::string(payload, 'x'));
    return Write(
        [&](Transaction& tx) { return tx.InsertRows("INSERT INTO things (id, n, payload) VALUES", 3, params, tail); });
  }
};

TEST_F(InsertRowsTest, EveryNumberOfRowsArrivesWhole) {
  int64_t first = 0;
  for (const int64_t count : {0, 1, 2, 3, 7, 255, 256, 257, 1000}) {
    ASSERT_TRUE(InsertMany(first, count, 5).ok());
    first += count;
    EXPECT_EQ(Rows(), first);
  }
  EXPECT_EQ(db_.Count("SELECT SUM(n) FROM things WHERE id >= 781"), 999 * 1000 / 2);
}

TEST_F(InsertRowsTest, FewStatementsServeEveryNumber) {
  ASSERT_TRUE(Write([&](Transaction& tx) -> absl::Status {
                int64_t id = 0;
                for (int count = 1; count <= 300; ++count) {
                  Params params;
                  for (int i = 0; i < count; ++i) params.Add(++id).Add(0);
                  CANVASS_RETURN_IF_ERROR(tx.InsertRows("INSERT INTO things (id, n) VALUES", 2, params));
                }
                CANVASS_ASSIGN_OR_RETURN(const mysql::Rows prepared,
                                         tx.Query("SHOW SESSION STATUS LIKE 'Com_stmt_prepare'", Params()));
                EXPECT_LT(std::atoi(prepared[0].String(1).c_str()), 12);
                return absl::OkStatus();
              }).ok());
}

TEST_F(InsertRowsTest, LargeRowsAreSplitBySize) {
  ASSERT_TRUE(InsertMany(0, 64, 1 << 20).ok());
  EXPECT_EQ(db_.Count("SELECT SUM(LENGTH(payload)) FROM things"), int64_t{64} << 20);
}

TEST_F(InsertRowsTest, ATailMakesItAnUpsert) {
  ASSERT_TRUE(InsertMany(0, 300, 1).ok());
  ASSERT_TRUE(InsertMany(0, 300, 1, "ON DUPLICATE KEY UPDATE n = n + VALUES(n)").ok());
  EXPECT_EQ(Rows(), 300);
  EXPECT_EQ(db_.Count("SELECT SUM(n) FROM things"), 299 * 300);
}

TEST_F(InsertRowsTest, ADuplicateUndoesAllChunks) {
  ASSERT_TRUE(InsertMany(400, 1, 1).ok());
  const absl::Status status = InsertMany(0, 600, 1);
  EXPECT_TRUE(IsDuplicateKey(status));
  EXPECT_EQ(Rows(), 1);
}

TEST_F(InsertRowsTest, ValuesThatDoNotFillTheirRowsAreAMistake) {
  const absl::Status status = Write([](Transaction& tx) {
    return tx.InsertRows("INSERT INTO things (id, n) VALUES", 2, Params().Add(1).Add(2).Add(3));
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
}

TEST(PlaceholdersTest, CountAndPad) {
  EXPECT_EQ(Placeholders(1), "(?)");
  EXPECT_EQ(Placeholders(3), "(?,?,?)");
  EXPECT_EQ(PadCount(1), 1u);
  EXPECT_EQ(PadCount(3), 4u);
  EXPECT_EQ(PadCount(64), 64u);
  EXPECT_EQ(PadCount(65), 128u);
}

TEST(TenantPairsTest, AreTwoAtLeastAndPadded) {
  const TenantScope scope = testing::MakeScope("acme");
  for (const auto& [keys, pairs] : {std::pair<std::size_t, std::size_t>(1, 2), {2, 2}, {3, 4}}) {
    Params params;
    const std::vector<Uuid> all(keys);
    const std::string text = TenantPairs(scope, all, params);
    EXPECT_EQ(std::count(text.begin(), text.end(), '?'), 2 * static_cast<std::ptrdiff_t>(pairs)) << text;
    EXPECT_EQ(params.values().size(), 2 * pairs);
  }
  Params params;
  EXPECT_EQ(TenantPairs(scope, std::vector<Uuid>(1), params), "((?,?),(?,?))");
}

}  // namespace
}  // namespace canvass::mysql
