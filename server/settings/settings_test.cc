// The rules of settings, and the handlers against a database.

#include "server/settings/settings.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/base/error.h"
#include "server/mysql/testing/test_database.h"
#include "server/settings/get_settings.h"
#include "server/settings/protection.h"
#include "server/settings/settings_catalog.h"
#include "server/settings/update_settings.h"

namespace canvass::settings {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.push_back(violation.field);
  return fields;
}

std::vector<std::string> BadFieldsOfPolicy(const std::string& text) {
  auto policy = Parse<v1::ContactPolicy>(text);
  return FieldsOf(NormalizePolicy(policy));
}

std::vector<std::string> BadFieldsOfChannels(const std::string& text) {
  SecureRandom random;
  auto channels = Parse<v1::ChannelSettings>(text);
  return FieldsOf(NormalizeChannels(v1::ChannelSettings(), random, channels));
}

TEST(ProtectionTest, ReadsTimesOfDay) {
  EXPECT_EQ(MinuteOfDay("00:00"), 0);
  EXPECT_EQ(MinuteOfDay("23:59"), 1439);
  for (const char* text : {"", "24:00", "12:60", "7:30", "07-30", "07:3x", "07:30 "}) {
    EXPECT_EQ(MinuteOfDay(text), std::nullopt) << text;
  }
}

TEST(PolicyTest, FillsInDefaults) {
  auto policy = Parse<v1::ContactPolicy>("frequency_caps { interval { seconds: 60 } } quiet_hours { days: 7 }");
  ASSERT_TRUE(NormalizePolicy(policy).ok());
  EXPECT_EQ(policy.frequency_caps(0).scope(), v1::FrequencyCap::SCOPE_SURVEY);
  EXPECT_EQ(policy.quiet_hours().action(), v1::QuietHours::ACTION_DEFER);
  EXPECT_FALSE(policy.has_event_retention()) << "events are kept for good";
}

TEST(PolicyTest, NamesEveryBadField) {
  EXPECT_THAT(BadFieldsOfPolicy("frequency_caps {} frequency_caps { interval { seconds: 59 } scope: 9 }"),
              ElementsAre("contact_policy.frequency_caps[0].interval", "contact_policy.frequency_caps[1].interval",
                          "contact_policy.frequency_caps[1].scope"));
  EXPECT_THAT(BadFieldsOfPolicy("quiet_hours { start: '22:00' }"), ElementsAre("contact_policy.quiet_hours.end"));
  EXPECT_THAT(BadFieldsOfPolicy("quiet_hours { start: '25:00' end: '7' days: 8 days: 1 days: 1 action: 7 }"),
              ElementsAre("contact_policy.quiet_hours.start", "contact_policy.quiet_hours.end",
                          "contact_policy.quiet_hours.days[0]", "contact_policy.quiet_hours.days[2]",
                          "contact_policy.quiet_hours.action"));
  EXPECT_THAT(BadFieldsOfPolicy("quiet_hours { days: [1, 2, 3, 4, 5, 6, 7] }"),
              ElementsAre("contact_policy.quiet_hours.days"));
  EXPECT_THAT(BadFieldsOfPolicy("quiet_hours { start: '08:00' end: '08:00' }"),
              ElementsAre("contact_policy.quiet_hours.end"));
  EXPECT_THAT(BadFieldsOfPolicy("daily_limit: -1 consent_required: [1, 2, 2] event_retention { seconds: 86399 }"),
              ElementsAre("contact_policy.daily_limit", "contact_policy.consent_required[0]",
                          "contact_policy.consent_required[2]", "contact_policy.event_retention"));
}

TEST(ChannelsTest, NamesEveryBadField) {
  EXPECT_THAT(BadFieldsOfChannels("brand { display_name: 'a\\nb' logo_url: 'http://x.example/l.png' color: 'red' "
                                  "privacy_url: 'javascript:alert(1)' }"),
              ElementsAre("channel_settings.brand.display_name", "channel_settings.brand.logo_url",
                          "channel_settings.brand.privacy_url", "channel_settings.brand.color"));
  EXPECT_THAT(BadFieldsOfChannels("email { from_address: 'a@b\\r\\nBcc: x@y' from_name: 'x\\ty' reply_to: 'nobody' }"),
              ElementsAre("channel_settings.email.from_address", "channel_settings.email.from_name",
                          "channel_settings.email.reply_to"));
  EXPECT_THAT(BadFieldsOfChannels("webhook { url: 'ftp://example.com' secret: 'short' previous_secret: 'whsec_AAAA' }"),
              ElementsAre("channel_settings.webhook.url", "channel_settings.webhook.secret",
                          "channel_settings.webhook.previous_secret"));
  EXPECT_THAT(BadFieldsOfChannels("sms { url: 'https://sms.example/send' }"),
              ElementsAre("channel_settings.sms.account", "channel_settings.sms.secret", "channel_settings.sms.from"));
}

class SettingsHandlersTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::ContactPolicy> UpdatePolicy(const std::string& text) {
    return UpdateContactPolicy(store_, catalog_, db_.clock(), scope_, Parse<v1::UpdateContactPolicyRequest>(text));
  }
  absl::StatusOr<v1::ChannelSettings> UpdateChannels(const std::string& text) {
    return UpdateChannelSettings(store_, catalog_, db_.clock(), db_.random(), scope_,
                                 Parse<v1::UpdateChannelSettingsRequest>(text));
  }

  mysql::testing::TestDatabase db_;
  const TenantScope scope_ = mysql::testing::MakeScope("acme");
  SettingsStore store_{db_.database()};
  SettingsCatalog catalog_{store_, db_.clock()};
};

TEST_F(SettingsHandlersTest, WhatWasNeverWrittenIsEmptyWithDefaults) {
  const auto policy =
      GetContactPolicy(store_, scope_, Parse<v1::GetContactPolicyRequest>("name: 'tenants/-/contactPolicy'"));
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(policy->name(), "tenants/acme/contactPolicy");
  EXPECT_FALSE(policy->has_event_retention());
  EXPECT_FALSE(policy->etag().empty());
}

TEST_F(SettingsHandlersTest, RefusesOtherNames) {
  for (const char* name : {"tenants/acme", "tenants/acme/channelSettings", "contactPolicy"}) {
    EXPECT_EQ(ReasonOf(UpdatePolicy(std::string("contact_policy { name: '") + name + "' }").status()),
              v1::ERROR_REASON_INVALID_RESOURCE_NAME)
        << name;
  }
  EXPECT_EQ(ReasonOf(UpdatePolicy("contact_policy { name: 'tenants/other/contactPolicy' }").status()),
            v1::ERROR_REASON_RESOURCE_NOT_FOUND);
}

TEST_F(SettingsHandlersTest, ChangesTheFieldsOfTheMaskAndIsSeenAtOnce) {
  ASSERT_TRUE(catalog_.Get(scope_).ok());
  ASSERT_TRUE(UpdatePolicy("contact_policy { name: 'tenants/-/contactPolicy' daily_limit: 5 "
                           "frequency_caps { interval { seconds: 60 } } }")
                  .ok());
  const auto second = UpdatePolicy(
      "contact_policy { name: 'tenants/-/contactPolicy' daily_limit: 7 } update_mask { paths: 'daily_limit' }");
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->frequency_caps_size(), 1);
  EXPECT_EQ((*catalog_.Get(scope_))->policy.daily_limit(), 7);
  EXPECT_EQ(ReasonOf(UpdatePolicy("contact_policy { name: 'tenants/-/contactPolicy' etag: '1' }").status()),
            v1::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(
      ReasonOf(
          UpdatePolicy("contact_policy { name: 'tenants/-/contactPolicy' } update_mask { paths: 'etag' }").status()),
      v1::ERROR_REASON_INVALID_FIELD_MASK);
}

TEST_F(SettingsHandlersTest, MakesAWebhookSecretTellsItOnceAndKeepsIt) {
  const std::string webhook =
      "channel_settings { name: 'tenants/-/channelSettings' webhook { url: 'https://hooks.example.com/canvass' } }";
  const auto made = UpdateChannels(webhook);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_THAT(made->webhook().generated_secret(), StartsWith("whsec_"));
  EXPECT_THAT(made->webhook().secret(), IsEmpty());
  const auto again = UpdateChannels(webhook);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_THAT(again->webhook().generated_secret(), IsEmpty());
  const auto settings = catalog_.Get(scope_);
  ASSERT_TRUE(settings.ok()) << settings.status();
  EXPECT_EQ((*settings)->channels.webhook().secret(), made->webhook().generated_secret());
  const auto read =
      GetChannelSettings(store_, scope_, Parse<v1::GetChannelSettingsRequest>("name: 'tenants/acme/channelSettings'"));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_THAT(read->webhook().secret(), IsEmpty());
}

}  // namespace
}  // namespace canvass::settings
