#include "client/charts/series_plot.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "client/charts/number_text.h"
#include "client/charts/text_width.h"

namespace canvass::charts {
namespace {

// Points stand at most this far apart, so that a short series stays together.
constexpr int kMaxStep = 8;

struct Glyphs {
  absl::string_view point;
  absl::string_view whisker;
  absl::string_view axis;
  absl::string_view corner;
  absl::string_view floor;
};

constexpr Glyphs kUnicode = {"●", "│", "┤", "└", "─"};
constexpr Glyphs kAscii = {"o", ":", "|", "+", "-"};

struct Extent {
  double low;
  double high;
};

// A step of 1, 2 or 5 times a power of ten, at least `least`.
double RoundStep(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least) return factor * power;
  }
  return 10 * power;
}

Extent ExtentOf(absl::Span<const SeriesPoint> points, const SeriesPlotOptions& options) {
  std::optional<double> low;
  std::optional<double> high;
  for (const SeriesPoint& point : points) {
    for (const std::optional<double>& value : {point.value, point.lower, point.upper}) {
      if (!point.value.has_value() || !value.has_value()) continue;
      low = std::min(low.value_or(*value), *value);
      high = std::max(high.value_or(*value), *value);
    }
  }
  const double from = low.value_or(0);
  const double to = high.value_or(1);
  const double step = RoundStep(std::max((to - from) / 4, 1e-6));
  Extent extent = {options.low.value_or(std::floor(from / step) * step),
                   options.high.value_or(std::ceil(to / step) * step)};
  if (extent.high <= extent.low) extent.high = extent.low + step;
  return extent;
}

std::string AxisText(double value, const SeriesPlotOptions& options) {
  return options.value_text ? options.value_text(value) : DecimalText(value, options.decimals);
}

class Canvas {
 public:
  Canvas(int width, int height, const Extent& extent)
      : height_(height), extent_(extent), rows_(height, std::vector<absl::string_view>(width, " ")) {}

  void Put(int column, double value, absl::string_view glyph) { rows_[Row(value)][column] = glyph; }
  void PutInterval(int column, double lower, double upper, absl::string_view glyph) {
    for (int row = Row(upper); row <= Row(lower); ++row) rows_[row][column] = glyph;
  }
  std::string Line(int row) const { return absl::StrJoin(rows_[row], ""); }
  // The value at the middle of `row`, from the top.
  double ValueAt(int row) const { return extent_.high - (extent_.high - extent_.low) * row / (height_ - 1); }

 private:
  int Row(double value) const {
    const double share = std::clamp((extent_.high - value) / (extent_.high - extent_.low), 0.0, 1.0);
    return static_cast<int>(std::lround(share * (height_ - 1)));
  }

  int height_;
  Extent extent_;
  std::vector<std::vector<absl::string_view>> rows_;
};

// Where each point stands.
std::vector<int> Columns(std::size_t points, int width) {
  std::vector<int> columns(points);
  const int step = std::min<int>(kMaxStep, static_cast<int>(width / points));
  for (std::size_t i = 0; i < points; ++i) {
    columns[i] = step > 0 ? static_cast<int>(i) * step + step / 2
                          : static_cast<int>(static_cast<std::int64_t>(i) * width / points);
  }
  return columns;
}

// As many labels as fit without touching; the first always.
std::string LabelLine(absl::Span<const SeriesPoint> points, absl::Span<const int> columns, int width) {
  std::string line;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::string label = Printable(points[i].label);
    const int label_width = DisplayWidth(label);
    const int used = DisplayWidth(line);
    const int start = std::max(0, columns[i] - label_width / 2);
    if (label.empty() || (used > 0 && start < used + 2) || start + label_width > width) continue;
    absl::StrAppend(&line, std::string(start - used, ' '), label);
  }
  return line;
}

}  // namespace

std::string SeriesPlot(absl::Span<const SeriesPoint> points, const SeriesPlotOptions& options,
                       const ChartStyle& style) {
  if (points.empty()) return "";
  const Glyphs& glyphs = style.unicode ? kUnicode : kAscii;
  const int height = std::max(2, options.height);
  const Extent extent = ExtentOf(points, options);
  const double middle = (extent.low + extent.high) / 2;
  int label_width = 0;
  for (const double value : {extent.low, middle, extent.high}) {
    label_width = std::max(label_width, DisplayWidth(AxisText(value, options)));
  }
  const int width = std::max(10, style.width - label_width - 4);
  Canvas canvas(width, height, extent);
  const std::vector<int> columns = Columns(points.size(), width);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const SeriesPoint& point = points[i];
    if (!point.value.has_value() || !point.lower.has_value() || !point.upper.has_value()) continue;
    canvas.PutInterval(columns[i], *point.lower, *point.upper, glyphs.whisker);
  }
  // All intervals first, so that none covers a value.
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].value.has_value()) canvas.Put(columns[i], *points[i].value, glyphs.point);
  }
  std::string plot;
  for (int row = 0; row < height; ++row) {
    const bool labelled = row == 0 || row == height - 1 || (height % 2 == 1 && row == height / 2);
    const std::string label = labelled ? AxisText(canvas.ValueAt(row), options) : "";
    std::string line = canvas.Line(row);
    line.erase(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&plot, " ", PadLeft(label, label_width), " ", glyphs.axis, " ", Paint(style, Color::kCyan, line),
                    "\n");
  }
  absl::StrAppend(&plot, std::string(label_width + 2, ' '), glyphs.corner);
  for (int i = 0; i <= std::min(width, columns.back() + 2); ++i) absl::StrAppend(&plot, glyphs.floor);
  absl::StrAppend(&plot, "\n", std::string(label_width + 4, ' '),
                  Paint(style, Color::kDim, LabelLine(points, columns, width)), "\n");
  return plot;
}

}  // namespace canvass::charts
