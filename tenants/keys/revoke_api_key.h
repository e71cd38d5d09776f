// ApiKeyService.RevokeApiKey.
#ifndef CANVASS_TENANTS_KEYS_REVOKE_API_KEY_H_
#define CANVASS_TENANTS_KEYS_REVOKE_API_KEY_H_

#include "absl/status/statusor.h"
#include "canvass/v1/api_key_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "tenants/authenticator.h"
#include "tenants/keys/api_key_store.h"

namespace canvass::tenants {

// Works at once on this server and within 5 seconds on all others. InvalidArgument (INVALID_RESOURCE_NAME), NotFound
// (RESOURCE_NOT_FOUND).
absl::StatusOr<v1::ApiKey> RevokeApiKey(ApiKeyStore& store, Authenticator& authenticator, const Clock& clock,
                                        const TenantScope& scope, const v1::RevokeApiKeyRequest& request);

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_KEYS_REVOKE_API_KEY_H_
