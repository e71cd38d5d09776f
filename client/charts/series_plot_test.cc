#include "client/charts/series_plot.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/charts/sparkline.h"
#include "client/charts/text_width.h"

namespace canvass::charts {
namespace {

TEST(SeriesPlotTest, DrawsPointsAndIntervals) {
  const std::vector<SeriesPoint> points = {
      {.label = "May", .value = 10, .lower = 0, .upper = 20}, {.label = "June"}, {.label = "July", .value = 20}};
  EXPECT_EQ(SeriesPlot(points, {.height = 5, .low = 0, .high = 20, .decimals = 0}, {.width = 40, .unicode = false}),
            " 20 |     :               o\n"
            "    |     :\n"
            " 10 |     o\n"
            "    |     :\n"
            "  0 |     :\n"
            "    +-----------------------\n"
            "         May    June    July\n");
}

TEST(SeriesPlotTest, ChoosesRoundEnds) {
  const std::vector<SeriesPoint> points = {{.value = 41.7}, {.value = 58.2}};
  const std::string plot = SeriesPlot(points, {}, {.width = 40});
  EXPECT_EQ(plot.find(" 60.0 ┤"), 0U) << plot;
  EXPECT_NE(plot.find(" 40.0 ┤"), std::string::npos) << plot;
}

TEST(SeriesPlotTest, ManyPointsShareColumnsAndNoneIsLost) {
  std::vector<SeriesPoint> points;
  for (int i = 0; i < 1000; ++i) points.push_back({.label = absl::StrCat("day ", i), .value = 1});
  points[613].value = 99;
  const std::string plot = SeriesPlot(points, {.low = 0, .high = 100}, {.width = 60, .unicode = false});
  const std::vector<std::string> lines = absl::StrSplit(plot, '\n');
  EXPECT_NE(lines[0].find('o'), std::string::npos) << plot;
  for (const std::string& line : lines) EXPECT_LE(DisplayWidth(line), 60) << line;
}

TEST(SeriesPlotTest, SurvivesOddInput) {
  EXPECT_EQ(SeriesPlot({}, {}, {}), "");
  const std::vector<SeriesPoint> none = {{.label = "x"}, {.label = "y"}};
  EXPECT_FALSE(SeriesPlot(none, {}, {}).empty());
  const std::vector<SeriesPoint> equal = {{.value = 5}, {.value = 5}};
  EXPECT_NE(SeriesPlot(equal, {}, {}).find("●"), std::string::npos);
}

TEST(SparklineTest, RisesWithTheValues) {
  EXPECT_EQ(Sparkline({0, 1, 2, 3, 4, 5, 6, 7}, {}), "▁▂▃▄▅▆▇█");
  EXPECT_EQ(Sparkline({-7, std::nullopt, 0}, {.unicode = false}), "_ #");
}

TEST(SparklineTest, EqualValuesStandInTheMiddle) { EXPECT_EQ(Sparkline({3, 3}, {}), "▅▅"); }

TEST(SparklineTest, KeepsTheLatest) {
  EXPECT_EQ(Sparkline({9, 9, 0, 1}, {.width = 2}), "▁█");
  EXPECT_EQ(Sparkline({}, {}), "");
}

}  // namespace
}  // namespace canvass::charts
