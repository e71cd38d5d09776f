#include "server/distribution/unsubscribe_token.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/distribution/invitation_token.h"
#include "server/distribution/page_urls.h"

namespace canvass::distribution {
namespace {

constexpr char kSecret[] = "a secret of tests alone, 32 bytes";

UnsubscribeClaims Claims(const std::string& contact = "ada") {
  return {.tenant = TenantId("acme"), .contact = ContactId(contact), .channel = v1::Invitation::CHANNEL_EMAIL};
}

TEST(UnsubscribeTokensTest, WhatIsSignedComesBack) {
  const UnsubscribeTokens tokens(kSecret);
  for (const std::string& contact : {std::string("ada"), std::string("Ádám / 7"), std::string(128, 'x')}) {
    const std::string token = tokens.Sign(Claims(contact));
    EXPECT_TRUE(absl::StartsWith(token, "cvu_"));
    const absl::StatusOr<UnsubscribeClaims> claims = tokens.Verify(token);
    ASSERT_TRUE(claims.ok()) << claims.status();
    EXPECT_EQ(claims->tenant, TenantId("acme"));
    EXPECT_EQ(claims->contact, ContactId(contact));
    EXPECT_EQ(claims->channel, v1::Invitation::CHANNEL_EMAIL);
  }
}

TEST(UnsubscribeTokensTest, NoByteCanBeAltered) {
  const UnsubscribeTokens tokens(kSecret);
  const std::string token = tokens.Sign(Claims());
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string altered = token;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(ReasonOf(tokens.Verify(altered).status()), v1::ERROR_REASON_INVITATION_TOKEN_INVALID) << altered;
    EXPECT_FALSE(tokens.Verify(token.substr(0, i)).ok()) << i;
  }
  EXPECT_FALSE(tokens.Verify(absl::StrCat(token, "A")).ok());
}

TEST(UnsubscribeTokensTest, AnInvitationsTokenIsNone) {
  const UnsubscribeTokens tokens(kSecret);
  std::string other = InvitationTokens(kSecret).Sign(
      {.tenant = TenantId("acme"), .survey = SurveyId("nps"), .invitation = Uuid(), .expire_time = absl::Time()});
  EXPECT_FALSE(tokens.Verify(other).ok());
  // Nor under the right prefix: the keys differ.
  other.replace(0, 4, "cvu_");
  EXPECT_FALSE(tokens.Verify(other).ok());
}

TEST(PageUrlsTest, SaysWhereThingsAre) {
  const PageUrls urls("https://feedback.example.com/");
  EXPECT_EQ(urls.Survey("cvi_a.b"), "https://feedback.example.com/s/cvi_a.b");
  EXPECT_EQ(urls.SurveyWithScore("cvi_a.b", "recommend", 9), "https://feedback.example.com/s/cvi_a.b?recommend=9");
  EXPECT_EQ(urls.Unsubscribe("cvu_a.b"), "https://feedback.example.com/u/cvu_a.b");
  EXPECT_EQ(urls.SmsStatus(TenantId("acme"), Uuid()),
            "https://feedback.example.com/v1/sms/acme/status?message=00000000-0000-0000-0000-000000000000");
}

}  // namespace
}  // namespace canvass::distribution
