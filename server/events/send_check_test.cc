// What triggers say before a message leaves, by what has changed since it was decided.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/distribution/invitation.h"
#include "server/events/testing/orchestration_house.h"
#include "server/mysql/testing/test_database.h"
#include "server/triggers/check_before_send.h"
#include "server/triggers/pause_trigger.h"
#include "tenants/tenant_directory.h"
#include "tenants/tenant_store.h"

namespace canvass::events {
namespace {

using Action = distribution::SendVerdict::Action;
using ::testing::HasSubstr;
using testing::OrchestrationHouse;
using testing::Order;
using testing::Parse;
using v1::Decision;

constexpr char kTrigger[] = R"pb(
  event_type: "order.delivered"
  survey: "tenants/-/surveys/nps"
  condition { text: "event.total > 10 AND NOT contact.plan = basic AND history.invitations = 0" }
  channels: CHANNEL_EMAIL
  channels: CHANNEL_SMS
  quiet_hours { start: "22:00" end: "08:00" }
  invitation_lifetime { seconds: 864000 }
  max_lateness { seconds: 172800 }
  reminders { delay { seconds: 86400 } })pb";

constexpr char kAda[] = R"pb(
  time_zone: "UTC"
  language: "fr"
  addresses { channel: CHANNEL_EMAIL value: "ada@example.com" }
  addresses { channel: CHANNEL_SMS value: "+420601234567" })pb";

class SendCheckTest : public ::testing::Test {
 protected:
  SendCheckTest() {
    EXPECT_TRUE(tenants_.Insert(scope_.tenant(), Parse<v1::Tenant>("time_zone: 'UTC'"), db_.clock().Now()).ok());
    house_.PublishSurvey(scope_, "nps");
    house_.SetChannels(scope_, "email { from_address: 'ask@example.com' } sms { from: 'Acme' }");
    house_.MakeContact(scope_, "ada", Parse<v1::Contact>(kAda));
    house_.MakeTrigger(scope_, "after", kTrigger);
    house_.MustPublish(scope_, {Order("o-1", "ada", db_.clock().Now())});
  }

  distribution::InvitationRecord Invitation() {
    return (*house_.invitations.ListByContact(scope_, ContactId("ada"), std::nullopt, 1))[0];
  }
  distribution::SendVerdict Check(int reminder = 0) {
    const distribution::InvitationRecord record = Invitation();
    const auto verdict = check_.Check(scope_, {.invitation = &record,
                                               .channel = v1::Invitation::CHANNEL_EMAIL,
                                               .reminder = reminder,
                                               .due = FromProto(record.invitation.schedule_time())});
    EXPECT_TRUE(verdict.ok()) << verdict.status();
    return *verdict;
  }
  void ExpectCancelled(Decision::Reason reason, absl::string_view words) {
    const distribution::SendVerdict verdict = Check();
    EXPECT_EQ(verdict.action, Action::kCancel);
    EXPECT_EQ(Decision::Reason_Name(verdict.reason), Decision::Reason_Name(reason));
    EXPECT_THAT(verdict.explanation, HasSubstr(std::string(words)));
    EXPECT_THAT(verdict.explanation, ::testing::Not(HasSubstr("example.com")));
  }
  void Suppress(absl::string_view suppression) {
    ASSERT_TRUE(house_.suppressions.Add(scope_, Parse<v1::Suppression>(suppression), db_.clock().Now()).ok());
  }

  mysql::testing::TestDatabase db_;  // its clock starts at noon, UTC
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  OrchestrationHouse house_{db_.database(), db_.clock(), db_.random()};
  tenants::TenantStore tenants_{db_.database()};
  tenants::TenantDirectory directory_{db_.database(), tenants_, db_.clock()};
  triggers::CheckBeforeSend check_{{house_.sources, house_.contacts, house_.suppressions, directory_}, db_.clock()};
};

TEST_F(SendCheckTest, WhatStillHoldsIsSent) {
  const distribution::SendVerdict verdict = Check();
  EXPECT_EQ(verdict.action, Action::kSend) << verdict.explanation;
  EXPECT_EQ(verdict.channel, v1::Invitation::CHANNEL_EMAIL);
  EXPECT_EQ(verdict.address, "ada@example.com");
  EXPECT_EQ(verdict.contact.language(), "fr");
}

TEST_F(SendCheckTest, AnUnsubscribedAddressGivesWayToTheNextChannel) {
  Suppress("address: 'ada@example.com' reason: REASON_UNSUBSCRIBED");
  const distribution::SendVerdict verdict = Check();
  EXPECT_EQ(verdict.action, Action::kSend);
  EXPECT_EQ(verdict.channel, v1::Invitation::CHANNEL_SMS);
  EXPECT_EQ(verdict.address, "+420601234567");
}

TEST_F(SendCheckTest, ASuppressedCustomerIsNotAskedAtAll) {
  Suppress("contact: 'tenants/acme/contacts/ada' reason: REASON_COMPLAINED");
  ExpectCancelled(Decision::REASON_OPTED_OUT, "spam");
}

TEST_F(SendCheckTest, TheConditionMustHoldForTheCustomerAsItIsNow) {
  house_.MakeContact(
      scope_, "ada",
      Parse<v1::Contact>(absl::StrCat(kAda, "attributes { fields { key: 'plan' value { string_value: 'basic' } } }")));
  ExpectCancelled(Decision::REASON_CONDITION_FALSE, "contact.plan was \"basic\"");
}

TEST_F(SendCheckTest, APausedTriggerSendsNothing) {
  v1::PauseTriggerRequest request;
  request.set_name("tenants/-/triggers/after");
  ASSERT_TRUE(triggers::PauseTrigger(house_.triggers, house_.trigger_catalog, db_.clock(), scope_, request).ok());
  ExpectCancelled(Decision::REASON_TRIGGER_PAUSED, "was paused");
}

TEST_F(SendCheckTest, ADeletedTriggerSendsNothing) {
  ASSERT_TRUE(house_.triggers.Delete(scope_, TriggerId("after")).ok());
  house_.trigger_catalog.Forget(scope_);
  ExpectCancelled(Decision::REASON_TRIGGER_PAUSED, "deleted");
}

TEST_F(SendCheckTest, AClosedSurveyIsNotAsked) {
  house_.CloseSurvey(scope_, "nps");
  ExpectCancelled(Decision::REASON_SURVEY_CLOSED, "'nps' was closed");
}

TEST_F(SendCheckTest, ASuspendedTenantAsksNobody) {
  const auto suspend = [](v1::Tenant& tenant) {
    tenant.set_state(v1::Tenant::STATE_SUSPENDED);
    return absl::OkStatus();
  };
  ASSERT_TRUE(tenants_.Change(scope_.tenant(), suspend).ok());
  ExpectCancelled(Decision::REASON_TENANT_SUSPENDED, "suspended");
}

TEST_F(SendCheckTest, QuietHoursPutItOff) {
  db_.clock().Advance(absl::Hours(11));
  const distribution::SendVerdict verdict = Check();
  EXPECT_EQ(verdict.action, Action::kDefer);
  EXPECT_EQ(verdict.until, db_.clock().Now() + absl::Hours(9));
}

TEST_F(SendCheckTest, TooLateIsTooLate) {
  db_.clock().Advance(absl::Hours(49));
  ExpectCancelled(Decision::REASON_EXPIRED, "could not leave until");
  db_.clock().Advance(absl::Hours(24 * 10));
  ExpectCancelled(Decision::REASON_EXPIRED, "could be answered until");
}

TEST_F(SendCheckTest, AnAnswerStopsReminders) {
  distribution::InvitationRecord record = Invitation();
  distribution::Dismiss(record.invitation, db_.clock().Now());
  ASSERT_TRUE(
      db_.database()
          .Write(scope_, [&](mysql::Transaction& tx) { return house_.invitations.UpdateState(tx, scope_, record); })
          .ok());
  EXPECT_EQ(Check(1).action, Action::kCancel);
}

TEST_F(SendCheckTest, SaysWhatComesNext) {
  const distribution::InvitationRecord record = Invitation();
  const absl::Time sent = db_.clock().Now();
  distribution::SendQuestion question{.invitation = &record, .channel = v1::Invitation::CHANNEL_EMAIL, .due = sent};
  auto next = check_.After(scope_, question, sent);
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(next->reminder_time, sent + absl::Hours(24));
  EXPECT_EQ(next->fallback, v1::Invitation::CHANNEL_SMS);
  question.reminder = 1;
  question.channel = v1::Invitation::CHANNEL_SMS;
  next = check_.After(scope_, question, sent);
  EXPECT_EQ(next->reminder_time, absl::InfiniteFuture());
  EXPECT_EQ(next->fallback, v1::Invitation::CHANNEL_UNSPECIFIED);
  // A reminder that could not be answered any more is none.
  question.reminder = 0;
  EXPECT_EQ(check_.After(scope_, question, sent + absl::Hours(24 * 9))->reminder_time, absl::InfiniteFuture());
}

}  // namespace
}  // namespace canvass::events
