#include "server/metrics/formulas/time_pieces.h"

#include "absl/time/civil_time.h"
#include "server/base/proto_time.h"

namespace canvass::metrics {

Piece PieceOf(int64_t day, v1::Granularity granularity) {
  switch (granularity) {
    case v1::GRANULARITY_DAY:
      return {day, day + 1};
    case v1::GRANULARITY_WEEK: {
      // 1970-01-01 was a Thursday, three days after a Monday.
      const int64_t weekday = ((day + 3) % 7 + 7) % 7;
      return {day - weekday, day - weekday + 7};
    }
    case v1::GRANULARITY_MONTH: {
      const absl::CivilMonth month(DayFromNumber(day));
      return {NumberFromDay(absl::CivilDay(month)), NumberFromDay(absl::CivilDay(month + 1))};
    }
    default:
      return {0, 0};
  }
}

bool LongerThanTenYears(int64_t first, int64_t end) {
  const absl::CivilDay day = DayFromNumber(first);
  return end > NumberFromDay(absl::CivilDay(day.year() + 10, day.month(), day.day()));
}

std::optional<int64_t> ParseDay(absl::string_view text) {
  absl::CivilDay day;
  // The library also takes 2017-5-1 and blanks; one day has one text here.
  if (!absl::ParseCivilTime(text, &day) || absl::FormatCivilTime(day) != text) return std::nullopt;
  return NumberFromDay(day);
}

std::string DayText(int64_t day) { return absl::FormatCivilTime(DayFromNumber(day)); }

}  // namespace canvass::metrics
