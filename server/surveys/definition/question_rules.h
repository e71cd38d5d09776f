// What one question may say, whatever stands around it.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_DEFINITION_QUESTION_RULES_H_
#define CANVASS_SERVER_SURVEYS_DEFINITION_QUESTION_RULES_H_

#include <string>

#include "canvass/v1/question.pb.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/definition/text_rules.h"

namespace canvass::surveys {

// Everything but the key; brings the conditions into their structured form.
void CheckQuestion(const std::string& path, const TextRules& texts, v1::Question& question, Faults& faults);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_DEFINITION_QUESTION_RULES_H_
