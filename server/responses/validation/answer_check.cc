#include "server/responses/validation/answer_check.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/text/characters.h"
#include "server/conditions/facts.h"
#include "server/responses/validation/answer_faults.h"
#include "server/responses/validation/option_check.h"
#include "server/responses/validation/text_pattern.h"
#include "server/surveys/definition/entry_rules.h"
#include "server/surveys/survey.h"

namespace canvass::responses {
namespace {

using conditions::NumberText;
using Kind = v1::Question::KindCase;
using Value = v1::Answer::ValueCase;

// The field of the answer that holds it.
absl::string_view FieldOf(Value value) {
  switch (value) {
    case Value::kScore:
      return "score";
    case Value::kChoice:
      return "choice";
    case Value::kChoices:
      return "choices";
    case Value::kText:
      return "text";
    case Value::kDismissed:
      return "dismissed";
    case Value::kMatrix:
      return "matrix";
    case Value::kRanking:
      return "ranking";
    case Value::kNumber:
      return "number";
    case Value::kDate:
      return "date";
    case Value::kConsent:
      return "consent";
    case Value::VALUE_NOT_SET:
      return "";
  }
  return "";
}

// What an answer to a question of that kind holds; nothing for statements.
Value ExpectedBy(Kind kind) {
  switch (kind) {
    case Kind::kNps:
    case Kind::kCsat:
    case Kind::kCes:
    case Kind::kRating:
      return Value::kScore;
    case Kind::kSingleChoice:
      return Value::kChoice;
    case Kind::kMultipleChoice:
      return Value::kChoices;
    case Kind::kFreeText:
      return Value::kText;
    case Kind::kMatrix:
      return Value::kMatrix;
    case Kind::kRanking:
      return Value::kRanking;
    case Kind::kNumber:
      return Value::kNumber;
    case Kind::kDate:
      return Value::kDate;
    case Kind::kConsent:
      return Value::kConsent;
    case Kind::kStatement:
    case Kind::KIND_NOT_SET:
      return Value::VALUE_NOT_SET;
  }
  return Value::VALUE_NOT_SET;
}

void CheckDismissed(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults) {
  if (!answer.dismissed()) faults.Add("dismissed", "must be true; leave the answer out otherwise");
  if (question.required()) {
    faults.Add("dismissed", absl::StrCat(faults.Question(), " is required and cannot be dismissed"));
  }
}

void CheckScore(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults) {
  const std::optional<surveys::Scale> scale = surveys::ScaleOf(question);
  if (!scale.has_value() || (answer.score() >= scale->low && answer.score() <= scale->high)) return;
  faults.Add("score", absl::StrCat(answer.score(), " is not on the scale ", scale->low, " to ", scale->high, " of ",
                                   faults.Question()));
}

void CheckTextLength(const v1::TextQuestion& kind, const std::string& text, const AnswerFaults& faults) {
  const auto max = static_cast<std::size_t>(surveys::MaxLengthOf(kind));
  const auto min = static_cast<std::size_t>(std::max(kind.min_length(), 0));
  // No text has more characters than bytes.
  if (text.size() <= max && min == 0) return;
  const std::size_t count = CharacterCount(text);
  if (count > max) {
    faults.Add("text", absl::StrCat("has ", count, " characters; ", faults.Question(), " takes at most ", max));
  } else if (count < min) {
    faults.Add("text", absl::StrCat("has ", count, " characters; ", faults.Question(), " takes at least ", min));
  }
}

void CheckText(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults) {
  const v1::TextQuestion& kind = question.free_text();
  if (answer.text().empty()) return faults.Add("text", "is empty; leave the answer out, or dismiss it");
  CheckTextLength(kind, answer.text(), faults);
  if (MatchesPattern(kind.pattern(), answer.text())) return;
  faults.Add("text", absl::StrCat(Quoted(answer.text()), " is not ", DescribePattern(kind.pattern())));
}

// True if `number` is the double that is nearest to some number of that many decimals.
bool HasDecimals(double number, int decimals) {
  // From here on doubles stand further apart than such numbers do.
  constexpr double kAllIntegersBelow = 9007199254740992.0;  // 2^53
  const double power = std::pow(10.0, decimals);
  const double scaled = number * power;
  return std::abs(scaled) >= kAllIntegersBelow || std::nearbyint(scaled) / power == number;
}

void CheckNumber(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults) {
  const v1::NumberQuestion& kind = question.number();
  const double number = answer.number();
  if (!std::isfinite(number)) return faults.Add("number", "must be a finite number");
  if (kind.has_min() && number < kind.min()) {
    faults.Add("number", absl::StrCat(NumberText(number), " is less than ", NumberText(kind.min()), ", the least that ",
                                      faults.Question(), " takes"));
  }
  if (kind.has_max() && number > kind.max()) {
    faults.Add("number", absl::StrCat(NumberText(number), " is more than ", NumberText(kind.max()), ", the most that ",
                                      faults.Question(), " takes"));
  }
  if (HasDecimals(number, kind.decimals())) return;
  faults.Add("number", absl::StrCat(NumberText(number), " has too many decimals; ", faults.Question(),
                                    kind.decimals() == 0 ? " takes whole numbers"
                                                         : absl::StrCat(" takes at most ", kind.decimals())));
}

void CheckDate(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults) {
  const v1::DateQuestion& kind = question.date();
  const std::string& date = answer.date();
  if (!surveys::ParseDay(date).has_value()) {
    return faults.Add("date", absl::StrCat(Quoted(date), " is not a day of the calendar such as 2026-01-31"));
  }
  // Days sort by their texts.
  if (!kind.min().empty() && date < kind.min()) {
    faults.Add("date",
               absl::StrCat(date, " is before ", kind.min(), ", the earliest that ", faults.Question(), " takes"));
  }
  if (!kind.max().empty() && date > kind.max()) {
    faults.Add("date", absl::StrCat(date, " is after ", kind.max(), ", the latest that ", faults.Question(), " takes"));
  }
}

void CheckConsent(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults) {
  if (answer.consent() || !question.required()) return;
  faults.Add("consent", absl::StrCat("must be true: ", faults.Question(), " is required"));
}

// `answer` holds what the kind of `question` takes.
void CheckValue(const v1::Question& question, const v1::Answer& answer, const AnswerFaults& faults) {
  switch (answer.value_case()) {
    case Value::kScore:
      return CheckScore(question, answer, faults);
    case Value::kChoice:
      return CheckChoice(question, answer, faults);
    case Value::kChoices:
      return CheckChoices(question, answer, faults);
    case Value::kText:
      return CheckText(question, answer, faults);
    case Value::kMatrix:
      return CheckMatrix(question, answer, faults);
    case Value::kRanking:
      return CheckRanking(question, answer, faults);
    case Value::kNumber:
      return CheckNumber(question, answer, faults);
    case Value::kDate:
      return CheckDate(question, answer, faults);
    case Value::kConsent:
      return CheckConsent(question, answer, faults);
    case Value::kDismissed:
    case Value::VALUE_NOT_SET:
      return;
  }
}

}  // namespace

void CheckAnswer(const v1::Question& question, const v1::Answer& answer, const AnswerPath& path,
                 Violations& violations) {
  const AnswerFaults faults(question, path, violations);
  const Value expected = ExpectedBy(question.kind_case());
  if (expected == Value::VALUE_NOT_SET) {
    return faults.Add("question", absl::StrCat(faults.Question(), " is a text alone and takes no answer"));
  }
  if (answer.value_case() == Value::VALUE_NOT_SET) {
    return faults.Add("", absl::StrCat("says nothing on ", faults.Question(), ": give `", FieldOf(expected),
                                       "`, or leave the answer out"));
  }
  if (answer.value_case() == Value::kDismissed) {
    CheckDismissed(question, answer, faults);
  } else if (answer.value_case() != expected) {
    return faults.Add(FieldOf(answer.value_case()),
                      absl::StrCat("does not fit ", faults.Question(), ", which takes `", FieldOf(expected), "`"));
  } else {
    CheckValue(question, answer, faults);
  }
  if (!answer.other_text().empty()) CheckOtherText(question, answer, faults);
}

}  // namespace canvass::responses
