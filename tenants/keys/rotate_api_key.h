// ApiKeyService.RotateApiKey.
#ifndef CANVASS_TENANTS_KEYS_ROTATE_API_KEY_H_
#define CANVASS_TENANTS_KEYS_ROTATE_API_KEY_H_

#include "absl/status/statusor.h"
#include "canvass/v1/api_key_service.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "tenants/authenticator.h"
#include "tenants/keys/api_key_store.h"
#include "tenants/keys/credential.h"

namespace canvass::tenants {

// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_FIELD), NotFound (RESOURCE_NOT_FOUND).
absl::StatusOr<v1::RotateApiKeyResponse> RotateApiKey(ApiKeyStore& store, const CredentialAuthority& authority,
                                                      Authenticator& authenticator, Random& random, const Clock& clock,
                                                      const TenantScope& scope, const v1::RotateApiKeyRequest& request);

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_KEYS_ROTATE_API_KEY_H_
