// ApiKeyService.GetApiKey and ListApiKeys.
#ifndef CANVASS_TENANTS_KEYS_GET_API_KEY_H_
#define CANVASS_TENANTS_KEYS_GET_API_KEY_H_

#include "absl/status/statusor.h"
#include "canvass/v1/api_key_service.pb.h"
#include "server/base/tenant_scope.h"
#include "tenants/keys/api_key_store.h"

namespace canvass::tenants {

// InvalidArgument (INVALID_RESOURCE_NAME), NotFound (RESOURCE_NOT_FOUND).
absl::StatusOr<v1::ApiKey> GetApiKey(ApiKeyStore& store, const TenantScope& scope, const v1::GetApiKeyRequest& request);

// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_FIELD, INVALID_PAGE_TOKEN), NotFound for another tenant.
absl::StatusOr<v1::ListApiKeysResponse> ListApiKeys(ApiKeyStore& store, const TenantScope& scope,
                                                    const v1::ListApiKeysRequest& request);

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_KEYS_GET_API_KEY_H_
