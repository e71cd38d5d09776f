// Reads metric cells, summed over the writers' slots and over whatever the question does not ask for.
//
//   absl::Status status = store.Read(scope, survey, {.series = "recommend:nps", .by_day = true}, [&](const CellSum& cell) {
//     points[cell.day].Add(cell.value, cell.total);
//   });
//
// Thread-safe; calls block. Holds references to the database and the cache, which must outlive it.
#ifndef CANVASS_SERVER_METRICS_METRIC_STORE_H_
#define CANVASS_SERVER_METRICS_METRIC_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/metrics/dimension.h"
#include "server/metrics/dimension_cache.h"
#include "server/mysql/database.h"

namespace canvass::metrics {

// What to read, and by what to keep it apart.
struct CellQuery {
  std::string series;
  std::optional<int64_t> first_day;  // local days since 1970-01-01; nothing: from the beginning
  std::optional<int64_t> end_day;    // the day after the last one; nothing: to the end
  bool by_day = false;
  bool by_dimension = false;
};

// A sum of cells. Its day is 0 without by_day, its dimension null without by_dimension; the dimension is the same object
// for all sums of one combination in one Read.
struct CellSum {
  int64_t day = 0;
  const Dimension* dimension = nullptr;
  int32_t value = 0;
  int64_t total = 0;
};

// The first and the last day that have cells.
struct DaySpan {
  int64_t first;
  int64_t last;
};

class MetricStore {
 public:
  MetricStore(mysql::Database& database, DimensionCache& cache) : database_(database), cache_(cache) {}

  // Calls `visit` for every sum that is not 0, in no particular order. Errors are those of the database; Internal if a
  // cell's combination is not in the database.
  absl::Status Read(const TenantScope& scope, const SurveyId& survey, const CellQuery& query,
                    absl::FunctionRef<void(const CellSum&)> visit);

  // The days between which `series` has cells, nothing if it has none. One dive into the index.
  absl::StatusOr<std::optional<DaySpan>> Span(const TenantScope& scope, const SurveyId& survey, absl::string_view series);

 private:
  mysql::Database& database_;
  DimensionCache& cache_;
};

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_METRIC_STORE_H_
