#include "client/charts/bar_chart.h"

#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_split.h"
#include "client/charts/text_width.h"

namespace canvass::charts {
namespace {

constexpr ChartStyle kAscii = {.width = 40, .unicode = false};
constexpr ChartStyle kUnicode = {.width = 40};

TEST(BarChartTest, GrowsFromZero) {
  const std::vector<Bar> bars = {
      {.label = "a", .value = 100}, {.label = "bc", .value = 50}, {.label = "d", .value = 0}};
  EXPECT_EQ(BarChart(bars, {.decimals = 0}, kAscii),
            "a   100 ================================\n"
            "bc   50 ================\n"
            "d     0\n");
}

TEST(BarChartTest, ShowsIntervalAndNote) {
  const std::vector<Bar> bars = {{.label = "x", .value = 50, .lower = 40, .upper = 60, .note = "n 7"}};
  EXPECT_EQ(BarChart(bars, {.low = 0, .high = 100, .decimals = 0}, kAscii),
            "x  50 ===========[--+--]             n 7\n");
}

TEST(BarChartTest, GrowsToBothSidesOfZero) {
  const std::vector<Bar> bars = {{.label = "up", .value = 50}, {.label = "down", .value = -100}};
  EXPECT_EQ(BarChart(bars, {.low = -100, .high = 100, .decimals = 0}, kAscii),
            "up      50               =======\n"
            "down  -100 ==============:\n");
}

TEST(BarChartTest, AnIntervalOverZeroHasNoBar) {
  const std::vector<Bar> bars = {{.label = "x", .value = 2, .lower = -20, .upper = 24}};
  const std::string chart = BarChart(bars, {.low = -100, .high = 100, .decimals = 0}, kAscii);
  EXPECT_EQ(chart.find('='), std::string::npos) << chart;
  EXPECT_NE(chart.find('['), std::string::npos) << chart;
}

TEST(BarChartTest, FillsPartsOfACell) {
  const std::vector<Bar> bars = {{.label = "x", .value = 1}, {.label = "y", .value = 0.5}};
  const std::string chart = BarChart(bars, {.high = 1, .decimals = 1}, {.width = 22});
  EXPECT_EQ(chart,
            "x  1.0 ███████████████\n"
            "y  0.5 ███████▌\n");
}

TEST(BarChartTest, SaysWhereThereIsNoValue) {
  const std::vector<Bar> bars = {{.label = "x", .note = "n 0"}, {.label = "y", .value = 1}};
  EXPECT_EQ(absl::StrSplit(BarChart(bars, {}, kUnicode), '\n').begin()->find("x    – "), 0U);
}

TEST(BarChartTest, KeepsToTheWidth) {
  std::vector<Bar> bars;
  for (int i = 0; i < 30; ++i) {
    bars.push_back({.label = std::string(static_cast<std::size_t>(i) * 3, 'x') + "出発ロビー",
                    .value = i * 9.0 - 100,
                    .lower = i * 9.0 - 120,
                    .upper = i * 9.0 - 80,
                    .note = "n 1,234"});
  }
  for (const int width : {60, 80, 133}) {
    const ChartStyle style = {.width = width};
    const std::string chart = BarChart(bars, {.low = -100, .high = 100}, style);
    for (const absl::string_view line : absl::StrSplit(chart, '\n')) EXPECT_LE(DisplayWidth(line), width) << line;
  }
}

TEST(BarChartTest, DisarmsLabels) {
  const std::vector<Bar> bars = {{.label = "\x1b[31mred\n", .value = 1}};
  EXPECT_EQ(BarChart(bars, {}, kUnicode).find('\x1b'), std::string::npos);
}

TEST(BarChartTest, PaintsOnlyWithColours) {
  const std::vector<Bar> bars = {{.label = "x", .value = 1, .note = "n 1"}};
  EXPECT_EQ(BarChart(bars, {}, kUnicode).find('\x1b'), std::string::npos);
  EXPECT_NE(BarChart(bars, {}, {.color = true}).find("\x1b[36m"), std::string::npos);
}

}  // namespace
}  // namespace canvass::charts
