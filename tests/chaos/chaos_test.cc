// Kills the server, and the database under it, in the middle of work, while clients go on and retry; then audits the
// books: acknowledged exactly once, failed never, unknown at most once, metrics equal to a recount.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/chaos/account.h"
#include "tests/chaos/extent.h"
#include "tests/chaos/load.h"
#include "tests/process/server_process.h"
#include "tests/process/workspace.h"

namespace canvass::chaos {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr int kClients = 16;
constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr absl::Duration kBetweenKills = absl::Milliseconds(1500);

class ChaosTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = testing::ServerProcess::Start({});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    auto own = testing::MakeWorkspace(server_->address(), server_->operator_credential(), "chaos");
    ASSERT_TRUE(own.ok()) << own.status();
    own_ = *std::move(own);
  }

  // One publisher: batches of events, each sent until it is acknowledged.
  void Publish() {
    const auto client = testing::Connect(server_->address(), own_.credential);
    for (int64_t batch = 0; !stop_; ++batch) {
      const auto result = client->Call(&client::Events::PublishEvents, EventBatch(batch), {.timeout = kPatience});
      if (!result.ok()) break;
      ++batches_;
    }
  }

  v1::PublishEventsRequest EventBatch(int64_t batch) const {
    v1::PublishEventsRequest request;
    request.set_parent(own_.tenant);
    for (int64_t i = 0; i < 50; ++i) *request.add_events() = testing::MakeEvent(absl::StrCat("person-", i), batch);
    return request;
  }

  template <typename Fault>
  void RunWithFaults(int rounds, Fault fault) {
    Load load(own_, own_.address, account_, {.callers = kClients, .batches = 1, .streams = 1});
    std::thread publisher([this] { Publish(); });
    for (int round = 0; round < rounds; ++round) {
      absl::SleepFor(kBetweenKills);
      const int64_t before = account_.acknowledged();
      fault();
      const absl::Time give_up = absl::Now() + absl::Seconds(30);
      while (account_.acknowledged() <= before + kClients && absl::Now() < give_up)
        absl::SleepFor(absl::Milliseconds(20));
      EXPECT_GT(account_.acknowledged(), before + kClients) << "work does not go on after fault " << round;
    }
    load.Stop();
    stop_ = true;
    publisher.join();
  }

  // Every acknowledged event is there: sending it again finds it. Each has exactly one decision.
  void AuditEvents() {
    int64_t events = 0;
    for (int64_t batch = 0; batch < batches_; ++batch) {
      const auto again = own_.admin->Call(&client::Events::PublishEvents, EventBatch(batch));
      ASSERT_TRUE(again.ok()) << again.status();
      for (const v1::EventResult& result : again->results()) {
        EXPECT_EQ(result.outcome(), v1::EventResult::OUTCOME_DUPLICATE);
        ++events;
      }
    }
    v1::CountDecisionsRequest request;
    request.set_parent(own_.tenant);
    const auto counts = own_.admin->Call(&client::Decisions::CountDecisions, request);
    ASSERT_TRUE(counts.ok()) << counts.status();
    int64_t decisions = 0;
    for (const v1::DecisionCount& count : counts->counts()) decisions += count.count();
    // A batch that was cut off before its acknowledgement may be there as well, as a whole.
    EXPECT_GE(decisions, events);
    EXPECT_LE(decisions, events + 50);
    EXPECT_GT(events, 0);
  }

  std::unique_ptr<testing::ServerProcess> server_;
  testing::Workspace own_;
  Account account_;
  std::atomic<bool> stop_ = false;
  std::atomic<int64_t> batches_ = 0;
};

TEST_F(ChaosTest, TheServerIsKilled) {
  RunWithFaults(Rounds(4), [&] {
    server_->Kill();
    const absl::Status restarted = server_->Restart();
    ASSERT_TRUE(restarted.ok()) << restarted;
  });
  EXPECT_THAT(account_.Audit(own_), IsEmpty());
  AuditEvents();
}

TEST_F(ChaosTest, TheDatabaseIsKilled) {
  RunWithFaults(Rounds(4), [&] { ASSERT_TRUE(server_->KillDatabase().ok()); });
  EXPECT_THAT(account_.Audit(own_), IsEmpty());
  AuditEvents();
}

TEST_F(ChaosTest, TheServerDrainsWithoutLosingACall) {
  Load load(own_, own_.address, account_, {.callers = kClients, .batches = 1, .streams = 1});
  absl::SleepFor(kBetweenKills);
  EXPECT_EQ(server_->Stop(), 0) << server_->log();
  const absl::Status restarted = server_->Restart();
  ASSERT_TRUE(restarted.ok()) << restarted;
  absl::SleepFor(kBetweenKills);
  load.Stop();
  EXPECT_THAT(account_.Audit(own_), IsEmpty());
}

// The books can be wrong in every way that the audit is to find.
TEST_F(ChaosTest, TheAuditNoticesWhatIsWrong) {
  const auto submit = [this](const std::string& comment, const std::string& request_id) {
    v1::SubmitResponseRequest request = testing::MakeSubmission(own_, 1);
    request.mutable_response()->mutable_answers(3)->set_text(comment);
    request.set_request_id(request_id);
    const auto result = own_.admin->Call(&client::Responses::SubmitResponse, request);
    EXPECT_TRUE(result.ok()) << result.status();
    return std::pair(request.response(), result->name());
  };
  for (const char* request_id : {"one", "another"}) {
    const auto [sent, name] = submit("there twice", request_id);
    account_.Acknowledged(sent, name);
  }
  account_.Failed(submit("taken all the same", "refused").first);
  submit("not in the books", "unasked");
  auto [changed, name] = submit("otherwise", "changed");
  changed.mutable_answers(0)->set_score(changed.answers(0).score() + 1);
  account_.Acknowledged(changed, name);
  v1::Response lost = changed;
  lost.mutable_answers(3)->set_text("never sent");
  account_.Acknowledged(lost, "tenants/chaos/responses/none");
  account_.Fault("a client saw it");
  EXPECT_THAT(
      account_.Audit(own_),
      UnorderedElementsAre("a client saw it", "there twice is stored twice",
                           HasSubstr("there twice was acknowledged as"), "taken all the same was refused and is stored",
                           HasSubstr("not in the books is stored but was never acknowledged"),
                           HasSubstr("otherwise has other answers"), "never sent was acknowledged and is lost"));
}

}  // namespace
}  // namespace canvass::chaos
