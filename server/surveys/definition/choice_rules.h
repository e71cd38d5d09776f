// What questions with options may say: single and multiple choice, matrix, ranking.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_DEFINITION_CHOICE_RULES_H_
#define CANVASS_SERVER_SURVEYS_DEFINITION_CHOICE_RULES_H_

#include <string>

#include "canvass/v1/question.pb.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/definition/text_rules.h"

namespace canvass::surveys {

// Each takes the path of what it checks.
void CheckSingleChoice(const std::string& path, const v1::SingleChoiceQuestion& question, const TextRules& texts,
                       Faults& faults);
void CheckMultipleChoice(const std::string& path, const v1::MultipleChoiceQuestion& question, const TextRules& texts,
                         Faults& faults);
void CheckMatrix(const std::string& path, const v1::MatrixQuestion& question, const TextRules& texts, Faults& faults);
void CheckRanking(const std::string& path, const v1::RankingQuestion& question, const TextRules& texts, Faults& faults);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_DEFINITION_CHOICE_RULES_H_
