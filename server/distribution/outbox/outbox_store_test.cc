#include "server/distribution/outbox/outbox_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/distribution/outbox/get_outbox_message.h"
#include "server/distribution/outbox/replay_outbox_messages.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::distribution {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr v1::Invitation::Channel kMail = v1::Invitation::CHANNEL_EMAIL;
constexpr v1::Invitation::Channel kWebhook = v1::Invitation::CHANNEL_WEBHOOK;

class OutboxStoreTest : public ::testing::Test {
 protected:
  absl::Time now() { return db_.clock().Now(); }

  Uuid Insert(absl::Duration due, v1::Invitation::Channel channel = kMail, const Uuid& invitation = Uuid(),
              int reminder = 0) {
    const Uuid id = Uuid::V7(now(), db_.random());
    const absl::Status status = db_.database().Write(scope_, [&](mysql::Transaction& tx) {
      return outbox_.Insert(tx, scope_,
                            {{.id = id,
                              .invitation = invitation,
                              .contact = ContactId("ada"),
                              .channel = channel,
                              .reminder = reminder,
                              .attempt_time = now() + due}},
                            now());
    });
    EXPECT_TRUE(status.ok()) << status;
    return id;
  }

  std::vector<ClaimedMessage> Claim(absl::string_view owner, int limit = 100, absl::Duration lease = absl::Minutes(1),
                                    v1::Invitation::Channel channel = kMail) {
    auto claimed =
        outbox_.Claim(scope_, {.channel = channel, .owner = owner, .lease = lease, .now = now(), .limit = limit});
    EXPECT_TRUE(claimed.ok()) << claimed.status();
    return *std::move(claimed);
  }

  bool Write(const ClaimedMessage& message) {
    bool ours = false;
    const absl::Status status = db_.database().Write(scope_, [&](mysql::Transaction& tx) -> absl::Status {
      const absl::StatusOr<bool> written = outbox_.Write(tx, scope_, message);
      if (!written.ok()) return written.status();
      ours = *written;
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return ours;
  }

  void Finish(const Uuid& id, v1::OutboxMessage::State state, v1::Invitation::Channel channel = kMail) {
    for (ClaimedMessage& message : Claim("finisher", 1000, absl::Minutes(1), channel)) {
      if (message.id == id) {
        message.message.set_state(state);
        *message.message.mutable_finish_time() = ToProto(now());
      }
      EXPECT_TRUE(Write(message));
    }
  }

  absl::StatusOr<v1::ReplayOutboxMessagesResponse> Replay(v1::ReplayOutboxMessagesRequest request) {
    request.set_parent("tenants/-");
    return ReplayOutboxMessages(outbox_, invitations_, db_.clock(), scope_, request);
  }

  v1::OutboxMessage::State StateOf(const Uuid& id) { return outbox_.Get(scope_, id)->state(); }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  OutboxStore outbox_{db_.database()};
  InvitationStore invitations_{db_.database()};
};

TEST_F(OutboxStoreTest, ClaimsWhatIsDueTheEarliestFirst) {
  Insert(absl::Microseconds(1));
  const Uuid second = Insert(-absl::Hours(1));
  const Uuid first = Insert(-absl::Hours(2));
  Insert(-absl::Hours(3), kWebhook);
  const std::vector<ClaimedMessage> claimed = Claim("a", 1);
  ASSERT_THAT(claimed, SizeIs(1));
  EXPECT_EQ(claimed[0].id, first);
  EXPECT_EQ(claimed[0].due, now() - absl::Hours(2));
  EXPECT_EQ(claimed[0].message.name(), absl::StrCat("tenants/acme/outboxMessages/", first.ToString()));
  EXPECT_EQ(claimed[0].message.contact(), "tenants/acme/contacts/ada");
  ASSERT_THAT(Claim("a"), SizeIs(1));
  EXPECT_THAT(Claim("a"), IsEmpty()) << "nor does a worker get its own again";
  EXPECT_EQ(StateOf(second), v1::OutboxMessage::STATE_WAITING);
  const TenantScope other = mysql::testing::MakeScope("other");
  EXPECT_THAT(
      *outbox_.Claim(other, {.channel = kMail, .owner = "o", .lease = absl::Hours(1), .now = now(), .limit = 9}),
      IsEmpty());
}

TEST_F(OutboxStoreTest, ManyWorkersGetEachMessageOnce) {
  for (int i = 0; i < 200; ++i) Insert(-absl::Seconds(i));
  std::vector<std::vector<ClaimedMessage>> claimed(4);
  std::vector<std::thread> threads;
  for (int worker = 0; worker < 4; ++worker) {
    threads.emplace_back([&, worker] {
      const std::string owner = absl::StrCat("worker-", worker);
      for (int i = 0; i < 60; ++i) {
        for (ClaimedMessage& message : Claim(owner, 7)) claimed[worker].push_back(std::move(message));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<Uuid> ids;
  std::size_t count = 0;
  for (const auto& messages : claimed) {
    count += messages.size();
    for (const ClaimedMessage& message : messages) ids.insert(message.id);
  }
  EXPECT_EQ(count, 200U);
  EXPECT_THAT(ids, SizeIs(200));
}

TEST_F(OutboxStoreTest, AWorkerWhoseLeaseEndedWritesNothing) {
  const Uuid id = Insert(absl::ZeroDuration());
  ClaimedMessage late = Claim("late", 1, absl::ZeroDuration())[0];
  absl::SleepFor(absl::Milliseconds(2));
  ClaimedMessage other = Claim("other")[0];
  EXPECT_GT(other.token, late.token);
  late.message.set_state(v1::OutboxMessage::STATE_DEAD);
  EXPECT_FALSE(Write(late));
  EXPECT_EQ(StateOf(id), v1::OutboxMessage::STATE_WAITING);
  other.message.set_state(v1::OutboxMessage::STATE_SENT);
  EXPECT_TRUE(Write(other));
  EXPECT_EQ(StateOf(id), v1::OutboxMessage::STATE_SENT);
}

TEST_F(OutboxStoreTest, WritesWhatBecameOfAMessage) {
  Insert(-absl::Hours(1));
  ClaimedMessage claimed = Claim("a")[0];
  claimed.message.set_channel(v1::Invitation::CHANNEL_SMS);
  claimed.message.set_attempt_count(2);
  claimed.message.add_attempts()->set_code(451);
  *claimed.message.mutable_attempt_time() = ToProto(now());
  EXPECT_TRUE(Write(claimed));
  const std::vector<ClaimedMessage> again = Claim("b", 1, absl::Minutes(1), v1::Invitation::CHANNEL_SMS);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].message.attempt_count(), 2);
  EXPECT_EQ(again[0].message.attempts(0).code(), 451);
  EXPECT_EQ(FromProto(again[0].message.attempt_time()), now());
  EXPECT_EQ(again[0].due, now() - absl::Hours(1)) << "when it was due first stays known";
}

TEST_F(OutboxStoreTest, CancelsTheMessagesOfAnInvitationClaimedOrNot) {
  const Uuid invitation = Uuid::V7(now(), db_.random());
  const Uuid claimed = Insert(absl::ZeroDuration(), kMail, invitation);
  ClaimedMessage held = Claim("a")[0];
  const Uuid waiting = Insert(absl::Hours(1), kMail, invitation, 1);
  const Uuid other = Insert(absl::Hours(1));
  ASSERT_TRUE(
      db_.database()
          .Write(scope_, [&](mysql::Transaction& tx) { return outbox_.CancelOf(tx, scope_, invitation, now()); })
          .ok());
  EXPECT_EQ(StateOf(claimed), v1::OutboxMessage::STATE_CANCELLED);
  EXPECT_EQ(StateOf(waiting), v1::OutboxMessage::STATE_CANCELLED);
  EXPECT_EQ(StateOf(other), v1::OutboxMessage::STATE_WAITING);
  EXPECT_FALSE(Write(held));
}

TEST_F(OutboxStoreTest, ListsPageByPage) {
  const Uuid invitation = Uuid::V7(now(), db_.random());
  std::vector<std::string> names;
  for (int i = 0; i < 5; ++i) {
    db_.clock().Advance(absl::Milliseconds(1));
    names.insert(names.begin(),
                 absl::StrCat("tenants/acme/outboxMessages/",
                              Insert(absl::ZeroDuration(), kMail, i == 2 ? invitation : Uuid()).ToString()));
  }
  v1::ListOutboxMessagesRequest request;
  request.set_parent("tenants/acme");
  request.set_page_size(2);
  std::vector<std::string> listed;
  int pages = 0;
  do {
    const auto page = ListOutboxMessages(outbox_, scope_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::OutboxMessage& message : page->outbox_messages()) listed.push_back(message.name());
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, names);
  EXPECT_EQ(pages, 3);
  request.set_invitation(absl::StrCat("tenants/acme/invitations/", invitation.ToString()));
  EXPECT_EQ(ListOutboxMessages(outbox_, scope_, request)->outbox_messages(0).name(), names[2]);
  request.clear_invitation();
  request.set_state(v1::OutboxMessage::STATE_DEAD);
  EXPECT_THAT(ListOutboxMessages(outbox_, scope_, request)->outbox_messages(), IsEmpty());
  request.set_state(static_cast<v1::OutboxMessage::State>(77));
  EXPECT_EQ(ReasonOf(ListOutboxMessages(outbox_, scope_, request).status()), v1::ERROR_REASON_INVALID_FIELD);
  v1::GetOutboxMessageRequest get;
  get.set_name(names[0]);
  EXPECT_EQ(GetOutboxMessage(outbox_, scope_, get)->name(), names[0]);
  get.set_name("tenants/acme/outboxMessages/none");
  EXPECT_EQ(ReasonOf(GetOutboxMessage(outbox_, scope_, get).status()), v1::ERROR_REASON_OUTBOX_MESSAGE_NOT_FOUND);
  get.set_name(absl::StrCat("tenants/acme/outboxMessages/", Uuid().ToString()));
  EXPECT_EQ(ReasonOf(GetOutboxMessage(outbox_, scope_, get).status()), v1::ERROR_REASON_OUTBOX_MESSAGE_NOT_FOUND);
}

TEST_F(OutboxStoreTest, ReplaysDeadOnesAndWebhooksThatWereSent) {
  const Uuid dead = Insert(absl::ZeroDuration());
  Finish(dead, v1::OutboxMessage::STATE_DEAD);
  const Uuid sent = Insert(absl::ZeroDuration());
  Finish(sent, v1::OutboxMessage::STATE_SENT);
  const Uuid called = Insert(absl::ZeroDuration(), kWebhook);
  Finish(called, v1::OutboxMessage::STATE_SENT, kWebhook);
  const Uuid waiting = Insert(absl::Hours(1));
  v1::ReplayOutboxMessagesRequest request;
  for (const Uuid& id : {dead, sent, called, waiting, dead}) {
    request.add_names(absl::StrCat("tenants/-/outboxMessages/", id.ToString()));
  }
  request.set_validate_only(true);
  EXPECT_EQ(Replay(request)->replayed(), 2);
  EXPECT_EQ(StateOf(dead), v1::OutboxMessage::STATE_DEAD);
  request.set_validate_only(false);
  EXPECT_EQ(Replay(request)->replayed(), 2);
  EXPECT_EQ(StateOf(dead), v1::OutboxMessage::STATE_WAITING);
  EXPECT_EQ(StateOf(sent), v1::OutboxMessage::STATE_SENT) << "people would get it twice";
  EXPECT_EQ(StateOf(called), v1::OutboxMessage::STATE_WAITING);
  EXPECT_FALSE(outbox_.Get(scope_, dead)->has_finish_time());
  EXPECT_EQ(Replay(request)->replayed(), 0);
}

TEST_F(OutboxStoreTest, ReplaysATimeSpan) {
  std::vector<Uuid> ids;
  for (int i = 0; i < 4; ++i) {
    ids.push_back(Insert(absl::ZeroDuration()));
    Finish(ids.back(), v1::OutboxMessage::STATE_DEAD);
    db_.clock().Advance(absl::Minutes(1));
  }
  v1::ReplayOutboxMessagesRequest request;
  *request.mutable_start_time() = ToProto(mysql::testing::TestStart() + absl::Minutes(1));
  *request.mutable_end_time() = ToProto(mysql::testing::TestStart() + absl::Minutes(3));
  const auto response = Replay(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->replayed(), 2);
  EXPECT_FALSE(response->has_next_start_time());
  std::vector<v1::OutboxMessage::State> states;
  for (const Uuid& id : ids) states.push_back(StateOf(id));
  EXPECT_THAT(states, ElementsAre(v1::OutboxMessage::STATE_DEAD, v1::OutboxMessage::STATE_WAITING,
                                  v1::OutboxMessage::STATE_WAITING, v1::OutboxMessage::STATE_DEAD));
  EXPECT_EQ(Replay({})->replayed(), 2) << "without times: all that are dead";
}

TEST_F(OutboxStoreTest, RefusesReplaysThatSayNothingClear) {
  v1::ReplayOutboxMessagesRequest request;
  request.set_state(v1::OutboxMessage::STATE_WAITING);
  for (int i = 0; i < 1001; ++i) request.add_names("tenants/-/outboxMessages/x");
  *request.mutable_start_time() = ToProto(now());
  const absl::Status status = Replay(request).status();
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_THAT(ViolationsOf(status), SizeIs(3));
  v1::ReplayOutboxMessagesRequest foreign;
  foreign.add_names("tenants/other/outboxMessages/01975b6a-1234-7000-8000-0123456789ab");
  EXPECT_EQ(Replay(foreign).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace canvass::distribution
