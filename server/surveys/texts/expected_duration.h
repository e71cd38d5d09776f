// How long an average respondent needs for questions. questionnaire.proto (Step.remaining_duration) has the rule.
//
//   const QuestionDurations durations(definition, "cs");
//   durations.Of(walked.shown)
//
// Pure; what is const is thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_TEXTS_EXPECTED_DURATION_H_
#define CANVASS_SERVER_SURVEYS_TEXTS_EXPECTED_DURATION_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::surveys {

// What each question of a definition takes who reads it in one language; texts are read when it is made.
class QuestionDurations {
 public:
  // Of no questions.
  QuestionDurations() = default;
  QuestionDurations(const v1::SurveyDefinition& definition, absl::string_view language);

  // For the questions that are `shown`, by their places: answering each, and reading its text and help as well as title
  // and description of the pages that they stand on. The time for an answer includes reading what there is to choose
  // from.
  absl::Duration Of(const std::vector<bool>& shown) const;

 private:
  // Questions [first, end), and reading what stands above them.
  struct Page {
    int first;
    int end;
    absl::Duration reading;
  };

  std::vector<absl::Duration> questions_;
  std::vector<Page> pages_;
};

// Of all questions in the default language.
absl::Duration ExpectedDuration(const v1::SurveyDefinition& definition);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_TEXTS_EXPECTED_DURATION_H_
