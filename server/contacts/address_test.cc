#include "server/contacts/address.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/base/proto_time.h"

namespace canvass::contacts {
namespace {

constexpr auto kEmail = v1::Invitation::CHANNEL_EMAIL;
constexpr auto kSms = v1::Invitation::CHANNEL_SMS;

Addresses Parse(const std::string& text) {
  v1::Contact contact;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &contact)) << text;
  return contact.addresses();
}

std::string Repeat(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

TEST(AddressTest, TakesMailAddresses) {
  for (const std::string& address :
       {std::string("jan@example.com"), std::string("jan.novak+nps@mail.example.co.uk"), std::string("o'neil@a-b.ie"),
        std::string("x@müller.de"), std::string("a/b=c@xn--mller-kva.de"), std::string("1@2.3"),
        Repeat("a", 64) + "@example.com", "a@" + Repeat("abcdefghi.", 25) + "cd"}) {
    EXPECT_TRUE(CheckAddress(kEmail, address).ok()) << address << ": " << CheckAddress(kEmail, address);
  }
}

TEST(AddressTest, RefusesWhatIsNoMailAddress) {
  for (const std::string& address : {std::string(),
                                     std::string("jan"),
                                     std::string("@example.com"),
                                     std::string("jan@"),
                                     std::string("jan@localhost"),
                                     std::string("jan@example."),
                                     std::string("jan@.example.com"),
                                     std::string("jan@-a.com"),
                                     std::string("jan@a-.com"),
                                     std::string("a..b@example.com"),
                                     std::string(".a@example.com"),
                                     std::string("a.@example.com"),
                                     std::string("a b@example.com"),
                                     std::string("a@b@example.com"),
                                     std::string("a@exa mple.com"),
                                     std::string("\"a\"@example.com"),
                                     std::string("Jan <jan@example.com>"),
                                     std::string("a@[127.0.0.1]"),
                                     std::string("a,b@example.com"),
                                     std::string("a@example.com\r\nBcc: b@example.com"),
                                     std::string("a@example.com\n"),
                                     std::string("a@ex\xff.com"),
                                     std::string("a@example.com\0", 14),
                                     std::string("a@ex\xc2\x85.com"),
                                     Repeat("a", 65) + "@example.com",
                                     "a@" + Repeat("a", 64) + ".com",
                                     "a@" + Repeat("abcdefghi.", 25) + "cde"}) {
    const absl::Status status = CheckAddress(kEmail, address);
    EXPECT_FALSE(status.ok()) << address;
    if (address.size() > 3) {
      EXPECT_FALSE(testing::Value(std::string(status.message()), testing::HasSubstr(address)))
          << "a secret: " << status;
    }
  }
}

TEST(AddressTest, TakesTelephoneNumbersInE164Alone) {
  for (const char* number : {"+420601234567", "+12025550123", "+2904000", "+123456789012345"}) {
    EXPECT_TRUE(CheckAddress(kSms, number).ok()) << number;
  }
  for (const char* number : {"", "+", "420601234567", "00420601234567", "+420 601 234 567", "+0601234567", "+123456",
                             "+1234567890123456", "+42060123456a", "+٤٢٠٦٠١٢٣٤", "jan@example.com"}) {
    EXPECT_FALSE(CheckAddress(kSms, number).ok()) << number;
  }
}

TEST(AddressTest, KnowsTheChannelByTheForm) {
  EXPECT_EQ(ChannelOf("+420601234567"), kSms);
  EXPECT_EQ(ChannelOf("jan@example.com"), kEmail);
  EXPECT_EQ(ChannelOf("+jan@example.com"), kEmail);
}

TEST(AddressTest, WritesDomainsInLowerCase) {
  EXPECT_EQ(NormalAddress("Jan.Novak@EXAMPLE.Com"), "Jan.Novak@example.com") << "mailboxes may tell cases apart";
  EXPECT_EQ(NormalAddress("x@MÜLLER.de"), "x@mÜller.de") << "letters beyond ASCII are taken as they are";
  EXPECT_EQ(NormalAddress("+420601234567"), "+420601234567");
}

TEST(AddressTest, ReportsWhatIsWrongWhere) {
  Violations violations;
  CheckAddresses("addresses", Parse(R"(addresses { channel: CHANNEL_EMAIL value: "a@example.com" }
                                       addresses { channel: CHANNEL_IN_APP value: "x" }
                                       addresses { channel: CHANNEL_EMAIL value: "b@example.com" }
                                       addresses { channel: CHANNEL_SMS value: "601" consent: CONSENT_GRANTED
                                                   consent_time { seconds: -99999999999999 } })"),
                 violations);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations.list()) fields.push_back(violation.field);
  EXPECT_THAT(fields, testing::ElementsAre("addresses[1].channel", "addresses[2].channel", "addresses[3].value",
                                           "addresses[3].consent_time"));
}

TEST(AddressTest, SettlesWhatWasSaidAndWhen) {
  constexpr auto kNothing = v1::Address::CONSENT_UNSPECIFIED;
  constexpr auto kYes = v1::Address::CONSENT_GRANTED;
  constexpr auto kNo = v1::Address::CONSENT_DENIED;
  struct {
    std::string before;
    std::string given;
    v1::Address::Consent consent;
    int64_t seconds;  // 0: no time
  } cases[] = {
      {"", "", kNothing, 0},
      {"", "consent: CONSENT_GRANTED", kYes, 1000},
      {"consent: CONSENT_GRANTED", "consent: CONSENT_GRANTED", kYes, 7},
      {"consent: CONSENT_GRANTED", "consent: CONSENT_DENIED", kNo, 1000},
      {"consent: CONSENT_GRANTED", "consent: CONSENT_GRANTED consent_time { seconds: 5 }", kYes, 5},
      {"consent: CONSENT_GRANTED", "", kYes, 7},
      {"consent: CONSENT_GRANTED", "consent_time { seconds: 5 }", kYes, 7},
      {"consent: CONSENT_DENIED", "", kNo, 7},
      {"consent: CONSENT_GRANTED value: 'other@x.com'", "", kNothing, 0},
      {"consent: CONSENT_GRANTED value: 'other@x.com'", "consent: CONSENT_GRANTED", kYes, 1000},
      {"consent: CONSENT_DENIED value: 'other@x.com'", "", kNo, 7},
      {"consent: CONSENT_DENIED value: 'other@x.com'", "consent: CONSENT_GRANTED", kYes, 1000},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(absl::StrCat(c.before, " then ", c.given));
    const std::string value = c.before.find("value") == std::string::npos ? "value: 'a@x.com'" : "";
    const Addresses before = Parse(
        absl::StrCat("addresses { channel: CHANNEL_EMAIL ", value, " ", c.before, " consent_time { seconds: 7 } }"));
    Addresses addresses = Parse(absl::StrCat("addresses { channel: CHANNEL_EMAIL value: 'a@X.com' ", c.given, " }"));
    SettleAddresses(before, absl::FromUnixSeconds(1000), addresses);
    EXPECT_EQ(addresses[0].value(), "a@x.com");
    EXPECT_EQ(addresses[0].consent(), c.consent);
    EXPECT_EQ(addresses[0].has_consent_time(), c.seconds != 0);
    EXPECT_EQ(addresses[0].consent_time().seconds(), c.seconds);
  }
}

}  // namespace
}  // namespace canvass::contacts
