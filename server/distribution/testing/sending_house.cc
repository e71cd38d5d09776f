#include "server/distribution/testing/sending_house.h"

#include <google/protobuf/text_format.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/distribution/outbox/outbox_message.h"

namespace canvass::distribution::testing {
namespace {

constexpr char kSurvey[] = R"pb(
  default_language: "en"
  languages: "de"
  questions {
    key: "recommend"
    text { key: "en" value: "How likely are you to recommend {{event.product|us}}?" }
    text { key: "de" value: "Wie wahrscheinlich empfehlen Sie {{event.product|uns}} weiter?" }
    nps {}
  })pb";

[[noreturn]] void Fail(absl::string_view what, absl::string_view why) {
  const std::string text = absl::StrCat("sending house: ", what, ": ", why, "\n");
  std::fputs(text.c_str(), stderr);
  std::exit(1);
}

void Require(absl::string_view what, const absl::Status& status) {
  if (!status.ok()) Fail(what, status.ToString());
}

template <typename T>
T Must(absl::string_view what, absl::StatusOr<T> result) {
  if (!result.ok()) Fail(what, result.status().ToString());
  return *std::move(result);
}

v1::SurveyDefinition Definition() {
  v1::SurveyDefinition definition;
  if (!google::protobuf::TextFormat::ParseFromString(kSurvey, &definition)) Fail("cannot parse", kSurvey);
  return definition;
}

ChannelOptions ChannelsOf(const SendingHouseOptions& options) {
  return {.smtp = {.url = options.smtp_url, .limits = options.limits},
          .http = {
              .allow_http = true, .guard = Must("guard", AddressGuard::Make({"127.0.0.1"})), .limits = options.limits}};
}

void FillSettings(const SendingHouseOptions& options, v1::ChannelSettings& settings) {
  settings.mutable_email()->set_from_address("hello@acme.example");
  if (!options.webhook_url.empty()) {
    settings.mutable_webhook()->set_url(options.webhook_url);
    settings.mutable_webhook()->set_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  }
  if (!options.sms_url.empty()) {
    settings.mutable_sms()->set_url(options.sms_url);
    settings.mutable_sms()->set_account("AC1");
    settings.mutable_sms()->set_secret("12345");
    settings.mutable_sms()->set_from("Acme");
  }
}

Uuid InvitationId(const v1::OutboxMessage& message) {
  return Must("id", Uuid::Parse(message.invitation().substr(message.invitation().rfind('/') + 1)));
}

}  // namespace

absl::StatusOr<SendVerdict> PlainSendCheck::Check(const TenantScope& scope, const SendQuestion& question) {
  ++checks;
  SendVerdict verdict{.action = action, .until = until, .reason = reason, .explanation = "as the test says"};
  verdict.channel = channel == v1::Invitation::CHANNEL_UNSPECIFIED ? question.channel : channel;
  const std::string& contact = question.invitation->contact.value();
  verdict.address =
      verdict.channel == v1::Invitation::CHANNEL_SMS ? "+420601234567" : absl::StrCat(contact, "@example.com");
  verdict.contact.set_language("en");
  return verdict;
}

absl::StatusOr<SendCheck::Next> PlainSendCheck::After(const TenantScope& scope, const SendQuestion& question,
                                                      absl::Time sent) {
  Next next;
  if (question.reminder < reminders) next.reminder_time = sent + absl::Hours(24);
  if (question.channel != fallback) next.fallback = fallback;
  return next;
}

SendingHouse::SendingHouse(const SendingHouseOptions& options)
    : channels(ChannelsOf(options), {.invitations = tokens, .unsubscribes = unsubscribes, .urls = urls}) {
  AddTenant("acme", options);
}

DeliveryParts SendingHouse::parts() {
  return {.outbox = outbox,
          .invitations = invitations,
          .decisions = decisions,
          .suppressions = suppressions,
          .surveys = survey_catalog,
          .settings = settings,
          .dimensions = dimensions,
          .check = check,
          .channels = channels,
          .clock = db.clock(),
          .random = db.random()};
}

TenantScope SendingHouse::AddTenant(absl::string_view id, const SendingHouseOptions& options) {
  v1::Tenant content;
  content.set_display_name("Acme & Sons");
  content.set_time_zone("Europe/Prague");
  const TenantScope tenant = Must("tenant", tenants.Insert(TenantId(std::string(id)), content, now())).scope;
  v1::Survey survey;
  *survey.mutable_definition() = Definition();
  Require("survey", surveys.Create(tenant, SurveyId("nps"), survey, now()).status());
  Require("publish", surveys.Publish(tenant, SurveyId("nps"), "", now()).status());
  const auto fill = [&](v1::ChannelSettings& settings) {
    FillSettings(options, settings);
    return absl::OkStatus();
  };
  Require("settings", settings_store.ChangeChannels(tenant, now(), fill).status());
  return tenant;
}

Uuid SendingHouse::InviteOf(const TenantScope& tenant, absl::string_view contact, v1::Invitation::Channel channel) {
  NewInvitation invitation{.id = Uuid::V7(now(), db.random()),
                           .survey = SurveyId("nps"),
                           .survey_version = 1,
                           .contact = ContactId(std::string(contact)),
                           .schedule_time = now(),
                           .expire_time = now() + absl::Hours(24 * 30)};
  const DecisionKey key{.event = Uuid::V7(now(), db.random()), .trigger = TriggerId("after")};
  invitation.content.set_channel(channel);
  invitation.content.set_trigger(ResourceName(tenant.tenant(), {"triggers", "after"}));
  invitation.content.set_event(ResourceName(tenant.tenant(), {"events", key.event.ToString()}));
  DecisionRecord decision{.key = key, .contact = invitation.contact, .invitation = invitation.id};
  decision.decision.set_outcome(v1::Decision::OUTCOME_SCHEDULED);
  decision.decision.set_reason(v1::Decision::REASON_QUALIFIED);
  const NewMessage message{.id = Uuid::V7(now(), db.random()),
                           .invitation = invitation.id,
                           .contact = invitation.contact,
                           .channel = channel,
                           .attempt_time = now()};
  Require("invite", db.database().Write(tenant, [&](mysql::Transaction& tx) -> absl::Status {
    absl::Status status = invitations.Insert(tx, tenant, {invitation});
    if (status.ok()) status = decisions.Insert(tx, tenant, {decision});
    return status.ok() ? outbox.Insert(tx, tenant, {message}, now()) : status;
  }));
  return message.id;
}

std::vector<ClaimedMessage> SendingHouse::Claim(v1::Invitation::Channel channel, absl::Duration lease, int limit,
                                                absl::string_view owner) {
  return Must("claim",
              outbox.Claim(scope, {.channel = channel, .owner = owner, .lease = lease, .now = now(), .limit = limit}));
}

ClaimedMessage SendingHouse::ClaimOne(v1::Invitation::Channel channel, absl::Duration lease) {
  std::vector<ClaimedMessage> claimed = Claim(channel, lease, 1);
  if (claimed.size() != 1) Fail("claim", "nothing is due");
  return std::move(claimed[0]);
}

Delivery::End SendingHouse::Deliver(ClaimedMessage message) {
  return Delivery(parts()).Deliver(Must("tenant", directory.Find(scope.tenant())), std::move(message));
}

v1::OutboxMessage SendingHouse::Message(const Uuid& id) { return Must("message", outbox.Get(scope, id)); }

v1::Invitation SendingHouse::InvitationOf(const Uuid& message) {
  return Must("invitation", invitations.Get(scope, InvitationId(Message(message)))).invitation;
}

v1::Decision SendingHouse::DecisionOf(const Uuid& message) {
  return Must("decision", decisions.Get(scope, *distribution::DecisionOf(InvitationOf(message))));
}

int64_t SendingHouse::Counted(int stage) {
  return db.Count(
      absl::StrCat("SELECT COALESCE(SUM(total), 0) FROM metric_cells WHERE series = '@stage' AND value = ", stage));
}

void SendingHouse::StoreContact(absl::string_view id) {
  const auto fill = [&](v1::Contact& contact) {
    v1::Address& mail = *contact.add_addresses();
    mail.set_channel(v1::Invitation::CHANNEL_EMAIL);
    mail.set_value(absl::StrCat(id, "@example.com"));
    v1::Address& telephone = *contact.add_addresses();
    telephone.set_channel(v1::Invitation::CHANNEL_SMS);
    telephone.set_value("+420601234567");
    return absl::OkStatus();
  };
  Require("contact", contacts.Upsert(scope, ContactId(std::string(id)), now(), fill).status());
}

SampleMessage::SampleMessage() : survey(Definition()) {
  id = Must("id", Uuid::Parse("01975b6a-1234-7000-8000-0123456789ab"));
  invitation.id = Must("id", Uuid::Parse("01975b6a-4321-7000-8000-ba9876543210"));
  invitation.survey = SurveyId("nps");
  invitation.survey_version = 1;
  invitation.contact = ContactId("ada");
  v1::Invitation& content = invitation.invitation;
  content.set_name(ResourceName(scope.tenant(), {"invitations", invitation.id.ToString()}));
  content.set_survey("tenants/acme/surveys/nps");
  content.set_contact("tenants/acme/contacts/ada");
  *content.mutable_expire_time() = ToProto(mysql::testing::TestStart() + absl::Hours(24 * 30));
  google::protobuf::Struct& event = *(*content.mutable_facts()->mutable_fields())["event"].mutable_struct_value();
  (*event.mutable_fields())["product"].set_string_value("Tea <& more>");
  FillSettings({.webhook_url = "https://hooks.acme.example/canvass", .sms_url = "https://sms.example"}, settings);
}

Outgoing SampleMessage::outgoing() const {
  return {.scope = scope,
          .tenant_name = "Acme & Sons",
          .id = id,
          .reminder = reminder,
          .invitation = invitation,
          .survey = survey,
          .settings = settings,
          .contact = contact,
          .address = address,
          .now = mysql::testing::TestStart()};
}

}  // namespace canvass::distribution::testing
