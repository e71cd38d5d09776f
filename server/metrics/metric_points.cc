#include "server/metrics/metric_points.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/metrics/cell_batch.h"
#include "server/metrics/formulas/time_histogram.h"
#include "server/metrics/formulas/time_pieces.h"
#include "server/metrics/series.h"

namespace canvass::metrics {
namespace {

int64_t CountAt(const Tally& tally, int32_t value) {
  const auto it = tally.find(value);
  return it == tally.end() ? 0 : it->second;
}

int64_t CountAt(const Tally& stages, InvitationStage stage) { return CountAt(stages, static_cast<int32_t>(stage)); }

void SetInterval(const std::optional<Interval>& interval, v1::MetricPoint& point) {
  if (!interval.has_value()) return;
  point.set_lower(interval->lower);
  point.set_upper(interval->upper);
}

// A share of the answers, in percent, with Wilson's interval.
void SetShare(int64_t successes, double z, v1::MetricPoint& point) {
  point.set_value(100.0 * static_cast<double>(successes) / static_cast<double>(point.n()));
  SetInterval(WilsonInterval(successes, point.n(), z), point);
}

}  // namespace

MetricPoints::MetricPoints(const MetricQuery& query) : query_(query), z_(TwoSidedZ(query.confidence)) {}

MetricPoints::Part& MetricPoints::PartOf(const CellSum& cell) {
  if (parts_.size() >= kMaxParts) {
    overflowed_ = true;
    return overflow_;
  }
  const auto [it, inserted] = group_numbers_.try_emplace(cell.group, static_cast<int>(groups_.size()));
  if (inserted) groups_.emplace_back(cell.group);
  return parts_[PartKey(PieceOf(cell.day, query_.granularity).first, it->second)];
}

int64_t MetricPoints::CountOf(const Part& part) const {
  if (query_.metric == v1::METRIC_RESPONSE_RATE) return CountAt(part.stages, InvitationStage::kDelivered);
  if (query_.question != nullptr && query_.question->has_multiple_choice()) return CountAt(part.values, kRespondents);
  return CountFrom(part.values, 0);
}

bool MetricPoints::HasAnswers(const Part& part) const {
  return query_.of_invitations() || CountOf(part) > 0 || CountAt(part.values, kDismissed) > 0;
}

absl::StatusOr<std::vector<v1::MetricPoint>> MetricPoints::Take(const OptionList& options) const {
  if (overflowed_) {
    return FieldError(
        v1::ERROR_REASON_INVALID_METRIC_QUERY, "breakdown",
        absl::StrCat("'", query_.breakdown, "' has too many values to be grouped by: more than ", kMaxParts,
                     " groups, or days, weeks or months of groups; ask a shorter time or larger pieces"));
  }
  const std::vector<bool> show = GroupsToShow();
  std::vector<std::pair<PartKey, v1::MetricPoint>> keyed;
  const bool total = query_.granularity == v1::GRANULARITY_UNSPECIFIED && query_.breakdown.empty();
  for (const auto& [key, part] : parts_) {
    if (show[key.second] && (total || HasAnswers(part))) keyed.emplace_back(key, PointOf(key, part, options));
  }
  std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) {
    return std::forward_as_tuple(a.first.first, -a.second.n(), a.second.group()) <
           std::forward_as_tuple(b.first.first, -b.second.n(), b.second.group());
  });
  std::vector<v1::MetricPoint> points;
  points.reserve(keyed.size());
  for (auto& [key, point] : keyed) points.push_back(std::move(point));
  if (points.empty() && total) points.push_back(PointOf({0, 0}, Part(), options));
  return points;
}

std::vector<bool> MetricPoints::GroupsToShow() const {
  if (groups_.size() <= kMaxGroups) return std::vector<bool>(groups_.size(), true);
  std::vector<int64_t> counts(groups_.size());
  for (const auto& [key, part] : parts_) counts[key.second] += CountOf(part);
  std::vector<int> order(groups_.size());
  std::iota(order.begin(), order.end(), 0);
  std::nth_element(order.begin(), order.begin() + kMaxGroups, order.end(), [&](int a, int b) {
    return std::forward_as_tuple(-counts[a], groups_[a]) < std::forward_as_tuple(-counts[b], groups_[b]);
  });
  std::vector<bool> show(groups_.size(), false);
  for (std::size_t i = 0; i < kMaxGroups; ++i) show[order[i]] = true;
  return show;
}

v1::MetricPoint MetricPoints::PointOf(const PartKey& key, const Part& part, const OptionList& options) const {
  v1::MetricPoint point;
  SetDates(key.first, point);
  if (!groups_.empty()) point.set_group(groups_[key.second]);
  point.set_n(CountOf(part));
  if (query_.of_invitations()) {
    SetInvitations(part, point);
    return point;
  }
  point.set_dismissed(CountAt(part.values, kDismissed));
  point.set_missing(CountAt(part.values, kMissing));
  if (query_.metric == v1::METRIC_CHOICES) {
    SetChoices(part, options, point);
  } else {
    SetScores(part, point);
  }
  return point;
}

void MetricPoints::SetDates(int64_t first_day, v1::MetricPoint& point) const {
  if (query_.granularity == v1::GRANULARITY_UNSPECIFIED) return;
  const Piece piece = PieceOf(first_day, query_.granularity);
  point.set_start_date(DayText(std::max(piece.first, query_.first_day.value_or(piece.first))));
  point.set_end_date(DayText(std::min(piece.end, query_.end_day.value_or(piece.end))));
}

void MetricPoints::SetScores(const Part& part, v1::MetricPoint& point) const {
  if (query_.metric == v1::METRIC_NPS) *point.mutable_nps() = NpsCountsOf(part.values);
  if (point.n() <= 0) return;
  for (auto it = part.values.lower_bound(0); it != part.values.end(); ++it) {
    if (it->second == 0) continue;
    v1::ValueCount* count = point.add_distribution();
    count->set_value(absl::StrCat(it->first));
    count->set_count(it->second);
  }
  const Moments moments = MomentsOf(part.values);
  point.set_mean(moments.mean);
  if (query_.metric == v1::METRIC_NPS) {
    point.set_value(NpsScore(point.nps()));
    SetInterval(NpsInterval(point.nps(), query_.interval_method, z_), point);
  } else if (query_.metric == v1::METRIC_CSAT) {
    SetShare(CountFrom(part.values, SatisfiedFrom(query_.points())), z_, point);
  } else if (query_.metric == v1::METRIC_MEAN || query_.effort()) {
    point.set_value(moments.mean);
    SetInterval(NormalInterval(moments, z_), point);
  } else {
    SetShare(CountFrom(part.values, EasyFrom(query_.points())), z_, point);
  }
}

void MetricPoints::SetChoices(const Part& part, const OptionList& options, v1::MetricPoint& point) const {
  if (point.n() <= 0) return;
  point.set_value(static_cast<double>(point.n()));
  for (const auto& [value, key] : options) {
    const int64_t chosen = CountAt(part.values, value);
    if (chosen == 0) continue;
    v1::ValueCount* count = point.add_distribution();
    count->set_value(key);
    count->set_count(chosen);
  }
}

void MetricPoints::SetInvitations(const Part& part, v1::MetricPoint& point) const {
  v1::InvitationCounts& counts = *point.mutable_invitations();
  counts.set_scheduled(CountAt(part.stages, InvitationStage::kScheduled));
  counts.set_delivered(CountAt(part.stages, InvitationStage::kDelivered));
  counts.set_answered(CountAt(part.stages, InvitationStage::kAnswered));
  counts.set_dismissed(CountAt(part.stages, InvitationStage::kDismissed));
  counts.set_bounced(CountAt(part.stages, InvitationStage::kBounced));
  if (point.n() <= 0) return;
  if (query_.metric == v1::METRIC_RESPONSE_RATE) {
    SetShare(counts.answered(), z_, point);
  } else {
    const absl::Duration median = MedianOf(part.values);
    point.set_value(absl::ToDoubleSeconds(median));
    *point.mutable_median() = ToProto(median);
  }
}

}  // namespace canvass::metrics
