// All that sending needs, on one database, for tests: a tenant `acme` with channels, a published survey `nps`, and
// invitations with their messages.
//
//   SendingHouse house({.smtp_url = sink.url(), .webhook_url = server.url()});
//   const Uuid message = house.Invite("ada", v1::Invitation::CHANNEL_EMAIL);
//   house.Deliver(house.ClaimOne(v1::Invitation::CHANNEL_EMAIL));
//
// The address of contact `ada` is ada@example.com by mail and +420601234567 by text message. A step that fails ends the
// process with a message. Thread-safe but for the making of things.
#ifndef CANVASS_SERVER_DISTRIBUTION_TESTING_SENDING_HOUSE_H_
#define CANVASS_SERVER_DISTRIBUTION_TESTING_SENDING_HOUSE_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/contacts/contact_store.h"
#include "server/distribution/feedback/delivery_feedback.h"
#include "server/distribution/outbox/delivery.h"
#include "server/distribution/outbox/sender.h"
#include "server/mysql/testing/test_database.h"
#include "server/settings/settings_store.h"
#include "server/surveys/survey_store.h"
#include "tenants/tenant_store.h"

namespace canvass::distribution::testing {

// Sends always, unless told otherwise, and knows one address for each contact and channel.
class PlainSendCheck final : public SendCheck {
 public:
  absl::StatusOr<SendVerdict> Check(const TenantScope& scope, const SendQuestion& question) override;
  absl::StatusOr<Next> After(const TenantScope& scope, const SendQuestion& question, absl::Time sent) override;

  // What it says but "send".
  SendVerdict::Action action = SendVerdict::Action::kSend;
  v1::Decision::Reason reason = v1::Decision::REASON_OPTED_OUT;
  absl::Time until;
  // Where it sends to; the message's own channel unless set.
  v1::Invitation::Channel channel = v1::Invitation::CHANNEL_UNSPECIFIED;
  // After a message left, so many reminders follow it, a day apart.
  int reminders = 0;
  v1::Invitation::Channel fallback = v1::Invitation::CHANNEL_UNSPECIFIED;
  std::atomic<int> checks = 0;
};

struct SendingHouseOptions {
  std::string smtp_url = {};
  std::string webhook_url = {};
  std::string sms_url = {};
  TransferLimits limits = {.connect = absl::Seconds(2), .total = absl::Seconds(2)};
};

class SendingHouse {
 public:
  explicit SendingHouse(const SendingHouseOptions& options);

  absl::Time now() { return db.clock().Now(); }
  DeliveryParts parts();

  // An invitation of `contact` that is due now, its decision, and its message. Returns the message's id.
  Uuid Invite(absl::string_view contact, v1::Invitation::Channel channel) { return InviteOf(scope, contact, channel); }
  Uuid InviteOf(const TenantScope& tenant, absl::string_view contact, v1::Invitation::Channel channel);
  // Makes a tenant like `acme` with its survey.
  TenantScope AddTenant(absl::string_view id, const SendingHouseOptions& options);

  // Claims for `lease` what is due, at most `limit`.
  std::vector<ClaimedMessage> Claim(v1::Invitation::Channel channel, absl::Duration lease = absl::Minutes(3),
                                    int limit = 10, absl::string_view owner = "test");
  ClaimedMessage ClaimOne(v1::Invitation::Channel channel, absl::Duration lease = absl::Minutes(3));
  Delivery::End Deliver(ClaimedMessage message);
  // Both.
  Delivery::End SendOne(v1::Invitation::Channel channel) { return Deliver(ClaimOne(channel)); }

  v1::OutboxMessage Message(const Uuid& id);
  v1::Invitation InvitationOf(const Uuid& message);
  v1::Decision DecisionOf(const Uuid& message);
  // How often invitations were counted as delivered, and as having come back.
  int64_t Delivered() { return Counted(2); }
  int64_t Bounced() { return Counted(5); }

  // Stores contact `id` with the addresses that PlainSendCheck sends to.
  void StoreContact(absl::string_view id);

  mysql::testing::TestDatabase db;
  TenantScope scope = mysql::testing::MakeScope("acme", "Europe/Prague");
  tenants::TenantStore tenants{db.database()};
  tenants::TenantDirectory directory{db.database(), tenants, db.clock()};
  surveys::SurveyStore surveys{db.database()};
  surveys::SurveyCatalog survey_catalog{surveys, db.clock()};
  settings::SettingsStore settings_store{db.database()};
  settings::SettingsCatalog settings{settings_store, db.clock()};
  contacts::ContactStore contacts{db.database()};
  contacts::SuppressionStore suppressions{db.database()};
  InvitationStore invitations{db.database()};
  DecisionStore decisions{db.database()};
  OutboxStore outbox{db.database()};
  metrics::DimensionCache dimensions;
  PlainSendCheck check;
  InvitationTokens tokens{"a secret of tests alone, 32 bytes"};
  UnsubscribeTokens unsubscribes{"a secret of tests alone, 32 bytes"};
  PageUrls urls{"https://feedback.example.com"};
  SendingChannels channels;
  DeliveryFeedback feedback{parts(), contacts};

 private:
  int64_t Counted(int stage);
};

// What a message needs to be rendered, without a database: of contact `ada`, survey `nps`, tenant `acme`.
struct SampleMessage {
  SampleMessage();
  Outgoing outgoing() const;
  MessageLinks links() const { return {.invitations = tokens, .unsubscribes = unsubscribes, .urls = urls}; }

  TenantScope scope = mysql::testing::MakeScope("acme");
  Uuid id;
  int reminder = 0;
  InvitationRecord invitation;
  v1::SurveyDefinition survey;
  v1::ChannelSettings settings;
  v1::Contact contact;
  std::string address = "ada@example.com";
  InvitationTokens tokens{"a secret of tests alone, 32 bytes"};
  UnsubscribeTokens unsubscribes{"a secret of tests alone, 32 bytes"};
  PageUrls urls{"https://feedback.example.com"};
};

}  // namespace canvass::distribution::testing

#endif  // CANVASS_SERVER_DISTRIBUTION_TESTING_SENDING_HOUSE_H_
