// What answers come to: counts of NPS parts, satisfied and easy answers, mean and variance.
//
//   Tally scores = {{10, 250}, {7, 675}, {0, 75}};
//   NpsScore(NpsCountsOf(scores));                                   // 17.5
//   100.0 * CountFrom(scores, SatisfiedFrom(5)) / n;                 // CSAT of a 5-point scale
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_METRICS_FORMULAS_SCORE_H_
#define CANVASS_SERVER_METRICS_FORMULAS_SCORE_H_

#include <cstdint>

#include "absl/container/btree_map.h"
#include "canvass/v1/metric.pb.h"

namespace canvass::metrics {

// How often each value was counted. Negative values are no scores (see series.h) and are passed over here.
using Tally = absl::btree_map<int32_t, int64_t>;

// How many scores are at least `from`, which is 0 or more.
int64_t CountFrom(const Tally& scores, int from);

// Promoters 9-10, passives 7-8, detractors 0-6.
v1::NpsCounts NpsCountsOf(const Tally& scores);
// 100·(promoters − detractors)/n, −100 to 100. There must be at least one answer.
double NpsScore(const v1::NpsCounts& counts);

// The lowest score that counts as satisfied: of 3 points the top 1, of 4 to 7 the top 2, of 10 the top 3.
int SatisfiedFrom(int points);
// The lowest score that counts as easy, where ease is high: 4 of 5, 5 of 7, 8 of 10.
int EasyFrom(int points);

struct Moments {
  int64_t n = 0;
  double mean = 0;
  double variance = 0;  // of the sample: divided by n − 1; 0 if n < 2
};
Moments MomentsOf(const Tally& scores);

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_FORMULAS_SCORE_H_
