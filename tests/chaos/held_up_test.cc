// The database is there, but does not get on: somebody else keeps rows locked, or it hangs as a whole and the queue
// fills.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "client/cpp/call_window.h"
#include "client/cpp/client.h"
#include "client/cpp/status.h"
#include "tests/chaos/account.h"
#include "tests/chaos/extent.h"
#include "tests/chaos/held_still.h"
#include "tests/chaos/load.h"
#include "tests/chaos/rig.h"

namespace canvass::chaos {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;

constexpr absl::Duration kLead = absl::Seconds(1);

class HeldUpTest : public ::testing::Test {
 protected:
  void StartRig(RigOptions options) {
    auto rig = Rig::Start(std::move(options));
    ASSERT_TRUE(rig.ok()) << rig.status();
    rig_ = *std::move(rig);
  }

  // Has every response counted in survey_counters.
  void LimitSurvey() {
    v1::UpdateSurveyRequest update;
    update.mutable_survey()->set_name(rig_->own().survey);
    update.mutable_survey()->mutable_closing()->set_max_responses(1'000'000);
    update.mutable_update_mask()->add_paths("closing");
    const auto updated = rig_->own().admin->Call(&client::Surveys::UpdateSurvey, update);
    ASSERT_TRUE(updated.ok()) << updated.status();
  }

  // Holds the locks that `sql` takes for so long under load; meanwhile nothing can be stored, afterwards all goes on.
  void HoldLocks(const std::string& sql, absl::Duration duration) {
    const auto holder = rig_->Connect();
    ASSERT_TRUE(holder->ExecuteText("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ").ok());
    ASSERT_TRUE(holder->Begin().ok());
    const auto rows = holder->Query(sql);
    ASSERT_TRUE(rows.ok()) << rows.status();
    ASSERT_FALSE(rows->empty()) << sql;
    // What was past these rows already.
    absl::SleepFor(absl::Milliseconds(300));
    const int64_t at_lock = account_.acknowledged();
    absl::SleepFor(duration);
    EXPECT_EQ(account_.acknowledged(), at_lock) << "the lock holds nobody up: " << sql;
    ASSERT_TRUE(holder->Rollback().ok());
    const absl::Time give_up = absl::Now() + absl::Seconds(15);
    while (account_.acknowledged() < at_lock + 100 && absl::Now() < give_up) absl::SleepFor(absl::Milliseconds(20));
    EXPECT_GE(account_.acknowledged(), at_lock + 100) << "work does not go on";
  }

  std::unique_ptr<Rig> rig_;
  Account account_;
};

TEST_F(HeldUpTest, BySomebodyWhoKeepsRowsLocked) {
  StartRig({});
  LimitSurvey();
  Load load(rig_->own(), rig_->own().address, account_, {.callers = 16, .batches = 1, .streams = 1});
  for (int round = 0; round < Rounds(1); ++round) {
    absl::SleepFor(kLead);
    HoldLocks("SELECT total FROM survey_counters WHERE tenant_id = 'chaos' FOR UPDATE", absl::Seconds(3));
    // Longer than a statement waits for a lock, and than a batch of several is tried.
    HoldLocks("SELECT COUNT(*) FROM responses FORCE INDEX (by_single_use) WHERE tenant_id = 'chaos' FOR UPDATE",
              absl::Seconds(7));
  }
  load.Stop();
  EXPECT_THAT(account_.Audit(rig_->own()), IsEmpty());
}

// Calls that are not repeated, many at once, with what each of them got and when.
class Volley {
 public:
  struct Refusal {
    absl::Status status;
    absl::Duration after;
  };

  Volley(const testing::Workspace& workspace, Account& account)
      : workspace_(workspace), account_(account), client_(MakeClient(workspace)) {}

  void Fire(int count) {
    for (int i = 0; i < count; ++i) {
      v1::SubmitResponseRequest request = testing::MakeSubmission(workspace_, i);
      request.set_request_id(absl::StrCat("volley ", ++fired_));
      request.mutable_response()->mutable_answers(3)->set_text(request.request_id());
      window_.Enter();
      client_->CallAsync(&client::Responses::async::SubmitResponse, request,
                         [this, sent = request.response(), start = absl::Now()](auto result) {
                           Take(sent, result, absl::Now() - start);
                           window_.Leave();
                         });
    }
  }
  void Await() { window_.WaitUntilEmpty(); }

  std::vector<Refusal> refusals() {
    absl::MutexLock lock(&mutex_);
    return refusals_;
  }

 private:
  static std::unique_ptr<client::Client> MakeClient(const testing::Workspace& workspace) {
    client::ClientOptions options;
    options.address = workspace.address;
    options.credential = workspace.credential;
    options.tls.transport = client::Transport::kPlaintext;
    options.retry.max_retries = 0;
    return *client::Client::Create(std::move(options));
  }

  void Take(const v1::Response& sent, const absl::StatusOr<v1::SubmitResponseResponse>& result, absl::Duration after) {
    if (result.ok()) return account_.Acknowledged(sent, result->name());
    // The queue says that it has not taken it, so it must not be stored.
    if (client::Reason(result.status()) == "OVERLOADED") {
      account_.Failed(sent);
    } else {
      account_.Unknown(sent);
    }
    absl::MutexLock lock(&mutex_);
    refusals_.push_back({.status = result.status(), .after = after});
  }

  const testing::Workspace& workspace_;
  Account& account_;
  client::CallWindow window_{10'000};
  int fired_ = 0;
  absl::Mutex mutex_;
  std::vector<Refusal> refusals_ ABSL_GUARDED_BY(mutex_);
  const std::unique_ptr<client::Client> client_;
};

TEST_F(HeldUpTest, UntilTheQueueIsFullAndCallersHearItAtOnce) {
  constexpr int kQueue = 64;
  constexpr int kCalls = 1000;
  constexpr int kWriters = 2;
  constexpr int kLargestBatch = 256;
  StartRig({.flags = {absl::StrCat("--intake-queue=", kQueue), absl::StrCat("--intake-writers=", kWriters)}});
  Volley volley(rig_->own(), account_);
  // Keys and surveys are in memory then.
  volley.Fire(1);
  volley.Await();
  {
    const HeldStill still(rig_->database().pid());
    volley.Fire(kCalls);
    absl::SleepFor(absl::Seconds(2));
    const std::vector<Volley::Refusal> refusals = volley.refusals();
    EXPECT_GE(refusals.size(), static_cast<std::size_t>(kCalls - kQueue - kWriters * kLargestBatch))
        << "the queue holds more than it may";
    EXPECT_EQ(account_.acknowledged(), 1);
    absl::Duration latest;
    for (const Volley::Refusal& refusal : refusals) {
      EXPECT_EQ(refusal.status.code(), absl::StatusCode::kResourceExhausted) << refusal.status;
      EXPECT_EQ(client::Reason(refusal.status), "OVERLOADED");
      EXPECT_TRUE(client::RetryDelay(refusal.status).has_value());
      latest = std::max(latest, refusal.after);
    }
    EXPECT_LT(latest, absl::Seconds(1)) << "of a deadline of 20 seconds";
    RecordProperty("refused", static_cast<int>(refusals.size()));
    RecordProperty("refused_after_ms_at_most", static_cast<int>(absl::ToInt64Milliseconds(latest)));
  }
  volley.Await();
  EXPECT_EQ(account_.acknowledged() + account_.failed(), kCalls + 1) << "those in the queue are stored in the end";
  // With retries everybody gets through a queue that is often full.
  Load load(rig_->own(), rig_->own().address, account_, {.callers = 16, .batches = 3, .streams = 2});
  absl::SleepFor(2 * kLead);
  load.Stop();
  EXPECT_THAT(account_.Audit(rig_->own()), IsEmpty());
}

}  // namespace
}  // namespace canvass::chaos
