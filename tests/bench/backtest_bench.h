// How long a backtest of a million stored events takes, asked for over gRPC and looked at until it is finished, beside
// a plain scan that reads the same rows in the same order.
#ifndef CANVASS_TESTS_BENCH_BACKTEST_BENCH_H_
#define CANVASS_TESTS_BENCH_BACKTEST_BENCH_H_

#include <cstdint>

#include "absl/status/status.h"
#include "server/mysql/connection.h"
#include "tests/bench/report.h"
#include "tests/process/workspace.h"

namespace canvass::bench {

struct BacktestLoad {
  mysql::ConnectOptions connection;
  int64_t events = 1'000'000;
  // Each has the same number of events.
  int64_t customers = 100'000;
};

// Fills in the events, replays an unsaved trigger beside a saved one, and reports seconds, events a second and the
// ratio to the scan.
absl::Status MeasureBacktest(const BacktestLoad& load, const testing::Workspace& workspace, Report& report);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_BACKTEST_BENCH_H_
