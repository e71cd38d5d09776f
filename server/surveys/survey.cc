#include "server/surveys/survey.h"

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/text/characters.h"
#include "server/surveys/definition/check_definition.h"

namespace canvass::surveys {
namespace {

using google::protobuf::RepeatedPtrField;

constexpr int kDefaultAnswerLength = 2'000;
constexpr int kDefaultHiddenLength = 200;
constexpr int kDefaultCsatPoints = 5;
constexpr int kDefaultCesPoints = 7;
constexpr int kDefaultRatingPoints = 5;

void CheckClosing(const v1::Closing& closing, Violations& violations) {
  if (!IsValid(closing.close_time())) {
    violations.Add("closing.close_time", "is not a time of the years 1 to 9999");
  }
  if (closing.max_responses() < 0) {
    violations.Add("closing.max_responses",
                   absl::StrCat(closing.max_responses(), " is not allowed: 1 or more, or 0 for any number"));
  }
}

}  // namespace

absl::Status ValidateSurvey(v1::Survey& survey) {
  Violations violations;
  CheckDisplayName("display_name", survey.display_name(), violations);
  CheckClosing(survey.closing(), violations);
  if (survey.has_definition()) {
    CheckDefinition(*survey.mutable_definition(), violations);
  } else {
    violations.Add("definition", "is required");
  }
  // Both requests that carry a survey call it so: paths start at the request's root.
  Violations of_request;
  for (const FieldViolation& violation : violations.list()) {
    of_request.Add(absl::StrCat("survey.", violation.field), violation.description);
  }
  return of_request.ToStatus(v1::ERROR_REASON_INVALID_SURVEY);
}

std::optional<Scale> ScaleOf(const v1::Question& question) {
  switch (question.kind_case()) {
    case v1::Question::kNps:
      return Scale{.low = 0, .high = 10};
    case v1::Question::kCsat:
      return Scale{.low = 1, .high = question.csat().points() == 0 ? kDefaultCsatPoints : question.csat().points()};
    case v1::Question::kCes:
      return Scale{.low = 1, .high = question.ces().points() == 0 ? kDefaultCesPoints : question.ces().points()};
    case v1::Question::kRating:
      return Scale{.low = 1,
                   .high = question.rating().points() == 0 ? kDefaultRatingPoints : question.rating().points()};
    default:
      return std::nullopt;
  }
}

bool EffortIsHigh(const v1::CesQuestion& question) {
  return question.direction() == v1::CesQuestion::DIRECTION_EFFORT_IS_HIGH;
}

const RepeatedPtrField<v1::ChoiceOption>* OptionsOf(const v1::Question& question) {
  if (question.has_single_choice()) return &question.single_choice().options();
  if (question.has_multiple_choice()) return &question.multiple_choice().options();
  if (question.has_ranking()) return &question.ranking().options();
  return nullptr;
}

int MaxChoicesOf(const v1::MultipleChoiceQuestion& question) {
  return question.max_choices() == 0 ? question.options_size() : question.max_choices();
}

int MinRankedOf(const v1::RankingQuestion& question) {
  return question.min_ranked() > 0 ? question.min_ranked() : question.options_size();
}

int MaxLengthOf(const v1::TextQuestion& question) {
  return question.max_length() == 0 ? kDefaultAnswerLength : question.max_length();
}

int MaxLengthOf(const v1::HiddenField& field) {
  return field.max_length() == 0 ? kDefaultHiddenLength : field.max_length();
}

const v1::Question* FindQuestion(const v1::SurveyDefinition& definition, absl::string_view key) {
  for (const v1::Question& question : definition.questions()) {
    if (question.key() == key) return &question;
  }
  return nullptr;
}

const v1::HiddenField* FindHiddenField(const v1::SurveyDefinition& definition, absl::string_view key) {
  for (const v1::HiddenField& field : definition.hidden_fields()) {
    if (field.key() == key) return &field;
  }
  return nullptr;
}

}  // namespace canvass::surveys
