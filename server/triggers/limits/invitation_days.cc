#include "server/triggers/limits/invitation_days.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "server/base/status_macros.h"

namespace canvass::triggers {
namespace {

constexpr absl::string_view kInsert = "INSERT INTO invitation_days (tenant_id, trigger_id, due_day, total) VALUES";

// Far below 1,000 values, from which on MariaDB turns an IN list into a subquery.
constexpr std::size_t kMaxInList = 512;

}  // namespace

absl::StatusOr<InvitationDays> InvitationDays::Reserve(mysql::Transaction& tx, const TenantScope& scope,
                                                       const std::set<CountedDay>& days) {
  InvitationDays reserved;
  mysql::Params params;
  for (const CountedDay& day : days) {
    reserved.totals_[day];
    params.Add(scope.tenant()).Add(day.trigger).Add(day.day).Add(0);
  }
  // Locks the rows whether they were there or not, and waits for whoever holds them.
  CANVASS_RETURN_IF_ERROR(tx.InsertRows(kInsert, 4, params, "ON DUPLICATE KEY UPDATE total = total"));
  CANVASS_RETURN_IF_ERROR(reserved.Read(tx, scope));
  return reserved;
}

absl::Status InvitationDays::Read(mysql::Transaction& tx, const TenantScope& scope) {
  std::vector<CountedDay> days;
  for (const auto& [day, total] : totals_) days.push_back(day);
  for (std::size_t i = 0; i < days.size(); i += kMaxInList) {
    const auto part = absl::MakeConstSpan(days).subspan(i, kMaxInList);
    // Two at least: see DecisionStore::MarkSent.
    const std::size_t padded = std::max<std::size_t>(2, mysql::PadCount(part.size()));
    mysql::Params params;
    std::string tuples;
    for (std::size_t j = 0; j < padded; ++j) {
      const CountedDay& day = part[std::min(j, part.size() - 1)];
      absl::StrAppend(&tuples, j == 0 ? "" : ",", "(?,?,?)");
      params.Add(scope.tenant()).Add(day.trigger).Add(day.day);
    }
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT trigger_id, due_day, total FROM invitation_days FORCE INDEX "
                                                   "(PRIMARY) WHERE (tenant_id, trigger_id, due_day) IN (",
                                                   tuples, ") FOR UPDATE"),
                                      params));
    for (const mysql::Row& row : rows) {
      totals_[{.trigger = TriggerId(row.String(0)), .day = row.Int(1)}].stored = row.Int(2);
    }
  }
  return absl::OkStatus();
}

int64_t InvitationDays::Count(const CountedDay& day) const {
  const auto total = totals_.find(day);
  return total == totals_.end() ? 0 : total->second.stored + total->second.added;
}

void InvitationDays::Add(const CountedDay& day) {
  const auto total = totals_.find(day);
  if (total != totals_.end()) ++total->second.added;
}

absl::Status InvitationDays::Write(mysql::Transaction& tx, const TenantScope& scope) const {
  mysql::Params params;
  for (const auto& [day, total] : totals_) {
    if (total.added > 0) params.Add(scope.tenant()).Add(day.trigger).Add(day.day).Add(total.added);
  }
  return tx.InsertRows(kInsert, 4, params, "ON DUPLICATE KEY UPDATE total = total + VALUES(total)");
}

}  // namespace canvass::triggers
