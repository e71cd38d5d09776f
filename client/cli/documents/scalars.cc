#include "client/cli/documents/scalars.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "client/cli/documents/nearest.h"

namespace canvass::cli {
namespace {

// The length of a unit, zero if there is no such unit.
absl::Duration UnitLength(absl::string_view unit) {
  constexpr std::pair<absl::string_view, absl::Duration> kUnits[] = {
      {"ms", absl::Milliseconds(1)}, {"s", absl::Seconds(1)}, {"m", absl::Minutes(1)},
      {"h", absl::Hours(1)},         {"d", absl::Hours(24)},  {"w", absl::Hours(24 * 7)},
  };
  for (const auto& [name, length] : kUnits) {
    if (name == unit) return length;
  }
  return absl::ZeroDuration();
}

// What all values of an enum begin with: "CHANNEL_" of CHANNEL_UNSPECIFIED.
absl::string_view EnumPrefix(const google::protobuf::EnumDescriptor& type) {
  absl::string_view name = type.value(0)->name();
  return absl::ConsumeSuffix(&name, "UNSPECIFIED") ? name : absl::string_view();
}

}  // namespace

absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text) {
  const absl::Status malformed = absl::InvalidArgumentError(
      absl::StrCat("'", text, "' is not a duration; write a number and a unit, for example 90s, 15m, 24h or 30d"));
  absl::string_view rest = text;
  absl::Duration sum;
  while (!rest.empty()) {
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789."), rest.size());
    double number = 0;
    if (digits == 0 || !absl::SimpleAtod(rest.substr(0, digits), &number)) return malformed;
    rest.remove_prefix(digits);
    const std::size_t letters = std::min(rest.find_first_of("0123456789."), rest.size());
    const absl::Duration unit = UnitLength(rest.substr(0, letters));
    if (unit == absl::ZeroDuration()) return malformed;
    rest.remove_prefix(letters);
    sum += number * unit;
  }
  // protobuf's own limit, 10,000 years.
  if (text.empty() || sum > absl::Hours(24) * 3'652'500.0) return malformed;
  return sum;
}

absl::StatusOr<absl::Time> ParseTime(absl::string_view text) {
  absl::Time time;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, nullptr) && !absl::StartsWith(text, "infinite")) return time;
  absl::CivilDay day;
  const bool is_date = text.size() == 10 && absl::ParseCivilTime(text, &day);
  if (is_date) return absl::FromCivil(day, absl::UTCTimeZone());
  return absl::InvalidArgumentError(
      absl::StrCat("'", text, "' is not a time; write 2017-05-10T14:03:00Z, or 2017-05-10 for its midnight in UTC"));
}

void SetTime(absl::Time time, google::protobuf::Timestamp& timestamp) {
  const absl::Time whole = absl::FromUnixSeconds(absl::ToUnixSeconds(time));
  timestamp.set_seconds(absl::ToUnixSeconds(time));
  timestamp.set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(time - whole)));
}

absl::StatusOr<const google::protobuf::EnumValueDescriptor*> ParseEnum(const google::protobuf::EnumDescriptor& type,
                                                                       absl::string_view text) {
  const std::string name = absl::AsciiStrToUpper(absl::StrReplaceAll(text, {{"-", "_"}}));
  const google::protobuf::EnumValueDescriptor* value = type.FindValueByName(name);
  if (value == nullptr) value = type.FindValueByName(absl::StrCat(EnumPrefix(type), name));
  if (value != nullptr && value->number() != 0) return value;
  return absl::InvalidArgumentError(absl::StrCat("there is no '", text, "'", Suggestion(text, EnumTexts(type))));
}

std::string EnumText(const google::protobuf::EnumDescriptor& type, int number) {
  const google::protobuf::EnumValueDescriptor* value = type.FindValueByNumber(number);
  if (number == 0 || value == nullptr) return "";
  return absl::AsciiStrToLower(absl::StripPrefix(value->name(), EnumPrefix(type)));
}

std::vector<std::string> EnumTexts(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> texts;
  for (int i = 0; i < type.value_count(); ++i) {
    std::string text = EnumText(type, type.value(i)->number());
    if (!text.empty()) texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace canvass::cli
