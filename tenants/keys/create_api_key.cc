#include "tenants/keys/create_api_key.h"

#include <utility>

#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "tenants/keys/api_key.h"

namespace canvass::tenants {

absl::StatusOr<v1::CreateApiKeyResponse> CreateApiKey(ApiKeyStore& store, const CredentialAuthority& authority,
                                                      Random& random, const Clock& clock, const TenantScope& scope,
                                                      const v1::CreateApiKeyRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  const absl::Time now = clock.Now();
  CANVASS_RETURN_IF_ERROR(ValidateNewKey(request.api_key(), now));
  NewCredential credential = authority.Make(random);
  v1::CreateApiKeyResponse response;
  CANVASS_ASSIGN_OR_RETURN(*response.mutable_api_key(), store.Insert(scope, credential, request.api_key(), now));
  response.set_credential(std::move(credential.text));
  return response;
}

}  // namespace canvass::tenants
