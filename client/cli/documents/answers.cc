#include "client/cli/documents/answers.h"

#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
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

std::string MatrixText(const v1::MatrixAnswer& matrix) {
  const std::map<std::string, std::string> sorted(matrix.columns().begin(), matrix.columns().end());
  return absl::StrJoin(sorted, "+", absl::PairFormatter(":"));
}

std::string ValueText(const v1::Answer& answer) {
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
    case v1::Answer::kMatrix:
      return MatrixText(answer.matrix());
    case v1::Answer::kRanking:
      return absl::StrJoin(answer.ranking().keys(), ">");
    case v1::Answer::kNumber:
      return absl::StrCat(answer.number());
    case v1::Answer::kDate:
      return answer.date();
    case v1::Answer::kConsent:
      return answer.consent() ? "agreed" : "not agreed";
    default:
      return "";
  }
}

std::string AnswerText(const v1::Answer& answer) {
  const std::string other = answer.other_text().empty() ? "" : absl::StrCat(" \"", answer.other_text(), "\"");
  return absl::StrCat(ValueText(answer), other);
}

absl::Status Malformed(absl::string_view value, absl::string_view form) {
  return absl::InvalidArgumentError(absl::StrCat("'", value, "' is not ", form));
}

// The option before the colon, what the respondent wrote behind it.
std::string TakeOther(absl::string_view text, v1::Answer& answer) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits(':', 1));
  if (!parts.second.empty()) answer.set_other_text(std::string(absl::StripAsciiWhitespace(parts.second)));
  return std::string(absl::StripAsciiWhitespace(parts.first));
}

// Commas part options, but for those in what the respondent wrote.
void ReadChoices(absl::string_view value, v1::Answer& answer) {
  const absl::string_view options = value.substr(0, value.find(':'));
  const std::size_t last = options.rfind(',');
  const std::size_t start = last == absl::string_view::npos ? 0 : last + 1;
  v1::ChoiceList& choices = *answer.mutable_choices();
  for (const absl::string_view choice : absl::StrSplit(value.substr(0, start), ',', absl::SkipWhitespace())) {
    choices.add_keys(std::string(absl::StripAsciiWhitespace(choice)));
  }
  std::string chosen = TakeOther(value.substr(start), answer);
  if (!chosen.empty()) choices.add_keys(std::move(chosen));
}

absl::Status ReadMatrix(absl::string_view value, v1::MatrixAnswer& matrix) {
  for (const absl::string_view cell : absl::StrSplit(value, ',', absl::SkipWhitespace())) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(cell, absl::MaxSplits(':', 1));
    if (parts.second.empty()) return Malformed(cell, "of the form row:column");
    (*matrix.mutable_columns())[std::string(absl::StripAsciiWhitespace(parts.first))] =
        std::string(absl::StripAsciiWhitespace(parts.second));
  }
  return absl::OkStatus();
}

absl::Status ReadConsent(absl::string_view value, v1::Answer& answer) {
  const std::string word = absl::AsciiStrToLower(value);
  const bool yes = word == "yes" || word == "y" || word == "true";
  const bool no = word == "no" || word == "n" || word == "false";
  if (!yes && !no) return Malformed(value, "yes or no");
  answer.set_consent(yes);
  return absl::OkStatus();
}

absl::Status ReadNumber(absl::string_view value, v1::Answer& answer) {
  double number = 0;
  const bool digits = value.find_first_not_of("0123456789+-.eE") == absl::string_view::npos;
  if (!digits || !absl::SimpleAtod(value, &number)) return Malformed(value, "a number");
  answer.set_number(number);
  return absl::OkStatus();
}

absl::Status ReadDate(absl::string_view value, v1::Answer& answer) {
  absl::CivilDay day;
  if (value.size() != 10 || !absl::ParseCivilTime(value, &day)) return Malformed(value, "a date such as 2026-01-31");
  answer.set_date(std::string(value));
  return absl::OkStatus();
}

absl::Status ReadScore(absl::string_view value, v1::Answer& answer) {
  int score = 0;
  if (!absl::SimpleAtoi(value, &score)) return Malformed(value, "a score: a whole number");
  answer.set_score(score);
  return absl::OkStatus();
}

absl::Status ReadValue(const v1::Question& question, absl::string_view value, v1::Answer& answer) {
  switch (question.kind_case()) {
    case v1::Question::kSingleChoice:
      answer.set_choice(TakeOther(value, answer));
      return absl::OkStatus();
    case v1::Question::kMultipleChoice:
      ReadChoices(value, answer);
      return absl::OkStatus();
    case v1::Question::kFreeText:
      answer.set_text(std::string(value));
      return absl::OkStatus();
    case v1::Question::kMatrix:
      return ReadMatrix(value, *answer.mutable_matrix());
    case v1::Question::kRanking:
      for (const absl::string_view option : absl::StrSplit(value, ',', absl::SkipWhitespace())) {
        answer.mutable_ranking()->add_keys(std::string(absl::StripAsciiWhitespace(option)));
      }
      return absl::OkStatus();
    case v1::Question::kNumber:
      return ReadNumber(absl::StripAsciiWhitespace(value), answer);
    case v1::Question::kDate:
      return ReadDate(absl::StripAsciiWhitespace(value), answer);
    case v1::Question::kConsent:
      return ReadConsent(absl::StripAsciiWhitespace(value), answer);
    case v1::Question::kStatement:
      return absl::InvalidArgumentError("a statement takes no answer");
    default:
      return ReadScore(absl::StripAsciiWhitespace(value), answer);
  }
}

}  // namespace

absl::StatusOr<v1::Answer> ParseValue(const v1::Question& question, absl::string_view value) {
  v1::Answer answer;
  answer.set_question(question.key());
  absl::Status status = ReadValue(question, value, answer);
  if (!status.ok()) return status;
  return answer;
}

absl::StatusOr<v1::Answer> ParseAnswer(const v1::SurveyDefinition& definition, absl::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == absl::string_view::npos) {
    return UsageError(absl::StrCat("--answer: '", text, "' is not of the form question=answer"));
  }
  const absl::string_view key = text.substr(0, equals);
  const absl::StatusOr<const v1::Question*> question = FindQuestion(definition, key);
  if (!question.ok()) return question.status();
  absl::StatusOr<v1::Answer> answer = ParseValue(**question, text.substr(equals + 1));
  if (answer.ok()) return answer;
  return UsageError(absl::StrCat("--answer: ", answer.status().message(), ", which '", key, "' asks for"));
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
