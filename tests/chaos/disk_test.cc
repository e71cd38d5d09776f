// The database's disk stands still for seconds, or loses its power: what was acknowledged was on it before.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "tests/chaos/account.h"
#include "tests/chaos/extent.h"
#include "tests/chaos/held_still.h"
#include "tests/chaos/load.h"
#include "tests/chaos/loop_disk.h"
#include "tests/chaos/rig.h"

namespace canvass::chaos {
namespace {

using ::testing::IsEmpty;

constexpr int kMegabytes = 300;
constexpr absl::Duration kLead = absl::Milliseconds(1500);
// What was durable already when the disk froze reaches its callers within this time.
constexpr absl::Duration kOnTheirWay = absl::Milliseconds(500);

class DiskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto disk = LoopDisk::Make(kMegabytes);
    if (absl::IsFailedPrecondition(disk.status())) GTEST_SKIP() << disk.status().message();
    ASSERT_TRUE(disk.ok()) << disk.status();
    disk_ = *std::move(disk);
    auto rig = Rig::Start(On(*disk_));
    ASSERT_TRUE(rig.ok()) << rig.status();
    rig_ = *std::move(rig);
  }

  static RigOptions On(const LoopDisk& disk) {
    return {.database_directory = disk.path() + "/db", .durability = mysql::Durability::kDurable};
  }

  // Loses the power under load; returns what the books then say of the disk.
  std::vector<std::string> LosePower() {
    // What was installed was so long ago, and the database's own files with it.
    disk_->Sync();
    Load load(rig_->own(), rig_->server().address(), account_, {.callers = 16, .batches = 2, .streams = 2});
    absl::SleepFor(kLead);
    const std::string image = directory_.path() + "/image";
    absl::Status copied;
    {
      account_.LosePower();
      acknowledged_ = account_.acknowledged();
      const HeldStill still(rig_->database().pid());
      copied = disk_->CopyTo(image);
    }
    load.Stop();
    if (!copied.ok()) return {copied.ToString()};
    const testing::Workspace before = std::move(rig_->own());
    rig_.reset();
    const auto disk = LoopDisk::Open(image);
    if (!disk.ok()) return {disk.status().ToString()};
    const auto rig = Rig::GoOn(On(**disk), before);
    if (!rig.ok()) return {rig.status().ToString()};
    return account_.Audit((*rig)->own());
  }

  const mysql::testing::TemporaryDirectory directory_;
  // The disk outlives what is on it.
  std::unique_ptr<LoopDisk> disk_;
  std::unique_ptr<Rig> rig_;
  Account account_;
  int64_t acknowledged_ = 0;
};

TEST_F(DiskTest, StandsStillAndNothingIsAcknowledgedMeanwhileNorLost) {
  Load load(rig_->own(), rig_->server().address(), account_, {.callers = 16, .batches = 1, .streams = 1});
  for (int round = 0; round < Rounds(2); ++round) {
    absl::SleepFor(kLead);
    ASSERT_TRUE(disk_->Freeze().ok());
    absl::SleepFor(kOnTheirWay);
    const int64_t at_freeze = account_.acknowledged();
    // Every other time longer than one statement may take.
    absl::SleepFor(absl::Seconds(round % 2 == 0 ? 2 : 11));
    EXPECT_EQ(account_.acknowledged(), at_freeze) << "acknowledged without a disk";
    disk_->Thaw();
    const absl::Time give_up = absl::Now() + absl::Seconds(20);
    while (account_.acknowledged() <= at_freeze + 100 && absl::Now() < give_up) absl::SleepFor(kOnTheirWay / 10);
    EXPECT_GT(account_.acknowledged(), at_freeze + 100) << "work does not go on";
  }
  load.Stop();
  EXPECT_THAT(account_.Audit(rig_->own()), IsEmpty());
  EXPECT_GT(account_.acknowledged(), 500);
}

TEST_F(DiskTest, LosesItsPowerAndKeepsWhatWasAcknowledged) {
  EXPECT_THAT(LosePower(), IsEmpty());
  EXPECT_GT(acknowledged_, 500);
}

// What makes the test above worth something: of a database that flushes its log now and then, the same image lacks
// answers.
TEST_F(DiskTest, LosesItsPowerAndTheAuditSeesWhatADatabaseWithoutFlushesLost) {
  const auto connection = rig_->Connect();
  ASSERT_TRUE(connection->ExecuteText("SET GLOBAL innodb_flush_log_at_timeout = 2700").ok());
  ASSERT_TRUE(connection->ExecuteText("SET GLOBAL innodb_flush_log_at_trx_commit = 0").ok());
  const std::vector<std::string> faults = LosePower();
  const auto lost = std::count_if(faults.begin(), faults.end(), [](const std::string& fault) {
    return absl::EndsWith(fault, "was acknowledged and is lost");
  });
  EXPECT_GT(lost, 0) << "of " << acknowledged_ << "; found: " << (faults.empty() ? "nothing" : faults.front());
  RecordProperty("acknowledged", static_cast<int>(acknowledged_));
  RecordProperty("lost", static_cast<int>(lost));
}

}  // namespace
}  // namespace canvass::chaos
