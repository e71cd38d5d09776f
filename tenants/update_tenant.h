// TenantService.UpdateTenant.
#ifndef CANVASS_TENANTS_UPDATE_TENANT_H_
#define CANVASS_TENANTS_UPDATE_TENANT_H_

#include "absl/status/statusor.h"
#include "canvass/v1/tenant_service.pb.h"
#include "tenants/tenant_store.h"

namespace canvass::tenants {

// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_FIELD, INVALID_FIELD_MASK), NotFound (RESOURCE_NOT_FOUND), Aborted
// (ETAG_MISMATCH).
absl::StatusOr<v1::Tenant> UpdateTenant(TenantStore& store, const v1::UpdateTenantRequest& request);

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_UPDATE_TENANT_H_
