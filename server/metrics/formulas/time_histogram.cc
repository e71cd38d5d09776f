#include "server/metrics/formulas/time_histogram.h"

#include <algorithm>
#include <bit>

namespace canvass::metrics {
namespace {

constexpr int kSubBits = 7;  // 128 buckets per doubling
constexpr int64_t kSubCount = int64_t{1} << kSubBits;
constexpr absl::Duration kLongest = absl::Hours(int64_t{100'000} * 365 * 24);

}  // namespace

int32_t TimeBucket(absl::Duration duration) {
  const int64_t micros = absl::ToInt64Microseconds(std::clamp(duration, absl::ZeroDuration(), kLongest));
  if (micros < kSubCount) return static_cast<int32_t>(micros);
  const int shift = std::bit_width(static_cast<uint64_t>(micros)) - 1 - kSubBits;
  // The highest 8 bits run from 128 to 255; each doubling adds 128 to where they start.
  return static_cast<int32_t>(shift * kSubCount + (micros >> shift));
}

double BucketMicros(int32_t bucket) {
  if (bucket < 2 * kSubCount) return static_cast<double>(std::max(bucket, 0));
  const int shift = static_cast<int>(bucket / kSubCount) - 1;
  const int64_t lowest = (bucket % kSubCount + kSubCount) << shift;
  const int64_t highest = lowest + (int64_t{1} << shift) - 1;
  return (static_cast<double>(lowest) + static_cast<double>(highest)) / 2;
}

absl::Duration MedianOf(const Tally& buckets) {
  const int64_t n = CountFrom(buckets, 0);
  if (n <= 0) return absl::ZeroDuration();
  // The middle ones count from 0: of 5 the 2nd twice, of 4 the 1st and the 2nd.
  const int64_t low = (n - 1) / 2;
  const int64_t high = n / 2;
  double low_micros = 0;
  int64_t passed = 0;
  for (auto it = buckets.lower_bound(0); it != buckets.end(); ++it) {
    const int64_t before = passed;
    passed += it->second;
    if (before <= low && low < passed) low_micros = BucketMicros(it->first);
    if (high < passed) return absl::Microseconds((low_micros + BucketMicros(it->first)) / 2);
  }
  return absl::ZeroDuration();
}

}  // namespace canvass::metrics
