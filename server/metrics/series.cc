#include "server/metrics/series.h"

#include "absl/strings/str_cat.h"
#include "server/surveys/survey.h"

namespace canvass::metrics {

std::string SeriesOf(const v1::Question& question) {
  switch (question.kind_case()) {
    case v1::Question::kNps:
      return absl::StrCat(question.key(), ":nps");
    case v1::Question::kCsat:
      return absl::StrCat(question.key(), ":csat", surveys::ScaleOf(question)->high);
    case v1::Question::kCes:
      return absl::StrCat(question.key(), ":ces", surveys::ScaleOf(question)->high,
                          surveys::EffortIsHigh(question.ces()) ? "e" : "");
    case v1::Question::kSingleChoice:
      return absl::StrCat(question.key(), ":one");
    case v1::Question::kMultipleChoice:
      return absl::StrCat(question.key(), ":many");
    case v1::Question::kFreeText:
      return absl::StrCat(question.key(), ":text");
    case v1::Question::kRating:
      return absl::StrCat(question.key(), ":rating", surveys::ScaleOf(question)->high);
    default:
      break;
  }
  return absl::StrCat(question.key(), ":none");
}

}  // namespace canvass::metrics
