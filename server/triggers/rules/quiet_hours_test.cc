#include "server/triggers/rules/quiet_hours.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/settings/protection.h"

namespace canvass::triggers {
namespace {

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

v1::QuietHours Quiet(const std::string& text) {
  v1::QuietHours quiet;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &quiet)) << text;
  return quiet;
}

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
  return time;
}

struct Row {
  const char* what;
  const char* quiet;
  const char* zone;
  const char* time;
  const char* until;  // empty: not quiet
};

TEST(QuietUntilTest, ByTheClockOnTheWall) {
  const char kNight[] = "start: '22:00' end: '08:00'";
  const char kNoon[] = "start: '12:00' end: '13:30'";
  const char kWeekend[] = "days: [WEEKDAY_SATURDAY, WEEKDAY_SUNDAY]";
  const char kBoth[] = "start: '20:00' end: '09:00' days: [WEEKDAY_SATURDAY, WEEKDAY_SUNDAY]";
  const Row rows[] = {
      {"the start is quiet", kNight, "UTC", "2025-06-02T22:00:00Z", "2025-06-03T08:00:00Z"},
      {"before the start", kNight, "UTC", "2025-06-02T21:59:59.999999Z", ""},
      {"behind midnight", kNight, "UTC", "2025-06-03T03:00:00Z", "2025-06-03T08:00:00Z"},
      {"the end is not quiet", kNight, "UTC", "2025-06-03T08:00:00Z", ""},
      {"within a day", kNoon, "UTC", "2025-06-03T12:59:00Z", "2025-06-03T13:30:00Z"},
      {"the zone's clock counts", kNight, "America/New_York", "2025-06-03T03:00:00Z", "2025-06-03T12:00:00Z"},
      {"a quiet day", kWeekend, "Europe/Paris", "2025-06-07T10:00:00Z", "2025-06-08T22:00:00Z"},
      {"the evening before it", kWeekend, "Europe/Paris", "2025-06-06T21:59:59Z", ""},
      {"hours, then days, then hours", kBoth, "UTC", "2025-06-06T21:00:00Z", "2025-06-09T09:00:00Z"},
      // 2025-03-30, Berlin: 02:00 becomes 03:00.
      {"a night of 23 hours", kNight, "Europe/Berlin", "2025-03-29T22:00:00Z", "2025-03-30T06:00:00Z"},
      {"the end is skipped", "start: '01:00' end: '02:30'", "Europe/Berlin", "2025-03-30T00:30:00Z",
       "2025-03-30T01:00:00Z"},
      {"the hours are skipped", "start: '02:00' end: '03:00'", "Europe/Berlin", "2025-03-30T01:00:00Z", ""},
      // 2025-10-26, Berlin: 03:00 becomes 02:00.
      {"a night of 25 hours", kNight, "Europe/Berlin", "2025-10-25T21:00:00Z", "2025-10-26T07:00:00Z"},
      {"the hour comes twice: first", "start: '02:00' end: '02:30'", "Europe/Berlin", "2025-10-26T00:10:00Z",
       "2025-10-26T00:30:00Z"},
      {"the hour comes twice: between", "start: '02:00' end: '02:30'", "Europe/Berlin", "2025-10-26T00:40:00Z", ""},
      {"the hour comes twice: second", "start: '02:00' end: '02:30'", "Europe/Berlin", "2025-10-26T01:10:00Z",
       "2025-10-26T01:30:00Z"},
      {"the end is behind the repeated hour", "start: '02:00' end: '03:00'", "Europe/Berlin", "2025-10-26T00:10:00Z",
       "2025-10-26T02:00:00Z"},
      {"set back to before the start", "start: '02:30' end: '01:00'", "Europe/Berlin", "2025-10-26T00:40:00Z",
       "2025-10-26T01:00:00Z"},
      // Cairo skips the hour behind midnight on 2025-04-25.
      {"midnight is skipped", "days: [WEEKDAY_THURSDAY]", "Africa/Cairo", "2025-04-24T12:00:00Z",
       "2025-04-24T22:00:00Z"},
      {"no hours and no days", "", "UTC", "2025-06-02T22:00:00Z", ""},
  };
  for (const Row& row : rows) {
    const std::optional<absl::Time> until = QuietUntil(Quiet(row.quiet), At(row.time), Zone(row.zone));
    if (std::string(row.until).empty()) {
      EXPECT_EQ(until, std::nullopt) << row.what;
    } else {
      EXPECT_EQ(until, At(row.until)) << row.what;
    }
  }
}

// What the clock of the zone says, looked at by itself.
bool ShowsQuiet(const v1::QuietHours& quiet, absl::Time time, const absl::TimeZone& zone) {
  const absl::CivilSecond now = zone.At(time).cs;
  for (const int day : quiet.days()) {
    if (day == static_cast<int>(absl::GetWeekday(now)) + 1) return true;
  }
  if (quiet.start().empty()) return false;
  const std::string clock = absl::StrFormat("%02d:%02d", now.hour(), now.minute());
  return quiet.start() < quiet.end() ? clock >= quiet.start() && clock < quiet.end()
                                     : clock >= quiet.start() || clock < quiet.end();
}

int Below(int end) { return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, end)); }

RC_GTEST_PROP(QuietUntilTest, IsTheFirstMomentThatIsNotQuiet, ()) {
  const std::vector<std::string> zones = {"UTC",
                                          "Europe/Berlin",
                                          "America/New_York",
                                          "Africa/Cairo",
                                          "Asia/Kathmandu",
                                          "Australia/Lord_Howe",
                                          "America/St_Johns",
                                          "America/Asuncion"};
  const absl::TimeZone zone = Zone(zones[static_cast<std::size_t>(Below(static_cast<int>(zones.size())))]);
  v1::QuietHours quiet;
  // Some days only, so that minutes can be walked through.
  for (int day = 1; day <= 7; ++day) {
    if (Below(4) == 0) quiet.add_days(static_cast<v1::QuietHours::Weekday>(day));
  }
  RC_PRE(quiet.days_size() < 7);
  const int start = Below(24 * 60);
  const int end = Below(24 * 60);
  if (start != end && Below(5) != 0) {
    quiet.set_start(absl::StrFormat("%02d:%02d", start / 60, start % 60));
    quiet.set_end(absl::StrFormat("%02d:%02d", end / 60, end % 60));
  }
  // Around a change of the clock as often as elsewhere.
  absl::Time time = At("2025-01-01T00:00:00Z") + absl::Minutes(Below(365 * 24 * 60));
  absl::TimeZone::CivilTransition change;
  if (Below(2) == 0 && zone.NextTransition(time, &change)) {
    time = absl::FromCivil(change.from, zone) + absl::Minutes(Below(6 * 60) - 3 * 60);
  }
  const std::optional<absl::Time> until = QuietUntil(quiet, time, zone);
  RC_ASSERT(until.has_value() == ShowsQuiet(quiet, time, zone));
  if (!until.has_value()) return;
  RC_ASSERT(!ShowsQuiet(quiet, *until, zone));
  for (absl::Time minute = time; minute < *until; minute += absl::Minutes(1)) {
    RC_ASSERT(ShowsQuiet(quiet, minute, zone));
  }
  RC_ASSERT(ShowsQuiet(quiet, *until - absl::Seconds(1), zone));
}

TEST(ZoneOrTest, AnUnknownZoneIsTheTenants) {
  EXPECT_EQ(ZoneOr("Europe/Paris", absl::UTCTimeZone()).name(), "Europe/Paris");
  EXPECT_EQ(ZoneOr("", absl::UTCTimeZone()).name(), "UTC");
  EXPECT_EQ(ZoneOr("Mars/Base", absl::UTCTimeZone()).name(), "UTC");
}

}  // namespace
}  // namespace canvass::triggers
