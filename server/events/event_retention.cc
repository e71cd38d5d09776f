#include "server/events/event_retention.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "server/base/log.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/mysql/lease.h"
#include "server/settings/settings.h"
#include "server/triggers/decisions/refusal_counts.h"

namespace canvass::events {
namespace {

constexpr int kTenantsPerPage = 100;
constexpr std::size_t kOwnerBytes = 8;

absl::StatusOr<std::vector<Uuid>> FindBefore(mysql::Database& database, const TenantScope& scope, absl::Time end,
                                             int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(end).Add(limit);
  std::vector<Uuid> keys;
  CANVASS_RETURN_IF_ERROR(database.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    keys.clear();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query("SELECT event_key FROM events FORCE INDEX (by_time) WHERE tenant_id = ? AND "
                                      "event_time < ? ORDER BY event_time, event_key LIMIT ?",
                                      params));
    for (const mysql::Row& row : rows) keys.push_back(row.Uuid(0));
    return absl::OkStatus();
  }));
  std::sort(keys.begin(), keys.end());
  return keys;
}

// What triggers that skipped events of before `end` count; at most `limit` rows.
absl::StatusOr<int64_t> RemoveCountsBefore(mysql::Database& database, const TenantScope& scope, absl::Time end,
                                           int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(triggers::HourOf(end)).Add(limit);
  int64_t removed = 0;
  CANVASS_RETURN_IF_ERROR(database.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(
        removed, tx.Execute("DELETE FROM skip_counts WHERE tenant_id = ? AND event_hour < ? LIMIT ?", params));
    return absl::OkStatus();
  }));
  return removed;
}

}  // namespace

absl::StatusOr<int64_t> RemoveEventsBefore(mysql::Database& database, const TenantScope& scope, absl::Time end,
                                           int limit) {
  CANVASS_ASSIGN_OR_RETURN(const std::vector<Uuid> keys, FindBefore(database, scope, end, limit));
  if (keys.empty()) return 0;
  CANVASS_RETURN_IF_ERROR(database.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    const std::string pairs = mysql::TenantPairs(scope, keys, params);
    CANVASS_RETURN_IF_ERROR(
        tx.Execute(absl::StrCat("DELETE FROM decisions WHERE (tenant_id, event_key) IN ", pairs), params).status());
    return tx.Execute(absl::StrCat("DELETE FROM events WHERE (tenant_id, event_key) IN ", pairs), params).status();
  }));
  return static_cast<int64_t>(keys.size());
}

EventRetention::EventRetention(const RetentionParts& parts, const RetentionOptions& options)
    : parts_(parts),
      options_(options),
      owner_(absl::StrCat("retention-", absl::BytesToHexString(parts.random.Bytes(kOwnerBytes)))),
      thread_([this] { Run(); }) {}

EventRetention::~EventRetention() { Stop(); }

void EventRetention::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    wake_.SignalAll();
  }
  if (thread_.joinable()) thread_.join();
}

void EventRetention::Run() {
  do {
    const absl::Status status = VisitAll();
    if (!status.ok() && !absl::IsCancelled(status)) {
      Log(LogLevel::kWarning, "old events could not be removed", {{"error", std::string(status.message())}});
    }
  } while (!Rest(options_.interval));
}

absl::Status EventRetention::VisitAll() {
  std::string after;
  while (true) {
    CANVASS_ASSIGN_OR_RETURN(const std::vector<tenants::TenantRecord> page,
                             parts_.tenants.List(after, kTenantsPerPage));
    for (const tenants::TenantRecord& tenant : page) CANVASS_RETURN_IF_ERROR(Visit(tenant.scope));
    if (page.size() < kTenantsPerPage) return absl::OkStatus();
    after = page.back().scope.tenant().value();
  }
}

absl::Status EventRetention::Visit(const TenantScope& scope) {
  CANVASS_ASSIGN_OR_RETURN(const auto settings, parts_.settings.Get(scope));
  const std::optional<absl::Duration> retention = settings::EventRetentionOf(settings->policy);
  if (!retention.has_value()) return absl::OkStatus();
  const absl::Time keep_from = parts_.clock.Now() - *retention;
  CANVASS_ASSIGN_OR_RETURN(const bool ours, Claim(scope));
  if (!ours) return absl::OkStatus();
  // Counts are kept by the hour, so events are, too: what is counted is what is there.
  const absl::Time end = triggers::StartOfHour(triggers::HourOf(keep_from));
  for (const auto& remove : {&RemoveEventsBefore, &RemoveCountsBefore}) {
    int64_t removed = options_.batch;
    while (removed == options_.batch) {
      CANVASS_ASSIGN_OR_RETURN(removed, remove(parts_.database, scope, end, options_.batch));
      if (removed > 0 && Rest(options_.pause)) return absl::CancelledError("the server stops");
    }
  }
  return absl::OkStatus();
}

// The lease is kept to its end: whoever has it comes again by then, and another one only if he does not.
absl::StatusOr<bool> EventRetention::Claim(const TenantScope& scope) {
  bool ours = false;
  CANVASS_RETURN_IF_ERROR(parts_.database.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(
        const std::optional<mysql::Lease> lease,
        mysql::ClaimLease(tx, absl::StrCat("event-retention/", scope.tenant().value()), owner_, options_.interval));
    ours = lease.has_value();
    return absl::OkStatus();
  }));
  return ours;
}

bool EventRetention::Rest(absl::Duration time) {
  absl::MutexLock lock(&mutex_);
  bool timed_out = false;
  while (!stopping_ && !timed_out) timed_out = wake_.WaitWithTimeout(&mutex_, time);
  return stopping_;
}

}  // namespace canvass::events
