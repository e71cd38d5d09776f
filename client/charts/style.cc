#include "client/charts/style.h"

#include "absl/strings/str_cat.h"

namespace canvass::charts {
namespace {

absl::string_view Code(Color color) {
  switch (color) {
    case Color::kBold:
      return "1";
    case Color::kDim:
      return "2";
    case Color::kRed:
      return "31";
    case Color::kGreen:
      return "32";
    case Color::kYellow:
      return "33";
    case Color::kCyan:
      return "36";
  }
  return "0";
}

}  // namespace

std::string Paint(const ChartStyle& style, Color color, absl::string_view text) {
  if (!style.color || text.empty()) return std::string(text);
  return absl::StrCat("\x1b[", Code(color), "m", text, "\x1b[0m");
}

}  // namespace canvass::charts
