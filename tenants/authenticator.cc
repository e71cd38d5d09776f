#include "tenants/authenticator.h"

#include <utility>

#include "server/base/digest.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"

namespace canvass::tenants {
namespace {

absl::Status Missing() {
  return Error(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_CREDENTIAL_MISSING,
               "the call has no credential; send the metadata 'authorization: Bearer cvk_…' with an API key");
}

absl::Status Invalid() {
  return Error(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_CREDENTIAL_INVALID,
               "the credential is malformed, unknown, revoked or wrong");
}

absl::Status Expired(absl::Time expire_time) {
  return Error(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_CREDENTIAL_EXPIRED,
               "the API key expired at " + absl::FormatTime(absl::RFC3339_sec, expire_time, absl::UTCTimeZone()));
}

}  // namespace

Authenticator::Authenticator(const CredentialAuthority& authority, ApiKeyStore& keys, const Clock& clock)
    : authority_(authority), keys_(keys), clock_(clock) {}

absl::StatusOr<Principal> Authenticator::Authenticate(absl::string_view authorization) {
  if (auto judged = JudgeForm(authorization); judged.has_value()) return *std::move(judged);
  const absl::string_view credential = *BearerCredential(authorization);
  const absl::string_view key_id = *KeyIdOf(credential);
  const absl::Time asked = clock_.Now();
  // Somebody may have asked while this call waited for its thread.
  const auto known = cache_.Find(key_id, asked);
  if (known != nullptr && known->fresh(asked)) return Judge(credential, *known);
  if (!authority_.IsGenuine(credential)) return Invalid();
  absl::StatusOr<std::optional<KeyRecord>> record = keys_.Find(key_id);
  if (!record.ok()) {
    // While a refresh fails, what was said before still holds for its time.
    const auto before = cache_.Find(key_id, clock_.Now());
    return before != nullptr ? Judge(credential, *before) : record.status();
  }
  const bool right = record->has_value() && ConstantTimeEquals((*record)->mac, authority_.Mac(credential));
  auto key = std::make_shared<CachedKey>(*std::move(record), right ? std::string(credential) : "");
  cache_.Put(key_id, key, asked);
  return Judge(credential, *key);
}

std::optional<absl::StatusOr<Principal>> Authenticator::Cached(absl::string_view authorization) {
  if (auto judged = JudgeForm(authorization); judged.has_value()) return judged;
  const absl::string_view credential = *BearerCredential(authorization);
  const absl::Time now = clock_.Now();
  if (const auto key = cache_.Find(*KeyIdOf(credential), now); key != nullptr) {
    absl::StatusOr<Principal> principal = Judge(credential, *key);
    // Only who has the right key is sent to refresh: others would not get there.
    if (principal.ok() && key->ClaimRefresh(now)) return std::nullopt;
    return principal;
  }
  if (!authority_.IsGenuine(credential)) return Invalid();
  return std::nullopt;
}

std::optional<absl::StatusOr<Principal>> Authenticator::JudgeForm(absl::string_view authorization) const {
  const std::optional<absl::string_view> credential = BearerCredential(authorization);
  if (!credential.has_value()) return authorization.empty() ? Missing() : Invalid();
  if (authority_.IsOperator(*credential)) return Principal();
  if (!KeyIdOf(*credential).has_value()) return Invalid();
  return std::nullopt;
}

void Authenticator::Forget(absl::string_view key_id) { cache_.Forget(key_id); }

void Authenticator::ForgetTenant(const TenantId& tenant) { cache_.ForgetTenant(tenant); }

absl::StatusOr<Principal> Authenticator::Judge(absl::string_view credential, const CachedKey& key) const {
  if (!key.record.has_value()) return Invalid();
  const KeyRecord& record = *key.record;
  const bool right = !key.credential.empty() ? ConstantTimeEquals(key.credential, credential)
                                             : ConstantTimeEquals(record.mac, authority_.Mac(credential));
  if (!right || record.revoked) return Invalid();
  if (record.expire_time <= clock_.Now()) return Expired(record.expire_time);
  return Principal{Principal::Key{.scope = record.scope,
                                  .tenant_state = record.tenant_state,
                                  .role = record.role,
                                  .key_id = std::string(*KeyIdOf(credential))}};
}

}  // namespace canvass::tenants
