// Surveys and their questions as tables.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_OUTPUT_SURVEY_VIEW_H_
#define CANVASS_CLIENT_CLI_OUTPUT_SURVEY_VIEW_H_

#include <string>

#include "canvass/v1/survey.pb.h"
#include "client/cli/output/terminal.h"

namespace canvass::cli {

// "nps 0-10", "csat 1-5", "ces 1-7, ease is high", "single choice of 4", "text".
std::string QuestionKindText(const v1::Question& question);

// The definition: language, breakdowns, and a line for each question. Ends with '\n'.
std::string DefinitionText(const v1::SurveyDefinition& definition, const Terminal& terminal);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OUTPUT_SURVEY_VIEW_H_
