// Local days and the pieces into which a query cuts them. Days count from 1970-01-01 in the tenant's zone: cells carry
// them, so no zone is needed here.
//
//   Piece week = PieceOf(day, v1::GRANULARITY_WEEK);   // [Monday, next Monday)
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_METRICS_FORMULAS_TIME_PIECES_H_
#define CANVASS_SERVER_METRICS_FORMULAS_TIME_PIECES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "canvass/v1/metric.pb.h"

namespace canvass::metrics {

// From `first` to the day before `end`.
struct Piece {
  int64_t first;
  int64_t end;
  friend bool operator==(const Piece&, const Piece&) = default;
};

// The day, ISO week (from Monday) or calendar month that holds `day`. GRANULARITY_UNSPECIFIED: {0, 0} for every day.
Piece PieceOf(int64_t day, v1::Granularity granularity);

// Whether the days from `first` to the day before `end` are more than ten years.
bool LongerThanTenYears(int64_t first, int64_t end);

// The day of `text`, which must be of the form 2017-05-10 and exist; nothing otherwise.
std::optional<int64_t> ParseDay(absl::string_view text);
// "2017-05-10".
std::string DayText(int64_t day);

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_FORMULAS_TIME_PIECES_H_
