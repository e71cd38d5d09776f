#include "tests/bench/report.h"

#include <gtest/gtest.h>

namespace canvass::bench {
namespace {

TEST(ReportTest, MedianIsTheMiddle) {
  EXPECT_EQ(Median({}), 0);
  EXPECT_EQ(Median({3, 1, 2}), 2);
  EXPECT_EQ(Median({4, 1, 2, 3}), 2.5);
}

TEST(ReportTest, AMissedBarFailsTheRun) {
  Report good;
  good.Add({.name = "fast", .value = 0.5, .bar = 0.4});
  good.Add({.name = "told", .value = 0.1});
  EXPECT_TRUE(good.Close());
  Report bad;
  bad.Add({.name = "slow", .value = 0.39, .bar = 0.4});
  EXPECT_FALSE(bad.Close());
}

}  // namespace
}  // namespace canvass::bench
