// canvass trigger backtest: what a trigger would have done with past events.
#ifndef CANVASS_CLIENT_CLI_OPERATIONS_BACKTEST_H_
#define CANVASS_CLIENT_CLI_OPERATIONS_BACKTEST_H_

#include "client/cli/command_set.h"

namespace canvass::cli {

// Adds the verb to the noun `trigger`.
void AddBacktest(CommandSet& commands, CLI::App& noun);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OPERATIONS_BACKTEST_H_
