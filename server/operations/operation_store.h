// The rows of operations, and who works on them.
//
//   CANVASS_ASSIGN_OR_RETURN(v1::Operation operation, store.Create(scope, {.id = …, .kind = "BacktestTrigger", …},
//   now)); … on any server … CANVASS_ASSIGN_OR_RETURN(std::optional<ClaimedOperation> claimed, store.Claim(scope,
//   {.owner = me, …})); while (…) if (!*store.Renew(scope, *claimed, progress, lease)) return;      // cancelled, or
//   another server has it store.Finish(scope, *claimed, outcome, now);
//
// A claim is a lease by the database's clock with a fencing token: what a server writes under a token that is not the
// newest matches no row. Thread-safe; calls block.
#ifndef CANVASS_SERVER_OPERATIONS_OPERATION_STORE_H_
#define CANVASS_SERVER_OPERATIONS_OPERATION_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/operation.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::operations {

// Work to be done. `kind` is the method's name; `request` is what its function is given.
struct NewOperation {
  Uuid id;
  std::string kind;
  std::string target;
  std::string request;
};

struct ClaimRequest {
  std::string owner;
  absl::Duration lease;
  // Only of these; a server of another version may know more.
  std::vector<std::string> kinds;
  absl::Time now;
};

struct ClaimedOperation {
  Uuid id;
  std::string kind;
  std::string target;
  std::string request;
  // Grows with every claim: the first is 1.
  int64_t token = 0;
};

class OperationStore {
 public:
  explicit OperationStore(mysql::Database& database) : database_(database) {}

  // ResourceExhausted (QUOTA_EXCEEDED) if kMaxRunning are running.
  absl::StatusOr<v1::Operation> Create(const TenantScope& scope, const NewOperation& operation, absl::Time now);
  // NotFound (OPERATION_NOT_FOUND) if there is none.
  absl::StatusOr<v1::Operation> Get(const TenantScope& scope, const Uuid& id);
  // The latest created first, from behind `after`, without results; at most `limit`.
  absl::StatusOr<std::vector<v1::Operation>> List(const TenantScope& scope, const std::optional<Uuid>& after,
                                                  int limit);
  // Makes a running one cancelled, whoever works on it. NotFound (OPERATION_NOT_FOUND) if there is none.
  absl::Status Cancel(const TenantScope& scope, const Uuid& id, absl::Time now);

  // Claims the tenant's oldest running operation that nobody holds; none if there is none.
  absl::StatusOr<std::optional<ClaimedOperation>> Claim(const TenantScope& scope, const ClaimRequest& request);
  // Holds the claim for another `lease` and writes the progress. False if it is lost.
  absl::StatusOr<bool> Renew(const TenantScope& scope, const ClaimedOperation& claimed,
                             const v1::OperationProgress& progress, absl::Duration lease);
  // Lets another server begin it at once. Does nothing if the claim is lost.
  absl::Status Release(const TenantScope& scope, const ClaimedOperation& claimed);
  // Ends it with `outcome`: state, progress, error and result. False, and nothing is written, if the claim is lost.
  absl::StatusOr<bool> Finish(const TenantScope& scope, const ClaimedOperation& claimed, const v1::Operation& outcome,
                              absl::Time now);

  // Removes some of those that were finished before `time`; returns how many. Call again until it is 0.
  absl::StatusOr<int64_t> RemoveFinished(const TenantScope& scope, absl::Time time);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::operations

#endif  // CANVASS_SERVER_OPERATIONS_OPERATION_STORE_H_
