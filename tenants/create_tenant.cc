#include "tenants/create_tenant.h"

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "tenants/tenant.h"

namespace canvass::tenants {

absl::StatusOr<v1::Tenant> CreateTenant(TenantStore& store, const Clock& clock,
                                        const v1::CreateTenantRequest& request) {
  CANVASS_RETURN_IF_ERROR(ValidateNewTenant(request));
  v1::Tenant wanted = request.tenant();
  if (wanted.time_zone().empty()) wanted.set_time_zone(std::string(kDefaultTimeZone));
  CANVASS_ASSIGN_OR_RETURN(TenantRecord record, store.Insert(TenantId(request.tenant_id()), wanted, clock.Now()));
  if (record.tenant.display_name() != wanted.display_name() || record.tenant.time_zone() != wanted.time_zone()) {
    return Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_RESOURCE_EXISTS,
                 absl::StrCat("tenant '", request.tenant_id(), "' exists with another display_name or time_zone"));
  }
  return std::move(record.tenant);
}

}  // namespace canvass::tenants
