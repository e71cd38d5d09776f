#include "server/metrics/metric_store.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"

namespace canvass::metrics {
namespace {

constexpr std::size_t kKeysPerStatement = 256;

// What a statement keeps apart, in the order of the primary key: by day and dimension the server groups while it walks
// the key, without a temporary table.
std::string SelectText(bool by_day, bool by_dimension) {
  const absl::string_view columns = by_day ? (by_dimension ? "day, dimension_key, value" : "day, value")
                                           : (by_dimension ? "dimension_key, value" : "value");
  return absl::StrCat("SELECT SUM(total), ", columns,
                      " FROM metric_cells WHERE tenant_id = ? AND survey_id = ? AND series = ? AND day >= ? AND day < ?"
                      " GROUP BY ",
                      columns, by_day ? absl::StrCat(" ORDER BY ", columns) : "", " LIMIT ?");
}

// Reads cells page by page and hands them on with the text of their group.
class CellReader {
 public:
  CellReader(MetricStore& store, mysql::Database& database, const TenantScope& scope, const SurveyId& survey,
             const CellQuery& query, CellVisitor visit)
      : store_(store), database_(database), scope_(scope), survey_(survey), query_(query), visit_(visit) {}

  // Everything in one statement, unless that is more than `limit` rows: then nothing is visited and false returned.
  absl::StatusOr<bool> ReadAtOnce(int64_t limit) {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, Select(query_.by_day, First(), limit + 1));
    if (static_cast<int64_t>(rows.size()) > limit) return false;
    CANVASS_RETURN_IF_ERROR(Visit(rows, rows.size(), query_.by_day));
    return true;
  }

  // In the order of the key, some whole days at a time.
  absl::Status ReadByDays(int64_t page_rows) {
    int64_t day = First();
    int64_t limit = page_rows;
    while (true) {
      CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, Select(true, day, limit));
      if (static_cast<int64_t>(rows.size()) < limit) return Visit(rows, rows.size(), true);
      // The last day may go on behind the limit: read it again, with what follows.
      const int64_t last = rows.back().Int(1);
      const auto cut =
          std::find_if(rows.begin(), rows.end(), [&](const mysql::Row& row) { return row.Int(1) == last; });
      CANVASS_RETURN_IF_ERROR(Visit(rows, static_cast<std::size_t>(cut - rows.begin()), true));
      limit = cut == rows.begin() ? limit * 2 : page_rows;
      day = last;
    }
  }

 private:
  bool by_dimension() const { return !query_.breakdown.empty(); }
  int64_t First() const { return query_.first_day.value_or(std::numeric_limits<int32_t>::min()); }

  // A Read of its own, since the database may run it again: visits must happen once.
  absl::StatusOr<mysql::Rows> Select(bool by_day, int64_t first_day, int64_t limit) {
    mysql::Params params;
    params.Add(scope_.tenant()).Add(survey_).Add(query_.series).Add(first_day);
    params.Add(query_.end_day.value_or(std::numeric_limits<int32_t>::max())).Add(limit);
    mysql::Rows rows;
    CANVASS_RETURN_IF_ERROR(database_.Read(scope_, [&](mysql::Transaction& tx) -> absl::Status {
      CANVASS_ASSIGN_OR_RETURN(rows, tx.Query(SelectText(by_day, by_dimension()), params));
      return absl::OkStatus();
    }));
    return rows;
  }

  // Visits the first `count` rows: total, day if `with_day`, dimension_key if by dimension, value.
  absl::Status Visit(const mysql::Rows& rows, std::size_t count, bool with_day) {
    const std::size_t key_column = with_day ? 2 : 1;
    const std::size_t value_column = key_column + (by_dimension() ? 1 : 0);
    if (by_dimension()) CANVASS_RETURN_IF_ERROR(LearnGroups(rows, count, key_column));
    for (std::size_t i = 0; i < count; ++i) {
      const mysql::Row& row = rows[i];
      const int64_t total = row.Int(0);
      if (total == 0) continue;
      visit_({.day = query_.by_day ? row.Int(1) : 0,
              .group = by_dimension() ? groups_.find(row.String(key_column))->second : absl::string_view(),
              .value = static_cast<int32_t>(row.Int(value_column)),
              .total = total});
    }
    return absl::OkStatus();
  }

  absl::Status LearnGroups(const mysql::Rows& rows, std::size_t count, std::size_t key_column) {
    std::vector<std::string> unknown;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string& key = rows[i].String(key_column);
      if (groups_.try_emplace(key).second) unknown.push_back(key);
    }
    CANVASS_ASSIGN_OR_RETURN(const MetricStore::DimensionMap dimensions, store_.Dimensions(scope_, survey_, unknown));
    for (const auto& [key, dimension] : dimensions) groups_[key] = std::string(TextOf(*dimension, query_.breakdown));
    return absl::OkStatus();
  }

  MetricStore& store_;
  mysql::Database& database_;
  const TenantScope& scope_;
  const SurveyId& survey_;
  const CellQuery& query_;
  CellVisitor visit_;
  absl::flat_hash_map<std::string, std::string> groups_;  // by dimension key
};

}  // namespace

absl::Status MetricStore::Read(const TenantScope& scope, const SurveyId& survey, const CellQuery& query,
                               CellVisitor visit, int64_t page_rows) {
  CellReader reader(*this, database_, scope, survey, query, visit);
  if (!query.by_day) {
    CANVASS_ASSIGN_OR_RETURN(const bool done, reader.ReadAtOnce(page_rows));
    if (done) return absl::OkStatus();
  }
  return reader.ReadByDays(page_rows);
}

absl::StatusOr<std::optional<DaySpan>> MetricStore::Span(const TenantScope& scope, const SurveyId& survey,
                                                         absl::string_view series) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(survey).Add(series);
  std::optional<DaySpan> span;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query("SELECT MIN(day), MAX(day) FROM metric_cells"
                                                              " WHERE tenant_id = ? AND survey_id = ? AND series = ?",
                                                              params));
    if (!rows[0].IsNull(0)) span = DaySpan{.first = rows[0].Int(0), .last = rows[0].Int(1)};
    return absl::OkStatus();
  }));
  return span;
}

absl::StatusOr<MetricStore::DimensionMap> MetricStore::Dimensions(const TenantScope& scope, const SurveyId& survey,
                                                                  absl::Span<const std::string> keys) {
  DimensionMap found;
  std::vector<std::string> missing;
  for (const std::string& key : keys) {
    std::shared_ptr<const Dimension> dimension = cache_.Find(scope.tenant(), survey, key);
    if (dimension == nullptr) {
      missing.push_back(key);
    } else {
      found.emplace(key, std::move(dimension));
    }
  }
  for (std::size_t begin = 0; begin < missing.size(); begin += kKeysPerStatement) {
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        SelectDimensions(scope, survey, absl::MakeConstSpan(missing).subspan(begin, kKeysPerStatement)));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(Dimension parsed, ParseDimension(row.String(1)));
      auto dimension = std::make_shared<const Dimension>(std::move(parsed));
      cache_.Add(scope.tenant(), survey, row.String(0), dimension);
      found.emplace(row.String(0), std::move(dimension));
    }
  }
  if (found.size() < keys.size()) {
    // Cells and their combinations are written in one transaction.
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                 absl::StrCat("combinations of breakdowns of survey '", survey.value(), "' are lost"));
  }
  return found;
}

absl::StatusOr<mysql::Rows> MetricStore::SelectDimensions(const TenantScope& scope, const SurveyId& survey,
                                                          absl::Span<const std::string> keys) {
  const std::size_t padded = mysql::PadCount(keys.size());
  mysql::Params params;
  params.Add(scope.tenant()).Add(survey);
  for (std::size_t i = 0; i < padded; ++i) params.Add(keys[std::min(i, keys.size() - 1)]);
  mysql::Rows rows;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(rows, tx.Query(absl::StrCat("SELECT dimension_key, payload FROM metric_dimensions"
                                                         " WHERE tenant_id = ? AND survey_id = ? AND dimension_key IN ",
                                                         mysql::Placeholders(padded)),
                                            params));
    return absl::OkStatus();
  }));
  return rows;
}

}  // namespace canvass::metrics
