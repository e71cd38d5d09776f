#include "server/triggers/rules/wording.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "server/base/text/characters.h"
#include "server/conditions/facts.h"

namespace canvass::triggers {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// An explanation is read by people: beyond this it quotes no more.
constexpr std::size_t kMaxValueText = 60;
constexpr std::size_t kMaxValues = 5;

std::string ValueText(const Struct& facts, const std::string& field) {
  const Value* value = conditions::Find(facts, field);
  if (value == nullptr) return absl::StrCat(field, " was not there");
  if (value->has_struct_value()) return absl::StrCat(field, " was an object");
  if (value->has_list_value()) return absl::StrCat(field, " was a list of ", value->list_value().values_size());
  const char* quote = value->has_string_value() ? "\"" : "";
  return absl::StrCat(field, " was ", quote, Quote(conditions::FactText(*value), kMaxValueText), quote);
}

}  // namespace

// By itself, since it is written with every decision: FormatTime takes several times as long.
std::string TimeText(absl::Time time) {
  const absl::CivilSecond utc = absl::ToCivilSecond(time, absl::UTCTimeZone());
  const auto two = [](int number) { return absl::Dec(number, absl::kZeroPad2); };
  return absl::StrCat(absl::Dec(utc.year(), absl::kZeroPad4), "-", two(utc.month()), "-", two(utc.day()), " ",
                      two(utc.hour()), ":", two(utc.minute()), ":", two(utc.second()), " UTC");
}

std::string TimeText(absl::Time time, const absl::TimeZone& zone) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S %Z", time, zone);
}

std::string DurationText(absl::Duration duration) {
  struct Unit {
    absl::Duration length;
    const char* name;
  };
  static constexpr Unit kUnits[] = {
      {absl::Hours(24), "day"}, {absl::Hours(1), "hour"}, {absl::Minutes(1), "minute"}, {absl::Seconds(1), "second"}};
  std::string text;
  int used = 0;
  for (const Unit& unit : kUnits) {
    const int64_t count = absl::IDivDuration(duration, unit.length, &duration);
    if (count == 0 || used == 2) continue;
    absl::StrAppend(&text, used == 0 ? "" : " ", count, " ", unit.name, count == 1 ? "" : "s");
    ++used;
  }
  return text.empty() ? "0 seconds" : text;
}

std::string Quote(absl::string_view text, std::size_t max_bytes) {
  const absl::string_view shortened = Shorten(text, max_bytes);
  return absl::StrCat(shortened, shortened.size() < text.size() ? "…" : "");
}

std::string ValuesText(const std::vector<std::string>& fields, const Struct& facts) {
  std::string text;
  for (std::size_t i = 0; i < fields.size() && i < kMaxValues; ++i) {
    absl::StrAppend(&text, i == 0 ? "" : "; ", ValueText(facts, fields[i]));
  }
  absl::StrAppend(&text, fields.size() > kMaxValues ? "; …" : ".");
  return text;
}

}  // namespace canvass::triggers
