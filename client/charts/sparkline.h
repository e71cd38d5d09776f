// A series in one line of text: ▁▃▅▂▇
//
// Thread-safe: a pure function.
#ifndef CANVASS_CLIENT_CHARTS_SPARKLINE_H_
#define CANVASS_CLIENT_CHARTS_SPARKLINE_H_

#include <optional>
#include <string>

#include "absl/types/span.h"
#include "client/charts/style.h"

namespace canvass::charts {

// One column a value, the lowest at the bottom, the highest at the top; a blank where there is none. A series longer
// than the style's width keeps its latest values.
std::string Sparkline(absl::Span<const std::optional<double>> values, const ChartStyle& style);

}  // namespace canvass::charts

#endif  // CANVASS_CLIENT_CHARTS_SPARKLINE_H_
