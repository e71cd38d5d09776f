// Makes TenantScope values: the only thing that can. The tenant stage of the call pipeline calls it after a credential
// was checked; background work calls it for tenants that it read from the tenant table. Nothing else does; a test
// checks.
#ifndef CANVASS_TENANTS_SCOPE_MINT_H_
#define CANVASS_TENANTS_SCOPE_MINT_H_

#include <utility>

#include "absl/time/time.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"

namespace canvass::tenants {

class ScopeMint {
 public:
  static TenantScope Mint(TenantId tenant, absl::TimeZone time_zone) {
    return TenantScope(std::move(tenant), time_zone);
  }
};

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_SCOPE_MINT_H_
