#include "tenants/keys/revoke_api_key.h"

#include <string>

#include "server/base/status_macros.h"
#include "tenants/keys/api_key.h"

namespace canvass::tenants {

absl::StatusOr<v1::ApiKey> RevokeApiKey(ApiKeyStore& store, Authenticator& authenticator, const Clock& clock,
                                        const TenantScope& scope, const v1::RevokeApiKeyRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const std::string id, ParseKeyName(scope, request.name()));
  absl::StatusOr<v1::ApiKey> key = store.Revoke(scope, id, clock.Now());
  // Also when it failed: the change may be in the database all the same.
  authenticator.Forget(id);
  return key;
}

}  // namespace canvass::tenants
