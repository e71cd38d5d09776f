// The secret by which a respondent answers an invitation: `cvi_<claims>.<mac>`, both base64url, the mac an HMAC-SHA256
// over the claims. It binds tenant, survey, invitation and expiry, so that no token opens anything but its own.
//
//   InvitationTokens tokens(secret);
//   std::string token = tokens.Sign({.tenant = …, .survey = …, .invitation = …, .expire_time = …});
//   CANVASS_ASSIGN_OR_RETURN(TokenClaims claims, tokens.Verify(token));
//
// Thread-safe: it never changes.
#ifndef CANVASS_SERVER_DISTRIBUTION_INVITATION_TOKEN_H_
#define CANVASS_SERVER_DISTRIBUTION_INVITATION_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/ids.h"
#include "server/distribution/signed_token.h"

namespace canvass::distribution {

// What a token says. The expire time is kept to the microsecond.
struct TokenClaims {
  TenantId tenant;
  SurveyId survey;
  Uuid invitation;
  absl::Time expire_time;
};

class InvitationTokens {
 public:
  // `secret` signs every token; who knows it can answer any invitation. A new secret ends all tokens.
  explicit InvitationTokens(std::string secret);

  // The same claims always give the same token.
  std::string Sign(const TokenClaims& claims) const;

  // Checks form and signature alone: whether it has expired, and whether it is of the caller's tenant and survey, is
  // for the caller to judge. InvalidArgument, INVITATION_TOKEN_INVALID at `invitation_token`, otherwise.
  absl::StatusOr<TokenClaims> Verify(absl::string_view token) const;

 private:
  SignedTokens tokens_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_INVITATION_TOKEN_H_
