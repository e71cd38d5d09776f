// Responses under load: a number of calls kept in flight, calls that come by themselves, however long those before them
// take, and streams.
#ifndef CANVASS_TESTS_BENCH_RESPONSES_SUBMIT_LOAD_H_
#define CANVASS_TESTS_BENCH_RESPONSES_SUBMIT_LOAD_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/response_service.grpc.pb.h"
#include "tests/bench/acknowledged_stream.h"
#include "tests/bench/load.h"
#include "tests/process/workspace.h"

namespace canvass::bench {

// How `workspace` submits.
LoadOptions SubmitOptions(const testing::Workspace& workspace, int in_flight, absl::Duration duration);

using MakeSubmissionFunction = std::function<v1::SubmitResponseRequest(int64_t n)>;

// Keeps options.in_flight calls under way and prints a line. Internal if one failed.
absl::StatusOr<LoadResult> RunSubmitLoad(const std::string& what, const LoadOptions& options,
                                         const MakeSubmissionFunction& make);

// Starts `rate` calls a second, at random moments that do not depend on each other. A call's latency counts from the
// moment at which it was to be sent. options.in_flight bounds how many may be unanswered: ResourceExhausted beyond.
// Internal if one failed.
absl::StatusOr<LoadResult> RunOpenLoad(const std::string& what, const LoadOptions& options, double rate,
                                       const MakeSubmissionFunction& make);

// How `workspace` submits by streams, for StreamedRate(). Both outlive it.
StreamCalls<v1::StreamResponsesRequest, v1::StreamResponsesResponse> SubmissionStreams(
    v1::ResponseService::Stub& stub, const testing::Workspace& workspace);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_RESPONSES_SUBMIT_LOAD_H_
