#include "server/rpc/services/tenant_service.h"

#include "canvass/v1/tenant_service.pb.h"
#include "tenants/create_tenant.h"
#include "tenants/get_tenant.h"
#include "tenants/suspend_tenant.h"
#include "tenants/update_tenant.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeTenantService(CallPipeline& pipeline, const TenantRooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.TenantService", pipeline);
  service->Blocking<v1::CreateTenantRequest>("CreateTenant", [&rooms](const Call& /*call*/, const auto& request) {
    return tenants::CreateTenant(rooms.tenants, rooms.clock, request);
  });
  service->Blocking<v1::GetTenantRequest>("GetTenant", [&rooms](const Call& call, const auto& request) {
    return tenants::GetTenant(rooms.tenants, call.principal(), request);
  });
  service->Blocking<v1::ListTenantsRequest>("ListTenants", [&rooms](const Call& /*call*/, const auto& request) {
    return tenants::ListTenants(rooms.tenants, request);
  });
  service->Blocking<v1::UpdateTenantRequest>("UpdateTenant", [&rooms](const Call& /*call*/, const auto& request) {
    return tenants::UpdateTenant(rooms.tenants, request);
  });
  service->Blocking<v1::SuspendTenantRequest>("SuspendTenant", [&rooms](const Call& /*call*/, const auto& request) {
    return tenants::SuspendTenant(rooms.tenants, rooms.authenticator, request);
  });
  service->Blocking<v1::ResumeTenantRequest>("ResumeTenant", [&rooms](const Call& /*call*/, const auto& request) {
    return tenants::ResumeTenant(rooms.tenants, rooms.authenticator, request);
  });
  return service;
}

}  // namespace canvass::rpc
