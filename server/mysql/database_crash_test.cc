// What a Database promises when its server is killed in the middle of everything: acknowledged is there once, failed is
// not there, unknown is one of the two.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "server/base/status_macros.h"
#include "server/mysql/database.h"
#include "server/mysql/embedded_server.h"
#include "server/mysql/pool.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::mysql {
namespace {

constexpr int kWriters = 4;
constexpr int kKills = 3;

class DatabaseCrashTest : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::CopyTemplate(directory_.path() + "/data");
    auto server =
        EmbeddedServer::Start({.data_directory = directory_.path() + "/data", .log_file_megabytes = 32}, clock_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    const auto connection = Connection::Open(server_->connect_options());
    ASSERT_TRUE(connection.ok());
    ASSERT_TRUE((*connection)->ExecuteText("CREATE TABLE pairs (id BIGINT PRIMARY KEY, half INT) ENGINE=InnoDB").ok());
    database_ = std::make_unique<Database>(
        std::make_unique<Pool>(PoolOptions{.connect = server_->connect_options()}, clock_), clock_);
  }

  // Writes two rows that belong together, under numbers of its own, until told to stop.
  void WritePairs(int writer) {
    for (int64_t n = 0; !stop_; ++n) {
      const int64_t id = 2 * (n * kWriters + writer);
      const absl::Status status = database_->Write(scope_, [&](Transaction& tx) -> absl::Status {
        CANVASS_RETURN_IF_ERROR(tx.Execute("INSERT INTO pairs VALUES (?, 1)", Params().Add(id)).status());
        return tx.Execute("INSERT INTO pairs VALUES (?, 2)", Params().Add(id + 1)).status();
      });
      absl::MutexLock lock(&mutex_);
      if (status.ok()) {
        acknowledged_.insert(id);
      } else if (CommitUnknown(status)) {
        unknown_.insert(id);
      } else {
        failed_.insert(id);
        EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
      }
    }
  }

  SystemClock clock_;
  testing::TemporaryDirectory directory_;
  std::unique_ptr<EmbeddedServer> server_;
  std::unique_ptr<Database> database_;
  const TenantScope scope_ = testing::MakeScope();
  std::atomic<bool> stop_ = false;
  absl::Mutex mutex_;
  std::set<int64_t> acknowledged_;
  std::set<int64_t> unknown_;
  std::set<int64_t> failed_;
};

TEST_F(DatabaseCrashTest, TheAccountsAddUpAfterKills) {
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) writers.emplace_back([this, writer] { WritePairs(writer); });
  for (int round = 1; round <= kKills; ++round) {
    absl::SleepFor(absl::Milliseconds(250));
    ASSERT_EQ(kill(server_->pid(), SIGKILL), 0);
    for (int i = 0; i < 1500; ++i) {
      absl::SleepFor(absl::Milliseconds(20));
      if (server_->restarts() == round && Connection::Open(server_->connect_options()).ok()) break;
    }
    ASSERT_EQ(server_->restarts(), round);
  }
  absl::SleepFor(absl::Milliseconds(250));
  stop_ = true;
  for (std::thread& writer : writers) writer.join();

  std::set<int64_t> found;
  const auto connection = Connection::Open(server_->connect_options());
  ASSERT_TRUE(connection.ok()) << connection.status();
  const absl::StatusOr<Rows> rows = (*connection)->Query("SELECT id FROM pairs");
  ASSERT_TRUE(rows.ok());
  for (const Row& row : *rows) found.insert(row.Int(0));
  for (const int64_t id : acknowledged_) EXPECT_TRUE(found.contains(id) && found.contains(id + 1)) << id;
  for (const int64_t id : failed_) EXPECT_FALSE(found.contains(id) || found.contains(id + 1)) << id;
  for (const int64_t id : unknown_) EXPECT_EQ(found.contains(id), found.contains(id + 1)) << id;
  EXPECT_GT(acknowledged_.size(), 20u);
  EXPECT_LE(unknown_.size(), static_cast<std::size_t>(kWriters * kKills));
  RecordProperty("acknowledged", static_cast<int>(acknowledged_.size()));
  RecordProperty("unknown", static_cast<int>(unknown_.size()));
}

}  // namespace
}  // namespace canvass::mysql
