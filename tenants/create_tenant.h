// TenantService.CreateTenant.
#ifndef CANVASS_TENANTS_CREATE_TENANT_H_
#define CANVASS_TENANTS_CREATE_TENANT_H_

#include "absl/status/statusor.h"
#include "canvass/v1/tenant_service.pb.h"
#include "server/base/clock.h"
#include "tenants/tenant_store.h"

namespace canvass::tenants {

// InvalidArgument (INVALID_IDENTIFIER, INVALID_FIELD), AlreadyExists (RESOURCE_EXISTS) if the id has other content.
absl::StatusOr<v1::Tenant> CreateTenant(TenantStore& store, const Clock& clock, const v1::CreateTenantRequest& request);

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_CREATE_TENANT_H_
