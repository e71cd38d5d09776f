// The rows of the tenant table. It stands above tenants, so these are system transactions.
//
//   CANVASS_ASSIGN_OR_RETURN(TenantRecord record, store.Get(TenantId("acme")));
//   surveys.List(record.scope, …);
//
// Thread-safe; calls block. Errors beside those named: as mysql::Database.
#ifndef CANVASS_TENANTS_TENANT_STORE_H_
#define CANVASS_TENANTS_TENANT_STORE_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/tenant.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::tenants {

// A tenant and the right to touch its rows. Whoever gets one from the store acts for the operator or for the server
// itself; a caller's own scope comes with its Principal.
struct TenantRecord {
  v1::Tenant tenant;
  TenantScope scope;
  // See placement.h.
  std::string cluster;
};

class TenantStore {
 public:
  explicit TenantStore(mysql::Database& database) : database_(database) {}

  // Inserts a new tenant of the given display name and time zone, active. Returns it, or the tenant of that id as it is
  // where there is one already: the caller compares.
  absl::StatusOr<TenantRecord> Insert(const TenantId& id, const v1::Tenant& tenant, absl::Time create_time);

  // NotFound (RESOURCE_NOT_FOUND) if there is no such tenant.
  absl::StatusOr<TenantRecord> Get(const TenantId& id);

  // At most `limit` tenants with ids behind `after`, by id.
  absl::StatusOr<std::vector<TenantRecord>> List(absl::string_view after, int limit);

  // Runs `change` on the tenant, locked, and stores what it did to display_name and state. If it changed nothing,
  // nothing is written and the etag stays. `change` may run several times. NotFound, or the error of `change`.
  absl::StatusOr<TenantRecord> Change(const TenantId& id, absl::FunctionRef<absl::Status(v1::Tenant&)> change);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_TENANT_STORE_H_
