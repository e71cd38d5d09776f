#include "client/charts/number_text.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace canvass::charts {
namespace {

// "3 min 20 s", without the second part where it is 0.
std::string TwoUnits(std::int64_t large, absl::string_view large_unit, std::int64_t small,
                     absl::string_view small_unit) {
  std::string text = absl::StrCat(large, " ", large_unit);
  if (small != 0) absl::StrAppend(&text, " ", small, " ", small_unit);
  return text;
}

}  // namespace

std::string CountText(std::int64_t count) {
  const std::string digits = absl::StrCat(count);
  const std::size_t first = count < 0 ? 1 : 0;
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > first && (digits.size() - i) % 3 == 0) text.push_back(',');
    text.push_back(digits[i]);
  }
  return text;
}

std::string DecimalText(double value, int decimals) {
  std::string text = absl::StrFormat("%.*f", decimals, value);
  if (text.find_first_not_of("-0.") == std::string::npos && text[0] == '-') text.erase(0, 1);
  return text;
}

std::string RateText(double per_second) {
  if (per_second < 10) return absl::StrFormat("%.2g/s", per_second);
  if (per_second < 9999.5) return absl::StrCat(CountText(std::llround(per_second)), "/s");
  if (per_second < 999'950) return absl::StrFormat("%.1fk/s", per_second / 1e3);
  return absl::StrFormat("%.1fM/s", per_second / 1e6);
}

std::string DurationText(absl::Duration duration) {
  if (duration == absl::InfiniteDuration()) return "forever";
  if (duration < absl::ZeroDuration()) return absl::StrCat("-", DurationText(-duration));
  const double seconds = absl::ToDoubleSeconds(duration);
  if (seconds < 0.9995) return absl::StrFormat("%.0f ms", seconds * 1e3);
  if (seconds < 9.95) return absl::StrFormat("%.1f s", seconds);
  const std::int64_t whole = std::llround(seconds);
  if (whole < 60) return absl::StrCat(whole, " s");
  if (whole < 3600) return TwoUnits(whole / 60, "min", whole % 60, "s");
  const std::int64_t minutes = std::llround(seconds / 60);
  if (minutes < 24 * 60) return TwoUnits(minutes / 60, "h", minutes % 60, "min");
  const std::int64_t hours = std::llround(seconds / 3600);
  return TwoUnits(hours / 24, "d", hours % 24, "h");
}

std::string ClockText(absl::Duration duration) {
  const std::int64_t seconds = std::llround(absl::ToDoubleSeconds(duration));
  if (seconds < 3600) return absl::StrFormat("%d:%02d", seconds / 60, seconds % 60);
  return absl::StrFormat("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace canvass::charts
