#include "client/surveyjs/reading/text_questions.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace canvass::surveyjs {
namespace {

using nlohmann::json;

constexpr int kMaxLength = 10'000;
constexpr int kMaxDecimals = 6;
constexpr int kMostChoices = 500;

// What the validators of a text question say.
struct Validators {
  std::optional<double> min_value;
  std::optional<double> max_value;
  std::optional<double> min_length;
  std::optional<double> max_length;
  std::optional<double> min_count;
  std::optional<double> max_count;
  bool numeric = false;
  bool email = false;
};

enum class Wanted { kText, kCount, kNone };

void ReadValidator(const json& value, const std::string& path, Wanted wanted, Report& report, Validators& validators) {
  Properties validator(value, path);
  const std::string type = validator.TakeText("type");
  if (wanted == Wanted::kText && (type == "numeric" || type == "numericvalidator")) {
    validators.numeric = true;
    validators.min_value = validator.TakeNumber("minValue");
    validators.max_value = validator.TakeNumber("maxValue");
  } else if (wanted == Wanted::kText && (type == "text" || type == "textvalidator")) {
    validators.min_length = validator.TakeNumber("minLength");
    validators.max_length = validator.TakeNumber("maxLength");
  } else if (wanted == Wanted::kText && (type == "email" || type == "emailvalidator")) {
    validators.email = true;
  } else if (wanted == Wanted::kCount && (type == "answercount" || type == "answercountvalidator")) {
    validators.min_count = validator.TakeNumber("minCount");
    validators.max_count = validator.TakeNumber("maxCount");
  } else {
    const std::string rule = type == "regex" ? validator.TakeText("regex") : validator.TakeText("expression");
    report.Add(path,
               absl::StrCat("the validator ", Quoted(type), rule.empty() ? "" : " ", rule.empty() ? "" : Quoted(rule),
                            " is left out: answers are not checked by it here"));
    return;
  }
  if (validator.TakeText("notificationType") == "warning" || validator.TakeText("notificationType") == "info") {
    report.Add(path, "warns in SurveyJS; here it refuses the answer");
  }
  validator.ReportRest(report);
}

Validators ReadValidators(Properties& properties, Wanted wanted, Report& report) {
  Validators validators;
  const json* list = properties.Take("validators");
  if (list == nullptr || !list->is_array()) return validators;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string path = absl::StrCat(properties.PathOf("validators"), "[", i, "]");
    if ((*list)[i].is_object()) ReadValidator((*list)[i], path, wanted, report, validators);
  }
  return validators;
}

int Clamped(std::optional<double> value, int most) {
  if (!value.has_value() || !(*value > 0)) return 0;
  return static_cast<int>(std::min(*value, static_cast<double>(most)));
}

void SetLengths(Properties& properties, const Validators& validators, Report& report, v1::TextQuestion& text) {
  std::optional<double> most = properties.TakeNumber("maxLength");
  if (!most.has_value() || *most <= 0) most = validators.max_length;
  if (most.has_value() && *most > kMaxLength) {
    report.Add(properties.path(), absl::StrCat("maxLength became ", kMaxLength, ", the most that is possible"));
  }
  text.set_max_length(Clamped(most, kMaxLength));
  text.set_min_length(Clamped(validators.min_length, kMaxLength));
  if (text.max_length() != 0 && text.min_length() > text.max_length()) {
    report.Add(properties.path(), "minLength is more than maxLength: left out");
    text.clear_min_length();
  }
}

// How many decimals a step leaves: 0.01 leaves 2.
int DecimalsOf(double step) {
  for (int decimals = 0; decimals < kMaxDecimals; ++decimals) {
    const double scaled = step * std::pow(10, decimals);
    if (std::abs(scaled - std::round(scaled)) < 1e-9) return decimals;
  }
  return kMaxDecimals;
}

void SetBounds(std::optional<double> least, std::optional<double> most, const std::string& path, Report& report,
               v1::NumberQuestion& number) {
  if (least.has_value() && most.has_value() && *least > *most) {
    return report.Add(path, "its least value is more than its greatest: both are left out");
  }
  if (least.has_value()) number.set_min(*least);
  if (most.has_value()) number.set_max(*most);
}

void ReadNumber(Properties& properties, const Validators& validators, bool range, Report& report,
                ReadQuestion& question) {
  v1::NumberQuestion& number = *question.question.mutable_number();
  question.kind = Reference::Kind::kNumber;
  std::optional<double> least = properties.TakeNumber("min");
  std::optional<double> most = properties.TakeNumber("max");
  if (!least.has_value()) least = validators.min_value;
  if (!most.has_value()) most = validators.max_value;
  if (range && !least.has_value()) least = 0;
  if (range && !most.has_value()) most = 100;
  SetBounds(least, most, properties.path(), report, number);
  const std::optional<double> step = properties.TakeNumber("step");
  // Without a step SurveyJS takes any number; a slider moves by 1.
  number.set_decimals(step.has_value() && *step > 0 ? DecimalsOf(*step) : range ? 0 : kMaxDecimals);
  const bool whole_steps = !step.has_value() || std::abs(*step - std::pow(10, -number.decimals())) < 1e-9;
  if (!whole_steps) report.Add(properties.path(), "steps are left out: every number of so many decimals is an answer");
}

std::string TakeDate(Properties& properties, absl::string_view name, Report& report) {
  const std::string text = properties.TakeText(name);
  absl::CivilDay day;
  if (text.empty()) return "";
  if (text.size() == 10 && absl::ParseCivilTime(text, &day)) return text;
  report.Add(properties.PathOf(name), absl::StrCat(Quoted(text), " is not a day such as 2026-01-31: left out"));
  return "";
}

void ReadDate(Properties& properties, Report& report, ReadQuestion& question) {
  v1::DateQuestion& date = *question.question.mutable_date();
  date.set_min(TakeDate(properties, "min", report));
  date.set_max(TakeDate(properties, "max", report));
  if (!date.min().empty() && !date.max().empty() && date.min() > date.max()) {
    report.Add(properties.path(), "its first day is after its last: both are left out");
    date.Clear();
  }
}

}  // namespace

void ReadTextKind(Properties& properties, Report& report, ReadQuestion& question) {
  const std::string type = properties.TakeText("inputType");
  const Validators validators = ReadValidators(properties, Wanted::kText, report);
  if (type == "number" || type == "range" || (validators.numeric && (type.empty() || type == "text"))) {
    return ReadNumber(properties, validators, type == "range", report, question);
  }
  if (type == "date") return ReadDate(properties, report, question);
  v1::TextQuestion& text = *question.question.mutable_free_text();
  SetLengths(properties, validators, report, text);
  if (type == "email" || validators.email) {
    text.set_pattern(v1::TextQuestion::PATTERN_EMAIL);
  } else if (type == "tel") {
    text.set_pattern(v1::TextQuestion::PATTERN_PHONE);
  } else if (type == "url") {
    text.set_pattern(v1::TextQuestion::PATTERN_URL);
  } else if (!type.empty() && type != "text") {
    report.Add(properties.PathOf("inputType"), absl::StrCat(Quoted(type), " is asked as a free text"));
  }
}

void ReadCommentKind(Properties& properties, Report& report, ReadQuestion& question) {
  v1::TextQuestion& text = *question.question.mutable_free_text();
  text.set_multiline(true);
  SetLengths(properties, ReadValidators(properties, Wanted::kText, report), report, text);
}

void ReadSliderKind(Properties& properties, Report& report, ReadQuestion& question) {
  properties.Take("sliderType");
  ReadNumber(properties, ReadValidators(properties, Wanted::kText, report), true, report, question);
}

ChoiceCounts ReadChoiceCounts(Properties& properties, Report& report) {
  const Validators validators = ReadValidators(properties, Wanted::kCount, report);
  const std::optional<double> least = properties.TakeNumber("minSelectedChoices");
  const std::optional<double> most = properties.TakeNumber("maxSelectedChoices");
  return {.least = std::max(Clamped(least, kMostChoices), Clamped(validators.min_count, kMostChoices)),
          .most = most.value_or(0) > 0 ? Clamped(most, kMostChoices) : Clamped(validators.max_count, kMostChoices)};
}

void RefuseValidators(Properties& properties, Report& report) { ReadValidators(properties, Wanted::kNone, report); }

}  // namespace canvass::surveyjs
