// Required questions that nobody can answer.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_PUBLISHING_ANSWER_RULES_H_
#define CANVASS_SERVER_SURVEYS_PUBLISHING_ANSWER_RULES_H_

#include "canvass/v1/survey.pb.h"
#include "server/surveys/definition/faults.h"

namespace canvass::surveys {

// Adds a fault for each: statements, numbers between which there is none with the allowed decimals, texts too short for
// their pattern. What is at fault by itself, such as a minimum above its maximum, is CheckDefinition's.
void CheckAnswerable(const v1::SurveyDefinition& definition, Faults& faults);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_PUBLISHING_ANSWER_RULES_H_
