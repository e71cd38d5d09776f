#include "server/rpc/services/api_key_service.h"

#include "canvass/v1/api_key_service.pb.h"
#include "server/base/status_macros.h"
#include "tenants/caller_scope.h"
#include "tenants/keys/create_api_key.h"
#include "tenants/keys/get_api_key.h"
#include "tenants/keys/revoke_api_key.h"
#include "tenants/keys/rotate_api_key.h"

namespace canvass::rpc {

// The operator manages the keys of any tenant, so the scope is that of the tenant which the request names.
std::unique_ptr<RpcService> MakeApiKeyService(CallPipeline& pipeline, const TenantRooms& rooms) {
  using tenants::CallerScope;
  auto service = std::make_unique<RpcService>("canvass.v1.ApiKeyService", pipeline);
  service->Blocking<v1::CreateApiKeyRequest>(
      "CreateApiKey", [&rooms](const Call& call, const auto& request) -> absl::StatusOr<v1::CreateApiKeyResponse> {
        CANVASS_ASSIGN_OR_RETURN(const TenantScope scope,
                                 CallerScope(rooms.tenants, call.principal(), "parent", request.parent()));
        return tenants::CreateApiKey(rooms.api_keys, rooms.authority, rooms.random, rooms.clock, scope, request);
      });
  service->Blocking<v1::GetApiKeyRequest>(
      "GetApiKey", [&rooms](const Call& call, const auto& request) -> absl::StatusOr<v1::ApiKey> {
        CANVASS_ASSIGN_OR_RETURN(const TenantScope scope,
                                 CallerScope(rooms.tenants, call.principal(), "name", request.name()));
        return tenants::GetApiKey(rooms.api_keys, scope, request);
      });
  service->Blocking<v1::ListApiKeysRequest>(
      "ListApiKeys", [&rooms](const Call& call, const auto& request) -> absl::StatusOr<v1::ListApiKeysResponse> {
        CANVASS_ASSIGN_OR_RETURN(const TenantScope scope,
                                 CallerScope(rooms.tenants, call.principal(), "parent", request.parent()));
        return tenants::ListApiKeys(rooms.api_keys, scope, request);
      });
  service->Blocking<v1::RotateApiKeyRequest>(
      "RotateApiKey", [&rooms](const Call& call, const auto& request) -> absl::StatusOr<v1::RotateApiKeyResponse> {
        CANVASS_ASSIGN_OR_RETURN(const TenantScope scope,
                                 CallerScope(rooms.tenants, call.principal(), "name", request.name()));
        return tenants::RotateApiKey(rooms.api_keys, rooms.authority, rooms.authenticator, rooms.random, rooms.clock,
                                     scope, request);
      });
  service->Blocking<v1::RevokeApiKeyRequest>(
      "RevokeApiKey", [&rooms](const Call& call, const auto& request) -> absl::StatusOr<v1::ApiKey> {
        CANVASS_ASSIGN_OR_RETURN(const TenantScope scope,
                                 CallerScope(rooms.tenants, call.principal(), "name", request.name()));
        return tenants::RevokeApiKey(rooms.api_keys, rooms.authenticator, rooms.clock, scope, request);
      });
  return service;
}

}  // namespace canvass::rpc
