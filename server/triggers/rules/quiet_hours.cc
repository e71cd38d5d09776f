#include "server/triggers/rules/quiet_hours.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "server/settings/protection.h"

namespace canvass::triggers {
namespace {

// Each step ends a quiet day or a quiet span of hours, of which a week has at most 13, or is a clock set back.
constexpr int kMaxSteps = 32;

bool IsQuietDay(const v1::QuietHours& quiet, absl::CivilDay day) {
  // absl counts weekdays from Monday 0, ISO 8601 from Monday 1.
  const int weekday = static_cast<int>(absl::GetWeekday(day)) + 1;
  return std::find(quiet.days().begin(), quiet.days().end(), weekday) != quiet.days().end();
}

// The first moment behind `after` at which the clock shows `civil`, or shows more than it where it is skipped.
absl::Time FirstBehind(absl::Time after, absl::CivilMinute civil, const absl::TimeZone& zone) {
  const absl::TimeZone::TimeInfo info = zone.At(absl::CivilSecond(civil));
  switch (info.kind) {
    case absl::TimeZone::TimeInfo::SKIPPED:
      return info.trans;
    case absl::TimeZone::TimeInfo::REPEATED:
      return info.pre > after ? info.pre : info.post;
    default:
      return info.pre;
  }
}

// When the clock is next set back: what it shows then may lie before the quiet hours that held.
absl::Time NextSetBack(absl::Time time, const absl::TimeZone& zone) {
  absl::TimeZone::CivilTransition change;
  if (!zone.NextTransition(time, &change) || change.to > change.from) return absl::InfiniteFuture();
  return zone.At(change.to).trans;
}

// When the quiet that holds at `time` could end first.
std::optional<absl::Time> NextEnd(const v1::QuietHours& quiet, absl::Time time, const absl::TimeZone& zone) {
  const absl::CivilSecond now = zone.At(time).cs;
  const absl::CivilDay today(now);
  if (IsQuietDay(quiet, today))
    return std::min(FirstBehind(time, absl::CivilMinute(today + 1), zone), NextSetBack(time, zone));
  const std::optional<int> start = settings::MinuteOfDay(quiet.start());
  const std::optional<int> end = settings::MinuteOfDay(quiet.end());
  if (!start.has_value() || !end.has_value()) return std::nullopt;
  const int minute = now.hour() * 60 + now.minute();
  const bool over_midnight = *end < *start;
  const bool is_quiet = over_midnight ? minute >= *start || minute < *end : minute >= *start && minute < *end;
  if (!is_quiet) return std::nullopt;
  const absl::CivilDay end_day = over_midnight && minute >= *start ? today + 1 : today;
  return std::min(FirstBehind(time, absl::CivilMinute(end_day) + *end, zone), NextSetBack(time, zone));
}

}  // namespace

std::optional<absl::Time> QuietUntil(const v1::QuietHours& quiet, absl::Time time, const absl::TimeZone& zone) {
  std::optional<absl::Time> until;
  for (int step = 0; step < kMaxSteps; ++step) {
    const std::optional<absl::Time> end = NextEnd(quiet, until.value_or(time), zone);
    if (!end.has_value()) break;
    until = end;
  }
  return until;
}

absl::TimeZone ZoneOr(absl::string_view name, const absl::TimeZone& otherwise) {
  absl::TimeZone zone;
  return !name.empty() && absl::LoadTimeZone(name, &zone) ? zone : otherwise;
}

std::string QuietHoursText(const v1::QuietHours& quiet) {
  static constexpr const char* kDays[] = {"?",        "Monday", "Tuesday",  "Wednesday",
                                          "Thursday", "Friday", "Saturday", "Sunday"};
  std::vector<std::string> parts;
  if (!quiet.start().empty()) parts.push_back(absl::StrCat(quiet.start(), " to ", quiet.end()));
  for (const int day : quiet.days()) parts.emplace_back(kDays[day >= 1 && day <= 7 ? day : 0]);
  return absl::StrJoin(parts, ", ");
}

}  // namespace canvass::triggers
