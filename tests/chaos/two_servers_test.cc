// Two servers on one database take in the same events at the same time while either is killed and started again: never
// two invitations inside a cap, never one lost, every event with exactly one decision of every trigger.

#include <gtest/gtest.h>
#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/mysql/embedded_server.h"
#include "server/mysql/migrations.h"
#include "server/mysql/testing/test_database.h"
#include "tests/process/server_process.h"
#include "tests/process/workspace.h"

namespace canvass::chaos {
namespace {

constexpr int kCustomers = 500;
constexpr int kEventsOfEach = 20;
constexpr int kEventsPerCall = 20;
constexpr int kPublishers = 8;
constexpr int kKills = 8;
constexpr absl::Duration kPatience = absl::Seconds(120);
constexpr absl::Duration kBetweenEvents = absl::Hours(6);
constexpr absl::Duration kCap = absl::Hours(24);
constexpr char kType[] = "race.visit";

// The tenant's system: takes every call and remembers which message and invitation it was about.
class WebhookSink {
 public:
  WebhookSink() {
    server_.Post("/hook", [this](const httplib::Request& request, httplib::Response&) {
      absl::MutexLock lock(&mutex_);
      ++calls_;
      messages_.insert(request.get_header_value("webhook-id"));
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~WebhookSink() {
    server_.stop();
    thread_.join();
  }

  std::string url() const { return absl::StrCat("http://127.0.0.1:", port_, "/hook"); }
  std::set<std::string> messages() {
    absl::MutexLock lock(&mutex_);
    return messages_;
  }
  int calls() {
    absl::MutexLock lock(&mutex_);
    return calls_;
  }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  absl::Mutex mutex_;
  int calls_ = 0;
  std::set<std::string> messages_;
};

void Write(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
}

class TwoServersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto database = mysql::EmbeddedServer::Start(
        {.data_directory = directory_.path() + "/db", .durability = mysql::Durability::kProcessCrash}, clock_);
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    ASSERT_TRUE(mysql::Migrate(database_->connect_options(), clock_).ok());
    Write(directory_.path() + "/secret", std::string(64, 's'));
    Write(directory_.path() + "/operator", absl::StrCat("cvo_", std::string(43, 'o')));
    for (std::unique_ptr<testing::ServerProcess>& server : servers_) {
      auto started = testing::ServerProcess::Start(
          {.flags = {
               absl::StrCat("--database=mysql://root@localhost/canvass?socket=", database_->connect_options().socket),
               absl::StrCat("--secret-file=", directory_.path(), "/secret"),
               absl::StrCat("--operator-key-file=", directory_.path(), "/operator"), "--allow-unsafe-database",
               "--allow-destinations=127.0.0.1", "--allow-http-destinations"}});
      ASSERT_TRUE(started.ok()) << started.status();
      server = *std::move(started);
    }
    auto own = testing::MakeWorkspace(servers_[0]->address(), servers_[0]->operator_credential(), "race");
    ASSERT_TRUE(own.ok()) << own.status();
    own_ = *std::move(own);
    start_ = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now() - kEventsOfEach * kBetweenEvents));
    MakeRules();
  }

  void MakeRules() {
    v1::UpdateChannelSettingsRequest settings;
    settings.mutable_channel_settings()->set_name(absl::StrCat(own_.tenant, "/channelSettings"));
    settings.mutable_channel_settings()->mutable_webhook()->set_url(sink_.url());
    const auto updated = own_.admin->Call(&client::Settings::UpdateChannelSettings, settings);
    ASSERT_TRUE(updated.ok()) << updated.status();
    for (const auto& [id, channel] :
         {std::pair("by-app", v1::Invitation::CHANNEL_IN_APP), std::pair("by-hook", v1::Invitation::CHANNEL_WEBHOOK),
          std::pair("by-hook-if-high", v1::Invitation::CHANNEL_WEBHOOK)}) {
      v1::CreateTriggerRequest request;
      request.set_parent(own_.tenant);
      request.set_trigger_id(id);
      v1::Trigger& trigger = *request.mutable_trigger();
      trigger.set_event_type(kType);
      trigger.set_survey(own_.survey);
      trigger.add_channels(channel);
      if (std::string(id) == "by-hook-if-high") {
        trigger.mutable_condition()->set_text("event.total > 50");
        trigger.set_priority(5);
      }
      v1::FrequencyCap& cap = *trigger.add_frequency_caps();
      cap.mutable_interval()->set_seconds(absl::ToInt64Seconds(kCap));
      cap.set_scope(v1::FrequencyCap::SCOPE_CONTACT);
      const auto created = own_.admin->Call(&client::Triggers::CreateTrigger, request);
      ASSERT_TRUE(created.ok()) << created.status();
    }
  }

  // All events, in no order at all, in calls.
  std::vector<v1::PublishEventsRequest> MakeCalls() {
    std::vector<v1::Event> events;
    for (int customer = 0; customer < kCustomers; ++customer) {
      for (int n = 0; n < kEventsOfEach; ++n) {
        v1::Event event = testing::MakeEvent(absl::StrCat("person-", customer), n);
        event.set_type(kType);
        event.mutable_time()->set_seconds(absl::ToUnixSeconds(start_ + n * kBetweenEvents));
        (*event.mutable_data()->mutable_fields())["total"].set_number_value((customer * 7 + n * 31) % 100);
        events.push_back(std::move(event));
      }
    }
    std::shuffle(events.begin(), events.end(), std::mt19937(7));
    std::vector<v1::PublishEventsRequest> calls(events.size() / kEventsPerCall);
    for (std::size_t i = 0; i < events.size(); ++i) {
      calls[i / kEventsPerCall].set_parent(own_.tenant);
      *calls[i / kEventsPerCall].add_events() = std::move(events[i]);
    }
    return calls;
  }

  // Sends every call to one of the servers until it is acknowledged, and every third one to the other as well.
  void Publish(const std::vector<v1::PublishEventsRequest>& calls, unsigned seed) {
    const std::unique_ptr<client::Client> clients[] = {testing::Connect(servers_[0]->address(), own_.credential),
                                                       testing::Connect(servers_[1]->address(), own_.credential)};
    std::mt19937 random(seed);
    while (true) {
      const std::size_t i = next_call_.fetch_add(1);
      if (i >= calls.size()) return;
      const std::size_t first = random() % 2;
      for (const std::size_t server : {first, 1 - first}) {
        if (server != first && i % 3 != 0) continue;
        const auto result = clients[server]->Call(&client::Events::PublishEvents, calls[i], {.timeout = kPatience});
        EXPECT_TRUE(result.ok()) << result.status();
        if (!result.ok()) return;
        for (const v1::EventResult& event : result->results()) {
          EXPECT_NE(event.outcome(), v1::EventResult::OUTCOME_REFUSED) << event.problem().message();
        }
      }
    }
  }

  void KillNowAndThen() {
    std::mt19937 random(11);
    for (int i = 0; i < kKills; ++i) {
      absl::SleepFor(absl::Milliseconds(300 + random() % 700));
      testing::ServerProcess& server = *servers_[random() % 2];
      server.Kill();
      const absl::Status restarted = server.Restart();
      ASSERT_TRUE(restarted.ok()) << restarted;
    }
  }

  void AwaitEmptyOutbox() {
    v1::ListOutboxMessagesRequest request;
    request.set_parent(own_.tenant);
    request.set_state(v1::OutboxMessage::STATE_WAITING);
    request.set_page_size(1);
    const absl::Time give_up = absl::Now() + kPatience;
    while (absl::Now() < give_up) {
      const auto waiting = own_.admin->Call(&client::Outbox::ListOutboxMessages, request);
      ASSERT_TRUE(waiting.ok()) << waiting.status();
      if (waiting->outbox_messages().empty()) return;
      absl::SleepFor(absl::Milliseconds(100));
    }
    FAIL() << "messages still wait";
  }

  // The names of the invitations by the customer they are for.
  int64_t AuditInvitations() {
    int64_t count = 0;
    for (int customer = 0; customer < kCustomers; ++customer) {
      v1::ListInvitationsRequest request;
      request.set_parent(own_.tenant);
      request.set_page_size(1000);
      request.set_contact(absl::StrCat(own_.tenant, "/contacts/person-", customer));
      const auto invitations = own_.admin->Call(&client::Invitations::ListInvitations, request);
      EXPECT_TRUE(invitations.ok()) << invitations.status();
      std::vector<int64_t> due;
      for (const v1::Invitation& invitation : invitations->invitations()) {
        due.push_back(invitation.schedule_time().seconds());
      }
      std::sort(due.begin(), due.end());
      for (std::size_t i = 1; i < due.size(); ++i) {
        EXPECT_GE(due[i] - due[i - 1], absl::ToInt64Seconds(kCap)) << "person-" << customer;
      }
      EXPECT_FALSE(due.empty()) << "person-" << customer << " was never asked";
      count += static_cast<int64_t>(due.size());
    }
    return count;
  }

  void AuditDecisions(int64_t invitations) {
    v1::CountDecisionsRequest request;
    request.set_parent(own_.tenant);
    const auto counts = own_.admin->Call(&client::Decisions::CountDecisions, request);
    ASSERT_TRUE(counts.ok()) << counts.status();
    std::map<std::string, int64_t> by_trigger;
    int64_t asked = 0;
    for (const v1::DecisionCount& count : counts->counts()) {
      by_trigger[count.trigger()] += count.count();
      const bool has_invitation =
          count.outcome() == v1::Decision::OUTCOME_SCHEDULED || count.outcome() == v1::Decision::OUTCOME_SENT;
      if (has_invitation) asked += count.count();
    }
    EXPECT_EQ(by_trigger.size(), 3u);
    for (const auto& [trigger, count] : by_trigger) EXPECT_EQ(count, kCustomers * kEventsOfEach) << trigger;
    EXPECT_EQ(asked, invitations);
  }

  // Every message of the outbox was sent and has arrived; nothing arrived that is not in it.
  void AuditMessages() {
    v1::ListOutboxMessagesRequest request;
    request.set_parent(own_.tenant);
    request.set_page_size(1000);
    std::set<std::string> sent;
    std::set<std::string> invitations;
    do {
      const auto page = own_.admin->Call(&client::Outbox::ListOutboxMessages, request);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const v1::OutboxMessage& message : page->outbox_messages()) {
        EXPECT_EQ(message.state(), v1::OutboxMessage::STATE_SENT) << message.DebugString();
        EXPECT_TRUE(invitations.insert(message.invitation()).second) << "two messages of " << message.invitation();
        sent.insert(message.name().substr(message.name().rfind('/') + 1));
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    EXPECT_GT(sent.size(), 100u);
    EXPECT_EQ(sink_.messages(), sent);
    RecordProperty("calls_repeated_by_crashes", sink_.calls() - static_cast<int>(sent.size()));
  }

  mysql::testing::TemporaryDirectory directory_;
  SystemClock clock_;
  WebhookSink sink_;
  std::unique_ptr<mysql::EmbeddedServer> database_;
  std::unique_ptr<testing::ServerProcess> servers_[2];
  testing::Workspace own_;
  absl::Time start_;
  std::atomic<std::size_t> next_call_ = 0;
};

TEST_F(TwoServersTest, NeverTwoInsideACapNeverOneLost) {
  const std::vector<v1::PublishEventsRequest> calls = MakeCalls();
  std::vector<std::thread> publishers;
  for (int i = 0; i < kPublishers; ++i) {
    publishers.emplace_back([&, i] { Publish(calls, static_cast<unsigned>(i)); });
  }
  KillNowAndThen();
  for (std::thread& publisher : publishers) publisher.join();
  AwaitEmptyOutbox();
  const int64_t invitations = AuditInvitations();
  AuditDecisions(invitations);
  AuditMessages();
}

}  // namespace
}  // namespace canvass::chaos
