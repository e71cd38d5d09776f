#include "server/distribution/acknowledge_invitation.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/distribution/channels/in_app.h"
#include "server/distribution/list_pending_invitations.h"
#include "server/distribution/stage_slot.h"
#include "server/mysql/testing/test_database.h"
#include "server/surveys/survey_store.h"

namespace canvass::distribution {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Request = v1::AcknowledgeInvitationRequest;

constexpr char kSurvey[] = R"pb(
  definition {
    default_language: "en"
    questions {
      key: "recommend"
      text { key: "en" value: "?" }
      nps {}
    }
  })pb";

// Invitations of contact `ada` with a decision each, in the app.
class InAppTest : public ::testing::Test {
 protected:
  InAppTest() { PublishSurvey("nps"); }

  absl::Time now() { return db_.clock().Now(); }

  void PublishSurvey(const std::string& id) {
    v1::Survey content;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(kSurvey, &content));
    ASSERT_TRUE(surveys_.Create(scope_, SurveyId(id), content, now()).ok());
    ASSERT_TRUE(surveys_.Publish(scope_, SurveyId(id), "", now()).ok());
  }

  void Change(const std::string& id, absl::FunctionRef<void(v1::Survey&)> change) {
    const auto changed = surveys_.Change(scope_, SurveyId(id), now(), [&](v1::Survey& survey) {
      change(survey);
      return absl::OkStatus();
    });
    ASSERT_TRUE(changed.ok()) << changed.status();
    catalog_.Forget(scope_, SurveyId(id));
  }

  void CloseSurvey(const std::string& id) {
    Change(id, [](v1::Survey& survey) { survey.set_state(v1::Survey::STATE_CLOSED); });
  }

  // An invitation due `due` from now on, and its decision on event number `event`.
  Uuid Invite(absl::Duration due, int event, const std::string& survey = "nps") {
    const DecisionKey key = KeyOf(event);
    NewInvitation invitation{.id = Uuid::V7(now(), db_.random()),
                             .survey = SurveyId(survey),
                             .survey_version = 1,
                             .contact = ContactId("ada"),
                             .schedule_time = now() + due,
                             .expire_time = now() + due + absl::Hours(24 * 30)};
    invitation.content.set_channel(v1::Invitation::CHANNEL_IN_APP);
    invitation.content.set_trigger("tenants/acme/triggers/after");
    invitation.content.set_event(absl::StrCat("tenants/acme/events/", key.event.ToString()));
    DecisionRecord decision{.key = key, .contact = ContactId("ada"), .invitation = invitation.id};
    decision.decision.set_outcome(v1::Decision::OUTCOME_SCHEDULED);
    decision.decision.set_reason(v1::Decision::REASON_QUALIFIED);
    const absl::Status status = db_.database().Write(scope_, [&](mysql::Transaction& tx) -> absl::Status {
      const absl::Status inserted = invitations_.Insert(tx, scope_, {invitation});
      return inserted.ok() ? decisions_.Insert(tx, scope_, {decision}) : inserted;
    });
    EXPECT_TRUE(status.ok()) << status;
    return invitation.id;
  }

  static DecisionKey KeyOf(int event) {
    return {.event = Uuid::FromBytes(absl::StrCat("event-", 1'000'000'000 + event)), .trigger = TriggerId("after")};
  }

  absl::StatusOr<v1::Invitation> Acknowledge(const Uuid& id, Request::Action action,
                                             std::optional<absl::Time> time = std::nullopt) {
    Request request;
    request.set_name(absl::StrCat("tenants/-/invitations/", id.ToString()));
    request.set_action(action);
    if (time.has_value()) *request.mutable_time() = ToProto(*time);
    return AcknowledgeInvitation(invitations_, decisions_, catalog_, dimensions_, db_.clock(), scope_, request);
  }

  std::vector<v1::Invitation> Pending() {
    v1::ListPendingInvitationsRequest request;
    request.set_contact("tenants/-/contacts/ada");
    auto response = ListPendingInvitations(channel_, scope_, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->invitations().begin(), response->invitations().end()};
  }

  // How often `stage` was counted: 2 delivered, 4 dismissed.
  int64_t Stage(int stage) {
    return db_.Count(
        absl::StrCat("SELECT COALESCE(SUM(total), 0) FROM metric_cells WHERE series = '@stage' AND value = ", stage));
  }

  v1::Decision::Outcome OutcomeOf(int event) { return decisions_.Get(scope_, KeyOf(event))->outcome(); }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme", "Europe/Paris");
  surveys::SurveyStore surveys_{db_.database()};
  surveys::SurveyCatalog catalog_{surveys_, db_.clock()};
  InvitationStore invitations_{db_.database()};
  DecisionStore decisions_{db_.database()};
  metrics::DimensionCache dimensions_;
  InvitationTokens tokens_{"a secret of tests alone, 32 bytes"};
  InAppChannel channel_{invitations_, catalog_, tokens_, db_.clock()};
};

TEST_F(InAppTest, ShownOnceCountsOnce) {
  const Uuid id = Invite(-absl::Hours(1), 1);
  const absl::StatusOr<v1::Invitation> shown = Acknowledge(id, Request::ACTION_SHOWN);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->state(), v1::Invitation::STATE_DELIVERED);
  EXPECT_EQ(FromProto(shown->deliver_time()), now());
  EXPECT_EQ(OutcomeOf(1), v1::Decision::OUTCOME_SENT);
  db_.clock().Advance(absl::Minutes(5));
  const absl::StatusOr<v1::Invitation> again = Acknowledge(id, Request::ACTION_SHOWN);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->DebugString(), shown->DebugString());
  EXPECT_EQ(Stage(2), 1);
  EXPECT_EQ(Stage(4), 0);
  EXPECT_EQ(invitations_.Get(scope_, id)->invitation.DebugString(), shown->DebugString());
}

TEST_F(InAppTest, DismissedEndsItOnTheDayOfItsDelivery) {
  const Uuid id = Invite(-absl::Hours(1), 1);
  // 23:30 in Paris.
  const absl::Time shown = absl::FromCivil(absl::CivilSecond(2025, 6, 1, 21, 30, 0), absl::UTCTimeZone());
  ASSERT_TRUE(Acknowledge(id, Request::ACTION_SHOWN, shown).ok());
  const absl::StatusOr<v1::Invitation> dismissed = Acknowledge(id, Request::ACTION_DISMISSED, shown + absl::Hours(2));
  ASSERT_TRUE(dismissed.ok()) << dismissed.status();
  EXPECT_EQ(dismissed->state(), v1::Invitation::STATE_DISMISSED);
  EXPECT_EQ(FromProto(dismissed->deliver_time()), shown);
  EXPECT_EQ(FromProto(dismissed->answer_time()), shown + absl::Hours(2));
  const int64_t day = NumberFromDay(absl::CivilDay(2025, 6, 1));
  EXPECT_EQ(db_.Count(absl::StrCat("SELECT SUM(total) FROM metric_cells WHERE value = 4 AND day = ", day)), 1);
  EXPECT_EQ(db_.Count(absl::StrCat("SELECT SUM(total) FROM metric_cells WHERE value = 2 AND day = ", day)), 1);
  EXPECT_EQ(Acknowledge(id, Request::ACTION_SHOWN)->state(), v1::Invitation::STATE_DISMISSED);
  EXPECT_EQ(Acknowledge(id, Request::ACTION_DISMISSED)->DebugString(), dismissed->DebugString());
  EXPECT_EQ(Stage(2) + Stage(4), 2);
}

TEST_F(InAppTest, DismissedWithoutShownCountsAsBoth) {
  const Uuid id = Invite(-absl::Hours(1), 1);
  const absl::StatusOr<v1::Invitation> dismissed = Acknowledge(id, Request::ACTION_DISMISSED);
  ASSERT_TRUE(dismissed.ok()) << dismissed.status();
  EXPECT_EQ(FromProto(dismissed->deliver_time()), now());
  EXPECT_EQ(FromProto(dismissed->answer_time()), now());
  EXPECT_EQ(OutcomeOf(1), v1::Decision::OUTCOME_SENT);
  EXPECT_EQ(Stage(2), 1);
  EXPECT_EQ(Stage(4), 1);
}

TEST_F(InAppTest, AnAnsweredOneStaysAnswered) {
  const Uuid id = Invite(-absl::Hours(1), 1);
  ASSERT_TRUE(db_.database()
                  .Write(scope_,
                         [&](mysql::Transaction& tx) -> absl::Status {
                           const auto locked = invitations_.LockMany(tx, scope_, {id});
                           if (!locked.ok()) return locked.status();
                           return invitations_.MarkAnswered(
                               tx, {{.tenant = scope_.tenant(), .invitation = id, .answer_time = now()}});
                         })
                  .ok());
  EXPECT_EQ(Acknowledge(id, Request::ACTION_DISMISSED)->state(), v1::Invitation::STATE_ANSWERED);
  EXPECT_EQ(Acknowledge(id, Request::ACTION_SHOWN)->state(), v1::Invitation::STATE_ANSWERED);
  EXPECT_EQ(Stage(2) + Stage(4), 0);
}

TEST_F(InAppTest, RefusesWhatCannotBe) {
  const Uuid early = Invite(absl::Microseconds(1), 1);
  const Uuid due = Invite(absl::ZeroDuration(), 2);
  EXPECT_EQ(ReasonOf(Acknowledge(early, Request::ACTION_SHOWN).status()), v1::ERROR_REASON_INVITATION_NOT_OPEN);
  EXPECT_EQ(ReasonOf(Acknowledge(Uuid(), Request::ACTION_SHOWN).status()), v1::ERROR_REASON_INVITATION_NOT_FOUND);
  EXPECT_EQ(ReasonOf(Acknowledge(due, Request::ACTION_UNSPECIFIED).status()), v1::ERROR_REASON_INVALID_FIELD);
  const auto ahead = Acknowledge(due, Request::ACTION_SHOWN, now() + absl::Minutes(10) + absl::Seconds(1));
  EXPECT_EQ(ReasonOf(ahead.status()), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(ViolationsOf(ahead.status())[0].field, "time");
  Request request;
  request.set_name("tenants/acme/invitations/none");
  request.set_action(Request::ACTION_SHOWN);
  EXPECT_EQ(
      ReasonOf(AcknowledgeInvitation(invitations_, decisions_, catalog_, dimensions_, db_.clock(), scope_, request)
                   .status()),
      v1::ERROR_REASON_INVITATION_NOT_FOUND);
  const TenantScope other = mysql::testing::MakeScope("other");
  request.set_name(absl::StrCat("tenants/-/invitations/", due.ToString()));
  EXPECT_EQ(
      ReasonOf(
          AcknowledgeInvitation(invitations_, decisions_, catalog_, dimensions_, db_.clock(), other, request).status()),
      v1::ERROR_REASON_INVITATION_NOT_FOUND);
  EXPECT_EQ(Stage(2), 0);
}

TEST_F(InAppTest, ManyAtOnceCountOnce) {
  const Uuid id = Invite(-absl::Hours(1), 1);
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      const auto result = Acknowledge(id, i % 2 == 0 ? Request::ACTION_SHOWN : Request::ACTION_DISMISSED);
      EXPECT_TRUE(result.ok()) << result.status();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Stage(2), 1);
  EXPECT_EQ(Stage(4), 1);
}

TEST_F(InAppTest, PendingShowsWhatIsDueWithTokens) {
  const Uuid second = Invite(-absl::Hours(1), 1);
  const Uuid first = Invite(-absl::Hours(2), 2);
  const Uuid dismissed = Invite(-absl::Hours(3), 3);
  Invite(absl::Hours(1), 4);
  ASSERT_TRUE(Acknowledge(dismissed, Request::ACTION_DISMISSED).ok());
  ASSERT_TRUE(Acknowledge(second, Request::ACTION_SHOWN).ok());
  const std::vector<v1::Invitation> pending = Pending();
  ASSERT_THAT(pending, SizeIs(2));
  EXPECT_EQ(pending[0].name(), absl::StrCat("tenants/acme/invitations/", first.ToString()));
  EXPECT_EQ(pending[1].name(), absl::StrCat("tenants/acme/invitations/", second.ToString()));
  const absl::StatusOr<TokenClaims> claims = tokens_.Verify(pending[0].token());
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->invitation, first);
  EXPECT_EQ(claims->tenant, scope_.tenant());
  EXPECT_EQ(claims->survey, SurveyId("nps"));
  EXPECT_EQ(claims->expire_time, FromProto(pending[0].expire_time()));
  db_.clock().Advance(absl::Hours(24 * 31));
  EXPECT_THAT(Pending(), IsEmpty());
}

TEST_F(InAppTest, PendingGoesPastClosedSurveysAndStopsAtTwenty) {
  PublishSurvey("closing");
  for (int i = 0; i < 60; ++i) Invite(-absl::Hours(10), i, "closing");
  for (int i = 0; i < 25; ++i) Invite(-absl::Minutes(i + 1), 100 + i);
  EXPECT_THAT(Pending(), SizeIs(20));
  EXPECT_EQ(Pending()[0].survey(), "tenants/acme/surveys/closing");
  CloseSurvey("closing");
  const std::vector<v1::Invitation> pending = Pending();
  ASSERT_THAT(pending, SizeIs(20));
  for (const v1::Invitation& invitation : pending) EXPECT_EQ(invitation.survey(), "tenants/acme/surveys/nps");
  EXPECT_EQ(FromProto(pending[0].schedule_time()), now() - absl::Minutes(25));
  CloseSurvey("nps");
  EXPECT_THAT(Pending(), IsEmpty());
}

TEST_F(InAppTest, PendingLeavesOutSurveysPastTheirCloseTimeAndArchivedOnes) {
  Invite(-absl::Hours(1), 1);
  Change("nps", [&](v1::Survey& survey) {
    *survey.mutable_closing()->mutable_close_time() = ToProto(now() + absl::Hours(1));
  });
  EXPECT_THAT(Pending(), SizeIs(1));
  db_.clock().Advance(absl::Hours(1));
  EXPECT_THAT(Pending(), IsEmpty());
  Change("nps", [](v1::Survey& survey) { survey.clear_closing(); });
  EXPECT_THAT(Pending(), SizeIs(1));
  Change("nps", [](v1::Survey& survey) { survey.set_state(v1::Survey::STATE_ARCHIVED); });
  EXPECT_THAT(Pending(), IsEmpty());
}

TEST(StageSlotTest, AThreadKeepsToItsSlot) {
  std::vector<int> slots;
  for (int i = 0; i < 2; ++i) slots.push_back(StageSlot());
  EXPECT_THAT(slots, ElementsAre(slots[0], slots[0]));
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([] {
      EXPECT_GE(StageSlot(), kFirstStageSlot);
      EXPECT_LT(StageSlot(), kFirstStageSlot + kStageSlots);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(InAppTest, ManyOfAClosedSurveyDoNotHideOrRepeatOthers) {
  PublishSurvey("closed");
  CloseSurvey("closed");
  for (int i = 0; i < 39; ++i) Invite(-absl::Hours(100 - i), i, "closed");
  for (int i = 0; i < 3; ++i) Invite(-absl::Hours(3 - i), 100 + i);
  EXPECT_THAT(Pending(), SizeIs(3));
}

}  // namespace
}  // namespace canvass::distribution
