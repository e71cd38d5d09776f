#include "server/http/pages/problem_text.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/text/characters.h"
#include "server/http/pages/question_view.h"
#include "server/surveys/survey.h"

namespace canvass::http {
namespace {

constexpr int kMaxOtherText = 1000;

std::string ChoicesText(const v1::MultipleChoiceQuestion& kind, absl::string_view field, const Sentences& sentences) {
  for (const v1::ChoiceOption& option : kind.options()) {
    if (option.exclusive() && absl::StartsWith(field, "choices.keys")) {
      return sentences.Fill("problem_exclusive", {{"option", std::string(OnlyText(option.text()))}});
    }
  }
  return sentences.Fill("problem_choose_count", {{"min", absl::StrCat(std::max(kind.min_choices(), 1))},
                                                 {"max", absl::StrCat(surveys::MaxChoicesOf(kind))}});
}

std::string PatternText(v1::TextQuestion::Pattern pattern, const Sentences& sentences) {
  switch (pattern) {
    case v1::TextQuestion::PATTERN_EMAIL:
      return std::string(sentences.Get("problem_email"));
    case v1::TextQuestion::PATTERN_PHONE:
      return std::string(sentences.Get("problem_phone"));
    case v1::TextQuestion::PATTERN_URL:
      return std::string(sentences.Get("problem_url"));
    default:
      return std::string(sentences.Get("problem_number"));
  }
}

std::string FreeTextText(const v1::TextQuestion& kind, absl::string_view text, const Sentences& sentences) {
  const auto count = static_cast<int>(CharacterCount(text));
  const int max = surveys::MaxLengthOf(kind);
  if (count > max) return sentences.Fill("problem_too_long", {{"max", absl::StrCat(max)}});
  if (count < kind.min_length()) return sentences.Fill("problem_too_short", {{"min", absl::StrCat(kind.min_length())}});
  return PatternText(kind.pattern(), sentences);
}

std::string NumberProblem(const v1::NumberQuestion& kind, const FormAnswer& read, const Sentences& sentences) {
  if (read.answer.has_value()) {
    const double number = read.answer->number();
    if (kind.has_min() && number < kind.min()) {
      return sentences.Fill("problem_min", {{"min", NumberText(kind.min())}});
    }
    if (kind.has_max() && number > kind.max()) {
      return sentences.Fill("problem_max", {{"max", NumberText(kind.max())}});
    }
  }
  if (kind.decimals() == 0) return std::string(sentences.Get("problem_whole_number"));
  if (read.unreadable) return std::string(sentences.Get("problem_number"));
  return sentences.Fill("problem_decimals", {{"max", absl::StrCat(kind.decimals())}});
}

// Days of the form 2026-01-31 sort by their bytes; what is none is told apart by its shape well enough for a hint.
std::string DateProblem(const v1::DateQuestion& kind, absl::string_view date, const Sentences& sentences) {
  if (date.size() == 10 && date[4] == '-' && date[7] == '-') {
    if (!kind.min().empty() && date < kind.min()) return sentences.Fill("problem_date_min", {{"min", kind.min()}});
    if (!kind.max().empty() && date > kind.max()) return sentences.Fill("problem_date_max", {{"max", kind.max()}});
  }
  return std::string(sentences.Get("problem_date"));
}

std::string RankingText(const v1::RankingQuestion& kind, const FormAnswer& read, const Sentences& sentences) {
  if (read.unreadable) return std::string(sentences.Get("problem_ranking_twice"));
  const int min = kind.min_ranked() == 0 ? kind.options_size() : kind.min_ranked();
  return sentences.Fill("problem_ranking_count", {{"min", absl::StrCat(min)}});
}

}  // namespace

std::string ProblemText(const v1::Question& question, const FormAnswer& read, absl::string_view field,
                        const Sentences& sentences) {
  if (!read.answer.has_value() && !read.unreadable) return std::string(sentences.Get("problem_required"));
  if (field == "other_text") return sentences.Fill("problem_too_long", {{"max", absl::StrCat(kMaxOtherText)}});
  switch (question.kind_case()) {
    case v1::Question::kMultipleChoice:
      return ChoicesText(question.multiple_choice(), field, sentences);
    case v1::Question::kFreeText:
      return FreeTextText(question.free_text(), read.answer->text(), sentences);
    case v1::Question::kNumber:
      return NumberProblem(question.number(), read, sentences);
    case v1::Question::kDate:
      return DateProblem(question.date(), read.answer->date(), sentences);
    case v1::Question::kMatrix:
      return std::string(sentences.Get("problem_matrix"));
    case v1::Question::kRanking:
      return RankingText(question.ranking(), read, sentences);
    case v1::Question::kConsent:
      return std::string(sentences.Get("problem_consent"));
    default:
      return std::string(sentences.Get("problem_choose"));
  }
}

}  // namespace canvass::http
