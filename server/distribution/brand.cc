#include "server/distribution/brand.h"

#include <array>
#include <cmath>

#include "absl/strings/escaping.h"
#include "absl/strings/strip.h"
#include "server/settings/settings.h"

namespace canvass::distribution {
namespace {

constexpr std::size_t kHexDigits = 6;

// The relative luminance of a `#RRGGBB`, 0 to 1.
double Luminance(absl::string_view color) {
  absl::ConsumePrefix(&color, "#");
  const std::string bytes = absl::HexStringToBytes(color.size() == kHexDigits ? color : "000000");
  constexpr std::array<double, 3> kWeights = {0.2126, 0.7152, 0.0722};
  double luminance = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) {
    const double part = static_cast<unsigned char>(bytes[i]) / 255.0;
    luminance += kWeights[i] * (part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
  }
  return luminance;
}

}  // namespace

v1::Brand CompleteBrand(const v1::Brand& brand, absl::string_view tenant_name) {
  v1::Brand complete = brand;
  if (complete.display_name().empty()) complete.set_display_name(std::string(tenant_name));
  if (complete.color().empty()) complete.set_color(settings::kDefaultColor);
  return complete;
}

std::string TextColorOn(absl::string_view color) {
  const double luminance = Luminance(color);
  const double with_white = 1.05 / (luminance + 0.05);
  const double with_black = (luminance + 0.05) / 0.05;
  return with_white >= with_black ? "#ffffff" : "#000000";
}

}  // namespace canvass::distribution
