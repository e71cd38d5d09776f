// The rules of a tenant: its name, display name and time zone. Pure.
#ifndef CANVASS_TENANTS_TENANT_H_
#define CANVASS_TENANTS_TENANT_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/tenant.pb.h"
#include "canvass/v1/tenant_service.pb.h"
#include "server/base/ids.h"

namespace canvass::tenants {

inline constexpr absl::string_view kDefaultTimeZone = "UTC";

// Checks the id and the content of a new tenant. InvalidArgument (INVALID_FIELD, or INVALID_IDENTIFIER for the id).
absl::Status ValidateNewTenant(const v1::CreateTenantRequest& request);

// Checks what can be changed of a tenant. InvalidArgument (INVALID_FIELD).
absl::Status ValidateChangedTenant(absl::string_view field, const v1::Tenant& tenant);

// The zone of an IANA name. InvalidArgument (INVALID_FIELD) at `field` if there is none of that name; the machine's own
// zone, fixed offsets and paths, which the library would also take, are refused.
absl::StatusOr<absl::TimeZone> ParseTimeZone(absl::string_view field, absl::string_view name);

// The id within `tenants/{tenant}`. InvalidArgument (INVALID_RESOURCE_NAME) at `field`, also for `tenants/-`: that is
// for callers with a tenant of their own.
absl::StatusOr<TenantId> ParseTenantName(absl::string_view field, absl::string_view name);

// As ParseTenantName, for the name of anything below a tenant: `tenants/{tenant}/…`.
absl::StatusOr<TenantId> ParseOwningTenant(absl::string_view field, absl::string_view name);

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_TENANT_H_
