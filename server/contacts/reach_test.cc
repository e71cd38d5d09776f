#include "server/contacts/reach.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace canvass::contacts {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr auto kEmail = v1::Invitation::CHANNEL_EMAIL;
constexpr auto kSms = v1::Invitation::CHANNEL_SMS;
constexpr auto kInApp = v1::Invitation::CHANNEL_IN_APP;
constexpr auto kReachable = v1::Decision::REASON_UNSPECIFIED;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

struct Case {
  std::string what;
  v1::Invitation::Channel channel = v1::Invitation::CHANNEL_UNSPECIFIED;
  std::string contact;
  std::vector<std::string> suppressions;
  std::vector<int> consent_required;
  v1::Decision::Reason reason = kReachable;
  std::string says;  // the address, or a part of the explanation
};

const std::string kJan = R"(addresses { channel: CHANNEL_EMAIL value: "Jan@example.com" })";

std::vector<Case> Cases() {
  return {
      {"an address is enough", kEmail, kJan, {}, {}, kReachable, "Jan@example.com"},
      {"in the app no address is needed", kInApp, "", {}, {}, kReachable, ""},
      {"no channel is in the app", v1::Invitation::CHANNEL_UNSPECIFIED, "", {}, {}, kReachable, ""},
      {"nor by a webhook", v1::Invitation::CHANNEL_WEBHOOK, "", {}, {}, kReachable, ""},
      {"no address", kEmail, "", {}, {}, v1::Decision::REASON_NO_ADDRESS, "no address for email"},
      {"none on this channel", kSms, kJan, {}, {}, v1::Decision::REASON_NO_ADDRESS, "no address for text message"},
      {"denied",
       kEmail,
       R"(addresses { channel: CHANNEL_EMAIL value: "jan@example.com" consent: CONSENT_DENIED })",
       {},
       {},
       v1::Decision::REASON_OPTED_OUT,
       "denied consent"},
      {"consent is required", kEmail, kJan, {}, {kEmail}, v1::Decision::REASON_OPTED_OUT, "requires consent for email"},
      {"and was given",
       kEmail,
       R"(addresses { channel: CHANNEL_EMAIL value: "jan@example.com" consent: CONSENT_GRANTED })",
       {},
       {kEmail},
       kReachable,
       "jan@example.com"},
      {"required elsewhere", kEmail, kJan, {}, {kSms}, kReachable, "Jan@example.com"},
      {"nobody can consent to the app", kInApp, kJan, {}, {kInApp}, v1::Decision::REASON_OPTED_OUT, "in-app"},
      {"unsubscribed everywhere",
       kInApp,
       "",
       {R"(contact: "tenants/acme/contacts/1" reason: REASON_UNSUBSCRIBED create_time { seconds: 1748779200 })"},
       {},
       v1::Decision::REASON_OPTED_OUT,
       "the customer unsubscribed, since 2025-06-01T12:00:00"},
      {"unsubscribed from mails",
       kEmail,
       kJan,
       {R"(contact: "tenants/acme/contacts/1" channel: CHANNEL_EMAIL reason: REASON_UNSUBSCRIBED)"},
       {},
       v1::Decision::REASON_OPTED_OUT,
       "unsubscribed (email)"},
      {"not from the app",
       kInApp,
       kJan,
       {R"(contact: "tenants/acme/contacts/1" channel: CHANNEL_EMAIL reason: REASON_UNSUBSCRIBED)"},
       {},
       kReachable,
       ""},
      {"the address bounced, however it was written",
       kEmail,
       kJan,
       {R"(address: "jan@example.com" reason: REASON_BOUNCED note: "550 no such user jan@example.com")"},
       {},
       v1::Decision::REASON_OPTED_OUT,
       "address cannot be reached"},
      {"an address is not the person",
       kInApp,
       kJan,
       {R"(address: "jan@example.com" reason: REASON_BOUNCED)"},
       {},
       kReachable,
       ""},
      {"another address of the person",
       kSms,
       kJan + R"(addresses { channel: CHANNEL_SMS value: "+420601234567" })",
       {R"(address: "jan@example.com" reason: REASON_BOUNCED)"},
       {},
       kReachable,
       "+420601234567"},
  };
}

TEST(ReachTest, KnowsWhetherACustomerCanBeAsked) {
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.what);
    std::vector<v1::Suppression> suppressions;
    for (const std::string& text : c.suppressions) suppressions.push_back(Parse<v1::Suppression>(text));
    const Reach reach = ReachOn(c.channel, Parse<v1::Contact>(c.contact), suppressions, c.consent_required);
    EXPECT_EQ(reach.usable, c.reason == kReachable);
    EXPECT_EQ(reach.reason, c.reason);
    if (reach.usable) {
      EXPECT_EQ(reach.address, c.says);
      EXPECT_EQ(reach.explanation, "");
    } else {
      EXPECT_EQ(reach.address, "");
      EXPECT_THAT(reach.explanation, HasSubstr(c.says));
      EXPECT_THAT(reach.explanation, Not(HasSubstr("example.com"))) << "addresses are secrets";
    }
  }
}

}  // namespace
}  // namespace canvass::contacts
