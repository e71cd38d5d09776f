// How a chart may look on the terminal it goes to. Every function of this folder is pure: data and style in, text out.
//
//   std::cout << BarChart(rows, {.unit = " %"}, {.width = 100, .unicode = true, .color = isatty(1)});
//
// Thread-safe.
#ifndef CANVASS_CLIENT_CHARTS_STYLE_H_
#define CANVASS_CLIENT_CHARTS_STYLE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace canvass::charts {

struct ChartStyle {
  // Columns of the terminal.
  int width = 80;
  // Otherwise ASCII alone, but for the data's own texts.
  bool unicode = true;
  bool color = false;
};

enum class Color { kBold, kDim, kRed, kGreen, kYellow, kCyan };

// `text` in `color`, or as it is where the style has no colours.
std::string Paint(const ChartStyle& style, Color color, absl::string_view text);

}  // namespace canvass::charts

#endif  // CANVASS_CLIENT_CHARTS_STYLE_H_
