#include "server/surveys/texts/expected_duration.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "server/surveys/logic/pages.h"
#include "server/surveys/survey.h"
#include "server/surveys/texts/languages.h"

namespace canvass::surveys {
namespace {

constexpr absl::Duration kChoosing = absl::Milliseconds(7'500);
constexpr absl::Duration kOneMore = absl::Seconds(5);  // row of a matrix or option to rank
constexpr absl::Duration kShortEntry = absl::Seconds(5);
constexpr absl::Duration kShortText = absl::Seconds(15);
constexpr absl::Duration kLongText = absl::Seconds(30);
constexpr int kWordsPerSecond = 4;

int WordCount(absl::string_view text) {
  int words = 0;
  bool in_word = false;
  for (char c : text) {
    const bool blank = absl::ascii_isspace(static_cast<unsigned char>(c));
    if (!blank && !in_word) ++words;
    in_word = !blank;
  }
  return words;
}

absl::Duration ForSeveral(int count) { return kChoosing + kOneMore * std::max(0, count - 1); }

absl::Duration AnsweringTime(const v1::Question& question) {
  switch (question.kind_case()) {
    case v1::Question::kNps:
    case v1::Question::kCsat:
    case v1::Question::kCes:
    case v1::Question::kRating:
    case v1::Question::kSingleChoice:
    case v1::Question::kMultipleChoice:
    case v1::Question::kConsent:
      return kChoosing;
    case v1::Question::kMatrix:
      return ForSeveral(question.matrix().rows_size());
    case v1::Question::kRanking:
      return ForSeveral(MinRankedOf(question.ranking()));
    case v1::Question::kNumber:
    case v1::Question::kDate:
      return kShortEntry;
    case v1::Question::kFreeText:
      return question.free_text().multiline() ? kLongText : kShortText;
    case v1::Question::kStatement:
    case v1::Question::KIND_NOT_SET:
      return absl::ZeroDuration();
  }
  return absl::ZeroDuration();
}

}  // namespace

QuestionDurations::QuestionDurations(const v1::SurveyDefinition& definition, absl::string_view language) {
  const auto reading = [&](const TextMap& text) {
    return absl::Seconds(WordCount(TextIn(text, language, definition.default_language()))) / kWordsPerSecond;
  };
  for (const v1::Question& question : definition.questions()) {
    questions_.push_back(AnsweringTime(question) + reading(question.text()) + reading(question.help()));
  }
  for (const PageRange& range : PagesOf(definition)) {
    Page& page = pages_.emplace_back(Page{.first = range.first, .end = range.end, .reading = absl::ZeroDuration()});
    if (range.page != nullptr) page.reading = reading(range.page->title()) + reading(range.page->description());
  }
}

absl::Duration QuestionDurations::Of(const std::vector<bool>& shown) const {
  absl::Duration sum;
  for (const Page& page : pages_) {
    bool any = false;
    for (int place = page.first; place < page.end; ++place) {
      if (static_cast<std::size_t>(place) >= shown.size() || !shown[place]) continue;
      any = true;
      sum += questions_[place];
    }
    if (any) sum += page.reading;
  }
  return sum;
}

absl::Duration ExpectedDuration(const v1::SurveyDefinition& definition) {
  const std::vector<bool> all(definition.questions_size(), true);
  return QuestionDurations(definition, definition.default_language()).Of(all);
}

}  // namespace canvass::surveys
