// What the hidden fields of a definition may say.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_DEFINITION_HIDDEN_FIELD_RULES_H_
#define CANVASS_SERVER_SURVEYS_DEFINITION_HIDDEN_FIELD_RULES_H_

#include "canvass/v1/survey.pb.h"
#include "server/surveys/definition/faults.h"

namespace canvass::surveys {

// Their keys, types and lengths.
void CheckHiddenFields(const v1::SurveyDefinition& definition, Faults& faults);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_DEFINITION_HIDDEN_FIELD_RULES_H_
