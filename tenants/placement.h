// Which database cluster a tenant lives on. A tenant's rows never span clusters, so that growth is a matter of adding
// clusters. There is one today; the mapping is kept per tenant from the first day, in the column `cluster`.
#ifndef CANVASS_TENANTS_PLACEMENT_H_
#define CANVASS_TENANTS_PLACEMENT_H_

#include "absl/strings/string_view.h"
#include "server/base/ids.h"

namespace canvass::tenants {

inline constexpr absl::string_view kMainCluster = "main";

// The cluster for a new tenant.
inline absl::string_view PlaceNewTenant(const TenantId& /*tenant*/) { return kMainCluster; }

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_PLACEMENT_H_
