#include "server/distribution/outbox/delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/distribution/outbox/replay_outbox_messages.h"
#include "server/distribution/testing/sending_house.h"
#include "server/distribution/testing/smtp_sink.h"
#include "server/distribution/testing/tcp_server.h"

namespace canvass::distribution {
namespace {

using ::testing::HasSubstr;
using testing::HttpAnswer;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::SendingHouse;
using ::testing::SizeIs;
using testing::SmtpSink;
using testing::TcpServer;
using testing::TextOf;
using End = Delivery::End;

constexpr v1::Invitation::Channel kMail = v1::Invitation::CHANNEL_EMAIL;
constexpr v1::Invitation::Channel kWebhook = v1::Invitation::CHANNEL_WEBHOOK;
constexpr v1::Invitation::Channel kSms = v1::Invitation::CHANNEL_SMS;
constexpr v1::Invitation::Channel kInApp = v1::Invitation::CHANNEL_IN_APP;

// A webhook's receiver that answers with the status that is set.
class DeliveryTest : public ::testing::Test {
 protected:
  std::atomic<int> status_ = 200;
  TcpServer server_{[this](const std::string&) { return TcpServer::Answer{.bytes = HttpAnswer(status_)}; }};
  SmtpSink sink_;
  SendingHouse house_{{.smtp_url = sink_.url(), .webhook_url = server_.url(), .sms_url = server_.url("/sms")}};

  int64_t Suppressions() { return house_.db.Count("SELECT COUNT(*) FROM suppressions"); }
  int64_t Messages() { return house_.db.Count("SELECT COUNT(*) FROM outbox"); }
};

TEST_F(DeliveryTest, WritesAllThatFollowsFromAMailThatLeft) {
  const Uuid id = house_.Invite("ada", kMail);
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  ASSERT_THAT(sink_.Mails(), SizeIs(1));
  const v1::OutboxMessage message = house_.Message(id);
  EXPECT_EQ(message.state(), v1::OutboxMessage::STATE_SENT);
  EXPECT_EQ(message.attempt_count(), 1);
  EXPECT_EQ(message.attempts(0).code(), 250);
  EXPECT_EQ(FromProto(message.finish_time()), house_.now());
  const v1::Invitation invitation = house_.InvitationOf(id);
  EXPECT_EQ(invitation.state(), v1::Invitation::STATE_DELIVERED);
  EXPECT_EQ(FromProto(invitation.deliver_time()), house_.now());
  EXPECT_EQ(invitation.trigger(), "tenants/acme/triggers/after") << "what has no column is still there";
  EXPECT_EQ(house_.DecisionOf(id).outcome(), v1::Decision::OUTCOME_SENT);
  EXPECT_EQ(house_.Delivered(), 1);
  EXPECT_EQ(Messages(), 1);
}

TEST_F(DeliveryTest, RemindsAsOftenAsTheTriggerSaysAndCountsOnce) {
  house_.check.reminders = 2;
  const Uuid id = house_.Invite("ada", kMail);
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  EXPECT_THAT(house_.Claim(kMail), IsEmpty()) << "the reminder is not due yet";
  for (int reminder = 1; reminder <= 2; ++reminder) {
    house_.db.clock().Advance(absl::Hours(24));
    EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
    EXPECT_EQ(house_.InvitationOf(id).reminders_sent(), reminder);
  }
  house_.db.clock().Advance(absl::Hours(24));
  EXPECT_THAT(house_.Claim(kMail), IsEmpty());
  ASSERT_THAT(sink_.Mails(), SizeIs(3));
  EXPECT_THAT(TextOf(sink_.Mails()[1], "headers.Subject"), HasSubstr("reminder"));
  EXPECT_EQ(house_.Delivered(), 1);
}

TEST_F(DeliveryTest, NoReminderComesAfterTheInvitationExpired) {
  house_.check.reminders = 1;
  house_.Invite("ada", kMail);
  house_.db.clock().Advance(absl::Hours(24 * 29 + 1));
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  EXPECT_EQ(Messages(), 1);
}

TEST_F(DeliveryTest, TriesAgainWhatMayPass) {
  status_ = 503;
  const Uuid id = house_.Invite("ada", kWebhook);
  EXPECT_EQ(house_.SendOne(kWebhook), End::kSettled);
  v1::OutboxMessage message = house_.Message(id);
  EXPECT_EQ(message.state(), v1::OutboxMessage::STATE_WAITING);
  EXPECT_EQ(message.attempts(0).code(), 503);
  EXPECT_GE(FromProto(message.attempt_time()), house_.now());
  EXPECT_LE(FromProto(message.attempt_time()), house_.now() + absl::Seconds(10));
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_SCHEDULED);
  EXPECT_EQ(house_.DecisionOf(id).outcome(), v1::Decision::OUTCOME_SCHEDULED);
  house_.db.clock().Advance(absl::Seconds(10));
  status_ = 200;
  EXPECT_EQ(house_.SendOne(kWebhook), End::kSettled);
  message = house_.Message(id);
  EXPECT_EQ(message.state(), v1::OutboxMessage::STATE_SENT);
  EXPECT_EQ(message.attempt_count(), 2);
  const std::string header = absl::StrCat("webhook-id: ", id.ToString(), "\r\n");
  for (const std::string& request : server_.requests()) EXPECT_THAT(request, HasSubstr(header));
}

TEST_F(DeliveryTest, GivesUpWhatFailedForDaysAndReplaysIt) {
  status_ = 500;
  const Uuid id = house_.Invite("ada", kWebhook);
  for (int i = 0; i < 15; ++i) {
    ASSERT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_WAITING) << i;
    EXPECT_EQ(house_.SendOne(kWebhook), End::kSettled);
    house_.db.clock().Advance(absl::Hours(12));
  }
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_DEAD);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_CANCELLED);
  EXPECT_EQ(house_.DecisionOf(id).outcome(), v1::Decision::OUTCOME_FAILED);
  EXPECT_EQ(house_.DecisionOf(id).reason(), v1::Decision::REASON_SEND_FAILED);
  EXPECT_THAT(house_.DecisionOf(id).explanation(), HasSubstr("HTTP 500"));
  status_ = 200;
  v1::ReplayOutboxMessagesRequest request;
  request.set_parent("tenants/acme");
  request.add_names(house_.Message(id).name());
  ASSERT_EQ(
      ReplayOutboxMessages(house_.outbox, house_.invitations, house_.db.clock(), house_.scope, request)->replayed(), 1);
  EXPECT_EQ(house_.SendOne(kWebhook), End::kSettled);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_SENT);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_DELIVERED);
  EXPECT_EQ(house_.Delivered(), 1);
  // A webhook may be called again even so; nothing is counted twice.
  ASSERT_EQ(
      ReplayOutboxMessages(house_.outbox, house_.invitations, house_.db.clock(), house_.scope, request)->replayed(), 1);
  EXPECT_EQ(house_.SendOne(kWebhook), End::kSettled);
  EXPECT_THAT(server_.requests(), SizeIs(17));
  EXPECT_EQ(house_.Delivered(), 1);
}

TEST_F(DeliveryTest, AReceiverThatIsGoneIsNotTriedAgain) {
  status_ = 410;
  const Uuid id = house_.Invite("ada", kWebhook);
  EXPECT_EQ(house_.SendOne(kWebhook), End::kSettled);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_DEAD);
  EXPECT_EQ(house_.DecisionOf(id).outcome(), v1::Decision::OUTCOME_FAILED);
}

TEST_F(DeliveryTest, ABounceSuppressesTheAddressAndTheNextChannelIsTried) {
  house_.check.fallback = kSms;
  const Uuid id = house_.Invite("unknown", kMail);
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  const v1::OutboxMessage message = house_.Message(id);
  EXPECT_EQ(message.state(), v1::OutboxMessage::STATE_DEAD);
  EXPECT_THAT(message.attempts(0).detail(), Not(HasSubstr("@")));
  EXPECT_EQ(Suppressions(), 1);
  EXPECT_EQ(house_.InvitationOf(id).channel(), kSms);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_SCHEDULED);
  EXPECT_EQ(house_.DecisionOf(id).outcome(), v1::Decision::OUTCOME_SCHEDULED);
  EXPECT_EQ(house_.SendOne(kSms), End::kSettled);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_DELIVERED);
  EXPECT_EQ(house_.DecisionOf(id).outcome(), v1::Decision::OUTCOME_SENT);
  ASSERT_THAT(server_.requests(), SizeIs(1));
  // Sent again, the mail would ask a customer twice.
  v1::ReplayOutboxMessagesRequest request;
  request.set_parent("tenants/acme");
  request.add_names(message.name());
  ASSERT_EQ(
      ReplayOutboxMessages(house_.outbox, house_.invitations, house_.db.clock(), house_.scope, request)->replayed(), 1);
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_CANCELLED);
  EXPECT_THAT(sink_.Mails(), IsEmpty());
}

TEST_F(DeliveryTest, ARelayThatDeniesUsSilencesNobody) {
  const Uuid id = house_.Invite("denied", kMail);
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_DEAD);
  EXPECT_EQ(Suppressions(), 0);
  const Uuid later = house_.Invite("greylist", kMail);
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  EXPECT_EQ(house_.Message(later).state(), v1::OutboxMessage::STATE_WAITING);
  EXPECT_EQ(house_.Message(later).attempts(0).code(), 451);
}

TEST_F(DeliveryTest, TheAppIsAFallbackWithoutAMessage) {
  house_.check.fallback = kInApp;
  status_ = 404;
  const Uuid id = house_.Invite("ada", kWebhook);
  EXPECT_EQ(house_.SendOne(kWebhook), End::kSettled);
  EXPECT_EQ(house_.InvitationOf(id).channel(), kInApp);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_SCHEDULED);
  EXPECT_EQ(Messages(), 1);
}

TEST_F(DeliveryTest, DoesWhatTheCheckSays) {
  const Uuid id = house_.Invite("ada", kMail);
  house_.check.action = SendVerdict::Action::kDefer;
  house_.check.until = house_.now() + absl::Hours(8);
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_WAITING);
  EXPECT_EQ(house_.Message(id).attempt_count(), 0);
  EXPECT_THAT(house_.Claim(kMail), IsEmpty());
  house_.db.clock().Advance(absl::Hours(8));
  house_.check.action = SendVerdict::Action::kSend;
  house_.check.channel = kSms;
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  EXPECT_EQ(house_.Message(id).channel(), kSms);
  house_.check.action = SendVerdict::Action::kCancel;
  EXPECT_EQ(house_.SendOne(kSms), End::kSettled);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_CANCELLED);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_CANCELLED);
  EXPECT_EQ(house_.DecisionOf(id).outcome(), v1::Decision::OUTCOME_SUPPRESSED);
  EXPECT_EQ(house_.DecisionOf(id).reason(), v1::Decision::REASON_OPTED_OUT);
  EXPECT_EQ(house_.DecisionOf(id).explanation(), "as the test says");
  EXPECT_THAT(sink_.Mails(), IsEmpty());
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(DeliveryTest, ACancelledReminderLeavesTheInvitationAsItIs) {
  house_.check.reminders = 1;
  const Uuid id = house_.Invite("ada", kMail);
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  house_.db.clock().Advance(absl::Hours(24));
  house_.check.action = SendVerdict::Action::kCancel;
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_DELIVERED);
  EXPECT_EQ(house_.DecisionOf(id).outcome(), v1::Decision::OUTCOME_SENT);
}

TEST_F(DeliveryTest, AWorkerWhoseLeaseEndedWritesNothing) {
  const Uuid id = house_.Invite("ada", kWebhook);
  ClaimedMessage late = house_.ClaimOne(kWebhook, absl::ZeroDuration());
  absl::SleepFor(absl::Milliseconds(2));
  const ClaimedMessage other = house_.ClaimOne(kWebhook);
  EXPECT_EQ(house_.Deliver(std::move(late)), End::kLost);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_WAITING);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_SCHEDULED);
  EXPECT_EQ(house_.DecisionOf(id).outcome(), v1::Decision::OUTCOME_SCHEDULED);
  EXPECT_EQ(house_.Delivered(), 0);
  EXPECT_EQ(house_.Deliver(other), End::kSettled);
  EXPECT_EQ(house_.Delivered(), 1);
}

}  // namespace
}  // namespace canvass::distribution
