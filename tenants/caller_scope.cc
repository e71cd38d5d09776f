#include "tenants/caller_scope.h"

#include "server/base/status_macros.h"
#include "tenants/tenant.h"

namespace canvass::tenants {

absl::StatusOr<TenantScope> CallerScope(TenantStore& store, const Principal& caller, absl::string_view field,
                                        absl::string_view name) {
  if (caller.key.has_value()) return caller.key->scope;
  CANVASS_ASSIGN_OR_RETURN(const TenantId id, ParseOwningTenant(field, name));
  CANVASS_ASSIGN_OR_RETURN(const TenantRecord record, store.Get(id));
  return record.scope;
}

}  // namespace canvass::tenants
