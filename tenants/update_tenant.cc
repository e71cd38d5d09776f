#include "tenants/update_tenant.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/aip/field_mask.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "tenants/tenant.h"

namespace canvass::tenants {

absl::StatusOr<v1::Tenant> UpdateTenant(TenantStore& store, const v1::UpdateTenantRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const TenantId id, ParseTenantName("tenant.name", request.tenant().name()));
  CANVASS_ASSIGN_OR_RETURN(TenantRecord record, store.Change(id, [&](v1::Tenant& tenant) -> absl::Status {
    if (!request.tenant().etag().empty() && request.tenant().etag() != tenant.etag()) {
      return Error(
          absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH,
          absl::StrCat("tenant '", id.value(), "' was changed by somebody else; read it again, then change it"));
    }
    CANVASS_RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), {"display_name"}, request.tenant(), tenant));
    return ValidateChangedTenant("tenant", tenant);
  }));
  return std::move(record.tenant);
}

}  // namespace canvass::tenants
