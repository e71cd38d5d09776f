// Customers asked by hand and by triggers at once: one set of clocks, whoever asks.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/distribution/invitation_token.h"
#include "server/distribution/page_urls.h"
#include "server/events/testing/orchestration_house.h"
#include "server/mysql/testing/test_database.h"
#include "server/triggers/inviting/create_invitation.h"

namespace canvass::events {
namespace {

using testing::OrchestrationHouse;
using testing::Order;
using ::testing::SizeIs;

constexpr absl::Duration kDay = absl::Hours(24);

class InvitedByHandTest : public ::testing::Test {
 protected:
  InvitedByHandTest() {
    house_.PublishSurvey(scope_, "nps", {"event.agent", "contact.plan"});
    for (const char* id : {"ada", "bob"}) house_.MakeContact(scope_, id, v1::Contact());
  }

  absl::StatusOr<v1::Invitation> Invite(absl::string_view contact, absl::Time due) {
    v1::CreateInvitationRequest request;
    request.set_parent("tenants/-");
    request.mutable_invitation()->set_survey("tenants/-/surveys/nps");
    request.mutable_invitation()->set_contact(absl::StrCat("tenants/-/contacts/", contact));
    *request.mutable_invitation()->mutable_schedule_time() = ToProto(due);
    return triggers::CreateInvitation(rooms_, scope_, request);
  }
  v1::Decision::Reason ReasonOn(const v1::Event& event, absl::string_view trigger) {
    return house_.DecisionOn(scope_, event, trigger).reason();
  }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  OrchestrationHouse house_{db_.database(), db_.clock(), db_.random()};
  distribution::InvitationTokens tokens_{"a secret of tests alone, 32 bytes"};
  distribution::PageUrls urls_{"https://feedback.example.com"};
  triggers::InvitingRooms rooms_{
      house_.sources, house_.contacts, house_.suppressions, house_.invitations, house_.outbox, house_.dimensions,
      tokens_,        urls_,           db_.clock(),         db_.random()};
  const absl::Time now_ = db_.clock().Now();
};

TEST_F(InvitedByHandTest, ATriggersOwnCapCountsWhomSomebodyElseAsked) {
  house_.MakeTrigger(scope_, "weekly",
                     "event_type: 'order.delivered' survey: 'tenants/-/surveys/nps' "
                     "frequency_caps { interval { seconds: 604800 } }");
  ASSERT_TRUE(Invite("ada", now_).ok());
  const v1::Event ada = Order("1", "ada", now_ - kDay);
  const v1::Event bob = Order("2", "bob", now_ - kDay);
  house_.MustPublish(scope_, {ada, bob});
  EXPECT_EQ(ReasonOn(ada, "weekly"), v1::Decision::REASON_FREQUENCY_CAP);
  EXPECT_EQ(ReasonOn(bob, "weekly"), v1::Decision::REASON_QUALIFIED);
  EXPECT_TRUE(Invite("bob", now_).ok()) << "a trigger's cap is the trigger's alone";
}

TEST_F(InvitedByHandTest, APolicysCapHoldsBothWaysAndForWhatIsPlanned) {
  house_.SetPolicy(scope_, "frequency_caps { interval { seconds: 604800 } scope: SCOPE_CONTACT }");
  house_.MakeTrigger(scope_, "always", "event_type: 'order.delivered' survey: 'tenants/-/surveys/nps'");
  house_.MustPublish(scope_, {Order("1", "ada", now_ - kDay)});
  EXPECT_EQ(ReasonOf(Invite("ada", now_).status()), v1::ERROR_REASON_FREQUENCY_CAP_REACHED);
  ASSERT_TRUE(Invite("ada", now_ + 10 * kDay).ok());
  db_.clock().Advance(7 * kDay);
  const v1::Event between = Order("2", "ada", now_ + 7 * kDay);
  house_.MustPublish(scope_, {between});
  EXPECT_EQ(ReasonOn(between, "always"), v1::Decision::REASON_FREQUENCY_CAP) << "three days before the planned one";
  EXPECT_THAT(house_.InvitationsOf(scope_, "ada"), SizeIs(2));
}

TEST_F(InvitedByHandTest, HistoryAndTheDaysLimitCountThem) {
  house_.SetPolicy(scope_, "daily_limit: 1");
  house_.MakeTrigger(scope_, "first",
                     "event_type: 'order.delivered' survey: 'tenants/-/surveys/nps' "
                     "condition { text: 'history.invitations = 0' }");
  house_.MakeTrigger(scope_, "any", "event_type: 'order.delivered' survey: 'tenants/-/surveys/nps'");
  ASSERT_TRUE(Invite("ada", now_).ok());
  db_.clock().Advance(absl::Minutes(1));
  const v1::Event event = Order("1", "ada", now_ + absl::Minutes(1));
  house_.MustPublish(scope_, {event});
  EXPECT_EQ(ReasonOn(event, "first"), v1::Decision::REASON_CONDITION_FALSE);
  EXPECT_EQ(ReasonOn(event, "any"), v1::Decision::REASON_DAILY_LIMIT);
}

TEST_F(InvitedByHandTest, OfManyAtOnceOneAsks) {
  house_.SetPolicy(scope_, "frequency_caps { interval { seconds: 604800 } scope: SCOPE_CONTACT }");
  house_.MakeTrigger(scope_, "always", "event_type: 'order.delivered' survey: 'tenants/-/surveys/nps'");
  std::vector<std::thread> askers;
  for (int i = 0; i < 6; ++i) {
    askers.emplace_back([&, i] {
      if (i % 2 == 0) {
        EXPECT_TRUE(house_.Publish(scope_, {Order(absl::StrCat(i), "ada", now_)}).ok());
      } else {
        const absl::Status status = Invite("ada", now_).status();
        EXPECT_TRUE(status.ok() || ReasonOf(status) == v1::ERROR_REASON_FREQUENCY_CAP_REACHED) << status;
      }
    });
  }
  for (std::thread& asker : askers) asker.join();
  EXPECT_THAT(house_.InvitationsOf(scope_, "ada"), SizeIs(1));
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM invitations"), 1);
}

TEST_F(InvitedByHandTest, OneRequestIdSentByManyAtOnceAsksOnce) {
  v1::CreateInvitationRequest request;
  request.set_parent("tenants/-");
  request.mutable_invitation()->set_survey("tenants/-/surveys/nps");
  request.mutable_invitation()->set_contact("tenants/-/contacts/ada");
  request.set_request_id("ticket-7");
  std::vector<std::string> names(6);
  std::vector<std::thread> callers;
  for (std::string& name : names) {
    callers.emplace_back([&] {
      const auto made = triggers::CreateInvitation(rooms_, scope_, request);
      EXPECT_TRUE(made.ok()) << made.status();
      if (made.ok()) name = made->name();
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_THAT(names, ::testing::Each(names[0]));
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM invitations"), 1);
}

}  // namespace
}  // namespace canvass::events
