// What the pages, endings and quotas of a definition may say, each by itself.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_DEFINITION_LAYOUT_RULES_H_
#define CANVASS_SERVER_SURVEYS_DEFINITION_LAYOUT_RULES_H_

#include "canvass/v1/survey.pb.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/definition/text_rules.h"

namespace canvass::surveys {

// These bring the conditions into their structured form.
void CheckPages(const TextRules& texts, v1::SurveyDefinition& definition, Faults& faults);
void CheckQuotas(v1::SurveyDefinition& definition, Faults& faults);

void CheckEndings(const TextRules& texts, const v1::SurveyDefinition& definition, Faults& faults);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_DEFINITION_LAYOUT_RULES_H_
