// The questions of SurveyJS that are answered by typing: text, comment, and the fields of a multipletext. What is typed
// decides the kind: a free text, a number or a date.
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_READING_TEXT_QUESTIONS_H_
#define CANVASS_CLIENT_SURVEYJS_READING_TEXT_QUESTIONS_H_

#include "client/surveyjs/reading/properties.h"
#include "client/surveyjs/reading/read_question.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

// Sets the kind of `question` by inputType, limits and validators; of one line.
void ReadTextKind(Properties& properties, Report& report, ReadQuestion& question);

// The same of several lines.
void ReadCommentKind(Properties& properties, Report& report, ReadQuestion& question);

// A number that is set by a slider.
void ReadSliderKind(Properties& properties, Report& report, ReadQuestion& question);

// How many choices an answercount validator and the properties of a checkbox ask for; 0 where they say nothing. Adds a
// note for every other validator, except that one `{name} = true` is what makes a consent required.
struct ChoiceCounts {
  int least = 0;
  int most = 0;
};
ChoiceCounts ReadChoiceCounts(Properties& properties, Report& report);

// Adds a note for each validator.
void RefuseValidators(Properties& properties, Report& report);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_READING_TEXT_QUESTIONS_H_
