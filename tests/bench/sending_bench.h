// How punctually invitations leave when two hundred of them are due every second: webhooks to a receiver in this
// process, each checked again, signed, delivered and settled durably.
#ifndef CANVASS_TESTS_BENCH_SENDING_BENCH_H_
#define CANVASS_TESTS_BENCH_SENDING_BENCH_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/bench/report.h"
#include "tests/process/workspace.h"

namespace canvass::bench {

struct SendingLoad {
  int due_per_second = 200;
  absl::Duration duration = absl::Seconds(15);
};

// Reports the share of invitations that arrived within two seconds of their time, and the latest of all. The server
// must allow http destinations on 127.0.0.1.
absl::Status MeasureSending(const SendingLoad& load, const testing::Workspace& workspace, Report& report);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_SENDING_BENCH_H_
