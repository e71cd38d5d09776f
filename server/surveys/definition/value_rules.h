// What calculated values and breakdowns may say, each by itself.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_DEFINITION_VALUE_RULES_H_
#define CANVASS_SERVER_SURVEYS_DEFINITION_VALUE_RULES_H_

#include "canvass/v1/survey.pb.h"
#include "server/surveys/definition/faults.h"

namespace canvass::surveys {

// Brings the conditions into their structured form.
void CheckValues(v1::SurveyDefinition& definition, Faults& faults);

void CheckBreakdowns(const v1::SurveyDefinition& definition, Faults& faults);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_DEFINITION_VALUE_RULES_H_
