#include "server/surveys/definition/entry_rules.h"

#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/text/characters.h"
#include "server/conditions/facts.h"
#include "server/surveys/survey.h"

namespace canvass::surveys {
namespace {

constexpr int kMaxAnswerLength = 10'000;
constexpr int kMaxDecimals = 6;
constexpr absl::string_view kDayForm = "0000-00-00";

// The digits [first, first + count) of a day as a number.
int Digits(absl::string_view day, std::size_t first, std::size_t count) {
  int number = 0;
  return absl::SimpleAtoi(day.substr(first, count), &number) ? number : 0;
}

void CheckDay(const std::string& path, const std::string& day, Faults& faults) {
  if (day.empty() || ParseDay(day).has_value()) return;
  faults.Add(path, absl::StrCat(Quoted(day), " is not a day of the calendar such as 2026-01-31"));
}

}  // namespace

void CheckFreeText(const std::string& path, const v1::TextQuestion& question, Faults& faults) {
  if (question.max_length() < 0 || question.max_length() > kMaxAnswerLength) {
    faults.Add(path + ".max_length", absl::StrCat(question.max_length(), " is not allowed: 1 to ", kMaxAnswerLength,
                                                  ", or 0 for the default"));
  } else if (question.min_length() > MaxLengthOf(question)) {
    faults.Add(path + ".min_length",
               absl::StrCat(question.min_length(), " is more than max_length, which is ", MaxLengthOf(question)));
  }
  if (question.min_length() < 0) {
    faults.Add(path + ".min_length", absl::StrCat(question.min_length(), " is not allowed: 0 or more"));
  }
  if (!v1::TextQuestion::Pattern_IsValid(question.pattern())) {
    faults.Add(path + ".pattern", absl::StrCat(question.pattern(), " is not a Pattern"));
  }
}

void CheckNumber(const std::string& path, const v1::NumberQuestion& question, Faults& faults) {
  const bool finite = std::isfinite(question.min()) && std::isfinite(question.max());
  if (!std::isfinite(question.min())) faults.Add(path + ".min", "must be a finite number; leave it out for any");
  if (!std::isfinite(question.max())) faults.Add(path + ".max", "must be a finite number; leave it out for any");
  if (finite && question.has_min() && question.has_max() && question.min() > question.max()) {
    faults.Add(path + ".min", absl::StrCat(conditions::NumberText(question.min()), " is more than max, which is ",
                                           conditions::NumberText(question.max())));
  }
  faults.CheckRange(path + ".decimals", question.decimals(), 0, kMaxDecimals);
}

void CheckDate(const std::string& path, const v1::DateQuestion& question, Faults& faults) {
  CheckDay(path + ".min", question.min(), faults);
  CheckDay(path + ".max", question.max(), faults);
  const std::optional<absl::CivilDay> min = ParseDay(question.min());
  const std::optional<absl::CivilDay> max = ParseDay(question.max());
  if (min.has_value() && max.has_value() && *min > *max) {
    faults.Add(path + ".min", absl::StrCat(question.min(), " is later than max, which is ", question.max()));
  }
}

void CheckPlainText(const std::string& path, absl::string_view text, std::size_t max_characters, Faults& faults) {
  faults.CheckLength(path, text, max_characters);
  if (HasControlCharacter(text)) faults.Add(path, "must not hold control characters");
}

std::optional<absl::CivilDay> ParseDay(absl::string_view text) {
  if (text.size() != kDayForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool fits = kDayForm[i] == '-' ? text[i] == '-' : absl::ascii_isdigit(static_cast<unsigned char>(text[i]));
    if (!fits) return std::nullopt;
  }
  const int year = Digits(text, 0, 4);
  const int month = Digits(text, 5, 2);
  const int day = Digits(text, 8, 2);
  // What is not in the calendar becomes another day.
  const absl::CivilDay civil(year, month, day);
  const bool real = year > 0 && civil.year() == year && civil.month() == month && civil.day() == day;
  return real ? std::optional(civil) : std::nullopt;
}

}  // namespace canvass::surveys
