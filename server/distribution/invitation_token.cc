#include "server/distribution/invitation_token.h"

#include <optional>

#include "server/base/error.h"

namespace canvass::distribution {
namespace {

constexpr char kLayout = 1;
constexpr std::size_t kUuidBytes = 16;

}  // namespace

InvitationTokens::InvitationTokens(std::string secret)
    : tokens_(secret, {.purpose = "canvass invitation token", .prefix = "cvi_"}) {}

std::string InvitationTokens::Sign(const TokenClaims& claims) const {
  ClaimsWriter writer(kLayout);
  writer.Text(claims.tenant.value()).Text(claims.survey.value());
  writer.Bytes(claims.invitation.bytes()).Time(claims.expire_time);
  return tokens_.Sign(writer.bytes());
}

absl::StatusOr<TokenClaims> InvitationTokens::Verify(absl::string_view token) const {
  if (const std::optional<std::string> bytes = tokens_.Verify(token)) {
    ClaimsReader reader(kLayout, *bytes);
    TokenClaims claims{.tenant = TenantId(reader.Text()),
                       .survey = SurveyId(reader.Text()),
                       .invitation = Uuid::FromBytes(reader.Bytes(kUuidBytes)),
                       .expire_time = reader.Time()};
    if (reader.Complete()) return claims;
  }
  // Which part is wrong is not told: whoever holds a real token does not need it.
  return FieldError(v1::ERROR_REASON_INVITATION_TOKEN_INVALID, "invitation_token",
                    "is not a token of this server, or was altered; send it exactly as ListPendingInvitations gave it");
}

}  // namespace canvass::distribution
