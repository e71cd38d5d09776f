// Reads metric cells, summed over the writers' slots and over whatever the question does not ask for.
//
//   const CellQuery query{.series = "recommend:nps", .by_day = true};
//   absl::Status status = store.Read(scope, survey, query, [&](const CellSum& cell) { n[cell.day] += cell.total; });
//
// Thread-safe; calls block. Holds references to the database and the cache, which must outlive it.
#ifndef CANVASS_SERVER_METRICS_METRIC_STORE_H_
#define CANVASS_SERVER_METRICS_METRIC_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
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
  std::string breakdown;  // a path; empty: not by group
};

// A sum of cells. Its day is 0 without by_day, its group "" without a breakdown or where the fact was absent.
struct CellSum {
  int64_t day = 0;
  absl::string_view group;
  int32_t value = 0;
  int64_t total = 0;
};
using CellVisitor = absl::FunctionRef<void(const CellSum&)>;

// The first and the last day that have cells.
struct DaySpan {
  int64_t first;
  int64_t last;
};

class MetricStore {
 public:
  MetricStore(mysql::Database& database, DimensionCache& cache) : database_(database), cache_(cache) {}

  // Calls `visit` with sums that add up to the cells, in no particular order: one day, group and value may come several
  // times. Holds at most `page_rows` rows at a time, or those of one day if they are more. Errors are those of the
  // database; Internal if a cell's combination of breakdowns is not in the database.
  absl::Status Read(const TenantScope& scope, const SurveyId& survey, const CellQuery& query, CellVisitor visit,
                    int64_t page_rows = 50'000);

  // The days between which `series` has cells, nothing if it has none. One dive into the index.
  absl::StatusOr<std::optional<DaySpan>> Span(const TenantScope& scope, const SurveyId& survey,
                                              absl::string_view series);

  using DimensionMap = absl::flat_hash_map<std::string, std::shared_ptr<const Dimension>>;
  // The combinations behind `keys`, each given once. Internal if one is not in the database.
  absl::StatusOr<DimensionMap> Dimensions(const TenantScope& scope, const SurveyId& survey,
                                          absl::Span<const std::string> keys);

 private:
  absl::StatusOr<mysql::Rows> SelectDimensions(const TenantScope& scope, const SurveyId& survey,
                                               absl::Span<const std::string> keys);

  mysql::Database& database_;
  DimensionCache& cache_;
};

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_METRIC_STORE_H_
