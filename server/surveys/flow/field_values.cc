#include "server/surveys/flow/field_values.h"

#include <google/protobuf/repeated_ptr_field.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "server/surveys/definition/entry_rules.h"
#include "server/surveys/flow/comparisons.h"
#include "server/surveys/flow/list_values.h"
#include "server/surveys/flow/text_values.h"
#include "server/surveys/survey.h"

namespace canvass::surveys {
namespace {

using google::protobuf::RepeatedPtrField;
using google::protobuf::Value;

// Beyond it a step of the smallest decimal may be lost in a double.
constexpr double kMaxExact = 1e9;

Value Number(double number) {
  Value value;
  value.set_number_value(number);
  return value;
}

Value Text(std::string text) {
  Value value;
  value.set_string_value(std::move(text));
  return value;
}

Value Boolean(bool boolean) {
  Value value;
  value.set_bool_value(boolean);
  return value;
}

std::set<double> NumbersOf(Comparisons comparisons) {
  std::set<double> numbers;
  for (const v1::Comparison* compare : comparisons) {
    if (compare->value().has_number_value()) numbers.insert(compare->value().number_value());
  }
  return numbers;
}

FieldValues Scores(const v1::Question& question) {
  FieldValues scores;
  const Scale scale = *ScaleOf(question);
  for (int score = scale.low; score <= scale.high; ++score) scores.values.push_back(Number(score));
  return scores;
}

FieldValues OptionKeys(const RepeatedPtrField<v1::ChoiceOption>& options) {
  FieldValues keys;
  for (const v1::ChoiceOption& option : options) keys.values.push_back(Text(option.key()));
  return keys;
}

// What lies at, just below and just above every number that is compared with, as far as it is an answer.
FieldValues Numbers(const v1::NumberQuestion& question, Comparisons comparisons) {
  const double scale = std::pow(10, question.decimals());
  std::set<double> steps;  // numbers times scale
  FieldValues result;
  const auto add_around = [&](double number) {
    if (std::abs(number) > kMaxExact) {
      result.complete = false;
      return;
    }
    for (double around : {std::floor(number * scale), std::ceil(number * scale)}) {
      for (double step : {around - 1, around, around + 1}) steps.insert(step);
    }
  };
  for (double number : NumbersOf(comparisons)) add_around(number);
  if (question.has_min()) add_around(question.min());
  if (question.has_max()) add_around(question.max());
  if (steps.empty()) steps.insert(0);
  for (double step : steps) {
    const double number = step / scale;
    if (question.has_min() && number < question.min()) continue;
    if (question.has_max() && number > question.max()) continue;
    result.values.push_back(Number(number));
  }
  return result;
}

// The numbers that are compared with, one between each two of them, one below and one above all.
std::vector<Value> AnyNumbers(Comparisons comparisons) {
  std::vector<Value> values;
  const std::set<double> numbers = NumbersOf(comparisons);
  for (auto number = numbers.begin(); number != numbers.end(); ++number) {
    const auto next = std::next(number);
    values.push_back(Number(*number));
    values.push_back(Number(next == numbers.end() ? std::nextafter(*number, INFINITY) : (*number + *next) / 2));
  }
  if (!numbers.empty()) values.push_back(Number(std::nextafter(*numbers.begin(), -INFINITY)));
  return values;
}

std::string DayText(absl::CivilDay day) {
  return absl::StrCat(absl::Dec(day.year(), absl::kZeroPad4), "-", absl::Dec(day.month(), absl::kZeroPad2), "-",
                      absl::Dec(day.day(), absl::kZeroPad2));
}

// The days at, just before and just behind every day that is compared with. Text that says no day, such as `2026-0*`,
// is not looked into.
FieldValues Days(const v1::DateQuestion& question, Comparisons comparisons) {
  const absl::CivilDay first = ParseDay(question.min()).value_or(absl::CivilDay(1, 1, 1));
  const absl::CivilDay last = ParseDay(question.max()).value_or(absl::CivilDay(9999, 12, 31));
  std::set<absl::CivilDay> days = {first, last};
  FieldValues result;
  for (const v1::Comparison* compare : comparisons) {
    if (AsksForAnything(*compare)) continue;
    const std::optional<absl::CivilDay> day = ParseDay(compare->value().string_value());
    if (day.has_value()) {
      days.insert({*day - 1, *day, *day + 1});
    } else {
      result.complete = false;
    }
  }
  for (absl::CivilDay day : days) {
    if (day >= first && day <= last) result.values.push_back(Text(DayText(day)));
  }
  return result;
}

FieldValues Texts(Comparisons comparisons) {
  TextValues texts = TextValuesOf(comparisons);
  FieldValues result;
  result.complete = texts.complete;
  for (std::string& text : texts.texts) {
    if (!text.empty()) result.values.push_back(Text(std::move(text)));  // an empty text is no answer
  }
  return result;
}

// What `:` looks for, each once.
std::vector<Value> ContainedIn(Comparisons comparisons) {
  std::set<std::string> seen;
  std::vector<Value> contained;
  for (const v1::Comparison* compare : comparisons) {
    if (!IsHas(*compare) || AsksForAnything(*compare)) continue;
    if (seen.insert(compare->value().SerializeAsString()).second) contained.push_back(compare->value());
  }
  return contained;
}

FieldValues Consents(bool required) {
  FieldValues result{.values = {Boolean(true)}};
  if (!required) result.values.push_back(Boolean(false));
  return result;
}

}  // namespace

FieldValues ValuesOfAnswer(const v1::Question& question, Comparisons comparisons) {
  switch (question.kind_case()) {
    case v1::Question::kNps:
    case v1::Question::kCsat:
    case v1::Question::kCes:
    case v1::Question::kRating:
      return Scores(question);
    case v1::Question::kSingleChoice:
      return OptionKeys(question.single_choice().options());
    case v1::Question::kMatrix:
      return OptionKeys(question.matrix().columns());
    case v1::Question::kMultipleChoice:
    case v1::Question::kRanking:
      return ListValuesOf(question, comparisons);
    case v1::Question::kFreeText:
      return Texts(comparisons);
    case v1::Question::kNumber:
      return Numbers(question.number(), comparisons);
    case v1::Question::kDate:
      return Days(question.date(), comparisons);
    case v1::Question::kConsent:
      return Consents(question.required());
    case v1::Question::kStatement:
    case v1::Question::KIND_NOT_SET:
      return {};
  }
  return {};
}

FieldValues ValuesOfHiddenField(const v1::HiddenField& field, Comparisons comparisons) {
  switch (field.type()) {
    case v1::HiddenField::TYPE_NUMBER: {
      FieldValues numbers{.values = AnyNumbers(comparisons)};
      if (numbers.values.empty()) numbers.values.push_back(Number(0));
      return numbers;
    }
    case v1::HiddenField::TYPE_BOOLEAN:
      return {.values = {Boolean(true), Boolean(false)}};
    case v1::HiddenField::TYPE_DATE:
      return Days(v1::DateQuestion(), comparisons);
    default: {
      FieldValues texts = Texts(comparisons);
      texts.values.push_back(Text(""));
      return texts;
    }
  }
}

FieldValues ValuesOfFact(Comparisons comparisons) {
  FieldValues result{.values = AnyNumbers(comparisons)};
  TextValues texts = TextValuesOf(comparisons);
  result.complete = texts.complete;
  for (std::string& text : texts.texts) result.values.push_back(Text(std::move(text)));
  if (std::any_of(comparisons.begin(), comparisons.end(), [](auto* each) { return each->value().has_bool_value(); })) {
    result.values.insert(result.values.end(), {Boolean(true), Boolean(false)});
  }
  const std::vector<Value> contained = ContainedIn(comparisons);
  if (!contained.empty()) {
    // A list may hold any of what is looked for; all of it or none is not everything there is.
    if (contained.size() > 1) result.complete = false;
    auto& list = *result.values.emplace_back().mutable_list_value()->mutable_values();
    list.Assign(contained.begin(), contained.end());
  }
  // Neither text, number nor boolean: just there.
  result.values.emplace_back().mutable_struct_value();
  return result;
}

}  // namespace canvass::surveys
