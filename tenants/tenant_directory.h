// The tenants that the server works for by itself, without a caller's credential: workers that send, pages that a token
// opens. Kept for a few seconds, so that a suspension counts within kMaxAge.
//
//   CANVASS_ASSIGN_OR_RETURN(const TenantEntry tenant, directory.Find(claims.tenant));
//   CANVASS_ASSIGN_OR_RETURN(const std::vector<TenantEntry> due, directory.WithDueMessages(clock.Now(), 100));
//
// Thread-safe; calls block where they have to read.
#ifndef CANVASS_TENANTS_TENANT_DIRECTORY_H_
#define CANVASS_TENANTS_TENANT_DIRECTORY_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "canvass/v1/tenant.pb.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"
#include "server/mysql/value.h"
#include "tenants/tenant_store.h"

namespace canvass::tenants {

struct TenantEntry {
  TenantScope scope;
  std::string display_name;
  bool is_active = false;
};

class TenantDirectory {
 public:
  // How old what it says may be.
  static constexpr absl::Duration kMaxAge = absl::Seconds(4);

  TenantDirectory(mysql::Database& database, TenantStore& tenants, const Clock& clock)
      : database_(database), tenants_(tenants), clock_(clock) {}

  // NotFound (RESOURCE_NOT_FOUND) if there is no such tenant.
  absl::StatusOr<TenantEntry> Find(const TenantId& id);

  // Active tenants with messages in the outbox that are due at `now`, at most `limit`: those whose first one has waited
  // longest.
  absl::StatusOr<std::vector<TenantEntry>> WithDueMessages(absl::Time now, int limit);

  // Tenants, suspended ones too, with operations that no server works on; at most `limit`.
  absl::StatusOr<std::vector<TenantEntry>> WithWaitingOperations(int limit);

  // Tenants, suspended ones too, with operations that were finished before `time`; at most `limit`.
  absl::StatusOr<std::vector<TenantEntry>> WithFinishedOperations(absl::Time time, int limit);

 private:
  // Those whose ids `sql` returns.
  absl::StatusOr<std::vector<TenantEntry>> FindAll(absl::string_view sql, const mysql::Params& params);

  struct Known {
    TenantEntry entry;
    absl::Time load_time;
  };

  mysql::Database& database_;
  TenantStore& tenants_;
  const Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_map<TenantId, Known> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::tenants

#endif  // CANVASS_TENANTS_TENANT_DIRECTORY_H_
