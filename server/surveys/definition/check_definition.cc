#include "server/surveys/definition/check_definition.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/definition/hidden_field_rules.h"
#include "server/surveys/definition/layout_rules.h"
#include "server/surveys/definition/question_rules.h"
#include "server/surveys/definition/repeat_rules.h"
#include "server/surveys/definition/text_rules.h"
#include "server/surveys/definition/value_rules.h"

namespace canvass::surveys {
namespace {

constexpr std::size_t kMaxDefinitionBytes = std::size_t{256} << 10;
constexpr int kMaxQuestions = 200;

bool IsTooLarge(const v1::SurveyDefinition& definition, absl::string_view how, Faults& faults) {
  const std::size_t bytes = definition.ByteSizeLong();
  if (bytes <= kMaxDefinitionBytes) return false;
  faults.Add("definition",
             absl::StrCat("has ", bytes, " bytes serialized", how, "; at most ", kMaxDefinitionBytes, " are allowed"));
  return true;
}

void CheckQuestions(const TextRules& texts, v1::SurveyDefinition& definition, Faults& faults) {
  faults.CheckCount("definition.questions", definition.questions_size(), 1, kMaxQuestions);
  Keys keys(Keys::First::kLetter, faults);
  for (int i = 0; i < std::min(definition.questions_size(), kMaxQuestions) && !faults.Full(); ++i) {
    const std::string path = absl::StrCat("definition.questions[", i, "]");
    keys.Check(path, definition.questions(i).key());
    CheckQuestion(path, texts, *definition.mutable_questions(i), faults);
  }
}

}  // namespace

bool CheckDefinition(v1::SurveyDefinition& definition, Violations& violations) {
  Faults faults(violations);
  // Nothing else is looked at then, so that what follows is bounded.
  if (IsTooLarge(definition, "", faults)) return false;
  const TextRules texts(definition, faults);
  CheckLanguages(definition, faults);
  texts.Check("definition.title", definition.title(), TextRules::Presence::kOptional);
  CheckPages(texts, definition, faults);
  CheckQuestions(texts, definition, faults);
  CheckEndings(texts, definition, faults);
  CheckValues(definition, faults);
  CheckQuotas(definition, faults);
  CheckBreakdowns(definition, faults);
  texts.Check("definition.closed_text", definition.closed_text(), TextRules::Presence::kOptional);
  if (!v1::SurveyDefinition::HiddenAnswers_IsValid(definition.hidden_answers())) {
    faults.Add("definition.hidden_answers", "must be HIDDEN_ANSWERS_REFUSE or HIDDEN_ANSWERS_DROP");
  }
  CheckHiddenFields(definition, faults);
  CheckRepeats(definition, faults);
  // The structured form of a condition is longer than its text.
  const bool too_large = IsTooLarge(definition, " with its conditions in structured form", faults);
  return !too_large && !faults.Full() && !faults.HasTooMany();
}

}  // namespace canvass::surveys
