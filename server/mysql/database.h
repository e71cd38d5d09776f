// One database cluster, seen by the stores: statements inside transactions, each with the right to touch a tenant.
//
//   absl::Status status = database.Write(scope, [&](Transaction& tx) -> absl::Status {
//     CANVASS_RETURN_IF_ERROR(tx.Execute("UPDATE surveys SET … WHERE tenant_id = ? AND survey_id = ?",
//     params).status()); return absl::OkStatus();
//   });
//
// Write() runs the whole function again, on a fresh transaction, when the database reports a deadlock (1213) or a lock
// wait timeout (1205), also at COMMIT; so the function must have no effects but through `tx`. It is rolled back on
// every error. READ COMMITTED; take locks explicitly (SELECT … FOR UPDATE).
//
// A connection that is lost before COMMIT costs a retry, too: the server undoes what it was doing.
//
// Errors: Aborted (conflicts outlasted the retries), Unavailable (no connection, or the outcome of COMMIT is unknown:
// see CommitUnknown), DeadlineExceeded, AlreadyExists with IsDuplicateKey, Internal otherwise; else what the function
// returned.
//
// Thread-safe; calls block. A Transaction belongs to the call that made it and to its thread.
#ifndef CANVASS_SERVER_MYSQL_DATABASE_H_
#define CANVASS_SERVER_MYSQL_DATABASE_H_

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/value.h"

namespace canvass {
class Clock;
}

namespace canvass::mysql {

class Connection;
class Pool;

class Transaction {
 public:
  // Statements on `connection` as they come: without START TRANSACTION each stands for itself. Stores get theirs from a
  // Database; this is for tests and for work on a bare connection.
  explicit Transaction(Connection& connection) : connection_(connection) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Runs a SELECT. All rows are in memory when it returns: bound them with LIMIT.
  absl::StatusOr<Rows> Query(absl::string_view sql, const Params& params);

  // Runs a statement that returns no rows; returns how many rows it matched (not: changed).
  absl::StatusOr<int64_t> Execute(absl::string_view sql, const Params& params);

  // Runs `head` (ending in "VALUES"), a tuple of `columns` placeholders per row, then `tail` (for example
  // "ON DUPLICATE KEY UPDATE …"; may be empty). `params` holds the rows one behind the other. Splits into statements
  // whose sizes are powers of two, so that few prepared statements serve every batch. No rows: no statement.
  absl::Status InsertRows(absl::string_view head, int columns, const Params& params, absl::string_view tail = "");

 private:
  friend class Database;
  enum class Access { kReadWrite, kReadOnly };

  Transaction(Connection& connection, Access access, const Clock& clock, absl::Time deadline)
      : connection_(connection), access_(access), clock_(&clock), deadline_(deadline) {}

  absl::Status CheckUsable(Access wanted) const;
  absl::Status Note(absl::Status status);
  absl::StatusOr<int64_t> ExecuteValues(absl::string_view sql, absl::Span<const Value> values);

  Connection& connection_;
  Access access_ = Access::kReadWrite;
  const Clock* clock_ = nullptr;
  absl::Time deadline_ = absl::InfiniteFuture();
  // Set once the server has rolled the transaction back, gave up on a statement or is gone. Whatever follows gets this
  // status, so that a function that overlooks it cannot commit one half of its work.
  absl::Status failure_;
};

// "(?,?,?)": `count` placeholders for an IN list. Round the count up with PadCount and repeat the last value, so that
// few prepared statements serve every length.
std::string Placeholders(std::size_t count);
std::size_t PadCount(std::size_t count);
// "((?,?),(?,?),…)": the tenant with each of `keys`, one or more, added to `params`, for FORCE INDEX (…) WHERE
// (tenant_id, key) IN. Pairs and the index by name, because the optimizer likes to walk through all rows of a tenant
// that it believes to be small. Padded as above, and two at least: MariaDB turns a list of one into equations, and with
// parameters of another character set than the ascii columns those find no index.
std::string TenantPairs(const TenantScope& scope, absl::Span<const Uuid> keys, Params& params);

// True if `status` says that a unique key holds the row already (error 1062).
bool IsDuplicateKey(const absl::Status& status);
// True if the connection was lost during COMMIT: the transaction may be in the database or not. Insert again on a new
// connection, then read; a bare read can still say "absent" while the old commit is landing.
bool CommitUnknown(const absl::Status& status);

using TransactionFunction = absl::FunctionRef<absl::Status(Transaction&)>;

class Database {
 public:
  Database(std::unique_ptr<Pool> pool, Clock& clock);
  ~Database();

  // A read-write transaction for one tenant.
  absl::Status Write(const TenantScope& scope, TransactionFunction function,
                     absl::Time deadline = absl::InfiniteFuture());

  // One transaction for a batch in which every row belongs to the tenant of one of `scopes`.
  absl::Status WriteShared(absl::Span<const TenantScope* const> scopes, TransactionFunction function,
                           absl::Time deadline = absl::InfiniteFuture());

  // Statements for one tenant that only read, each on its own (autocommit).
  absl::Status Read(const TenantScope& scope, TransactionFunction function,
                    absl::Time deadline = absl::InfiniteFuture());

  // For what stands above tenants: the tenant table itself, credentials before their tenant is known, leases,
  // migrations. Only tenants/ and mysql/ call it; a test checks.
  absl::Status System(TransactionFunction function, absl::Time deadline = absl::InfiniteFuture());

 private:
  absl::Status Run(TransactionFunction function, Transaction::Access access, absl::Time deadline);
  absl::Status RunOnce(Connection& connection, TransactionFunction function, Transaction::Access access,
                       absl::Time deadline);
  absl::Duration Backoff(int attempt);

  std::unique_ptr<Pool> pool_;
  Clock& clock_;
  SecureRandom random_;  // spreads the retries; no result depends on it
};

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_DATABASE_H_
