// One customer asked by hand: what is refused, what is stored, and what is sent with the check that holds for triggers.

#include "server/triggers/inviting/create_invitation.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/contacts/merging/merge_contacts.h"
#include "server/contacts/segment_store.h"
#include "server/distribution/acknowledge_invitation.h"
#include "server/distribution/testing/sending_house.h"
#include "server/distribution/testing/smtp_sink.h"
#include "server/triggers/check_before_send.h"
#include "server/triggers/trigger_store.h"

namespace canvass::triggers {
namespace {

using distribution::testing::SendingHouse;
using distribution::testing::SmtpSink;
using distribution::testing::TextOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr absl::Duration kDay = absl::Hours(24);

// Text format, in which a message may be said in several parts.
template <typename Message>
Message Parse(absl::string_view text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(std::string(text), &message)) << text;
  return message;
}

class CreateInvitationTest : public ::testing::Test {
 protected:
  CreateInvitationTest() { house_.StoreContact("ada"); }

  // `more` is text format of the request; of survey and contact the rest.
  static v1::CreateInvitationRequest Request(absl::string_view more = "") {
    return Parse<v1::CreateInvitationRequest>(absl::StrCat(
        "parent: 'tenants/-' invitation { survey: 'tenants/-/surveys/nps' contact: 'tenants/acme/contacts/ada' } ",
        more));
  }
  absl::StatusOr<v1::Invitation> Create(const v1::CreateInvitationRequest& request) {
    return CreateInvitation(rooms_, house_.scope, request);
  }
  absl::StatusOr<v1::Invitation> Create(absl::string_view more = "") { return Create(Request(more)); }
  v1::Invitation MustCreate(absl::string_view more = "") {
    absl::StatusOr<v1::Invitation> invitation = Create(more);
    EXPECT_TRUE(invitation.ok()) << invitation.status();
    return invitation.ok() ? *std::move(invitation) : v1::Invitation();
  }
  void ExpectRefused(const absl::Status& status, v1::ErrorReason reason, absl::string_view words) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    EXPECT_EQ(v1::ErrorReason_Name(ReasonOf(status)), v1::ErrorReason_Name(reason)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(words)));
  }
  // Asks and expects the paths that are wrong.
  std::vector<std::string> BadFields(absl::string_view more) {
    const absl::Status status = Create(more).status();
    EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_INVITATION) << more << ": " << status;
    std::vector<std::string> fields;
    for (const FieldViolation& violation : ViolationsOf(status)) fields.push_back(violation.field);
    return fields;
  }
  std::string TimeField(absl::string_view field, absl::Duration from_now) {
    return absl::StrCat("invitation { ", field, " { seconds: ", absl::ToUnixSeconds(house_.now() + from_now), " } } ");
  }
  void SetPolicy(absl::string_view text) {
    const auto set = [&](v1::ContactPolicy& policy) {
      policy = Parse<v1::ContactPolicy>(text);
      return absl::OkStatus();
    };
    ASSERT_TRUE(house_.settings_store.ChangePolicy(house_.scope, house_.now(), set).ok());
    house_.settings.Forget(house_.scope);
  }
  void Suppress(absl::string_view text) {
    ASSERT_TRUE(house_.suppressions.Add(house_.scope, Parse<v1::Suppression>(text), house_.now()).ok());
  }
  int64_t Rows(absl::string_view table) { return house_.db.Count(absl::StrCat("SELECT COUNT(*) FROM ", table)); }
  // Sends what is due by mail, with the check of triggers.
  void SendMail() {
    distribution::DeliveryParts plain = house_.parts();
    const distribution::DeliveryParts parts{.outbox = plain.outbox,
                                            .invitations = plain.invitations,
                                            .decisions = plain.decisions,
                                            .suppressions = plain.suppressions,
                                            .surveys = plain.surveys,
                                            .settings = plain.settings,
                                            .dimensions = plain.dimensions,
                                            .check = check_,
                                            .channels = plain.channels,
                                            .clock = plain.clock,
                                            .random = plain.random};
    distribution::ClaimedMessage claimed = house_.ClaimOne(v1::Invitation::CHANNEL_EMAIL);
    EXPECT_EQ(distribution::Delivery(parts).Deliver(*house_.directory.Find(house_.scope.tenant()), std::move(claimed)),
              distribution::Delivery::End::kSettled);
  }
  v1::Invitation Stored(const v1::Invitation& invitation) {
    const auto id = Uuid::Parse(invitation.name().substr(invitation.name().rfind('/') + 1));
    return house_.invitations.Get(house_.scope, *id)->invitation;
  }

  SmtpSink sink_;
  SendingHouse house_{{.smtp_url = sink_.url(), .sms_url = "https://sms.example"}};
  TriggerStore triggers_{house_.db.database()};
  TriggerCatalog trigger_catalog_{triggers_, house_.db.clock()};
  contacts::SegmentStore segments_{house_.db.database()};
  contacts::SegmentCatalog segment_catalog_{segments_, house_.db.clock()};
  PlanSources sources_{house_.db.database(), trigger_catalog_, house_.survey_catalog, segment_catalog_,
                       house_.settings};
  CheckBeforeSend check_{{sources_, house_.contacts, house_.suppressions, house_.directory}, house_.db.clock()};
  InvitingRooms rooms_{sources_,          house_.contacts, house_.suppressions, house_.invitations, house_.outbox,
                       house_.dimensions, house_.tokens,   house_.urls,         house_.db.clock(),  house_.db.random()};
};

TEST_F(CreateInvitationTest, AsksInTheAppFromNowOnUnlessToldOtherwise) {
  const v1::Invitation made = MustCreate(
      "invitation { name: 'tenants/other/invitations/1' trigger: 'x' event: 'y' state: STATE_ANSWERED survey_version: "
      "7 "
      "reminders_sent: 3 token: 'cvi_mine' url: 'https://elsewhere' facts { fields { key: 'event' value { struct_value "
      "{ "
      "fields { key: 'agent' value { string_value: 'Eva' } } } } } } }");
  EXPECT_THAT(made.name(), StartsWith("tenants/acme/invitations/"));
  EXPECT_EQ(made.survey(), "tenants/acme/surveys/nps");
  EXPECT_EQ(made.survey_version(), 1);
  EXPECT_EQ(made.contact(), "tenants/acme/contacts/ada");
  EXPECT_EQ(made.channel(), v1::Invitation::CHANNEL_IN_APP);
  EXPECT_EQ(made.state(), v1::Invitation::STATE_SCHEDULED);
  EXPECT_TRUE(made.trigger().empty() && made.event().empty() && made.reminders_sent() == 0);
  EXPECT_EQ(FromProto(made.schedule_time()), house_.now());
  EXPECT_EQ(FromProto(made.create_time()), house_.now());
  EXPECT_EQ(FromProto(made.expire_time()), house_.now() + 30 * kDay);
  EXPECT_EQ(made.facts().fields().at("event").struct_value().fields().at("agent").string_value(), "Eva");
  EXPECT_TRUE(made.facts().fields().contains("contact"));
  const auto claims = house_.tokens.Verify(made.token());
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(absl::StrCat("tenants/acme/invitations/", claims->invitation.ToString()), made.name());
  EXPECT_EQ(made.url(), absl::StrCat("https://feedback.example.com/s/", made.token()));
  EXPECT_THAT(Stored(made).token() + Stored(made).url(), IsEmpty()) << "neither is kept";
  EXPECT_EQ(Rows("outbox") + Rows("decisions"), 0);
}

TEST_F(CreateInvitationTest, AMailIsSentAndCountedAndAcknowledged) {
  const v1::Invitation made = MustCreate("invitation { channel: CHANNEL_EMAIL }");
  SendMail();
  ASSERT_THAT(sink_.Mails(), SizeIs(1));
  EXPECT_THAT(TextOf(sink_.Mails()[0], "text"), HasSubstr(made.token()));
  EXPECT_EQ(Stored(made).state(), v1::Invitation::STATE_DELIVERED);
  EXPECT_EQ(house_.Delivered(), 1);
  v1::AcknowledgeInvitationRequest dismiss;
  dismiss.set_name(made.name());
  dismiss.set_action(v1::AcknowledgeInvitationRequest::ACTION_DISMISSED);
  const auto dismissed =
      distribution::AcknowledgeInvitation(house_.invitations, house_.decisions, house_.survey_catalog,
                                          house_.dimensions, house_.db.clock(), house_.scope, dismiss);
  ASSERT_TRUE(dismissed.ok()) << dismissed.status();
  EXPECT_EQ(dismissed->state(), v1::Invitation::STATE_DISMISSED);
}

TEST_F(CreateInvitationTest, AMailWaitsForItsTime) {
  MustCreate(absl::StrCat("invitation { channel: CHANNEL_EMAIL } ", TimeField("schedule_time", absl::Hours(5))));
  EXPECT_THAT(house_.Claim(v1::Invitation::CHANNEL_EMAIL), IsEmpty());
  house_.db.clock().Advance(absl::Hours(5));
  SendMail();
  EXPECT_THAT(sink_.Mails(), SizeIs(1));
}

TEST_F(CreateInvitationTest, WhoUnsubscribesBeforeItLeavesIsSpared) {
  const v1::Invitation made = MustCreate("invitation { channel: CHANNEL_EMAIL }");
  Suppress("address: 'ada@example.com' reason: REASON_UNSUBSCRIBED");
  SendMail();
  EXPECT_THAT(sink_.Mails(), IsEmpty());
  EXPECT_EQ(Stored(made).state(), v1::Invitation::STATE_CANCELLED);
}

TEST_F(CreateInvitationTest, ASurveyThatClosesBeforeItLeavesIsNotAsked) {
  const v1::Invitation made = MustCreate("invitation { channel: CHANNEL_EMAIL }");
  ASSERT_TRUE(house_.surveys
                  .Change(house_.scope, SurveyId("nps"), house_.now(),
                          [](v1::Survey& survey) {
                            survey.set_state(v1::Survey::STATE_CLOSED);
                            return absl::OkStatus();
                          })
                  .ok());
  house_.survey_catalog.Forget(house_.scope, SurveyId("nps"));
  SendMail();
  EXPECT_THAT(sink_.Mails(), IsEmpty());
  EXPECT_EQ(Stored(made).state(), v1::Invitation::STATE_CANCELLED);
  ExpectRefused(Create().status(), v1::ERROR_REASON_SURVEY_CLOSED, "is closed");
}

TEST_F(CreateInvitationTest, ConsentSuppressionsAndAddressesHoldWhateverTheCallerSays) {
  Suppress("address: 'ada@example.com' reason: REASON_BOUNCED");
  ExpectRefused(Create("invitation { channel: CHANNEL_EMAIL } ignore_frequency_caps: true").status(),
                v1::ERROR_REASON_CONTACT_OPTED_OUT, "cannot be asked");
  ExpectRefused(Create("invitation { channel: CHANNEL_WEBHOOK }").status(), v1::ERROR_REASON_CONTACT_NOT_REACHABLE,
                "webhook");
  SetPolicy("consent_required: CHANNEL_SMS");
  ExpectRefused(Create("invitation { channel: CHANNEL_SMS }").status(), v1::ERROR_REASON_CONTACT_OPTED_OUT, "consent");
  Suppress("contact: 'tenants/acme/contacts/ada' reason: REASON_COMPLAINED");
  ExpectRefused(Create("invitation { channel: CHANNEL_LINK }").status(), v1::ERROR_REASON_CONTACT_OPTED_OUT, "spam");
  EXPECT_EQ(Rows("invitations") + Rows("outbox") + Rows("invitation_requests"), 0);
}

TEST_F(CreateInvitationTest, AFrequencyCapRefusesUnlessItIsIgnored) {
  SetPolicy("frequency_caps { interval { seconds: 1209600 } scope: SCOPE_CONTACT }");
  MustCreate();
  house_.db.clock().Advance(2 * kDay);
  const absl::Status capped = Create("request_id: 'r'").status();
  ExpectRefused(capped, v1::ERROR_REASON_FREQUENCY_CAP_REACHED, "one survey of any kind within 14 days");
  EXPECT_THAT(std::string(capped.message()), HasSubstr("An invitation from "));
  EXPECT_THAT(std::string(capped.message()), HasSubstr("ignore_frequency_caps"));
  EXPECT_EQ(Rows("invitation_requests"), 0) << "a refusal uses no request_id up";
  MustCreate("ignore_frequency_caps: true");
  // The clock moved: 14 days from the first are not enough now.
  house_.db.clock().Advance(12 * kDay);
  ExpectRefused(Create().status(), v1::ERROR_REASON_FREQUENCY_CAP_REACHED, "within 14 days");
  house_.db.clock().Advance(2 * kDay);
  MustCreate();
  EXPECT_EQ(Rows("invitations"), 3);
}

TEST_F(CreateInvitationTest, TheDaysLimitCountsEachOnceAndHolds) {
  SetPolicy("daily_limit: 2");
  MustCreate();
  MustCreate();
  ExpectRefused(Create("ignore_frequency_caps: true").status(), v1::ERROR_REASON_DAILY_LIMIT_REACHED,
                "allows 2 invitations");
  MustCreate(TimeField("schedule_time", kDay));
}

TEST_F(CreateInvitationTest, QuietHoursHoldForWhatIsSent) {
  SetPolicy("quiet_hours { start: '00:00' end: '23:00' action: ACTION_DEFER }");
  const v1::Invitation mail = MustCreate("invitation { channel: CHANNEL_EMAIL }");
  EXPECT_GT(FromProto(mail.schedule_time()), house_.now());
  EXPECT_EQ(FromProto(mail.expire_time()), FromProto(mail.schedule_time()) + 30 * kDay);
  EXPECT_EQ(FromProto(MustCreate().schedule_time()), house_.now());
  EXPECT_EQ(FromProto(MustCreate("invitation { channel: CHANNEL_LINK }").schedule_time()), house_.now());
  const std::string soon =
      absl::StrCat("invitation { channel: CHANNEL_EMAIL } ", TimeField("expire_time", absl::Minutes(2)));
  ExpectRefused(Create(soon).status(), v1::ERROR_REASON_QUIET_HOURS, "expire_time");
  SetPolicy("quiet_hours { start: '00:00' end: '23:00' action: ACTION_SKIP }");
  ExpectRefused(Create("invitation { channel: CHANNEL_EMAIL }").status(), v1::ERROR_REASON_QUIET_HOURS,
                "An invitation from ");
}

TEST_F(CreateInvitationTest, ARequestIdMakesOneInvitation) {
  SetPolicy("frequency_caps { interval { seconds: 1209600 } scope: SCOPE_CONTACT }");
  const std::string request = absl::StrCat(
      "request_id: 'ticket-7' invitation { channel: CHANNEL_EMAIL facts { fields { key: 'event' value { struct_value { "
      "fields "
      "{ key: 'a' value { number_value: 1 } } fields { key: 'b' value { number_value: 2 } } } } } } } ",
      TimeField("schedule_time", absl::ZeroDuration()));
  const v1::Invitation first = MustCreate(request);
  house_.db.clock().Advance(kDay);
  SendMail();
  const v1::Invitation again = MustCreate(request);
  EXPECT_EQ(again.name(), first.name());
  EXPECT_EQ(again.token(), first.token());
  EXPECT_EQ(again.state(), v1::Invitation::STATE_DELIVERED) << "as it is now";
  EXPECT_EQ(Rows("invitations") + Rows("outbox"), 2);
  const absl::Status other = Create("request_id: 'ticket-7'").status();
  EXPECT_EQ(other.code(), absl::StatusCode::kAlreadyExists) << other;
  EXPECT_EQ(ReasonOf(other), v1::ERROR_REASON_REQUEST_ID_REUSED);
}

TEST_F(CreateInvitationTest, AMergedCustomerIsTheOneThatWasKept) {
  house_.StoreContact("kept");
  v1::MergeContactsRequest merge;
  merge.set_name("tenants/acme/contacts/kept");
  merge.set_duplicate("tenants/acme/contacts/ada");
  ASSERT_TRUE(contacts::MergeContacts(house_.contacts, house_.db.clock(), house_.scope, merge).ok());
  const v1::Invitation made = MustCreate();
  EXPECT_EQ(made.contact(), "tenants/acme/contacts/kept");
  EXPECT_EQ(house_.db.Count("SELECT COUNT(*) FROM contact_clocks WHERE contact_id = 'kept' AND clock = 'contact'"), 1);
}

TEST_F(CreateInvitationTest, EveryBadFieldIsNamed) {
  v1::CreateInvitationRequest empty;
  empty.set_parent("tenants/acme");
  const absl::Status required = Create(empty).status();
  EXPECT_EQ(ReasonOf(required), v1::ERROR_REASON_INVALID_INVITATION);
  EXPECT_THAT(ViolationsOf(required), SizeIs(2));
  EXPECT_THAT(BadFields(absl::StrCat("request_id: '", std::string(129, 'x'), "' invitation { channel: 9 }")),
              UnorderedElementsAre("request_id", "invitation.channel"));
  EXPECT_THAT(BadFields(TimeField("schedule_time", -absl::Minutes(11))), ElementsAre("invitation.schedule_time"));
  EXPECT_THAT(BadFields(TimeField("schedule_time", 91 * kDay)), ElementsAre("invitation.schedule_time"));
  EXPECT_THAT(BadFields("invitation { schedule_time { seconds: -99999999999999 } expire_time { nanos: -1 } }"),
              UnorderedElementsAre("invitation.schedule_time", "invitation.expire_time"));
  EXPECT_THAT(BadFields(TimeField("expire_time", -kDay)), ElementsAre("invitation.expire_time"));
  EXPECT_THAT(BadFields(TimeField("expire_time", 366 * kDay)), ElementsAre("invitation.expire_time"));
  EXPECT_THAT(BadFields("invitation { facts { fields { key: 'contact' value { struct_value {} } } } }"),
              ElementsAre("invitation.facts.contact"));
  EXPECT_THAT(BadFields("invitation { facts { fields { key: 'event' value { number_value: 1 } } } }"),
              ElementsAre("invitation.facts.event"));
  EXPECT_EQ(Rows("invitations"), 0);
}

TEST_F(CreateInvitationTest, WhatIsNotThereCannotBeAsked) {
  v1::CreateInvitationRequest request = Request();
  request.mutable_invitation()->set_contact("tenants/acme/contacts/nobody");
  EXPECT_EQ(ReasonOf(Create(request).status()), v1::ERROR_REASON_CONTACT_NOT_FOUND);
  request.mutable_invitation()->set_contact("tenants/other/contacts/ada");
  EXPECT_EQ(Create(request).status().code(), absl::StatusCode::kNotFound);
  request = Request();
  request.mutable_invitation()->set_survey("tenants/acme/surveys/nothing");
  EXPECT_EQ(ReasonOf(Create(request).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  ASSERT_TRUE(house_.surveys.Create(house_.scope, SurveyId("draft"), v1::Survey(), house_.now()).ok());
  request.mutable_invitation()->set_survey("tenants/acme/surveys/draft");
  ExpectRefused(Create(request).status(), v1::ERROR_REASON_SURVEY_NOT_PUBLISHED, "'draft'");
  EXPECT_EQ(Rows("invitations") + Rows("invitation_requests"), 0);
}

}  // namespace
}  // namespace canvass::triggers
