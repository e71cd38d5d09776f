// How fast single calls of SubmitResponse are: many in flight, one alone, and below the peak.
//
// Each figure is the median of the rounds, each of which measures its reference beside what is measured.
#ifndef CANVASS_TESTS_BENCH_RESPONSES_SUBMIT_BENCH_H_
#define CANVASS_TESTS_BENCH_RESPONSES_SUBMIT_BENCH_H_

#include <sys/types.h>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/bench/echo_server.h"
#include "tests/bench/raw_insert.h"
#include "tests/bench/report.h"
#include "tests/process/workspace.h"

namespace canvass::bench {

// What all benchmarks of submitting share. All of it outlives them.
struct SubmitBench {
  int rounds = 5;
  absl::Duration duration = absl::Seconds(5);
  const EchoServer& echo;
  const testing::Workspace& workspace;
  // Into the server's own database.
  RawInsertOptions raw;
};

// 512 in flight, against an echo of the same message and against raw rows.
absl::Status MeasureUnary512(const SubmitBench& bench, Report& report);

// One in flight: how long it takes, against an echo and the insert of one row, one behind the other.
absl::Status MeasureUnary1(const SubmitBench& bench, Report& report);

// Calls that come by themselves, at 70 % of the peak that was measured just before: the 99th percentile of their
// latencies against the median.
absl::Status MeasureTail(const SubmitBench& bench, Report& report);

// Several streams, against raw rows.
absl::Status MeasureStreams(const SubmitBench& bench, Report& report);

// The most memory that `server` held by then, at the end of a load of calls and one of streams.
absl::Status MeasureMemory(const SubmitBench& bench, pid_t server, Report& report);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_RESPONSES_SUBMIT_BENCH_H_
