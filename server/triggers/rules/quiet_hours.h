// Quiet hours by the clock on the wall, where days have 23, 24 or 25 hours.
//
//   if (std::optional<absl::Time> end = QuietUntil(quiet, due, zone)) … put off to *end …
//
// It is quiet whenever the clock of the zone shows quiet hours or a quiet weekday: hours that a clock skips are quiet
// for nobody, hours that it shows twice are quiet both times. Pure. Thread-safe.
#ifndef CANVASS_SERVER_TRIGGERS_RULES_QUIET_HOURS_H_
#define CANVASS_SERVER_TRIGGERS_RULES_QUIET_HOURS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/trigger.pb.h"

namespace canvass::triggers {

// The first moment from `time` on that is not quiet; none if `time` itself is not. `quiet` has been normalized.
std::optional<absl::Time> QuietUntil(const v1::QuietHours& quiet, absl::Time time, const absl::TimeZone& zone);

// The zone of that name; `otherwise` if it is empty or unknown.
absl::TimeZone ZoneOr(absl::string_view name, const absl::TimeZone& otherwise);

// "22:00 to 08:00, Saturday and Sunday".
std::string QuietHoursText(const v1::QuietHours& quiet);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_RULES_QUIET_HOURS_H_
