#include "server/distribution/invitation_token.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace canvass::distribution {
namespace {

constexpr char kSecret[] = "a secret of tests alone, 32 bytes";

TokenClaims Claims() {
  return {.tenant = TenantId("acme"),
          .survey = SurveyId("post-purchase"),
          .invitation = Uuid::FromBytes(std::string("\x01\x02\x00\xff\x7f\x80zzzzzzzzzz", 16)),
          .expire_time = absl::FromUnixMicros(1'750'000'000'123'456)};
}

TEST(InvitationTokensTest, WhatIsSignedComesBack) {
  const InvitationTokens tokens(kSecret);
  const std::string token = tokens.Sign(Claims());
  EXPECT_TRUE(absl::StartsWith(token, "cvi_"));
  const absl::StatusOr<TokenClaims> claims = tokens.Verify(token);
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->tenant, Claims().tenant);
  EXPECT_EQ(claims->survey, Claims().survey);
  EXPECT_EQ(claims->invitation, Claims().invitation);
  EXPECT_EQ(claims->expire_time, Claims().expire_time);
}

TEST(InvitationTokensTest, FitsIntoALink) {
  for (char c : InvitationTokens(kSecret).Sign(Claims())) {
    EXPECT_TRUE(absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.') << c;
  }
}

TEST(InvitationTokensTest, NoByteCanBeAltered) {
  const InvitationTokens tokens(kSecret);
  const std::string token = tokens.Sign(Claims());
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (char other : {'A', 'b', '0', '_', '.', ' '}) {
      std::string altered = token;
      if (altered[i] == other) continue;
      altered[i] = other;
      const absl::StatusOr<TokenClaims> claims = tokens.Verify(altered);
      EXPECT_EQ(ReasonOf(claims.status()), v1::ERROR_REASON_INVITATION_TOKEN_INVALID) << altered;
    }
    EXPECT_FALSE(tokens.Verify(token.substr(0, i)).ok()) << i;
  }
  EXPECT_FALSE(tokens.Verify(token + "A").ok());
  EXPECT_FALSE(tokens.Verify(token + "=").ok());
  EXPECT_FALSE(tokens.Verify(absl::StrCat(" ", token)).ok());
}

TEST(InvitationTokensTest, AnotherSecretSignsOtherTokens) {
  EXPECT_FALSE(InvitationTokens("another secret").Verify(InvitationTokens(kSecret).Sign(Claims())).ok());
}

TEST(InvitationTokensTest, EveryClaimIsSigned) {
  const InvitationTokens tokens(kSecret);
  TokenClaims other_tenant = Claims();
  other_tenant.tenant = TenantId("acmf");
  const std::string mine = tokens.Sign(Claims());
  const std::string theirs = tokens.Sign(other_tenant);
  // The claims of one with the signature of the other.
  const std::string mixed = absl::StrCat(mine.substr(0, mine.find('.')), theirs.substr(theirs.find('.')));
  EXPECT_FALSE(tokens.Verify(mixed).ok());
}

TEST(InvitationTokensTest, RefusesWhatItNeverMade) {
  const InvitationTokens tokens(kSecret);
  EXPECT_FALSE(tokens.Verify("").ok());
  EXPECT_FALSE(tokens.Verify("cvi_.").ok());
  EXPECT_FALSE(tokens.Verify("cvk_abc.def").ok());
  EXPECT_FALSE(tokens.Verify(std::string(100'000, 'x')).ok());
  const absl::Status status = tokens.Verify("nonsense").status();
  ASSERT_EQ(ViolationsOf(status).size(), 1U);
  EXPECT_EQ(ViolationsOf(status)[0].field, "invitation_token");
}

}  // namespace
}  // namespace canvass::distribution
