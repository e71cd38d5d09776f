#include "client/charts/bar_chart.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "client/charts/number_text.h"
#include "client/charts/text_width.h"

namespace canvass::charts {
namespace {

constexpr int kMinArea = 10;
// The share of the width that labels may take.
constexpr double kMaxLabelShare = 0.35;

struct Glyphs {
  absl::string_view full;
  absl::string_view left_end;
  absl::string_view line;
  absl::string_view middle;
  absl::string_view right_end;
  absl::string_view zero;
};

constexpr Glyphs kUnicode = {"█", "├", "─", "┼", "┤", "│"};
constexpr Glyphs kAscii = {"=", "[", "-", "+", "]", ":"};
constexpr absl::string_view kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

// From a value to its place on the line.
class Axis {
 public:
  Axis(double low, double high, int cells) : low_(low), high_(high > low ? high : low + 1), cells_(cells) {}

  // In cells from the left end.
  double Place(double value) const { return std::clamp((value - low_) / (high_ - low_), 0.0, 1.0) * cells_; }
  int Cell(double value) const { return std::min(cells_ - 1, static_cast<int>(Place(value))); }
  int cells() const { return cells_; }
  bool ZeroInside() const { return low_ < 0 && high_ > 0; }

 private:
  double low_;
  double high_;
  int cells_;
};

void FillBar(const Axis& axis, double value, const ChartStyle& style, std::vector<absl::string_view>& line) {
  const Glyphs& glyphs = style.unicode ? kUnicode : kAscii;
  const int zero = static_cast<int>(axis.Place(0));
  const double place = axis.Place(value);
  if (value < 0) {
    for (int i = static_cast<int>(std::round(place)); i < zero; ++i) line[i] = glyphs.full;
    return;
  }
  const int whole = static_cast<int>(place);
  for (int i = zero; i < whole; ++i) line[i] = glyphs.full;
  const int eighths = static_cast<int>((place - whole) * 8);
  if (style.unicode && whole < axis.cells() && whole >= zero && eighths > 0) line[whole] = kEighths[eighths];
}

// The whisker goes over the bar, so that both ends and the value show.
void DrawInterval(const Axis& axis, const Bar& bar, const ChartStyle& style, std::vector<absl::string_view>& line) {
  const Glyphs& glyphs = style.unicode ? kUnicode : kAscii;
  const int lower = axis.Cell(*bar.lower);
  const int upper = axis.Cell(*bar.upper);
  for (int i = lower; i <= upper; ++i) line[i] = glyphs.line;
  line[lower] = glyphs.left_end;
  line[upper] = glyphs.right_end;
  line[axis.Cell(*bar.value)] = glyphs.middle;
}

std::string DrawLine(const Axis& axis, const Bar& bar, const ChartStyle& style) {
  std::vector<absl::string_view> line(axis.cells(), " ");
  if (axis.ZeroInside()) line[axis.Cell(0)] = (style.unicode ? kUnicode : kAscii).zero;
  if (!bar.value.has_value()) return Paint(style, Color::kDim, absl::StrJoin(line, ""));
  const bool interval = bar.lower.has_value() && bar.upper.has_value();
  // With an interval the bar ends where the interval begins, seen from zero.
  double end = *bar.value;
  if (interval) end = *bar.value < 0 ? std::min(0.0, *bar.upper) : std::max(0.0, *bar.lower);
  FillBar(axis, end, style, line);
  if (interval) DrawInterval(axis, bar, style, line);
  return Paint(style, *bar.value < 0 ? Color::kRed : Color::kCyan, absl::StrJoin(line, ""));
}

std::string ValueText(const std::optional<double>& value, const BarChartOptions& options, const ChartStyle& style) {
  if (!value.has_value()) return style.unicode ? "–" : "-";
  return options.value_text ? options.value_text(*value)
                            : absl::StrCat(DecimalText(*value, options.decimals), options.unit);
}

struct Extent {
  double low = 0;
  double high = 0;
};

Extent ExtentOf(absl::Span<const Bar> bars, const BarChartOptions& options) {
  Extent extent;
  for (const Bar& bar : bars) {
    for (const std::optional<double>& value : {bar.value, bar.lower, bar.upper}) {
      extent.low = std::min(extent.low, value.value_or(0));
      extent.high = std::max(extent.high, value.value_or(0));
    }
  }
  extent.low = options.low.value_or(extent.low);
  extent.high = options.high.value_or(extent.high);
  return extent;
}

}  // namespace

std::string BarChart(absl::Span<const Bar> bars, const BarChartOptions& options, const ChartStyle& style) {
  std::vector<std::string> labels;
  std::vector<std::string> values;
  int label_width = 0;
  int value_width = 1;
  int note_width = 0;
  for (const Bar& bar : bars) {
    labels.push_back(Truncate(Printable(bar.label), static_cast<int>(style.width * kMaxLabelShare), style));
    values.push_back(ValueText(bar.value, options, style));
    label_width = std::max(label_width, DisplayWidth(labels.back()));
    value_width = std::max(value_width, DisplayWidth(values.back()));
    note_width = std::max(note_width, DisplayWidth(bar.note));
  }
  const int gaps = note_width > 0 ? 5 : 3;
  const int area = std::max(kMinArea, style.width - label_width - value_width - note_width - gaps);
  const Extent extent = ExtentOf(bars, options);
  const Axis axis(extent.low, extent.high, area);
  std::string chart;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    std::string line = absl::StrCat(PadRight(labels[i], label_width), "  ", PadLeft(values[i], value_width), " ",
                                    DrawLine(axis, bars[i], style));
    if (!bars[i].note.empty()) absl::StrAppend(&line, "  ", Paint(style, Color::kDim, bars[i].note));
    line.erase(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&chart, line, "\n");
  }
  return chart;
}

}  // namespace canvass::charts
