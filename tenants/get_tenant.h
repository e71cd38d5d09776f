// TenantService.GetTenant and ListTenants.
#ifndef CANVASS_TENANTS_GET_TENANT_H_
#define CANVASS_TENANTS_GET_TENANT_H_

#include "absl/status/statusor.h"
#include "canvass/v1/tenant_service.pb.h"
#include "tenants/principal.h"
#include "tenants/tenant_store.h"

namespace canvass::tenants {

// A key sees its own tenant alone. InvalidArgument (INVALID_RESOURCE_NAME), NotFound (RESOURCE_NOT_FOUND).
absl::StatusOr<v1::Tenant> GetTenant(TenantStore& store, const Principal& caller, const v1::GetTenantRequest& request);

// InvalidArgument (INVALID_FIELD, INVALID_PAGE_TOKEN).
absl::StatusOr<v1::ListTenantsResponse> ListTenants(TenantStore& store, const v1::ListTenantsRequest& request);

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_GET_TENANT_H_
