#include "tenants/tenant_directory.h"

#include <algorithm>
#include <utility>

#include "canvass/v1/operation.pb.h"
#include "canvass/v1/outbox.pb.h"
#include "server/base/status_macros.h"
#include "server/mysql/lease.h"

namespace canvass::tenants {

absl::StatusOr<TenantEntry> TenantDirectory::Find(const TenantId& id) {
  const absl::Time now = clock_.Now();
  {
    absl::MutexLock lock(&mutex_);
    const auto known = known_.find(id);
    if (known != known_.end() && now - known->second.load_time < kMaxAge) return known->second.entry;
  }
  CANVASS_ASSIGN_OR_RETURN(const TenantRecord record, tenants_.Get(id));
  TenantEntry entry{.scope = record.scope,
                    .display_name = record.tenant.display_name(),
                    .is_active = record.tenant.state() == v1::Tenant::STATE_ACTIVE};
  absl::MutexLock lock(&mutex_);
  known_.insert_or_assign(id, Known{.entry = entry, .load_time = now});
  return entry;
}

absl::StatusOr<std::vector<TenantEntry>> TenantDirectory::WithDueMessages(absl::Time now, int limit) {
  struct Waiting {
    absl::Time first;
    TenantId tenant;
  };
  std::vector<Waiting> waiting;
  CANVASS_RETURN_IF_ERROR(database_.System([&](mysql::Transaction& tx) -> absl::Status {
    waiting.clear();
    mysql::Params params;
    params.Add(static_cast<int>(v1::OutboxMessage::STATE_WAITING));
    // One step in the index by_due for each tenant and channel that has anything waiting.
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query("SELECT tenant_id, channel, MIN(attempt_time) FROM outbox WHERE state = ? GROUP BY tenant_id, channel "
                 "ORDER BY tenant_id, channel",
                 params));
    for (const mysql::Row& row : rows) {
      const TenantId tenant(row.String(0));
      if (row.Time(2) > now) continue;
      if (waiting.empty() || waiting.back().tenant != tenant)
        waiting.push_back({.first = row.Time(2), .tenant = tenant});
      waiting.back().first = std::min(waiting.back().first, row.Time(2));
    }
    return absl::OkStatus();
  }));
  std::sort(waiting.begin(), waiting.end(), [](const Waiting& a, const Waiting& b) { return a.first < b.first; });
  std::vector<TenantEntry> due;
  for (const Waiting& one : waiting) {
    if (due.size() == static_cast<std::size_t>(limit)) break;
    CANVASS_ASSIGN_OR_RETURN(TenantEntry entry, Find(one.tenant));
    if (entry.is_active) due.push_back(std::move(entry));
  }
  return due;
}

absl::StatusOr<std::vector<TenantEntry>> TenantDirectory::WithWaitingOperations(int limit) {
  mysql::Params params;
  params.Add(static_cast<int>(v1::Operation::STATE_RUNNING)).Add(limit);
  return FindAll("SELECT DISTINCT tenant_id FROM operations WHERE state = ? AND lease_until < " CANVASS_DATABASE_MICROS
                 " LIMIT ?",
                 params);
}

absl::StatusOr<std::vector<TenantEntry>> TenantDirectory::WithFinishedOperations(absl::Time time, int limit) {
  mysql::Params params;
  for (const v1::Operation::State state :
       {v1::Operation::STATE_SUCCEEDED, v1::Operation::STATE_FAILED, v1::Operation::STATE_CANCELLED}) {
    params.Add(static_cast<int>(state));
  }
  params.Add(time).Add(limit);
  return FindAll("SELECT DISTINCT tenant_id FROM operations WHERE state IN (?,?,?) AND finish_time < ? LIMIT ?",
                 params);
}

absl::StatusOr<std::vector<TenantEntry>> TenantDirectory::FindAll(absl::string_view sql, const mysql::Params& params) {
  std::vector<TenantId> ids;
  CANVASS_RETURN_IF_ERROR(database_.System([&](mysql::Transaction& tx) -> absl::Status {
    ids.clear();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(sql, params));
    for (const mysql::Row& row : rows) ids.emplace_back(row.String(0));
    return absl::OkStatus();
  }));
  std::vector<TenantEntry> tenants;
  for (const TenantId& id : ids) {
    CANVASS_ASSIGN_OR_RETURN(TenantEntry entry, Find(id));
    tenants.push_back(std::move(entry));
  }
  return tenants;
}

}  // namespace canvass::tenants
