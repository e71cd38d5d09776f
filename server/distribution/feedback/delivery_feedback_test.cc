#include "server/distribution/feedback/delivery_feedback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/distribution/feedback/bounce_mail.h"
#include "server/distribution/testing/bounces.h"
#include "server/distribution/testing/sending_house.h"
#include "server/distribution/testing/smtp_sink.h"
#include "server/distribution/testing/tcp_server.h"

namespace canvass::distribution {
namespace {

using ::testing::HasSubstr;
using testing::HttpAnswer;
using ::testing::IsEmpty;
using testing::SendingHouse;
using ::testing::SizeIs;
using testing::SmtpSink;
using testing::TcpServer;
using testing::TextOf;
using End = Delivery::End;
using v1::DeliveryReport;

constexpr v1::Invitation::Channel kMail = v1::Invitation::CHANNEL_EMAIL;
constexpr v1::Invitation::Channel kSms = v1::Invitation::CHANNEL_SMS;
constexpr v1::Invitation::Channel kInApp = v1::Invitation::CHANNEL_IN_APP;

Feedback Bounce(v1::Invitation::Channel channel, absl::string_view address = "") {
  Feedback feedback{.channel = channel};
  feedback.report.set_verdict(DeliveryReport::VERDICT_BOUNCED);
  feedback.report.set_code("30005");
  feedback.report.set_detail("unknown");
  if (address.empty()) return feedback;
  feedback.suppress = v1::Suppression::REASON_BOUNCED;
  feedback.addresses.emplace_back(address);
  return feedback;
}

Feedback Report(v1::Invitation::Channel channel, DeliveryReport::Verdict verdict) {
  Feedback feedback{.channel = channel};
  feedback.report.set_verdict(verdict);
  return feedback;
}

class DeliveryFeedbackTest : public ::testing::Test {
 protected:
  DeliveryFeedbackTest() { house_.StoreContact("ada"); }

  Taken Take(const Uuid& message, const Feedback& feedback) {
    const absl::StatusOr<Taken> taken = house_.feedback.Take(house_.scope, message, feedback);
    EXPECT_TRUE(taken.ok()) << taken.status();
    return taken.value_or(Taken::kUnknown);
  }

  // A text message that left.
  Uuid SendSms() {
    const Uuid id = house_.Invite("ada", kSms);
    EXPECT_EQ(house_.SendOne(kSms), End::kSettled);
    EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_SENT);
    return id;
  }

  void SetState(const Uuid& message, v1::Invitation::State state) {
    const std::string name = house_.Message(message).invitation();
    const Uuid id = *Uuid::Parse(name.substr(name.rfind('/') + 1));
    ASSERT_TRUE(house_.db.database()
                    .Write(house_.scope,
                           [&](mysql::Transaction& tx) -> absl::Status {
                             auto locked = house_.invitations.LockMany(tx, house_.scope, {id});
                             if (!locked.ok()) return locked.status();
                             locked->at(id).invitation.set_state(state);
                             return house_.invitations.UpdateState(tx, house_.scope, locked->at(id));
                           })
                    .ok());
  }

  int64_t Suppressions() { return house_.db.Count("SELECT COUNT(*) FROM suppressions"); }
  int64_t Waiting() { return house_.db.Count("SELECT COUNT(*) FROM outbox WHERE state = 1"); }

  // Answers text messages; runs `meanwhile_` first.
  std::function<void()> meanwhile_ = [] {};
  TcpServer server_{[this](const std::string&) {
    meanwhile_();
    return TcpServer::Answer{.bytes = HttpAnswer(201)};
  }};
  SmtpSink sink_;
  SendingHouse house_{{.smtp_url = sink_.url(), .sms_url = server_.url("/sms")}};
};

TEST_F(DeliveryFeedbackTest, ADeliveryIsNotedOnce) {
  const Uuid id = SendSms();
  EXPECT_EQ(Take(id, Report(kSms, DeliveryReport::VERDICT_DELIVERED)), Taken::kNoted);
  EXPECT_EQ(Take(id, Report(kSms, DeliveryReport::VERDICT_DELIVERED)), Taken::kKnown);
  const v1::OutboxMessage message = house_.Message(id);
  ASSERT_THAT(message.reports(), SizeIs(1));
  EXPECT_EQ(FromProto(message.reports(0).time()), house_.now());
  EXPECT_EQ(message.state(), v1::OutboxMessage::STATE_SENT);
  EXPECT_THAT(message.attempts(), SizeIs(1)) << "what the worker wrote is still there";
  EXPECT_EQ(house_.Delivered(), 1);
}

TEST_F(DeliveryFeedbackTest, WhatComesBackIsTakenBackAndTheNextChannelTried) {
  const Uuid id = SendSms();
  const absl::Time sent = house_.now();
  house_.check.fallback = kMail;
  house_.check.reminders = 1;
  house_.db.clock().Advance(absl::Hours(30));
  EXPECT_EQ(Take(id, Bounce(kSms, "+420601234567")), Taken::kNoted);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_BOUNCED);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_SCHEDULED);
  EXPECT_EQ(house_.InvitationOf(id).channel(), kMail);
  EXPECT_FALSE(house_.InvitationOf(id).has_deliver_time());
  EXPECT_EQ(house_.DecisionOf(id).outcome(), v1::Decision::OUTCOME_SCHEDULED);
  EXPECT_EQ(Suppressions(), 1);
  EXPECT_EQ(house_.Delivered(), 0);
  EXPECT_EQ(house_.Bounced(), 1);
  EXPECT_EQ(house_.db.Count("SELECT COUNT(DISTINCT day) FROM metric_cells WHERE series = '@stage'"), 1)
      << "taken back on the day on which it was counted";

  const ClaimedMessage mail = house_.ClaimOne(kMail);
  EXPECT_EQ(mail.due, sent) << "lateness counts from the first due time";
  EXPECT_EQ(house_.Deliver(mail), End::kSettled);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_DELIVERED);
  EXPECT_EQ(house_.DecisionOf(id).outcome(), v1::Decision::OUTCOME_SENT);
  EXPECT_EQ(house_.Delivered(), 1);
  EXPECT_EQ(house_.Bounced(), 1);
  EXPECT_EQ(Waiting(), 1) << "the reminder of the mail";
  // The same report again, and another of the same verdict.
  EXPECT_EQ(Take(id, Bounce(kSms, "+420601234567")), Taken::kKnown);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_DELIVERED);
  EXPECT_EQ(house_.Bounced(), 1);
}

TEST_F(DeliveryFeedbackTest, WithoutAnotherChannelItIsGivenUp) {
  house_.check.reminders = 1;
  const Uuid id = SendSms();
  EXPECT_EQ(Waiting(), 1) << "a reminder";
  EXPECT_EQ(Take(id, Bounce(kSms)), Taken::kNoted);
  EXPECT_EQ(Waiting(), 0);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_CANCELLED);
  const v1::Decision decision = house_.DecisionOf(id);
  EXPECT_EQ(decision.outcome(), v1::Decision::OUTCOME_FAILED);
  EXPECT_EQ(decision.reason(), v1::Decision::REASON_SEND_FAILED);
  EXPECT_THAT(decision.explanation(), HasSubstr("30005 unknown"));
  EXPECT_EQ(Suppressions(), 0) << "the reason may pass";
  EXPECT_EQ(house_.Delivered(), 0);
  EXPECT_EQ(house_.Bounced(), 1);
}

TEST_F(DeliveryFeedbackTest, TheAppIsAFallbackWithoutAMessage) {
  const Uuid id = SendSms();
  house_.check.fallback = kInApp;
  EXPECT_EQ(Take(id, Bounce(kSms)), Taken::kNoted);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_SCHEDULED);
  EXPECT_EQ(house_.InvitationOf(id).channel(), kInApp);
  EXPECT_EQ(Waiting(), 0);
}

TEST_F(DeliveryFeedbackTest, AnAnswerIsWorthMoreThanAReport) {
  for (const v1::Invitation::State state :
       {v1::Invitation::STATE_ANSWERED, v1::Invitation::STATE_DISMISSED, v1::Invitation::STATE_CANCELLED}) {
    house_.check.fallback = v1::Invitation::CHANNEL_UNSPECIFIED;
    const Uuid id = SendSms();
    SetState(id, state);
    house_.check.fallback = kMail;
    EXPECT_EQ(Take(id, Bounce(kSms, "+420601234567")), Taken::kNoted);
    EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_BOUNCED);
    EXPECT_EQ(house_.InvitationOf(id).state(), state);
    EXPECT_EQ(house_.DecisionOf(id).outcome(), v1::Decision::OUTCOME_SENT);
  }
  EXPECT_EQ(Waiting(), 0);
  EXPECT_EQ(Suppressions(), 1) << "the number is gone all the same";
  EXPECT_EQ(house_.Delivered(), 3);
  EXPECT_EQ(house_.Bounced(), 0);
}

TEST_F(DeliveryFeedbackTest, TheFirstFinalVerdictCounts) {
  const Uuid arrived = SendSms();
  EXPECT_EQ(Take(arrived, Report(kSms, DeliveryReport::VERDICT_DELIVERED)), Taken::kNoted);
  EXPECT_EQ(Take(arrived, Bounce(kSms, "+420601234567")), Taken::kNoted);
  EXPECT_EQ(house_.Message(arrived).state(), v1::OutboxMessage::STATE_SENT);
  EXPECT_THAT(house_.Message(arrived).reports(), SizeIs(2));
  EXPECT_EQ(house_.InvitationOf(arrived).state(), v1::Invitation::STATE_DELIVERED);
  EXPECT_EQ(Suppressions(), 0);
  const Uuid lost = SendSms();
  EXPECT_EQ(Take(lost, Report(kSms, DeliveryReport::VERDICT_DELAYED)), Taken::kNoted);
  EXPECT_EQ(Take(lost, Bounce(kSms)), Taken::kNoted);
  EXPECT_EQ(Take(lost, Report(kSms, DeliveryReport::VERDICT_DELIVERED)), Taken::kNoted);
  EXPECT_EQ(house_.Message(lost).state(), v1::OutboxMessage::STATE_BOUNCED);
  EXPECT_EQ(house_.InvitationOf(lost).state(), v1::Invitation::STATE_CANCELLED);
  EXPECT_EQ(house_.Delivered(), 1);
  EXPECT_EQ(house_.Bounced(), 1);
}

TEST_F(DeliveryFeedbackTest, OnlyAnAddressOfTheCustomerIsSuppressed) {
  EXPECT_EQ(Take(SendSms(), Bounce(kSms, "+420999999999")), Taken::kNoted);
  EXPECT_EQ(Take(SendSms(), Bounce(kSms, "ada@example.com")), Taken::kNoted) << "of another channel";
  EXPECT_EQ(Suppressions(), 0);
  EXPECT_EQ(house_.Bounced(), 2);
}

TEST_F(DeliveryFeedbackTest, KnowsNothingOfOtherMessages) {
  EXPECT_EQ(Take(Uuid(), Bounce(kSms)), Taken::kUnknown);
  const Uuid id = SendSms();
  EXPECT_EQ(Take(id, Bounce(kMail)), Taken::kUnknown);
  const TenantScope other = house_.AddTenant("other", {});
  EXPECT_EQ(house_.feedback.Take(other, id, Bounce(kSms)).value(), Taken::kUnknown);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_SENT);
  EXPECT_EQ(house_.Delivered(), 1);
}

TEST_F(DeliveryFeedbackTest, AReportMayBeFasterThanTheWorkerThatSent) {
  house_.check.fallback = kMail;
  house_.check.reminders = 1;
  const Uuid id = house_.Invite("ada", kSms);
  // The provider calls back before it has answered.
  meanwhile_ = [&] {
    EXPECT_EQ(Take(id, Bounce(kSms, "+420601234567")), Taken::kNoted);
    EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_WAITING);
  };
  EXPECT_EQ(house_.SendOne(kSms), End::kSettled);
  const v1::OutboxMessage message = house_.Message(id);
  EXPECT_EQ(message.state(), v1::OutboxMessage::STATE_BOUNCED);
  EXPECT_THAT(message.reports(), SizeIs(1));
  EXPECT_THAT(message.attempts(), SizeIs(1));
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_SCHEDULED);
  EXPECT_EQ(house_.InvitationOf(id).channel(), kMail);
  EXPECT_EQ(house_.DecisionOf(id).outcome(), v1::Decision::OUTCOME_SCHEDULED);
  EXPECT_EQ(house_.Delivered(), 0);
  EXPECT_EQ(house_.Bounced(), 1);
  EXPECT_EQ(Suppressions(), 1);
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  EXPECT_EQ(house_.Delivered(), 1);
  EXPECT_EQ(Waiting(), 1) << "one reminder, not two";
}

TEST_F(DeliveryFeedbackTest, WhatCameBackIsNotSentAgainByTheNextWorker) {
  const Uuid id = house_.Invite("ada", kSms);
  // The worker that sent it died.
  house_.ClaimOne(kSms, absl::ZeroDuration());
  EXPECT_EQ(Take(id, Bounce(kSms)), Taken::kNoted);
  absl::SleepFor(absl::Milliseconds(2));
  house_.check.fallback = kMail;
  EXPECT_EQ(house_.SendOne(kSms), End::kSettled);
  EXPECT_THAT(server_.requests(), IsEmpty());
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_DEAD);
  EXPECT_EQ(house_.InvitationOf(id).channel(), kMail);
  EXPECT_EQ(Waiting(), 1);
}

TEST_F(DeliveryFeedbackTest, ReportsStayWithTheirChannel) {
  const Uuid id = house_.Invite("ada", kSms);
  EXPECT_EQ(Take(id, Bounce(kSms)), Taken::kNoted);
  house_.check.channel = kMail;
  EXPECT_EQ(house_.SendOne(kSms), End::kSettled);
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_SENT);
  EXPECT_THAT(house_.Message(id).reports(), IsEmpty());
  EXPECT_EQ(house_.Delivered(), 1);
}

TEST_F(DeliveryFeedbackTest, AReminderThatComesBackLeavesTheInvitationDelivered) {
  house_.check.reminders = 1;
  const Uuid id = SendSms();
  house_.db.clock().Advance(absl::Hours(24));
  const ClaimedMessage reminder = house_.ClaimOne(kSms);
  EXPECT_EQ(house_.Deliver(reminder), End::kSettled);
  house_.check.fallback = kMail;
  EXPECT_EQ(Take(reminder.id, Bounce(kSms)), Taken::kNoted);
  EXPECT_EQ(house_.Message(reminder.id).state(), v1::OutboxMessage::STATE_BOUNCED);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_DELIVERED);
  EXPECT_EQ(house_.Delivered(), 1);
  EXPECT_EQ(house_.Bounced(), 0);
  const ClaimedMessage mail = house_.ClaimOne(kMail);
  EXPECT_EQ(mail.message.reminder(), 1);
}

// Shown in the app while the text message was on its way: that is what delivered it.
TEST_F(DeliveryFeedbackTest, WhatReachedTheCustomerOtherwiseStaysDelivered) {
  const Uuid id = house_.Invite("ada", kSms);
  meanwhile_ = [&] {
    SetState(id, v1::Invitation::STATE_DELIVERED);
    house_.db.clock().Advance(absl::Seconds(1));
  };
  EXPECT_EQ(house_.SendOne(kSms), End::kSettled);
  EXPECT_EQ(Take(id, Bounce(kSms)), Taken::kNoted);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_DELIVERED);
  EXPECT_EQ(house_.Bounced(), 0);
}

TEST_F(DeliveryFeedbackTest, ABounceAtTheDoorIsCountedToo) {
  house_.check.fallback = kSms;
  const Uuid id = house_.Invite("unknown", kMail);
  EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_DEAD);
  EXPECT_EQ(house_.Bounced(), 1);
  EXPECT_EQ(house_.Delivered(), 0);
  EXPECT_EQ(house_.SendOne(kSms), End::kSettled);
  EXPECT_EQ(house_.Bounced(), 1);
  EXPECT_EQ(house_.Delivered(), 1);
}

TEST_F(DeliveryFeedbackTest, OfManyReportsAtOnceOneActs) {
  const Uuid id = SendSms();
  house_.check.fallback = kMail;
  std::atomic<int> noted = 0;
  std::vector<std::thread> reporters;
  for (int i = 0; i < 8; ++i) {
    reporters.emplace_back([&] {
      if (Take(id, Bounce(kSms, "+420601234567")) == Taken::kNoted) ++noted;
    });
  }
  for (std::thread& reporter : reporters) reporter.join();
  EXPECT_EQ(noted, 1);
  EXPECT_EQ(Waiting(), 1);
  EXPECT_EQ(house_.Delivered(), 0);
  EXPECT_EQ(house_.Bounced(), 1);
  EXPECT_THAT(house_.Message(id).reports(), SizeIs(1));
}

// A mail that a relay really took, and what mail servers make of it.
TEST_F(DeliveryFeedbackTest, ABounceIsFoundByTheMailThatLeft) {
  using Writer = std::string (*)(const testing::BounceSample&);
  for (const Writer write : {&testing::PostfixBounce, &testing::EximBounce, &testing::ExchangeBounce}) {
    const Uuid id = house_.Invite("ada", kMail);
    EXPECT_EQ(house_.SendOne(kMail), End::kSettled);
    const std::string message_id = TextOf(sink_.Mails().back(), "headers.Message-ID");
    EXPECT_EQ(message_id, absl::StrCat("<", id.ToString(), "@acme.example>"));
    const auto bounce = ReadBounceMail(write({.id = message_id.substr(1, message_id.find('@') - 1)}));
    ASSERT_TRUE(bounce.ok()) << bounce.status();
    EXPECT_EQ(Take(bounce->message, bounce->feedback), Taken::kNoted);
    EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_BOUNCED);
  }
  EXPECT_EQ(house_.Bounced(), 3);
  EXPECT_EQ(house_.Delivered(), 0);
  EXPECT_EQ(house_.db.Count("SELECT COUNT(*) FROM suppressions WHERE reason = 2"), 1);
}

}  // namespace
}  // namespace canvass::distribution
