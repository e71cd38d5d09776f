// Compares a survey's cells with its stored responses.
//
//   database.Read(scope, [&](Transaction& tx) { … Recount(tx, catalog, scope, survey) … });
#ifndef CANVASS_SERVER_METRICS_RECOUNT_H_
#define CANVASS_SERVER_METRICS_RECOUNT_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/metrics/cell_batch.h"
#include "server/mysql/database.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::metrics {

// One cell whose stored total is not what the responses say.
struct CellDifference {
  CellBatch::Cell cell;  // with the recounted total
  int64_t stored_total = 0;
};

struct RecountResult {
  int64_t responses = 0;
  int64_t cells = 0;  // stored ones, summed over slots

  std::vector<CellDifference> differences;  // sorted by the cells' keys, at most 1,000
  bool equal() const { return differences.empty(); }
};

// Folds every stored response of `survey` again and compares with the cells of all questions, summed over slots. The
// cells of invitations (@stage, @time) are not part of it: invitations do not keep each of their steps.
//
// Reads all responses, 500 at a time, and all cells: measured with five answers each, 8 µs of this process and 3 µs of
// the database per response, cells included; memory grows with the cells alone. Exact on a quiet survey or in a
// consistent snapshot (REPEATABLE READ); otherwise responses that arrive meanwhile show as differences. Errors:
// SurveyNotFound, else those of the database.
absl::StatusOr<RecountResult> Recount(mysql::Transaction& tx, surveys::SurveyCatalog& catalog, const TenantScope& scope,
                                      const SurveyId& survey);

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_RECOUNT_H_
