// Numbers as people read them. English forms, without a locale, so that output is the same everywhere.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CHARTS_NUMBER_TEXT_H_
#define CANVASS_CLIENT_CHARTS_NUMBER_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace canvass::charts {

// 1234567 → "1,234,567".
std::string CountText(std::int64_t count);

// 54.321, 1 → "54.3". Never "-0.0".
std::string DecimalText(double value, int decimals);

// Per second: 812.4 → "812/s", 15240 → "15.2k/s", 0.25 → "0.25/s".
std::string RateText(double per_second);

// How long something takes, in its two largest units: "4.2 s", "3 min 20 s", "2 h 5 min", "3 d 4 h".
std::string DurationText(absl::Duration duration);

// On a clock: "0:07", "12:05", "1:02:05".
std::string ClockText(absl::Duration duration);

}  // namespace canvass::charts

#endif  // CANVASS_CLIENT_CHARTS_NUMBER_TEXT_H_
