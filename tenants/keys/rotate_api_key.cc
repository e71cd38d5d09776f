#include "tenants/keys/rotate_api_key.h"

#include <string>
#include <utility>

#include "server/base/status_macros.h"
#include "tenants/keys/api_key.h"

namespace canvass::tenants {

absl::StatusOr<v1::RotateApiKeyResponse> RotateApiKey(ApiKeyStore& store, const CredentialAuthority& authority,
                                                      Authenticator& authenticator, Random& random, const Clock& clock,
                                                      const TenantScope& scope,
                                                      const v1::RotateApiKeyRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const std::string id, ParseKeyName(scope, request.name()));
  CANVASS_ASSIGN_OR_RETURN(const absl::Duration overlap, RotationOverlap(request));
  const absl::Time now = clock.Now();
  NewCredential credential = authority.Make(random);
  absl::StatusOr<ApiKeyStore::Replacement> replacement =
      store.Replace(scope, id, credential, now, [&](v1::ApiKey& old_key) { return RotateKey(old_key, overlap, now); });
  // Also when it failed: the change may be in the database all the same.
  authenticator.Forget(id);
  CANVASS_RETURN_IF_ERROR(replacement.status());
  v1::RotateApiKeyResponse response;
  *response.mutable_api_key() = std::move(replacement->new_key);
  *response.mutable_replaced_api_key() = std::move(replacement->replaced_key);
  response.set_credential(std::move(credential.text));
  return response;
}

}  // namespace canvass::tenants
