// Durations as bucket numbers, so that medians of any mix of days and groups come from added counts.
//
//   tally[TimeBucket(answered - delivered)] += 1;
//   absl::Duration median = MedianOf(tally);      // within 0.5 % of the median of the durations themselves
//
// Buckets are log-linear: one per microsecond below 128 µs, then 128 equally wide ones for each doubling. A duration is
// answered as the middle of its bucket, which is off by less than 1/256 (0.39 %) of it. The bound holds for the median
// of an even count as well, since that is the mean of the two middle ones. Pure; thread-safe.
#ifndef CANVASS_SERVER_METRICS_FORMULAS_TIME_HISTOGRAM_H_
#define CANVASS_SERVER_METRICS_FORMULAS_TIME_HISTOGRAM_H_

#include <cstdint>

#include "absl/time/time.h"
#include "server/metrics/formulas/score.h"

namespace canvass::metrics {

// The bucket of `duration`, 0 or more, cut to microseconds. Negative ones are 0; the longest is 100,000 years.
int32_t TimeBucket(absl::Duration duration);

// The middle of a bucket, in microseconds.
double BucketMicros(int32_t bucket);

// The median of the durations in `buckets`, the mean of the two middle ones where their number is even. Negative keys
// are passed over. Zero if there are none.
absl::Duration MedianOf(const Tally& buckets);

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_FORMULAS_TIME_HISTOGRAM_H_
