#include "tenants/keys/credential.h"

#include <cstdint>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/digest.h"

namespace canvass::tenants {
namespace {

constexpr absl::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr absl::string_view kKeyPrefix = "cvk_";
constexpr absl::string_view kOperatorPrefix = "cvo_";
constexpr absl::string_view kScheme = "bearer ";
// In characters of 5 bits each.
constexpr std::size_t kIdLength = 12;
constexpr std::size_t kRandomLength = 32;
constexpr std::size_t kCheckLength = 8;
constexpr std::size_t kKeyLength = 4 + kIdLength + 1 + kRandomLength + kCheckLength;

// The first `length` characters of base32 over `bytes`.
std::string Base32(absl::string_view bytes, std::size_t length) {
  std::string text;
  uint32_t bits = 0;
  int count = 0;
  for (std::size_t i = 0; text.size() < length; ++i) {
    bits = (bits << 8) | static_cast<unsigned char>(bytes[i]);
    for (count += 8; count >= 5 && text.size() < length; count -= 5) {
      text.push_back(kAlphabet[(bits >> (count - 5)) & 31]);
    }
  }
  return text;
}

std::string RandomText(Random& random, std::size_t length) { return Base32(random.Bytes(length * 5 / 8 + 1), length); }

}  // namespace

CredentialAuthority::CredentialAuthority(std::string secret, absl::string_view operator_credential)
    : secret_(std::move(secret)), operator_mac_(operator_credential.empty() ? "" : Mac(operator_credential)) {}

NewCredential CredentialAuthority::Make(Random& random) const {
  NewCredential made;
  made.key_id = RandomText(random, kIdLength);
  const std::string unchecked = absl::StrCat(kKeyPrefix, made.key_id, "_", RandomText(random, kRandomLength));
  made.text = absl::StrCat(unchecked, CheckValue(unchecked));
  made.mac = Mac(made.text);
  return made;
}

std::string CredentialAuthority::Mac(absl::string_view credential) const { return HmacSha256(secret_, credential); }

bool CredentialAuthority::IsOperator(absl::string_view credential) const {
  return !operator_mac_.empty() && absl::StartsWith(credential, kOperatorPrefix) &&
         ConstantTimeEquals(operator_mac_, Mac(credential));
}

bool CredentialAuthority::IsGenuine(absl::string_view credential) const {
  if (!KeyIdOf(credential).has_value()) return false;
  const absl::string_view unchecked = credential.substr(0, kKeyLength - kCheckLength);
  return ConstantTimeEquals(CheckValue(unchecked), credential.substr(unchecked.size()));
}

std::string CredentialAuthority::CheckValue(absl::string_view credential_without_check) const {
  // The prefix keeps check values apart from the MACs that are stored: this one is shown.
  return Base32(HmacSha256(secret_, absl::StrCat("check:", credential_without_check)), kCheckLength);
}

bool IsKeyId(absl::string_view text) {
  return text.size() == kIdLength && text.find_first_not_of(kAlphabet) == absl::string_view::npos;
}

std::optional<absl::string_view> KeyIdOf(absl::string_view credential) {
  const std::size_t id_end = kKeyPrefix.size() + kIdLength;
  if (credential.size() != kKeyLength || !absl::StartsWith(credential, kKeyPrefix) || credential[id_end] != '_') {
    return std::nullopt;
  }
  const absl::string_view id = credential.substr(kKeyPrefix.size(), kIdLength);
  if (!IsKeyId(id)) return std::nullopt;
  return id;
}

std::optional<absl::string_view> BearerCredential(absl::string_view authorization) {
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) return std::nullopt;
  const absl::string_view credential = authorization.substr(kScheme.size());
  if (credential.empty()) return std::nullopt;
  return credential;
}

}  // namespace canvass::tenants
