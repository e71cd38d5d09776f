#include "client/charts/progress.h"

#include <gtest/gtest.h>

#include <string>

#include "client/charts/number_text.h"
#include "client/charts/text_width.h"

namespace canvass::charts {
namespace {

TEST(ProgressTest, ShowsShareRateAndTimeLeft) {
  const Progress progress = {.label = "airport", .done = 1000, .total = 4000, .elapsed = absl::Seconds(2)};
  EXPECT_EQ(ProgressText(progress, {.width = 66, .unicode = false}),
            "airport  [####             ]   25%  1,000/4,000  500/s  0:06 left");
}

TEST(ProgressTest, SaysHowLongItTook) {
  const Progress progress = {.label = "x", .done = 600, .total = 600, .elapsed = absl::Minutes(2)};
  EXPECT_EQ(ProgressText(progress, {.width = 50}), "x  █████████████████  100%  600/600  5/s  in 2:00");
}

TEST(ProgressTest, WithoutTotalThereIsNoBar) {
  EXPECT_EQ(ProgressText({.label = "x", .done = 50, .elapsed = absl::Seconds(1)}, {}), "x  50  50/s");
  EXPECT_EQ(ProgressText({.label = "x"}, {}), "x  0");
}

TEST(ProgressTest, NeverWrapsOrOverflows) {
  for (const int width : {10, 20, 40, 80, 200}) {
    for (const std::int64_t done : {0, 1, 3999, 4000, 5000}) {
      const Progress progress = {.label = "発送", .done = done, .total = 4000, .elapsed = absl::Seconds(3)};
      EXPECT_LT(DisplayWidth(ProgressText(progress, {.width = width})), width);
    }
  }
  EXPECT_FALSE(ProgressText({.label = "x", .total = 0, .elapsed = absl::Seconds(1)}, {}).empty());
}

TEST(ProgressLineTest, DrawsNotTooOften) {
  std::string written;
  int draws = 0;
  ProgressLine line(
      [&](absl::string_view text) {
        written = std::string(text);
        ++draws;
      },
      {.live = true});
  absl::Time now = absl::UnixEpoch();
  for (int i = 0; i < 1000; ++i, now += absl::Milliseconds(1)) line.Update({.label = "x", .done = i}, now);
  EXPECT_EQ(draws, 10);
  EXPECT_EQ(written.front(), '\r');
  line.Finish({.label = "x", .done = 1000});
  EXPECT_EQ(written, "\rx  1,000\x1b[K\n");
}

TEST(ProgressLineTest, ALogGetsWholeLines) {
  std::string written;
  ProgressLine line([&](absl::string_view text) { written += std::string(text); }, {.live = false});
  line.Update({.label = "x", .done = 1}, absl::UnixEpoch());
  line.Update({.label = "x", .done = 2}, absl::UnixEpoch() + absl::Seconds(5));
  EXPECT_EQ(written, "");
  line.Update({.label = "x", .done = 3}, absl::UnixEpoch() + absl::Seconds(10));
  line.Finish({.label = "x", .done = 4});
  EXPECT_EQ(written, "x  3\nx  4\n");
}

TEST(NumberTextTest, Counts) {
  EXPECT_EQ(CountText(0), "0");
  EXPECT_EQ(CountText(999), "999");
  EXPECT_EQ(CountText(1000), "1,000");
  EXPECT_EQ(CountText(1234567), "1,234,567");
  EXPECT_EQ(CountText(-1000), "-1,000");
  EXPECT_EQ(CountText(-100), "-100");
}

TEST(NumberTextTest, DecimalsAndRates) {
  EXPECT_EQ(DecimalText(54.35, 1), "54.4");
  EXPECT_EQ(DecimalText(-0.04, 1), "0.0");
  EXPECT_EQ(DecimalText(-12, 0), "-12");
  EXPECT_EQ(RateText(0.25), "0.25/s");
  EXPECT_EQ(RateText(812.4), "812/s");
  EXPECT_EQ(RateText(15240), "15.2k/s");
  EXPECT_EQ(RateText(2.5e6), "2.5M/s");
}

TEST(NumberTextTest, Durations) {
  EXPECT_EQ(DurationText(absl::Milliseconds(3)), "3 ms");
  EXPECT_EQ(DurationText(absl::Milliseconds(4200)), "4.2 s");
  EXPECT_EQ(DurationText(absl::Seconds(59)), "59 s");
  EXPECT_EQ(DurationText(absl::Seconds(200)), "3 min 20 s");
  EXPECT_EQ(DurationText(absl::Hours(2)), "2 h");
  EXPECT_EQ(DurationText(absl::Hours(76)), "3 d 4 h");
  EXPECT_EQ(ClockText(absl::Seconds(7)), "0:07");
  EXPECT_EQ(ClockText(absl::Seconds(3725)), "1:02:05");
}

}  // namespace
}  // namespace canvass::charts
