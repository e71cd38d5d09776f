// What the unsubscribe link of a message says: `cvu_<claims>.<mac>`, signed as invitation tokens are. It names one
// customer and the channel of the message, and stays good as long as the secret: a mail may be opened years later.
//
//   UnsubscribeTokens tokens(secret);
//   std::string token = tokens.Sign({.tenant = …, .contact = …, .channel = v1::Invitation::CHANNEL_EMAIL});
//   CANVASS_ASSIGN_OR_RETURN(UnsubscribeClaims claims, tokens.Verify(token));
//
// Thread-safe: it never changes.
#ifndef CANVASS_SERVER_DISTRIBUTION_UNSUBSCRIBE_TOKEN_H_
#define CANVASS_SERVER_DISTRIBUTION_UNSUBSCRIBE_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/invitation.pb.h"
#include "server/base/ids.h"
#include "server/distribution/signed_token.h"

namespace canvass::distribution {

struct UnsubscribeClaims {
  TenantId tenant;
  ContactId contact;
  v1::Invitation::Channel channel = v1::Invitation::CHANNEL_UNSPECIFIED;
};

class UnsubscribeTokens {
 public:
  // `secret` may be the one of InvitationTokens: each kind has a key of its own.
  explicit UnsubscribeTokens(std::string secret);

  // The same claims always give the same token.
  std::string Sign(const UnsubscribeClaims& claims) const;

  // Checks form and signature alone. InvalidArgument, INVITATION_TOKEN_INVALID at `unsubscribe_token`, otherwise.
  absl::StatusOr<UnsubscribeClaims> Verify(absl::string_view token) const;

 private:
  SignedTokens tokens_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_UNSUBSCRIBE_TOKEN_H_
