#include "server/events/webhooks/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/error.h"

namespace canvass::events {
namespace {

using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);
constexpr absl::string_view kSecret = "shpss_3f9a1c";
constexpr absl::string_view kBody = R"({"id":820982911946154508,"total_price":"199.00"})";

struct Case {
  const char* name;
  v1::EventSource::Kind kind;
  absl::flat_hash_map<std::string, std::string> headers;
  const char* header;  // the signature's
};

// Made by `openssl dgst`, not by the code under test.
std::vector<Case> Cases() {
  return {
      {"shopify",
       v1::EventSource::KIND_SHOPIFY,
       {{"x-shopify-hmac-sha256", "PkiInVtAXcuPLXQw4PbMNWKtRRl9AQgdjxLBg1j8D/U="}},
       "x-shopify-hmac-sha256"},
      {"zendesk",
       v1::EventSource::KIND_ZENDESK,
       {{"x-zendesk-webhook-signature", "1hBlCUt+G6VJJywf1Y+hgABSpMyaTwxWfuC5eJPdC2M="},
        {"x-zendesk-webhook-signature-timestamp", "2025-06-15T15:06:40Z"}},
       "x-zendesk-webhook-signature"},
      {"segment",
       v1::EventSource::KIND_SEGMENT,
       {{"x-signature", "5306487b092214079cf34df707dcac0e0d225786"}},
       "x-signature"},
      {"stripe",
       v1::EventSource::KIND_STRIPE,
       {{"stripe-signature", "t=1750000000,v1=c956c597249fba49aa530fe743ed48a7019e5e3948d51198fc2cf5c84a6c83b6,v0=00"}},
       "stripe-signature"},
  };
}

absl::Status Verify(const Case& test, absl::string_view body = kBody, absl::string_view secret = kSecret,
                    absl::Time now = kNow) {
  return VerifySignature(test.kind, secret, WebhookCall{.body = body, .headers = test.headers}, now);
}

TEST(VerifySignatureTest, TakesWhatTheOtherSystemSigned) {
  for (const Case& test : Cases()) EXPECT_TRUE(Verify(test).ok()) << test.name << ": " << Verify(test);
}

TEST(VerifySignatureTest, RefusesAnotherBodyOrSecret) {
  for (const Case& test : Cases()) {
    SCOPED_TRACE(test.name);
    std::string altered(kBody);
    altered[20] ^= 1;
    EXPECT_EQ(ReasonOf(Verify(test, altered)), v1::ERROR_REASON_CREDENTIAL_INVALID);
    EXPECT_EQ(ReasonOf(Verify(test, absl::StrCat(kBody, "\n"))), v1::ERROR_REASON_CREDENTIAL_INVALID);
    EXPECT_EQ(ReasonOf(Verify(test, "")), v1::ERROR_REASON_CREDENTIAL_INVALID);
    EXPECT_EQ(ReasonOf(Verify(test, kBody, "shpss_3f9a1d")), v1::ERROR_REASON_CREDENTIAL_INVALID);
    EXPECT_EQ(Verify(test, altered).code(), absl::StatusCode::kUnauthenticated);
  }
}

TEST(VerifySignatureTest, NamesTheMissingHeader) {
  for (Case test : Cases()) {
    test.headers.erase(test.header);
    const absl::Status status = Verify(test);
    EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_CREDENTIAL_MISSING) << test.name;
    EXPECT_THAT(absl::AsciiStrToLower(status.message()), HasSubstr(test.header));
  }
}

TEST(VerifySignatureTest, RefusesNonsenseInTheHeader) {
  for (Case test : Cases()) {
    for (const char* nonsense :
         {"x", "=", ",,,", "t=,v1=", "t=1750000000", "v1=00", "\xff\xfe", "t=99999999999999999999,v1=0"}) {
      test.headers[test.header] = nonsense;
      EXPECT_EQ(ReasonOf(Verify(test)), v1::ERROR_REASON_CREDENTIAL_INVALID) << test.name << ": " << nonsense;
    }
  }
}

TEST(VerifySignatureTest, TheTimeOfZendeskIsSigned) {
  Case zendesk = Cases()[1];
  zendesk.headers["x-zendesk-webhook-signature-timestamp"] = "2025-06-15T15:06:41Z";
  EXPECT_EQ(ReasonOf(Verify(zendesk)), v1::ERROR_REASON_CREDENTIAL_INVALID);
}

TEST(VerifySignatureTest, StripesSignatureGrowsOld) {
  const Case stripe = Cases()[3];
  EXPECT_TRUE(Verify(stripe, kBody, kSecret, kNow + absl::Minutes(5)).ok());
  EXPECT_TRUE(Verify(stripe, kBody, kSecret, kNow - absl::Minutes(5)).ok());
  for (const absl::Duration off : {absl::Seconds(301), -absl::Seconds(301), absl::Hours(24 * 365)}) {
    const absl::Status status = Verify(stripe, kBody, kSecret, kNow + off);
    EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_CREDENTIAL_EXPIRED);
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
  }
  // Of a signature that is wrong the age is not told.
  EXPECT_EQ(ReasonOf(Verify(stripe, "other", kSecret, kNow + absl::Hours(1))), v1::ERROR_REASON_CREDENTIAL_INVALID);
}

TEST(VerifySignatureTest, OneOfStripesSignaturesIsEnough) {
  Case stripe = Cases()[3];
  std::string& header = stripe.headers["stripe-signature"];
  header = absl::StrCat(absl::StripSuffix(header, ",v0=00"), ",v1=", std::string(64, '0'));
  EXPECT_TRUE(Verify(stripe).ok());
  header = absl::StrCat("t=1750000000, v1=", std::string(64, '0'), header.substr(header.find(",v1=")));
  EXPECT_TRUE(Verify(stripe).ok());
}

}  // namespace
}  // namespace canvass::events
