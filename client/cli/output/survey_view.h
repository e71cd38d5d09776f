// Surveys and their questions as tables.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_OUTPUT_SURVEY_VIEW_H_
#define CANVASS_CLIENT_CLI_OUTPUT_SURVEY_VIEW_H_

#include <string>

#include "canvass/v1/survey.pb.h"
#include "client/cli/output/terminal.h"

namespace canvass::cli {

// The points of a question that is answered from 1 to that many; 0 for others.
int PointsOf(const v1::Question& question);

// "nps 0-10", "ces 1-7, effort is high", "one of price, quality", "text of at most 500", "matrix of 3 x 5".
std::string QuestionKindText(const v1::Question& question);

// Who is asked it and what comes after it: "if answer.recommend <= 6; to thanks if answer.stay = true". Empty:
// everyone, and the next question.
std::string QuestionLogicText(const v1::Question& question);

// The definition: languages, breakdowns, a line for each question, and tables of pages, values, endings and quotas
// where there are any. Ends with '\n'.
std::string DefinitionText(const v1::SurveyDefinition& definition, const Terminal& terminal);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OUTPUT_SURVEY_VIEW_H_
