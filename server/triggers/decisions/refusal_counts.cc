#include "server/triggers/decisions/refusal_counts.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"
#include "server/triggers/rules/screen.h"

namespace canvass::triggers {

int64_t HourOf(absl::Time time) {
  absl::Duration rest;
  const int64_t hour = absl::IDivDuration(time - absl::UnixEpoch(), absl::Hours(1), &rest);
  return rest < absl::ZeroDuration() ? hour - 1 : hour;
}

absl::Time StartOfHour(int64_t hour) { return absl::UnixEpoch() + absl::Hours(hour); }

absl::Status RefusalCounts::Write(mysql::Transaction& tx, const TenantScope& scope, int slot) const {
  std::vector<std::pair<std::tuple<TriggerId, int64_t, int>, int64_t>> sorted;
  sorted.reserve(totals_.size());
  for (const auto& [key, total] : totals_) {
    sorted.push_back({{*std::get<0>(key), std::get<1>(key), std::get<2>(key)}, total});
  }
  std::sort(sorted.begin(), sorted.end());
  mysql::Params params;
  for (const auto& [key, total] : sorted) {
    params.Add(scope.tenant()).Add(std::get<0>(key)).Add(std::get<1>(key)).Add(std::get<2>(key)).Add(slot).Add(total);
  }
  return tx.InsertRows("INSERT INTO skip_counts (tenant_id, trigger_id, event_hour, reason, slot, total) VALUES", 6,
                       params, "ON DUPLICATE KEY UPDATE total = total + VALUES(total)");
}

absl::StatusOr<std::vector<distribution::DecisionCounts>> ReadRefusalCounts(mysql::Database& database,
                                                                            const TenantScope& scope,
                                                                            const std::optional<TriggerId>& trigger,
                                                                            int64_t start, int64_t end) {
  mysql::Params params;
  params.Add(scope.tenant());
  absl::string_view of_trigger;
  if (trigger.has_value()) {
    of_trigger = "AND trigger_id = ? ";
    params.Add(*trigger);
  }
  params.Add(start).Add(end);
  std::vector<distribution::DecisionCounts> counts;
  CANVASS_RETURN_IF_ERROR(database.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    counts.clear();
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(absl::StrCat("SELECT trigger_id, reason, CAST(SUM(total) AS SIGNED) FROM skip_counts WHERE tenant_id "
                              "= ? ",
                              of_trigger,
                              "AND event_hour >= ? AND event_hour < ? GROUP BY trigger_id, reason "
                              "ORDER BY trigger_id, reason"),
                 params));
    for (const mysql::Row& row : rows) {
      const auto reason = static_cast<v1::Decision::Reason>(row.Int(1));
      counts.push_back(
          {.trigger = TriggerId(row.String(0)), .outcome = OutcomeOf(reason), .reason = reason, .count = row.Int(2)});
    }
    return absl::OkStatus();
  }));
  return counts;
}

absl::StatusOr<std::optional<RefusalHours>> ReadRefusalHours(mysql::Database& database, const TenantScope& scope,
                                                             const TriggerId& trigger) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(trigger);
  std::optional<RefusalHours> hours;
  CANVASS_RETURN_IF_ERROR(database.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    hours.reset();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query("SELECT MIN(event_hour), MAX(event_hour) FROM skip_counts WHERE tenant_id = ? "
                                      "AND trigger_id = ?",
                                      params));
    if (!rows.empty() && !rows[0].IsNull(0)) hours = RefusalHours{.first = rows[0].Int(0), .last = rows[0].Int(1)};
    return absl::OkStatus();
  }));
  return hours;
}

}  // namespace canvass::triggers
