#include "server/distribution/invitation_token.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/digest.h"
#include "server/base/error.h"

namespace canvass::distribution {
namespace {

constexpr absl::string_view kPrefix = "cvi_";
// The first byte of the claims, so that another layout can be told from this one.
constexpr char kLayout = 1;
// Far above what Sign() makes; longer input is not even decoded.
constexpr std::size_t kMaxToken = 512;
constexpr std::size_t kUuidBytes = 16;

void AppendText(absl::string_view text, std::string& bytes) {
  bytes.push_back(static_cast<char>(text.size()));
  absl::StrAppend(&bytes, text);
}

void AppendMicros(absl::Time time, std::string& bytes) {
  const auto micros = static_cast<uint64_t>(absl::ToUnixMicros(time));
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(micros >> shift));
}

bool TakeBytes(std::size_t count, absl::string_view& bytes, std::string& out) {
  if (bytes.size() < count) return false;
  out = std::string(bytes.substr(0, count));
  bytes.remove_prefix(count);
  return true;
}

bool TakeText(absl::string_view& bytes, std::string& text) {
  if (bytes.empty()) return false;
  const auto size = static_cast<unsigned char>(bytes[0]);
  bytes.remove_prefix(1);
  return TakeBytes(size, bytes, text);
}

absl::Time MicrosOf(absl::string_view bytes) {
  uint64_t micros = 0;
  for (char byte : bytes) micros = (micros << 8) | static_cast<unsigned char>(byte);
  return absl::FromUnixMicros(static_cast<int64_t>(micros));
}

std::string Encode(const TokenClaims& claims) {
  std::string bytes(1, kLayout);
  AppendText(claims.tenant.value(), bytes);
  AppendText(claims.survey.value(), bytes);
  absl::StrAppend(&bytes, claims.invitation.bytes());
  AppendMicros(claims.expire_time, bytes);
  return bytes;
}

std::optional<TokenClaims> Decode(absl::string_view bytes) {
  std::string tenant;
  std::string survey;
  std::string invitation;
  std::string expire;
  if (bytes.empty() || bytes[0] != kLayout) return std::nullopt;
  bytes.remove_prefix(1);
  const bool whole = TakeText(bytes, tenant) && TakeText(bytes, survey) && TakeBytes(kUuidBytes, bytes, invitation) &&
                     TakeBytes(sizeof(uint64_t), bytes, expire) && bytes.empty();
  if (!whole) return std::nullopt;
  return TokenClaims{.tenant = TenantId(std::move(tenant)),
                     .survey = SurveyId(std::move(survey)),
                     .invitation = Uuid::FromBytes(invitation),
                     .expire_time = MicrosOf(expire)};
}

absl::Status Invalid() {
  // Which part is wrong is not told: whoever holds a real token does not need it.
  return FieldError(v1::ERROR_REASON_INVITATION_TOKEN_INVALID, "invitation_token",
                    "is not a token of this server, or was altered; send it exactly as ListPendingInvitations gave it");
}

}  // namespace

// A key of its own, derived from the secret, so that the same secret may serve other purposes.
InvitationTokens::InvitationTokens(std::string secret) : key_(HmacSha256(secret, "canvass invitation token")) {}

std::string InvitationTokens::Sign(const TokenClaims& claims) const {
  const std::string text = absl::WebSafeBase64Escape(Encode(claims));
  return absl::StrCat(kPrefix, text, ".", absl::WebSafeBase64Escape(HmacSha256(key_, text)));
}

absl::StatusOr<TokenClaims> InvitationTokens::Verify(absl::string_view token) const {
  if (token.size() > kMaxToken || !absl::ConsumePrefix(&token, kPrefix)) return Invalid();
  const std::size_t dot = token.find('.');
  if (dot == absl::string_view::npos) return Invalid();
  const absl::string_view text = token.substr(0, dot);
  // The texts are compared, not what they decode to: a token has one spelling.
  const std::string mac = absl::WebSafeBase64Escape(HmacSha256(key_, text));
  std::string bytes;
  if (!ConstantTimeEquals(mac, token.substr(dot + 1)) || !absl::WebSafeBase64Unescape(text, &bytes)) return Invalid();
  std::optional<TokenClaims> claims = Decode(bytes);
  if (!claims.has_value()) return Invalid();
  return *std::move(claims);
}

}  // namespace canvass::distribution
