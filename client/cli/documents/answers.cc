#include "client/cli/documents/answers.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/documents/nearest.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {
namespace {

absl::StatusOr<const v1::Question*> FindQuestion(const v1::SurveyDefinition& definition, absl::string_view key) {
  std::vector<std::string> keys;
  for (const v1::Question& question : definition.questions()) {
    if (question.key() == key) return &question;
    keys.push_back(question.key());
  }
  return UsageError(absl::StrCat("the survey has no question '", key, "'", Suggestion(key, keys)));
}

std::string AnswerText(const v1::Answer& answer) {
  switch (answer.value_case()) {
    case v1::Answer::kScore:
      return absl::StrCat(answer.score());
    case v1::Answer::kChoice:
      return answer.choice();
    case v1::Answer::kChoices:
      return absl::StrJoin(answer.choices().keys(), "+");
    case v1::Answer::kText:
      return absl::StrCat("\"", answer.text(), "\"");
    case v1::Answer::kDismissed:
      return "dismissed";
    default:
      return "";
  }
}

}  // namespace

absl::StatusOr<v1::Answer> ParseAnswer(const v1::SurveyDefinition& definition, absl::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == absl::string_view::npos) {
    return UsageError(absl::StrCat("--answer: '", text, "' is not of the form question=answer"));
  }
  const absl::string_view key = text.substr(0, equals);
  const absl::string_view value = text.substr(equals + 1);
  const absl::StatusOr<const v1::Question*> question = FindQuestion(definition, key);
  if (!question.ok()) return question.status();
  v1::Answer answer;
  answer.set_question(std::string(key));
  switch ((*question)->kind_case()) {
    case v1::Question::kSingleChoice:
      answer.set_choice(std::string(value));
      return answer;
    case v1::Question::kMultipleChoice:
      for (const absl::string_view choice : absl::StrSplit(value, ',', absl::SkipWhitespace())) {
        answer.mutable_choices()->add_keys(std::string(absl::StripAsciiWhitespace(choice)));
      }
      return answer;
    case v1::Question::kFreeText:
      answer.set_text(std::string(value));
      return answer;
    default:
      break;
  }
  int score = 0;
  if (!absl::SimpleAtoi(value, &score)) {
    return UsageError(absl::StrCat("--answer: '", value, "' is not a score, which '", key, "' asks for"));
  }
  answer.set_score(score);
  return answer;
}

absl::StatusOr<v1::Answer> DismissedAnswer(const v1::SurveyDefinition& definition, absl::string_view key) {
  const absl::StatusOr<const v1::Question*> question = FindQuestion(definition, key);
  if (!question.ok()) return question.status();
  v1::Answer answer;
  answer.set_question(std::string(key));
  answer.set_dismissed(true);
  return answer;
}

std::string AnswersText(const v1::Response& response) {
  return absl::StrJoin(response.answers(), ", ", [](std::string* out, const v1::Answer& answer) {
    absl::StrAppend(out, answer.question(), " ", AnswerText(answer));
  });
}

}  // namespace canvass::cli
