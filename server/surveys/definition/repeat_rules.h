// What a definition may say on how often one contact answers.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_DEFINITION_REPEAT_RULES_H_
#define CANVASS_SERVER_SURVEYS_DEFINITION_REPEAT_RULES_H_

#include "canvass/v1/survey.pb.h"
#include "server/surveys/definition/faults.h"

namespace canvass::surveys {

// The periods of its RepeatPolicy.
void CheckRepeats(const v1::SurveyDefinition& definition, Faults& faults);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_DEFINITION_REPEAT_RULES_H_
