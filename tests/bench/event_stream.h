// Sends events by streams for a time and counts their acknowledgements.
#ifndef CANVASS_TESTS_BENCH_EVENT_STREAM_H_
#define CANVASS_TESTS_BENCH_EVENT_STREAM_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/event.pb.h"
#include "tests/process/workspace.h"

namespace canvass::bench {

struct StreamLoad {
  int streams = 4;
  absl::Duration duration = absl::Seconds(5);
};

// Acknowledged events a second, from the first sent to the last acknowledged. `make_event` makes the nth event and is
// called by several threads. An error if a stream breaks or an event is not accepted.
absl::StatusOr<double> StreamedEventRate(const StreamLoad& load, const testing::Workspace& workspace,
                                         const std::function<v1::Event(int64_t n)>& make_event);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_EVENT_STREAM_H_
