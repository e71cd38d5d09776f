#include "client/charts/sparkline.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace canvass::charts {
namespace {

constexpr absl::string_view kUnicodeLevels[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr absl::string_view kAsciiLevels[] = {"_", ".", ",", "-", "=", "+", "*", "#"};
constexpr int kLevels = 8;

}  // namespace

std::string Sparkline(absl::Span<const std::optional<double>> values, const ChartStyle& style) {
  const auto width = static_cast<std::size_t>(std::max(1, style.width));
  if (values.size() > width) values.remove_prefix(values.size() - width);
  std::optional<double> low;
  std::optional<double> high;
  for (const std::optional<double>& value : values) {
    if (!value.has_value()) continue;
    low = std::min(low.value_or(*value), *value);
    high = std::max(high.value_or(*value), *value);
  }
  std::string line;
  for (const std::optional<double>& value : values) {
    if (!value.has_value()) {
      line.push_back(' ');
      continue;
    }
    // Where all are equal, the middle.
    const double share = *high > *low ? (*value - *low) / (*high - *low) : 0.5;
    const auto level = static_cast<std::size_t>(std::min<double>(kLevels - 1, std::floor(share * kLevels)));
    absl::StrAppend(&line, style.unicode ? kUnicodeLevels[level] : kAsciiLevels[level]);
  }
  return line;
}

}  // namespace canvass::charts
