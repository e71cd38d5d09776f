// What the address of a survey link says: `cvl_<claims>.<mac>`, signed as invitation tokens are. It names the link and
// the moment it was made, so that a link that is made anew under the id of a deleted one has another address.
//
//   SurveyLinkTokens tokens(secret);
//   std::string token = tokens.Sign({.tenant = …, .link = SurveyLinkId("table-7"), .create_time = …});
//   CANVASS_ASSIGN_OR_RETURN(SurveyLinkClaims claims, tokens.Verify(token));
//
// Thread-safe: it never changes.
#ifndef CANVASS_SERVER_DISTRIBUTION_LINKS_SURVEY_LINK_TOKEN_H_
#define CANVASS_SERVER_DISTRIBUTION_LINKS_SURVEY_LINK_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/ids.h"
#include "server/distribution/signed_token.h"

namespace canvass::distribution {

using SurveyLinkId = StrongId<struct SurveyLinkTag>;

struct SurveyLinkClaims {
  TenantId tenant;
  SurveyLinkId link;
  absl::Time create_time;
};

class SurveyLinkTokens {
 public:
  // `secret` may be the one of InvitationTokens: each kind has a key of its own.
  explicit SurveyLinkTokens(absl::string_view secret);

  // The same claims always give the same token.
  std::string Sign(const SurveyLinkClaims& claims) const;

  // Checks form and signature alone. InvalidArgument, INVITATION_TOKEN_INVALID at `survey_link_token`, otherwise.
  absl::StatusOr<SurveyLinkClaims> Verify(absl::string_view token) const;

 private:
  SignedTokens tokens_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_LINKS_SURVEY_LINK_TOKEN_H_
