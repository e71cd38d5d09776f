#include "server/settings/protection.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/base/text/characters.h"

namespace canvass::settings {
namespace {

constexpr int kMaxCaps = 8;
constexpr int kMaxQuietDays = 6;
constexpr absl::Duration kMinInterval = absl::Minutes(1);
constexpr absl::Duration kMaxInterval = absl::Hours(24 * 3650);

void CheckTimeOfDay(absl::string_view field, absl::string_view text, Violations& violations) {
  if (MinuteOfDay(text).has_value()) return;
  violations.Add(field, absl::StrCat("'", absl::Utf8SafeCHexEscape(Shorten(text, 20)),
                                     "' is not a time of day, HH:MM from 00:00 to 23:59"));
}

void CheckDays(absl::string_view field, const v1::QuietHours& quiet, Violations& violations) {
  std::set<int> days;
  for (int i = 0; i < quiet.days_size(); ++i) {
    const int day = quiet.days(i);
    const std::string path = absl::StrCat(field, ".days[", i, "]");
    if (day < v1::QuietHours::WEEKDAY_MONDAY || day > v1::QuietHours::WEEKDAY_SUNDAY) {
      violations.Add(path, absl::StrCat(day, " is not a weekday"));
    } else if (!days.insert(day).second) {
      violations.Add(path, "is there twice");
    }
  }
  if (days.size() > kMaxQuietDays) {
    violations.Add(absl::StrCat(field, ".days"),
                   "names all seven days, so that nobody would ever be asked; pause the trigger instead");
  }
}

}  // namespace

void CheckDuration(absl::string_view field, absl::Duration low, absl::Duration high, absl::string_view limits,
                   google::protobuf::Duration& duration, Violations& violations) {
  const absl::Duration value = FromProto(duration);
  if (!IsValid(duration) || value < low || value > high) {
    violations.Add(field, absl::StrCat(IsValid(duration) ? absl::FormatDuration(value) : "a value that is no duration",
                                       " is not within ", limits));
    return;
  }
  duration = ToProto(value);
}

void NormalizeCaps(absl::string_view field, google::protobuf::RepeatedPtrField<v1::FrequencyCap>& caps,
                   Violations& violations) {
  if (caps.size() > kMaxCaps) {
    violations.Add(field, absl::StrCat(caps.size(), " caps; at most ", kMaxCaps, " are allowed"));
  }
  for (int i = 0; i < caps.size(); ++i) {
    v1::FrequencyCap& cap = caps[i];
    const std::string path = absl::StrCat(field, "[", i, "]");
    if (cap.has_interval()) {
      CheckDuration(absl::StrCat(path, ".interval"), kMinInterval, kMaxInterval, "1 minute to 3,650 days",
                    *cap.mutable_interval(), violations);
    } else {
      violations.Add(absl::StrCat(path, ".interval"), "is required");
    }
    if (cap.scope() == v1::FrequencyCap::SCOPE_UNSPECIFIED) cap.set_scope(v1::FrequencyCap::SCOPE_SURVEY);
    if (!v1::FrequencyCap::Scope_IsValid(cap.scope())) {
      violations.Add(absl::StrCat(path, ".scope"),
                     absl::StrCat(static_cast<int>(cap.scope()), " is not a known scope"));
    }
  }
}

void NormalizeQuietHours(absl::string_view field, v1::QuietHours& quiet, Violations& violations) {
  if (quiet.start().empty() != quiet.end().empty()) {
    violations.Add(absl::StrCat(field, quiet.start().empty() ? ".start" : ".end"),
                   "is required where the other one of start and end is given");
  } else if (!quiet.start().empty()) {
    CheckTimeOfDay(absl::StrCat(field, ".start"), quiet.start(), violations);
    CheckTimeOfDay(absl::StrCat(field, ".end"), quiet.end(), violations);
    if (quiet.start() == quiet.end()) {
      violations.Add(absl::StrCat(field, ".end"), "is the same as start; name the weekday in days to be quiet all day");
    }
  }
  CheckDays(field, quiet, violations);
  if (quiet.action() == v1::QuietHours::ACTION_UNSPECIFIED) quiet.set_action(v1::QuietHours::ACTION_DEFER);
  if (!v1::QuietHours::Action_IsValid(quiet.action())) {
    violations.Add(absl::StrCat(field, ".action"),
                   absl::StrCat(static_cast<int>(quiet.action()), " is not a known action"));
  }
}

std::optional<int> MinuteOfDay(absl::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] - '0'; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0, 1, 3, 4}) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) return std::nullopt;
  }
  const int hour = digit(0) * 10 + digit(1);
  const int minute = digit(3) * 10 + digit(4);
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

}  // namespace canvass::settings
