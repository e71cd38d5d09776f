#include "server/metrics/formulas/score.h"

#include <gtest/gtest.h>

namespace canvass::metrics {
namespace {

TEST(NpsCountsTest, CutsAtSixAndEight) {
  // One answer of each score, and what is no score.
  Tally tally = {{-3, 5}, {-2, 7}, {-1, 9}};
  for (int score = 0; score <= 10; ++score) tally[score] = 1 << score;
  const v1::NpsCounts counts = NpsCountsOf(tally);
  EXPECT_EQ(counts.detractors(), 0b1111111);
  EXPECT_EQ(counts.passives(), (1 << 7) + (1 << 8));
  EXPECT_EQ(counts.promoters(), (1 << 9) + (1 << 10));
}

TEST(NpsScoreTest, IsThePlainScore) {
  v1::NpsCounts counts;
  counts.set_promoters(1436);
  counts.set_passives(968);
  counts.set_detractors(342);
  EXPECT_NEAR(NpsScore(counts), 39.83976693372178, 1e-10);
  counts.set_promoters(0);
  counts.set_passives(0);
  EXPECT_EQ(NpsScore(counts), -100);
}

TEST(SatisfiedFromTest, IsTopOneTwoOrThreeByScale) {
  EXPECT_EQ(SatisfiedFrom(3), 3);
  EXPECT_EQ(SatisfiedFrom(4), 3);
  EXPECT_EQ(SatisfiedFrom(5), 4);
  EXPECT_EQ(SatisfiedFrom(7), 6);
  EXPECT_EQ(SatisfiedFrom(10), 8);
}

TEST(EasyFromTest, IsByScale) {
  EXPECT_EQ(EasyFrom(5), 4);
  EXPECT_EQ(EasyFrom(7), 5);
  EXPECT_EQ(EasyFrom(10), 8);
}

TEST(MomentsTest, MeanAndVarianceOfTheSample) {
  const Moments moments = MomentsOf({{-1, 100}, {2, 1}, {4, 3}, {5, 2}, {7, 1}, {9, 1}});
  EXPECT_EQ(moments.n, 8);
  EXPECT_DOUBLE_EQ(moments.mean, 5);
  EXPECT_DOUBLE_EQ(moments.variance, 32.0 / 7);
}

TEST(MomentsTest, EqualScoresHaveNoVarianceHoweverMany) {
  const Moments moments = MomentsOf({{7, 3'000'000'007}});
  EXPECT_EQ(moments.n, 3'000'000'007);
  EXPECT_EQ(moments.mean, 7);
  EXPECT_EQ(moments.variance, 0);
}

TEST(MomentsTest, OfNothingAndOfOne) {
  EXPECT_EQ(MomentsOf({{-2, 4}}).n, 0);
  EXPECT_EQ(MomentsOf({{3, 1}}).mean, 3);
  EXPECT_EQ(MomentsOf({{3, 1}}).variance, 0);
}

}  // namespace
}  // namespace canvass::metrics
