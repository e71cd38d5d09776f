#include "server/metrics/formulas/score.h"

#include "absl/numeric/int128.h"

namespace canvass::metrics {

int64_t CountFrom(const Tally& scores, int from) {
  int64_t count = 0;
  for (auto it = scores.lower_bound(from); it != scores.end(); ++it) count += it->second;
  return count;
}

v1::NpsCounts NpsCountsOf(const Tally& scores) {
  v1::NpsCounts counts;
  counts.set_promoters(CountFrom(scores, 9));
  counts.set_passives(CountFrom(scores, 7) - counts.promoters());
  counts.set_detractors(CountFrom(scores, 0) - CountFrom(scores, 7));
  return counts;
}

double NpsScore(const v1::NpsCounts& counts) {
  const int64_t n = counts.promoters() + counts.passives() + counts.detractors();
  return 100.0 * static_cast<double>(counts.promoters() - counts.detractors()) / static_cast<double>(n);
}

int SatisfiedFrom(int points) {
  if (points <= 3) return points;
  return points <= 7 ? points - 1 : points - 2;
}

int EasyFrom(int points) { return points <= 5 ? points - 1 : points - 2; }

Moments MomentsOf(const Tally& scores) {
  Moments moments;
  absl::int128 sum = 0;
  absl::int128 squares = 0;
  for (auto it = scores.lower_bound(0); it != scores.end(); ++it) {
    moments.n += it->second;
    sum += absl::int128(it->first) * it->second;
    squares += absl::int128(it->first) * it->first * it->second;
  }
  if (moments.n <= 0) return moments;
  const double n = static_cast<double>(moments.n);
  moments.mean = static_cast<double>(sum) / n;
  // In whole numbers up to here, so that equal scores have a variance of exactly 0.
  if (moments.n > 1) moments.variance = static_cast<double>(squares * moments.n - sum * sum) / (n * (n - 1));
  return moments;
}

}  // namespace canvass::metrics
