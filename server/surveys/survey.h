// The rules of a survey: what a definition may say, and what its questions mean where a field was left at its default.
//
// Pure functions without I/O.
#ifndef CANVASS_SERVER_SURVEYS_SURVEY_H_
#define CANVASS_SERVER_SURVEYS_SURVEY_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::surveys {

// Checks display_name, definition and closing against the limits that survey.proto documents, and brings the
// definition's conditions into the structured form in which they are stored.
// InvalidArgument (INVALID_SURVEY) with every violation at its path in a request that carries the survey:
// `survey.definition.questions[3].csat.points`.
absl::Status ValidateSurvey(v1::Survey& survey);

// The lowest and highest score of an answer.
struct Scale {
  int low;
  int high;
  friend bool operator==(const Scale&, const Scale&) = default;
};

// The scale of an nps, csat, ces or rating question; nullopt for other kinds.
std::optional<Scale> ScaleOf(const v1::Question& question);

// True if a high score of this ces question means much effort, so that low is good.
bool EffortIsHigh(const v1::CesQuestion& question);

// The options of a choice or ranking question; nullptr for other kinds.
const google::protobuf::RepeatedPtrField<v1::ChoiceOption>* OptionsOf(const v1::Question& question);

// The most options that a response may choose, the least that it must place, and the most characters of an answer
// or of a TYPE_TEXT, with their defaults.
int MaxChoicesOf(const v1::MultipleChoiceQuestion& question);
int MinRankedOf(const v1::RankingQuestion& question);
int MaxLengthOf(const v1::TextQuestion& question);
int MaxLengthOf(const v1::HiddenField& field);

// The question of that key; nullptr if there is none. Valid as long as `definition` is not changed.
const v1::Question* FindQuestion(const v1::SurveyDefinition& definition, absl::string_view key);
// The hidden field of that key, in the same way.
const v1::HiddenField* FindHiddenField(const v1::SurveyDefinition& definition, absl::string_view key);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_SURVEY_H_
