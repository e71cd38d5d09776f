#include "server/surveys/publishing/answer_rules.h"

#include <cmath>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/conditions/facts.h"
#include "server/surveys/survey.h"

namespace canvass::surveys {
namespace {

constexpr absl::string_view kUnanswerable = "is required, but nobody can answer it: ";

// The fewest characters that fit the pattern.
int ShortestOf(v1::TextQuestion::Pattern pattern) {
  switch (pattern) {
    case v1::TextQuestion::PATTERN_EMAIL:
      return 5;  // a@b.c
    case v1::TextQuestion::PATTERN_PHONE:
      return 7;
    case v1::TextQuestion::PATTERN_URL:
      return 8;  // http://a
    default:
      return 1;
  }
}

// A number with so many decimals lies between the bounds, or might.
bool HasNumber(const v1::NumberQuestion& question) {
  if (!question.has_min() || !question.has_max() || question.min() > question.max()) return true;
  const double scale = std::pow(10, question.decimals());
  return std::ceil(question.min() * scale) <= std::floor(question.max() * scale);
}

void CheckQuestion(const std::string& path, const v1::Question& question, Faults& faults) {
  if (question.has_statement()) {
    return faults.Add(path + ".required", "must not be set for a statement, which takes no answer");
  }
  if (question.has_number() && !HasNumber(question.number())) {
    faults.Add(path + ".number",
               absl::StrCat(kUnanswerable, "no number with ", question.number().decimals(), " decimals lies between ",
                            conditions::NumberText(question.number().min()), " and ",
                            conditions::NumberText(question.number().max())));
  }
  if (!question.has_free_text()) return;
  const int shortest = ShortestOf(question.free_text().pattern());
  if (MaxLengthOf(question.free_text()) >= shortest) return;
  faults.Add(path + ".free_text.max_length",
             absl::StrCat(kUnanswerable, "its pattern takes ", shortest, " characters at least"));
}

}  // namespace

void CheckAnswerable(const v1::SurveyDefinition& definition, Faults& faults) {
  for (int i = 0; i < definition.questions_size() && !faults.Full(); ++i) {
    const v1::Question& question = definition.questions(i);
    if (question.required()) CheckQuestion(absl::StrCat("definition.questions[", i, "]"), question, faults);
  }
}

}  // namespace canvass::surveys
