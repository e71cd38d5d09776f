// canvass response: the verbs beyond submit, get and list, and what all of them print.
//
// Not thread-safe, as the command set.
#ifndef CANVASS_CLIENT_CLI_RESPONSES_VERBS_H_
#define CANVASS_CLIENT_CLI_RESPONSES_VERBS_H_

#include "canvass/v1/response.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/output/printer.h"

namespace canvass::cli {

// import, export, watch
void AddResponseTransfer(CommandSet& commands, CLI::App& noun);
// correct, tag, note, exclude, include, delete
void AddResponseChanges(CommandSet& commands, CLI::App& noun);

// A response in a list.
Columns<v1::Response> ResponseColumns();
// One by itself.
Columns<v1::Response> ResponseFields();

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_RESPONSES_VERBS_H_
