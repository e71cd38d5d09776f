// Horizontal bars, one a line, each with the whiskers of its interval:
//
//   AirTrain       54.3 ██████████████████├──┼──┤      n 512
//   no answer         –                                n 0
//
// Thread-safe: a pure function.
#ifndef CANVASS_CLIENT_CHARTS_BAR_CHART_H_
#define CANVASS_CLIENT_CHARTS_BAR_CHART_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/types/span.h"
#include "client/charts/style.h"

namespace canvass::charts {

struct Bar {
  std::string label;
  // Absent: the line stays without a bar.
  std::optional<double> value;
  // The interval; both or neither.
  std::optional<double> lower;
  std::optional<double> upper;
  // Behind the bar, for example "n 512".
  std::string note;
};

struct BarChartOptions {
  // The ends of the axis. Absent: wide enough for 0, every value and every interval.
  std::optional<double> low;
  std::optional<double> high;
  int decimals = 1;
  // Behind each value, for example " %".
  std::string unit;
  // How values read, where decimals and unit are not enough.
  std::function<std::string(double)> value_text;
};

// One line a bar, each ended by '\n'. Bars grow from zero, to either side. What lies outside the axis is cut off.
std::string BarChart(absl::Span<const Bar> bars, const BarChartOptions& options, const ChartStyle& style);

}  // namespace canvass::charts

#endif  // CANVASS_CLIENT_CHARTS_BAR_CHART_H_
