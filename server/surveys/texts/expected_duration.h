// How long an average respondent needs for questions. questionnaire.proto (Step.remaining_duration) has the rule.
//
//   ExpectedDuration(definition, walked.shown, "cs")
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_TEXTS_EXPECTED_DURATION_H_
#define CANVASS_SERVER_SURVEYS_TEXTS_EXPECTED_DURATION_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::surveys {

// For the questions that are `shown`, by their places, read in `language`: answering each, and reading its text and
// help as well as title and description of the pages that they stand on. The time for an answer includes reading what
// there is to choose from. Linear in the size of `definition`.
absl::Duration ExpectedDuration(const v1::SurveyDefinition& definition, const std::vector<bool>& shown,
                                absl::string_view language);

// The same for all questions in the default language.
absl::Duration ExpectedDuration(const v1::SurveyDefinition& definition);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_TEXTS_EXPECTED_DURATION_H_
