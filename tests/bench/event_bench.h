// How fast events are taken in by streams, each judged by fifty triggers of its type: five conditions hold, one
// customer is asked, four times a frequency cap says no.
#ifndef CANVASS_TESTS_BENCH_EVENT_BENCH_H_
#define CANVASS_TESTS_BENCH_EVENT_BENCH_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/bench/raw_insert.h"
#include "tests/bench/report.h"
#include "tests/process/workspace.h"

namespace canvass::bench {

struct EventLoad {
  int rounds = 5;
  absl::Duration duration = absl::Seconds(5);
  int streams = 4;
};

// Reports the rate of durable events and its ratio to the rate of rows inserted as `raw` says, taken in every round.
absl::Status MeasureEvents(const EventLoad& load, const testing::Workspace& workspace, const RawInsertOptions& raw,
                           Report& report);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_EVENT_BENCH_H_
