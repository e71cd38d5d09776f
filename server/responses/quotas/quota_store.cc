#include "server/responses/quotas/quota_store.h"

#include <algorithm>
#include <cstddef>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "server/base/status_macros.h"
#include "server/mysql/value.h"

namespace canvass::responses {
namespace {

constexpr int kColumns = 5;
constexpr absl::string_view kInsert =
    "INSERT INTO survey_counters (tenant_id, survey_id, counter_key, total, last_response) VALUES";

std::vector<SurveyId> SurveysOf(const Counters& counters) {
  std::vector<SurveyId> surveys;
  for (const auto& [key, counter] : counters) {
    if (surveys.empty() || surveys.back() != key.first) surveys.push_back(key.first);
  }
  return surveys;
}

mysql::Params RowsOf(const TenantScope& scope, const Counters& counters) {
  mysql::Params params;
  for (const auto& [key, counter] : counters) {
    params.Add(scope.tenant()).Add(key.first).Add(key.second).Add(counter.total).Add(counter.last_response);
  }
  return params;
}

// Reads what there is of `counters` under a lock; returns the others.
absl::StatusOr<Counters> LockExisting(mysql::Transaction& tx, const TenantScope& scope, Counters& counters) {
  const std::vector<SurveyId> surveys = SurveysOf(counters);
  const std::size_t padded = mysql::PadCount(surveys.size());
  mysql::Params params;
  params.Add(scope.tenant());
  for (std::size_t i = 0; i < padded; ++i) params.Add(surveys[std::min(i, surveys.size() - 1)]);
  CANVASS_ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      tx.Query(absl::StrCat("SELECT survey_id, counter_key, total, last_response FROM survey_counters "
                            "WHERE tenant_id = ? AND survey_id IN ",
                            mysql::Placeholders(padded), " ORDER BY survey_id, counter_key FOR UPDATE"),
               params));
  Counters missing = counters;
  for (const mysql::Row& row : rows) {
    const auto key = std::make_pair(SurveyId(row.String(0)), row.String(1));
    missing.erase(key);
    const auto counter = counters.find(key);
    if (counter != counters.end()) counter->second = {.total = row.Int(2), .last_response = row.Uuid(3)};
  }
  return missing;
}

absl::StatusOr<int64_t> CountResponses(mysql::Transaction& tx, const TenantScope& scope, const SurveyId& survey) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(survey);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query("SELECT COUNT(*) FROM responses WHERE tenant_id = ? AND survey_id = ?", params));
  return rows[0].Int(0);
}

// The response that was stored last, as ids tell; nil if there is none.
absl::StatusOr<Uuid> LatestResponse(mysql::Transaction& tx, const TenantScope& scope, const SurveyId& survey) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(survey);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query("SELECT response_id FROM responses WHERE tenant_id = ? AND survey_id = ? "
                                    "ORDER BY response_id DESC LIMIT 1",
                                    params));
  return rows.empty() ? Uuid() : rows[0].Uuid(0);
}

// Counts anew if responses were stored that `counter` does not know of.
absl::Status CatchUp(mysql::Transaction& tx, const TenantScope& scope, const SurveyId& survey, Counter& counter) {
  CANVASS_ASSIGN_OR_RETURN(const Uuid latest, LatestResponse(tx, scope, survey));
  if (latest == counter.last_response) return absl::OkStatus();
  CANVASS_ASSIGN_OR_RETURN(counter.total, CountResponses(tx, scope, survey));
  counter.last_response = latest;
  return absl::OkStatus();
}

}  // namespace

absl::Status QuotaStore::Lock(mysql::Transaction& tx, const TenantScope& scope, Counters& counters) {
  if (counters.empty()) return absl::OkStatus();
  CANVASS_ASSIGN_OR_RETURN(const Counters missing, LockExisting(tx, scope, counters));
  if (!missing.empty()) {
    // Somebody else may be doing the same: who comes second waits for the first, then reads what that one counted.
    CANVASS_RETURN_IF_ERROR(
        tx.InsertRows(kInsert, kColumns, RowsOf(scope, missing), "ON DUPLICATE KEY UPDATE total = total"));
    CANVASS_RETURN_IF_ERROR(LockExisting(tx, scope, counters).status());
  }
  for (auto& [key, counter] : counters) {
    if (key.second == kResponsesCounter) CANVASS_RETURN_IF_ERROR(CatchUp(tx, scope, key.first, counter));
  }
  return absl::OkStatus();
}

absl::Status QuotaStore::Write(mysql::Transaction& tx, const TenantScope& scope, const Counters& counters) {
  return tx.InsertRows(kInsert, kColumns, RowsOf(scope, counters),
                       "ON DUPLICATE KEY UPDATE total = VALUES(total), last_response = VALUES(last_response)");
}

absl::StatusOr<std::vector<std::string>> QuotaStore::FullQuotas(const TenantScope& scope, const SurveyId& survey,
                                                                const v1::SurveyDefinition& definition,
                                                                int64_t max_responses) {
  std::vector<std::string> full;
  if (definition.quotas().empty() && max_responses == 0) return full;
  absl::flat_hash_map<std::string, Counter> counters;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    mysql::Params params;
    params.Add(scope.tenant()).Add(survey);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query("SELECT counter_key, total, last_response FROM survey_counters "
                                      "WHERE tenant_id = ? AND survey_id = ?",
                                      params));
    counters.clear();
    for (const mysql::Row& row : rows) counters[row.String(0)] = {.total = row.Int(1), .last_response = row.Uuid(2)};
    if (max_responses == 0) return absl::OkStatus();
    return CatchUp(tx, scope, survey, counters[kResponsesCounter]);
  }));
  for (const v1::Quota& quota : definition.quotas()) {
    if (counters[quota.key()].total >= quota.limit()) full.push_back(quota.key());
  }
  if (max_responses > 0 && counters[kResponsesCounter].total >= max_responses) full.emplace_back(kResponsesCounter);
  return full;
}

}  // namespace canvass::responses
