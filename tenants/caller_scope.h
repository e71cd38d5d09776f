// Which tenant a call is about: the caller's own or, for the operator, the one that the request names.
#ifndef CANVASS_TENANTS_CALLER_SCOPE_H_
#define CANVASS_TENANTS_CALLER_SCOPE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/tenant_scope.h"
#include "tenants/principal.h"
#include "tenants/tenant_store.h"

namespace canvass::tenants {

// The caller's own scope; for the operator the scope of the tenant at the start of `name`, the value of the field
// `field`. For the operator: InvalidArgument (INVALID_RESOURCE_NAME), NotFound (RESOURCE_NOT_FOUND) if there is no such
// tenant.
absl::StatusOr<TenantScope> CallerScope(TenantStore& store, const Principal& caller, absl::string_view field,
                                        absl::string_view name);

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_CALLER_SCOPE_H_
