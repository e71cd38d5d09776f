#include "server/distribution/links/survey_link_token.h"

#include <optional>

#include "server/base/error.h"

namespace canvass::distribution {
namespace {

constexpr char kLayout = 1;

}  // namespace

SurveyLinkTokens::SurveyLinkTokens(absl::string_view secret)
    : tokens_(secret, {.purpose = "canvass survey link token", .prefix = "cvl_"}) {}

std::string SurveyLinkTokens::Sign(const SurveyLinkClaims& claims) const {
  ClaimsWriter writer(kLayout);
  writer.Text(claims.tenant.value()).Text(claims.link.value()).Time(claims.create_time);
  return tokens_.Sign(writer.bytes());
}

absl::StatusOr<SurveyLinkClaims> SurveyLinkTokens::Verify(absl::string_view token) const {
  if (const std::optional<std::string> bytes = tokens_.Verify(token)) {
    ClaimsReader reader(kLayout, *bytes);
    SurveyLinkClaims claims{.tenant = TenantId(reader.Text()), .link = SurveyLinkId(reader.Text())};
    claims.create_time = reader.Time();
    if (reader.Complete()) return claims;
  }
  return FieldError(v1::ERROR_REASON_INVITATION_TOKEN_INVALID, "survey_link_token",
                    "is not a token of this server, or was altered");
}

}  // namespace canvass::distribution
