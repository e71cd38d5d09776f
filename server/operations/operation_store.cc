#include "server/operations/operation_store.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/mysql/lease.h"
#include "server/operations/operation.h"

namespace canvass::operations {
namespace {

constexpr int kRunning = v1::Operation::STATE_RUNNING;
constexpr int kRemovedAtOnce = 1000;
constexpr absl::string_view kSelect =
    "SELECT operation_id, kind, state, progress_done, progress_total, create_time, start_time, finish_time, payload "
    "FROM "
    "operations ";

absl::StatusOr<v1::Operation> ReadOperation(const TenantScope& scope, const mysql::Row& row) {
  v1::Operation operation;
  const Uuid id = row.Uuid(0);
  if (!operation.ParseFromString(row.String(8))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                 absl::StrCat("operation ", id.ToString(), " cannot be read"));
  }
  operation.set_name(ResourceName(scope.tenant(), {"operations", id.ToString()}));
  operation.set_method(row.String(1));
  operation.set_state(static_cast<v1::Operation::State>(row.Int(2)));
  operation.mutable_progress()->set_done(row.Int(3));
  operation.mutable_progress()->set_total(row.Int(4));
  *operation.mutable_create_time() = ToProto(row.Time(5));
  if (!row.IsNull(6)) *operation.mutable_start_time() = ToProto(row.Time(6));
  if (!row.IsNull(7)) *operation.mutable_finish_time() = ToProto(row.Time(7));
  return operation;
}

// The part that has no column.
std::string Payload(const std::string& target, const v1::Operation& outcome) {
  v1::Operation stored = outcome;
  for (const int column : {v1::Operation::kNameFieldNumber, v1::Operation::kStateFieldNumber,
                           v1::Operation::kMethodFieldNumber, v1::Operation::kProgressFieldNumber}) {
    stored.GetReflection()->ClearField(&stored, stored.GetDescriptor()->FindFieldByNumber(column));
  }
  stored.set_target(target);
  return stored.SerializeAsString();
}

// The first slot that no running operation has; none if all are taken.
absl::StatusOr<std::optional<int>> FreeSlot(mysql::Transaction& tx, const TenantScope& scope) {
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query("SELECT slot FROM operations WHERE tenant_id = ? AND slot IS NOT NULL",
                                    mysql::Params().Add(scope.tenant())));
  std::set<int64_t> taken;
  for (const mysql::Row& row : rows) taken.insert(row.Int(0));
  for (int slot = 0; slot < kMaxRunning; ++slot) {
    if (!taken.contains(slot)) return slot;
  }
  return std::nullopt;
}

// The same condition wherever a claim is used: a stale one matches no row.
mysql::Params& AddClaim(mysql::Params& params, const TenantScope& scope, const ClaimedOperation& claimed) {
  return params.Add(scope.tenant()).Add(claimed.id).Add(claimed.token).Add(kRunning);
}

}  // namespace

absl::StatusOr<v1::Operation> OperationStore::Create(const TenantScope& scope, const NewOperation& operation,
                                                     absl::Time now) {
  absl::Status status;
  // Two callers may see the same free slot; the key then refuses the second, who looks again.
  for (int attempt = 0; attempt <= kMaxRunning; ++attempt) {
    status = database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
      CANVASS_ASSIGN_OR_RETURN(const std::optional<int> slot, FreeSlot(tx, scope));
      if (!slot.has_value()) return TooManyOperations();
      mysql::Params params;
      params.Add(scope.tenant()).Add(operation.id).Add(operation.kind).Add(kRunning).Add(*slot);
      params.Add(now).Add(operation.request).Add(Payload(operation.target, {}));
      return tx
          .Execute(
              "INSERT INTO operations (tenant_id, operation_id, kind, state, slot, owner, lease_until, token, "
              "progress_done, progress_total, create_time, request, payload) VALUES (?, ?, ?, ?, ?, '', 0, 0, 0, 0, ?, "
              "?, ?)",
              params)
          .status();
    });
    if (!mysql::IsDuplicateKey(status)) break;
  }
  if (mysql::IsDuplicateKey(status)) return TooManyOperations();
  CANVASS_RETURN_IF_ERROR(status);
  return Get(scope, operation.id);
}

absl::StatusOr<v1::Operation> OperationStore::Get(const TenantScope& scope, const Uuid& id) {
  std::optional<v1::Operation> operation;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat(kSelect, "WHERE tenant_id = ? AND operation_id = ?"),
                                      mysql::Params().Add(scope.tenant()).Add(id)));
    if (rows.empty()) return OperationNotFound(id);
    CANVASS_ASSIGN_OR_RETURN(operation, ReadOperation(scope, rows[0]));
    return absl::OkStatus();
  }));
  return *std::move(operation);
}

absl::StatusOr<std::vector<v1::Operation>> OperationStore::List(const TenantScope& scope,
                                                                const std::optional<Uuid>& after, int limit) {
  mysql::Params params;
  params.Add(scope.tenant());
  if (after.has_value()) params.Add(*after);
  params.Add(limit);
  // Version 7 UUIDs sort by the time at which they were made.
  const std::string sql =
      absl::StrCat(kSelect, "WHERE tenant_id = ? ", after.has_value() ? "AND operation_id < ? " : "",
                   "ORDER BY operation_id DESC LIMIT ?");
  std::vector<v1::Operation> operations;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    operations.clear();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(sql, params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(v1::Operation operation, ReadOperation(scope, row));
      operation.clear_result();
      operations.push_back(std::move(operation));
    }
    return absl::OkStatus();
  }));
  return operations;
}

absl::Status OperationStore::Cancel(const TenantScope& scope, const Uuid& id, absl::Time now) {
  mysql::Params params;
  params.Add(static_cast<int>(v1::Operation::STATE_CANCELLED)).Add(now).Add(scope.tenant()).Add(id).Add(kRunning);
  return database_.Write(scope, [&](mysql::Transaction& tx) {
    // The token grows, so that whoever works on it finds out.
    return tx
        .Execute(
            "UPDATE operations SET state = ?, slot = NULL, finish_time = ?, owner = '', lease_until = 0, token = token "
            "+ "
            "1 WHERE tenant_id = ? AND operation_id = ? AND state = ?",
            params)
        .status();
  });
}

absl::StatusOr<std::optional<ClaimedOperation>> OperationStore::Claim(const TenantScope& scope,
                                                                      const ClaimRequest& request) {
  std::optional<ClaimedOperation> claimed;
  if (request.kinds.empty()) return claimed;
  mysql::Params free;
  free.Add(scope.tenant());
  for (const std::string& kind : request.kinds) free.Add(kind);
  const std::string find = absl::StrCat(
      "SELECT operation_id FROM operations WHERE tenant_id = ? AND slot IS NOT NULL AND lease_until "
      "< " CANVASS_DATABASE_MICROS " AND kind IN ",
      mysql::Placeholders(request.kinds.size()), " ORDER BY operation_id");
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    claimed.reset();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows found, tx.Query(find, free));
    for (const mysql::Row& row : found) {
      mysql::Params update;
      update.Add(request.owner).Add(absl::ToInt64Microseconds(request.lease)).Add(request.now);
      update.Add(scope.tenant()).Add(row.Uuid(0)).Add(kRunning);
      CANVASS_ASSIGN_OR_RETURN(
          const int64_t count,
          tx.Execute("UPDATE operations SET owner = ?, lease_until = " CANVASS_DATABASE_MICROS
                     " + ?, token = token + 1, start_time = COALESCE(start_time, ?), progress_done = 0 WHERE tenant_id "
                     "= ? AND operation_id = ? AND state = ? AND lease_until < " CANVASS_DATABASE_MICROS,
                     update));
      if (count == 0) continue;
      CANVASS_ASSIGN_OR_RETURN(
          const mysql::Rows mine,
          tx.Query("SELECT kind, request, token, payload FROM operations WHERE tenant_id = ? AND operation_id = ?",
                   mysql::Params().Add(scope.tenant()).Add(row.Uuid(0))));
      v1::Operation stored;
      stored.ParseFromString(mine[0].String(3));
      claimed = ClaimedOperation{.id = row.Uuid(0),
                                 .kind = mine[0].String(0),
                                 .target = stored.target(),
                                 .request = mine[0].String(1),
                                 .token = mine[0].Int(2)};
      return absl::OkStatus();
    }
    return absl::OkStatus();
  }));
  return claimed;
}

absl::StatusOr<bool> OperationStore::Renew(const TenantScope& scope, const ClaimedOperation& claimed,
                                           const v1::OperationProgress& progress, absl::Duration lease) {
  mysql::Params params;
  params.Add(absl::ToInt64Microseconds(lease)).Add(progress.done()).Add(progress.total());
  AddClaim(params, scope, claimed);
  int64_t renewed = 0;
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(
        renewed, tx.Execute("UPDATE operations SET lease_until = " CANVASS_DATABASE_MICROS
                            " + ?, progress_done = ?, progress_total = ? WHERE tenant_id = ? AND operation_id = ? AND "
                            "token = ? AND state = ?",
                            params));
    return absl::OkStatus();
  }));
  return renewed == 1;
}

absl::Status OperationStore::Release(const TenantScope& scope, const ClaimedOperation& claimed) {
  mysql::Params params;
  AddClaim(params, scope, claimed);
  return database_.Write(scope, [&](mysql::Transaction& tx) {
    return tx
        .Execute(
            "UPDATE operations SET owner = '', lease_until = 0 WHERE tenant_id = ? AND operation_id = ? AND token = ? "
            "AND state = ?",
            params)
        .status();
  });
}

absl::StatusOr<bool> OperationStore::Finish(const TenantScope& scope, const ClaimedOperation& claimed,
                                            const v1::Operation& outcome, absl::Time now) {
  mysql::Params params;
  params.Add(static_cast<int>(outcome.state())).Add(now);
  params.Add(outcome.progress().done()).Add(outcome.progress().total()).Add(Payload(claimed.target, outcome));
  AddClaim(params, scope, claimed);
  int64_t written = 0;
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(
        written,
        tx.Execute("UPDATE operations SET state = ?, finish_time = ?, progress_done = ?, progress_total = ?, "
                   "payload = ?, slot = NULL, owner = '', lease_until = 0 WHERE tenant_id = ? AND operation_id "
                   "= ? AND token = ? AND state = ?",
                   params));
    return absl::OkStatus();
  }));
  return written == 1;
}

absl::StatusOr<int64_t> OperationStore::RemoveFinished(const TenantScope& scope, absl::Time time) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(time).Add(kRemovedAtOnce);
  int64_t removed = 0;
  CANVASS_RETURN_IF_ERROR(database_.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(
        removed,
        tx.Execute("DELETE FROM operations WHERE tenant_id = ? AND finish_time < ? ORDER BY operation_id LIMIT ?",
                   params));
    return absl::OkStatus();
  }));
  return removed;
}

}  // namespace canvass::operations
