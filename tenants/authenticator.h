// Turns the `authorization` metadata of a call into a Principal.
//
//   std::optional<absl::StatusOr<Principal>> known = authenticator.Cached(header);   // on a callback thread
//   absl::StatusOr<Principal> principal = authenticator.Authenticate(header);        // on a worker thread
//
// What the database says of a key is believed for at most 4 seconds, so that a revocation, a rotation or a suspension
// works on every server within 5. One caller refreshes an entry before it runs out while the others go on with it.
// Unknown keys are remembered too, for a second, and refused.
//
// Errors, all Unauthenticated: CREDENTIAL_MISSING; CREDENTIAL_INVALID (malformed, unknown, revoked or wrong: which of
// them is not told); CREDENTIAL_EXPIRED if everything else was right. Authenticate also: as mysql::Database.
//
// Thread-safe.
#ifndef CANVASS_TENANTS_AUTHENTICATOR_H_
#define CANVASS_TENANTS_AUTHENTICATOR_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "tenants/keys/api_key_store.h"
#include "tenants/keys/credential.h"
#include "tenants/keys/key_cache.h"
#include "tenants/principal.h"

namespace canvass::tenants {

class Authenticator {
 public:
  // All must outlive the authenticator.
  Authenticator(const CredentialAuthority& authority, ApiKeyStore& keys, const Clock& clock);

  // `authorization` is the whole value, "Bearer cvk_…". May read the database.
  absl::StatusOr<Principal> Authenticate(absl::string_view authorization);

  // As Authenticate, without I/O; nullopt if only the database can tell.
  std::optional<absl::StatusOr<Principal>> Cached(absl::string_view authorization);

  // Makes this server ask the database again at once, after a change of the key or of the tenant.
  void Forget(absl::string_view key_id);
  void ForgetTenant(const TenantId& tenant);

 private:
  // What is known without looking at keys: nothing but for a key of a tenant.
  std::optional<absl::StatusOr<Principal>> JudgeForm(absl::string_view authorization) const;
  absl::StatusOr<Principal> Judge(absl::string_view credential, const CachedKey& key) const;

  const CredentialAuthority& authority_;
  ApiKeyStore& keys_;
  const Clock& clock_;
  KeyCache cache_;
};

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_AUTHENTICATOR_H_
