// How long it takes to export a million responses, beside a plain scan that reads the same rows in the same order, and
// how much memory the server takes for it.
#ifndef CANVASS_TESTS_BENCH_RESPONSES_EXPORT_BENCH_H_
#define CANVASS_TESTS_BENCH_RESPONSES_EXPORT_BENCH_H_

#include <sys/types.h>

#include <cstdint>

#include "absl/status/status.h"
#include "server/mysql/connection.h"
#include "tests/bench/report.h"
#include "tests/process/workspace.h"

namespace canvass::bench {

struct ExportLoad {
  int64_t responses = 1'000'000;
  // The server's database, for the scan.
  mysql::ConnectOptions connection;
  pid_t server = 0;
};

// Stores the responses by streams, then exports them. Reports seconds a million, the ratio to the scan, and the memory
// of the server: before, the most meanwhile, and after.
absl::Status MeasureExport(const ExportLoad& load, const testing::Workspace& workspace, Report& report);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_RESPONSES_EXPORT_BENCH_H_
