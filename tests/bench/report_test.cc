#include "tests/bench/report.h"

#include <gtest/gtest.h>

#include <cmath>

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

TEST(ReportTest, WhatIsTooMuchFailsTheRun) {
  Report good;
  good.Add({.name = "quick", .value = 1.5, .bar = 1.5, .bound = Figure::Bound::kAtMost});
  good.Add({.name = "told", .value = 1e9, .bound = Figure::Bound::kAtMost});
  EXPECT_TRUE(good.Close());
  Report bad;
  bad.Add({.name = "late", .value = 1.51, .bar = 1.5, .bound = Figure::Bound::kAtMost});
  EXPECT_FALSE(bad.Close());
}

TEST(ReportTest, WhatIsNotANumberFailsTheRun) {
  for (const Figure::Bound bound : {Figure::Bound::kAtLeast, Figure::Bound::kAtMost}) {
    Report report;
    report.Add({.name = "odd", .value = std::nan(""), .bar = 1, .bound = bound});
    EXPECT_FALSE(report.Close());
  }
}

}  // namespace
}  // namespace canvass::bench
