// TenantService.SuspendTenant and ResumeTenant.
#ifndef CANVASS_TENANTS_SUSPEND_TENANT_H_
#define CANVASS_TENANTS_SUSPEND_TENANT_H_

#include "absl/status/statusor.h"
#include "canvass/v1/tenant_service.pb.h"
#include "tenants/authenticator.h"
#include "tenants/tenant_store.h"

namespace canvass::tenants {

// Both work at once on this server and within 5 seconds on all others. InvalidArgument (INVALID_RESOURCE_NAME),
// NotFound (RESOURCE_NOT_FOUND).
absl::StatusOr<v1::Tenant> SuspendTenant(TenantStore& store, Authenticator& authenticator,
                                         const v1::SuspendTenantRequest& request);
absl::StatusOr<v1::Tenant> ResumeTenant(TenantStore& store, Authenticator& authenticator,
                                        const v1::ResumeTenantRequest& request);

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_SUSPEND_TENANT_H_
