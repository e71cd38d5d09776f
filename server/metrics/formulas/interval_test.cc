#include "server/metrics/formulas/interval.h"

#include <gtest/gtest.h>

namespace canvass::metrics {
namespace {

v1::NpsCounts Counts(int64_t promoters, int64_t detractors, int64_t n) {
  v1::NpsCounts counts;
  counts.set_promoters(promoters);
  counts.set_detractors(detractors);
  counts.set_passives(n - promoters - detractors);
  return counts;
}

TEST(NormalQuantileTest, MatchesPublishedValues) {
  EXPECT_NEAR(NormalQuantile(0.5), 0, 1e-12);
  EXPECT_NEAR(NormalQuantile(0.6), 0.2533471031357998, 1e-12);
  EXPECT_NEAR(NormalQuantile(0.75), 0.6744897501960817, 1e-12);
  EXPECT_NEAR(NormalQuantile(0.9), 1.2815515655446008, 1e-12);
  EXPECT_NEAR(NormalQuantile(0.975), 1.9599639845400536, 1e-12);
  EXPECT_NEAR(NormalQuantile(0.9995), 3.2905267314918945, 1e-10);
  EXPECT_NEAR(NormalQuantile(0.025), -1.9599639845400538, 1e-12);
  EXPECT_NEAR(NormalQuantile(1e-9), -5.9978070150076865, 1e-10);
}

TEST(NormalQuantileTest, TwoSidedZHoldsTheConfidence) {
  EXPECT_NEAR(TwoSidedZ(0.5), 0.6744897501960817, 1e-12);
  EXPECT_NEAR(TwoSidedZ(0.90), 1.6448536269514715, 1e-12);
  EXPECT_NEAR(TwoSidedZ(0.95), 1.9599639845400536, 1e-12);
  EXPECT_NEAR(TwoSidedZ(0.99), 2.5758293035489, 1e-12);
  EXPECT_NEAR(TwoSidedZ(0.999), 3.2905267314918945, 1e-10);
}

TEST(NpsIntervalTest, PlainWald) {
  // 0.175 ± 0.033628, in points.
  const auto interval = NpsInterval(Counts(250, 75, 1000), v1::INTERVAL_METHOD_WALD, TwoSidedZ(0.95));
  ASSERT_TRUE(interval.has_value());
  EXPECT_NEAR(interval->upper - 17.5, 3.362780754586645, 1e-9);
  EXPECT_NEAR(17.5 - interval->lower, 3.362780754586645, 1e-9);
}

TEST(NpsIntervalTest, AdjustedWald) {
  // 0.174477, [0.140859, 0.208094].
  const auto large = NpsInterval(Counts(250, 75, 1000), v1::INTERVAL_METHOD_ADJUSTED_WALD, TwoSidedZ(0.95));
  ASSERT_TRUE(large.has_value());
  EXPECT_NEAR(large->lower, 14.085883061097098, 1e-9);
  EXPECT_NEAR(large->upper, 20.80943099672942, 1e-9);
  EXPECT_NEAR((large->lower + large->upper) / 2, 17.44765702891326, 1e-9);

  // 0.481481 ± 0.188533.
  const auto small = NpsInterval(Counts(32, 6, 51), v1::INTERVAL_METHOD_ADJUSTED_WALD, TwoSidedZ(0.95));
  ASSERT_TRUE(small.has_value());
  EXPECT_NEAR((small->lower + small->upper) / 2, 48.14814814814815, 1e-9);
  EXPECT_NEAR((small->upper - small->lower) / 2, 18.853293442701162, 1e-9);
}

TEST(NpsIntervalTest, WidensWithTheConfidence) {
  const auto interval = NpsInterval(Counts(250, 75, 1000), v1::INTERVAL_METHOD_ADJUSTED_WALD, TwoSidedZ(0.99));
  ASSERT_TRUE(interval.has_value());
  EXPECT_NEAR(interval->lower, 13.029537121347296, 1e-9);
  EXPECT_NEAR(interval->upper, 21.865776936479225, 1e-9);
}

TEST(NpsIntervalTest, StaysOnTheScale) {
  const auto interval = NpsInterval(Counts(3, 0, 3), v1::INTERVAL_METHOD_ADJUSTED_WALD, TwoSidedZ(0.95));
  ASSERT_TRUE(interval.has_value());
  EXPECT_NEAR(interval->lower, -6.579286703808574, 1e-9);
  EXPECT_EQ(interval->upper, 100);
  EXPECT_FALSE(NpsInterval(Counts(0, 0, 0), v1::INTERVAL_METHOD_ADJUSTED_WALD, 1.96).has_value());
}

// R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998, table I.
TEST(WilsonIntervalTest, MatchesNewcombe) {
  const double z = TwoSidedZ(0.95);
  const auto check = [&](int64_t successes, int64_t n, double lower, double upper) {
    const auto interval = WilsonInterval(successes, n, z);
    ASSERT_TRUE(interval.has_value());
    EXPECT_NEAR(interval->lower, lower, 1e-9) << successes << "/" << n;
    EXPECT_NEAR(interval->upper, upper, 1e-9) << successes << "/" << n;
  };
  check(81, 263, 25.528851987827426, 36.62095769828001);
  check(15, 148, 6.238639953073629, 16.0487241723308);
  check(0, 20, 0, 16.11251580528193);
  check(20, 20, 83.88748419471807, 100);
  check(1, 29, 0.6113214292762653, 17.175521879320282);
}

TEST(WilsonIntervalTest, HasNoneWithoutAShare) {
  EXPECT_FALSE(WilsonInterval(0, 0, 1.96).has_value());
  EXPECT_FALSE(WilsonInterval(3, 2, 1.96).has_value());
}

TEST(NormalIntervalTest, IsMeanPlusMinusStandardErrors) {
  // 1, 2, 3, 4, 5: mean 3, s² 2.5.
  const auto interval = NormalInterval(MomentsOf({{1, 1}, {2, 1}, {3, 1}, {4, 1}, {5, 1}}), TwoSidedZ(0.95));
  ASSERT_TRUE(interval.has_value());
  EXPECT_NEAR(interval->upper - 3, 1.959963984540054 * 0.7071067811865476, 1e-9);
  EXPECT_NEAR(3 - interval->lower, 1.959963984540054 * 0.7071067811865476, 1e-9);
  EXPECT_FALSE(NormalInterval(MomentsOf({{4, 1}}), 1.96).has_value());
}

}  // namespace
}  // namespace canvass::metrics
