// A series over time, some lines high, each point with its interval:
//
//    60.0 ┤        │
//    50.0 ┤  │     ●  │
//    40.0 ┤  ●  ●     ●
//         └─────────────
//          2017-05   2017-08
//
// Thread-safe: a pure function.
#ifndef CANVASS_CLIENT_CHARTS_SERIES_PLOT_H_
#define CANVASS_CLIENT_CHARTS_SERIES_PLOT_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/types/span.h"
#include "client/charts/style.h"

namespace canvass::charts {

struct SeriesPoint {
  // Below the axis, where there is room.
  std::string label;
  // Absent: a gap.
  std::optional<double> value;
  // The interval; both or neither.
  std::optional<double> lower;
  std::optional<double> upper;
};

struct SeriesPlotOptions {
  // Lines of the plot, without axis and labels; at least 2. With an odd number the middle is labelled, too.
  int height = 11;
  // The ends of the axis. Absent: round numbers around every value and interval.
  std::optional<double> low;
  std::optional<double> high;
  int decimals = 1;
  // How values read at the axis, where decimals are not enough.
  std::function<std::string(double)> value_text;
};

// The lines of the plot, each ended by '\n'. Where there are more points than columns, several share one: their
// intervals and values are drawn over each other, and none is left out. Empty without points.
std::string SeriesPlot(absl::Span<const SeriesPoint> points, const SeriesPlotOptions& options, const ChartStyle& style);

}  // namespace canvass::charts

#endif  // CANVASS_CLIENT_CHARTS_SERIES_PLOT_H_
