// The right to touch one tenant's rows. Every store call and every transaction takes a TenantScope; only tenants/ can
// make one, after a credential has been checked. So a query without a tenant does not compile.
//
// A plain value: copy it into callbacks. Thread-safe.
#ifndef CANVASS_SERVER_BASE_TENANT_SCOPE_H_
#define CANVASS_SERVER_BASE_TENANT_SCOPE_H_

#include <utility>

#include "absl/time/time.h"
#include "server/base/ids.h"

namespace canvass {

namespace tenants {
class ScopeMint;
}  // namespace tenants

class TenantScope {
 public:
  const TenantId& tenant() const { return tenant_; }
  // The zone whose midnight starts this tenant's days, weeks and months.
  const absl::TimeZone& time_zone() const { return time_zone_; }

 private:
  friend class tenants::ScopeMint;
  TenantScope(TenantId tenant, absl::TimeZone time_zone) : tenant_(std::move(tenant)), time_zone_(time_zone) {}

  TenantId tenant_;
  absl::TimeZone time_zone_;
};

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_TENANT_SCOPE_H_
