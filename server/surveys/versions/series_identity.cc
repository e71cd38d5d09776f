#include "server/surveys/versions/series_identity.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "server/surveys/survey.h"

namespace canvass::surveys {

std::string SeriesIdentity(const v1::Question& question) {
  switch (question.kind_case()) {
    case v1::Question::kNps:
      return "nps";
    case v1::Question::kCsat:
      return absl::StrCat("csat", ScaleOf(question)->high);
    case v1::Question::kCes:
      return absl::StrCat("ces", ScaleOf(question)->high, EffortIsHigh(question.ces()) ? "e" : "");
    case v1::Question::kRating:
      return absl::StrCat("rating", ScaleOf(question)->high);
    case v1::Question::kSingleChoice:
      return "one";
    case v1::Question::kMultipleChoice:
      return "many";
    case v1::Question::kFreeText:
      return "text";
    case v1::Question::kMatrix:
      return "matrix";
    case v1::Question::kRanking:
      return "ranking";
    case v1::Question::kNumber:
      return "number";
    case v1::Question::kDate:
      return "date";
    case v1::Question::kConsent:
      return "consent";
    case v1::Question::kStatement:
    case v1::Question::KIND_NOT_SET:
      break;
  }
  return "";
}

std::string SeriesText(const v1::Question& question) {
  const auto* kind = v1::Question::descriptor()->FindFieldByNumber(question.kind_case());
  std::string text = kind == nullptr ? "a question of no kind" : kind->name();
  if (const std::optional<Scale> scale = ScaleOf(question)) {
    absl::StrAppend(&text, " of ", scale->low, " to ", scale->high);
  }
  if (question.has_ces() && EffortIsHigh(question.ces())) absl::StrAppend(&text, " where effort is high");
  return text;
}

}  // namespace canvass::surveys
