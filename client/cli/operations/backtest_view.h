// The result of a backtest for people: a chart by day, a table by rule, and what would change.
//
// Thread-safe: a pure function.
#ifndef CANVASS_CLIENT_CLI_OPERATIONS_BACKTEST_VIEW_H_
#define CANVASS_CLIENT_CLI_OPERATIONS_BACKTEST_VIEW_H_

#include <string>

#include "canvass/v1/backtest.pb.h"
#include "client/cli/output/terminal.h"

namespace canvass::cli {

std::string BacktestText(const v1::BacktestResult& result, const Terminal& terminal);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OPERATIONS_BACKTEST_VIEW_H_
