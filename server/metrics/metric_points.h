// Turns cells into the points of an answer: adds them up by piece of time and group, then works out their numbers.
//
//   MetricPoints points(query);
//   store.Read(…, [&](const CellSum& cell) { points.AddValue(cell); });
//   absl::StatusOr<std::vector<v1::MetricPoint>> answer = points.Take(options);
//
// Pure; not thread-safe. The query must outlive it.
#ifndef CANVASS_SERVER_METRICS_METRIC_POINTS_H_
#define CANVASS_SERVER_METRICS_METRIC_POINTS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "canvass/v1/metric.pb.h"
#include "server/metrics/formulas/interval.h"
#include "server/metrics/formulas/score.h"
#include "server/metrics/metric_query.h"
#include "server/metrics/metric_store.h"

namespace canvass::metrics {

// The options of a choice question in their order: OptionValue and key.
using OptionList = std::vector<std::pair<int32_t, std::string>>;

class MetricPoints {
 public:
  // Groups beyond this many are left out, the smallest first.
  static constexpr std::size_t kMaxGroups = 1000;
  // A bound for memory: pieces times groups, before the smallest are left out.
  static constexpr std::size_t kMaxParts = 500'000;

  explicit MetricPoints(const MetricQuery& query);

  // Adds a cell of the question's series or of @time.
  void AddValue(const CellSum& cell) { PartOf(cell).values[cell.value] += cell.total; }
  // Adds a cell of @stage.
  void AddStage(const CellSum& cell) { PartOf(cell).stages[cell.value] += cell.total; }

  // The points, sorted by start_date, then n (the largest first), then group. Those of a question that was neither
  // answered nor dismissed are left out. Without granularity and breakdown there is always one. `options` names the
  // values of a choice question. InvalidMetricQuery at `breakdown` beyond kMaxParts.
  absl::StatusOr<std::vector<v1::MetricPoint>> Take(const OptionList& options) const;

 private:
  struct Part {
    Tally values;
    Tally stages;
  };
  // The first day of the piece, and the group's number.
  using PartKey = std::pair<int64_t, int>;

  Part& PartOf(const CellSum& cell);
  int64_t CountOf(const Part& part) const;
  bool HasAnswers(const Part& part) const;
  std::vector<bool> GroupsToShow() const;
  v1::MetricPoint PointOf(const PartKey& key, const Part& part, const OptionList& options) const;
  void SetDates(int64_t first_day, v1::MetricPoint& point) const;
  void SetScores(const Part& part, v1::MetricPoint& point) const;
  void SetChoices(const Part& part, const OptionList& options, v1::MetricPoint& point) const;
  void SetInvitations(const Part& part, v1::MetricPoint& point) const;

  const MetricQuery& query_;
  const double z_;
  std::vector<std::string> groups_;
  absl::flat_hash_map<std::string, int> group_numbers_;
  absl::flat_hash_map<PartKey, Part> parts_;
  Part overflow_;  // what came when there were too many parts
  bool overflowed_ = false;
};

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_METRIC_POINTS_H_
