// canvass survey: questionnaires and their versions. Each function adds the verbs of one file to the noun.
//
// Not thread-safe, as the command set.
#ifndef CANVASS_CLIENT_CLI_SURVEY_VERBS_H_
#define CANVASS_CLIENT_CLI_SURVEY_VERBS_H_

#include <string>

#include "canvass/v1/survey.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/output/printer.h"

namespace canvass::cli {

void AddInit(CommandSet& commands, CLI::App& noun);
void AddLint(CommandSet& commands, CLI::App& noun);
void AddApply(CommandSet& commands, CLI::App& noun);
void AddDiff(CommandSet& commands, CLI::App& noun);
// get, list, versions
void AddStored(CommandSet& commands, CLI::App& noun);
// publish, close, reopen, archive, restore, copy
void AddLifecycle(CommandSet& commands, CLI::App& noun);
void AddPreview(CommandSet& commands, CLI::App& noun);
void AddTranslations(CommandSet& commands, CLI::App& noun);
// import, export
void AddExchange(CommandSet& commands, CLI::App& noun);

// A survey in a list.
Columns<v1::Survey> SurveyColumns();

// -o FILE: where a verb writes what it makes; empty for standard output. It stands before the --output of all commands.
CLI::Option* AddOut(CLI::App& verb, std::string& file);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_SURVEY_VERBS_H_
