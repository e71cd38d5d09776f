#include "tenants/suspend_tenant.h"

#include <utility>

#include "server/base/status_macros.h"
#include "tenants/tenant.h"

namespace canvass::tenants {
namespace {

absl::StatusOr<v1::Tenant> SetState(TenantStore& store, Authenticator& authenticator, absl::string_view name,
                                    v1::Tenant::State state) {
  CANVASS_ASSIGN_OR_RETURN(const TenantId id, ParseTenantName("name", name));
  absl::StatusOr<TenantRecord> record = store.Change(id, [&](v1::Tenant& tenant) {
    tenant.set_state(state);
    return absl::OkStatus();
  });
  // Also when it failed: the change may be in the database all the same.
  authenticator.ForgetTenant(id);
  CANVASS_RETURN_IF_ERROR(record.status());
  return std::move(record->tenant);
}

}  // namespace

absl::StatusOr<v1::Tenant> SuspendTenant(TenantStore& store, Authenticator& authenticator,
                                         const v1::SuspendTenantRequest& request) {
  return SetState(store, authenticator, request.name(), v1::Tenant::STATE_SUSPENDED);
}

absl::StatusOr<v1::Tenant> ResumeTenant(TenantStore& store, Authenticator& authenticator,
                                        const v1::ResumeTenantRequest& request) {
  return SetState(store, authenticator, request.name(), v1::Tenant::STATE_ACTIVE);
}

}  // namespace canvass::tenants
