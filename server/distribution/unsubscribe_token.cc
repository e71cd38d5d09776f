#include "server/distribution/unsubscribe_token.h"

#include <optional>

#include "server/base/error.h"

namespace canvass::distribution {
namespace {

constexpr char kLayout = 1;

v1::Invitation::Channel ChannelOf(absl::string_view byte) {
  const int number = byte.empty() ? -1 : static_cast<unsigned char>(byte[0]);
  return v1::Invitation::Channel_IsValid(number) ? static_cast<v1::Invitation::Channel>(number)
                                                 : v1::Invitation::CHANNEL_UNSPECIFIED;
}

}  // namespace

UnsubscribeTokens::UnsubscribeTokens(std::string secret)
    : tokens_(secret, {.purpose = "canvass unsubscribe token", .prefix = "cvu_"}) {}

std::string UnsubscribeTokens::Sign(const UnsubscribeClaims& claims) const {
  ClaimsWriter writer(kLayout);
  writer.Text(claims.tenant.value()).Text(claims.contact.value());
  writer.Bytes(std::string(1, static_cast<char>(claims.channel)));
  return tokens_.Sign(writer.bytes());
}

absl::StatusOr<UnsubscribeClaims> UnsubscribeTokens::Verify(absl::string_view token) const {
  if (const std::optional<std::string> bytes = tokens_.Verify(token)) {
    ClaimsReader reader(kLayout, *bytes);
    UnsubscribeClaims claims{.tenant = TenantId(reader.Text()), .contact = ContactId(reader.Text())};
    claims.channel = ChannelOf(reader.Bytes(1));
    if (reader.Complete()) return claims;
  }
  return FieldError(v1::ERROR_REASON_INVITATION_TOKEN_INVALID, "unsubscribe_token",
                    "is not a token of this server, or was altered; use the link exactly as the message has it");
}

}  // namespace canvass::distribution
