#include "server/metrics/formulas/time_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace canvass::metrics {
namespace {

constexpr double kBound = 0.005;

// Log-uniform, so that every size of duration comes up: microseconds to a hundred years.
int64_t AnyMicros(std::mt19937_64& random) {
  std::uniform_real_distribution<double> exponent(0, std::log(3.2e15));
  return static_cast<int64_t>(std::exp(exponent(random)));
}

TEST(TimeBucketTest, EveryDurationIsWithinTheBoundOfItsBucket) {
  std::mt19937_64 random(20250602);
  for (int i = 0; i < 200'000; ++i) {
    const int64_t micros = AnyMicros(random);
    const double answered = BucketMicros(TimeBucket(absl::Microseconds(micros)));
    ASSERT_LE(std::abs(answered - static_cast<double>(micros)), kBound * static_cast<double>(micros)) << micros;
  }
}

TEST(TimeBucketTest, EdgesOfDoublingsAreWithinTheBound) {
  for (int power = 0; power < 61; ++power) {
    for (int64_t offset = -2; offset <= 2; ++offset) {
      const int64_t micros = (int64_t{1} << power) + offset;
      if (micros < 0) continue;
      const double answered = BucketMicros(TimeBucket(absl::Microseconds(micros)));
      EXPECT_LE(std::abs(answered - static_cast<double>(micros)), kBound * static_cast<double>(micros)) << micros;
    }
  }
}

TEST(TimeBucketTest, NumbersGrowWithTheDurationAndLeaveNoGap) {
  int32_t last = TimeBucket(absl::ZeroDuration());
  EXPECT_EQ(last, 0);
  for (int64_t micros = 1; micros < 100'000; ++micros) {
    const int32_t bucket = TimeBucket(absl::Microseconds(micros));
    ASSERT_TRUE(bucket == last || bucket == last + 1) << micros;
    last = bucket;
  }
}

TEST(TimeBucketTest, TakesEveryDuration) {
  EXPECT_EQ(TimeBucket(-absl::Seconds(5)), 0);
  EXPECT_EQ(TimeBucket(-absl::InfiniteDuration()), 0);
  const int32_t longest = TimeBucket(absl::InfiniteDuration());
  EXPECT_EQ(longest, TimeBucket(absl::Hours(24) * 365 * 100'000));
  EXPECT_NEAR(BucketMicros(longest), 1e6 * 86400 * 365 * 100'000, kBound * 1e6 * 86400 * 365 * 100'000);
}

TEST(MedianTest, OfFewDurationsIsKnown) {
  const auto median = [](std::vector<int> micros) {
    Tally tally;
    for (int m : micros) ++tally[TimeBucket(absl::Microseconds(m))];
    return MedianOf(tally);
  };
  EXPECT_EQ(median({}), absl::ZeroDuration());
  EXPECT_EQ(median({70}), absl::Microseconds(70));
  EXPECT_EQ(median({70, 10, 90}), absl::Microseconds(70));
  EXPECT_EQ(median({10, 20}), absl::Microseconds(15));
  EXPECT_EQ(median({10, 20, 20, 30}), absl::Microseconds(20));
  EXPECT_EQ(median({10, 20, 60, 90}), absl::Microseconds(40));
}

TEST(MedianTest, PassesOverWhatIsNoDuration) { EXPECT_EQ(MedianOf({{-1, 100}, {40, 1}}), absl::Microseconds(40)); }

TEST(MedianTest, OfAnySampleIsWithinTheBoundOfTheTrueOne) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<int64_t> micros(1 + random() % 40);
    Tally tally;
    for (int64_t& m : micros) {
      m = AnyMicros(random);
      ++tally[TimeBucket(absl::Microseconds(m))];
    }
    std::sort(micros.begin(), micros.end());
    const std::size_t n = micros.size();
    const double expected = (static_cast<double>(micros[(n - 1) / 2]) + static_cast<double>(micros[n / 2])) / 2;
    const double answered = absl::ToDoubleMicroseconds(MedianOf(tally));
    ASSERT_LE(std::abs(answered - expected), kBound * expected) << "n=" << n << " round=" << round;
  }
}

}  // namespace
}  // namespace canvass::metrics
