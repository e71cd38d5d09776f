// Keeps a number of unary calls in flight for a time and counts what came back. The same code drives the server under
// test and the reference, so that the client's own cost is in both.
#ifndef CANVASS_TESTS_BENCH_LOAD_H_
#define CANVASS_TESTS_BENCH_LOAD_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "canvass/v1/response_service.grpc.pb.h"

namespace canvass::bench {

struct LoadOptions {
  std::string address;
  // Sent as `authorization: Bearer …` if not empty.
  std::string credential;
  int in_flight = 512;
  absl::Duration duration = absl::Seconds(5);
  // The nth call's message.
  std::function<v1::SubmitResponseRequest(int64_t n)> request;
};

struct LoadResult {
  int64_t succeeded = 0;
  int64_t failed = 0;
  std::string first_error;
  double seconds = 0;
  // Of the successful calls, sorted.
  std::vector<absl::Duration> latencies;

  double rate() const { return seconds > 0 ? static_cast<double>(succeeded) / seconds : 0; }
  // `share` from 0 to 1. Zero if there was no successful call.
  absl::Duration Percentile(double share) const;
};

LoadResult RunLoad(const LoadOptions& options);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_LOAD_H_
