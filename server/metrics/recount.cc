#include "server/metrics/recount.h"

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "canvass/v1/errors.pb.h"
#include "canvass/v1/response.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"

namespace canvass::metrics {
namespace {

constexpr int kPageRows = 500;
constexpr std::size_t kMaxDifferences = 1000;

// The cells of one survey by series, day, dimension key and value.
using CellKey = std::tuple<std::string, int64_t, std::string, int32_t>;
using CellTotals = std::map<CellKey, int64_t>;

// Folds every response that counts into `batch`; returns how many there were.
absl::StatusOr<int64_t> FoldResponses(mysql::Transaction& tx, surveys::SurveyCatalog& catalog, const TenantScope& scope,
                                      const SurveyId& survey, CellBatch& batch) {
  int64_t count = 0;
  Uuid last;  // the nil UUID sorts before all
  while (true) {
    mysql::Params params;
    params.Add(scope.tenant()).Add(survey).Add(last).Add(kPageRows);
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query("SELECT response_id, survey_version, answer_time, payload FROM responses"
                 " WHERE tenant_id = ? AND survey_id = ? AND response_id > ? AND erase_time IS NULL"
                 " ORDER BY response_id LIMIT ?",
                 params));
    for (const mysql::Row& row : rows) {
      v1::Response response;
      if (!response.ParseFromString(row.String(3))) {
        return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "a stored response is damaged");
      }
      if (response.has_exclusion()) continue;
      ++count;
      *response.mutable_answer_time() = ToProto(row.Time(2));
      CANVASS_ASSIGN_OR_RETURN(const auto version, catalog.Version(scope, survey, static_cast<int>(row.Int(1))));
      batch.AddResponse(scope, survey, version->definition(), response);
    }
    if (static_cast<int>(rows.size()) < kPageRows) return count;
    last = rows.back().Uuid(0);
  }
}

// The stored cells of all questions, summed over slots.
absl::StatusOr<CellTotals> StoredCells(mysql::Transaction& tx, const TenantScope& scope, const SurveyId& survey) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(survey);
  // Keys of questions start with a letter, so series of invitations ('@…') sort before all of them.
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                           tx.Query("SELECT series, day, dimension_key, value, SUM(total) FROM metric_cells"
                                    " WHERE tenant_id = ? AND survey_id = ? AND series >= 'A'"
                                    " GROUP BY series, day, dimension_key, value",
                                    params));
  CellTotals totals;
  for (const mysql::Row& row : rows) {
    totals.emplace(CellKey(row.String(0), row.Int(1), row.String(2), static_cast<int32_t>(row.Int(3))), row.Int(4));
  }
  return totals;
}

}  // namespace

absl::StatusOr<RecountResult> Recount(mysql::Transaction& tx, surveys::SurveyCatalog& catalog, const TenantScope& scope,
                                      const SurveyId& survey) {
  RecountResult result;
  CellBatch batch;
  CANVASS_ASSIGN_OR_RETURN(result.responses, FoldResponses(tx, catalog, scope, survey, batch));
  CANVASS_ASSIGN_OR_RETURN(const CellTotals stored, StoredCells(tx, scope, survey));
  result.cells = static_cast<int64_t>(stored.size());

  // Pairs of recounted and stored totals; 0 where one side has no cell.
  std::map<CellKey, std::pair<int64_t, int64_t>> totals;
  for (const CellBatch::Cell& cell : batch.Cells()) {
    totals[CellKey(cell.series, cell.day, cell.dimension_key, cell.value)].first = cell.total;
  }
  for (const auto& [key, total] : stored) totals[key].second = total;
  for (const auto& [key, pair] : totals) {
    if (pair.first == pair.second) continue;
    if (result.differences.size() == kMaxDifferences) break;
    const auto& [series, day, dimension_key, value] = key;
    result.differences.push_back(
        {.cell = {scope.tenant(), survey, series, day, dimension_key, value, pair.first}, .stored_total = pair.second});
  }
  return result;
}

}  // namespace canvass::metrics
