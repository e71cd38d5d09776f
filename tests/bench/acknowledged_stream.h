// Sends messages by streams that acknowledge each, and counts the acknowledgements.
//
//   const StreamCalls<v1::StreamEventsRequest, v1::StreamEventsResponse> calls = {
//       .open = [&](grpc::ClientContext* context) { return stub->StreamEvents(context); },
//       .make = [](int64_t n) { return …; },
//       .accept = [](const v1::StreamEventsResponse& response) { return response.… ; }};
//   CANVASS_ASSIGN_OR_RETURN(const double rate, StreamedRate(load, credential, calls));
#ifndef CANVASS_TESTS_BENCH_ACKNOWLEDGED_STREAM_H_
#define CANVASS_TESTS_BENCH_ACKNOWLEDGED_STREAM_H_

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/cpp/call_window.h"

namespace canvass::bench {

// Ends with the time or the count of things, whichever comes first; a last message may carry more.
struct StreamLoad {
  int streams = 4;
  absl::Duration duration = absl::Seconds(5);
  int64_t count = std::numeric_limits<int64_t>::max();
};

template <typename Request, typename Response>
struct StreamCalls {
  using Stream = grpc::ClientReaderWriter<Request, Response>;
  std::function<std::unique_ptr<Stream>(grpc::ClientContext*)> open;
  // How many things a message carries.
  int items = 1;
  // Makes the message of the nth and the things behind it; called by several threads.
  std::function<Request(int64_t n)> make;
  // Whether it acknowledges all that the message carried.
  std::function<bool(const Response&)> accept;
};

// One of the streams.
template <typename Request, typename Response>
class AcknowledgedStream {
 public:
  using Calls = StreamCalls<Request, Response>;

  AcknowledgedStream(const Calls& calls, const StreamLoad& load, absl::Time end, std::atomic<int64_t>& next)
      : calls_(calls), load_(load), end_(end), next_(next) {}

  void Run(const std::string& credential) {
    context_.AddMetadata("authorization", absl::StrCat("Bearer ", credential));
    stream_ = calls_.open(&context_);
    std::thread writer([this] { Write(); });
    Response response;
    while (stream_->Read(&response)) {
      window_.Leave();
      if (calls_.accept(response)) {
        accepted_ += calls_.items;
      } else if (status_.ok()) {
        status_ = absl::InternalError(absl::StrCat("not accepted: ", response.ShortDebugString()));
      }
    }
    broken_ = true;
    window_.Leave();  // a writer that waits for an acknowledgement finds out
    writer.join();
    const grpc::Status status = stream_->Finish();
    if (!status.ok()) status_ = absl::InternalError(status.error_message());
  }

  int64_t accepted() const { return accepted_; }
  const absl::Status& status() const { return status_; }

 private:
  // What a stream may have under way: enough to keep the server busy, and little enough to end soon after the last one.
  static constexpr int kUnacknowledged = 1000;

  void Write() {
    while (absl::Now() < end_) {
      const int64_t n = next_.fetch_add(calls_.items, std::memory_order_relaxed);
      if (n >= load_.count) break;
      window_.Enter();
      if (broken_ || !stream_->Write(calls_.make(n))) break;
    }
    stream_->WritesDone();
  }

  const Calls& calls_;
  const StreamLoad& load_;
  const absl::Time end_;
  std::atomic<int64_t>& next_;
  grpc::ClientContext context_;
  std::unique_ptr<typename Calls::Stream> stream_;
  client::CallWindow window_{std::max(1, kUnacknowledged / calls_.items)};
  std::atomic<bool> broken_ = false;
  int64_t accepted_ = 0;
  absl::Status status_;
};

// Acknowledged things a second, from the first sent to the last acknowledged. An error if a stream breaks or a
// message is not accepted.
template <typename Request, typename Response>
absl::StatusOr<double> StreamedRate(const StreamLoad& load, const std::string& credential,
                                    const StreamCalls<Request, Response>& calls) {
  std::atomic<int64_t> next{0};
  const absl::Time start = absl::Now();
  std::vector<std::unique_ptr<AcknowledgedStream<Request, Response>>> streams;
  std::vector<std::thread> threads;
  for (int i = 0; i < load.streams; ++i) {
    streams.push_back(
        std::make_unique<AcknowledgedStream<Request, Response>>(calls, load, start + load.duration, next));
    threads.emplace_back([stream = streams.back().get(), &credential] { stream->Run(credential); });
  }
  for (std::thread& thread : threads) thread.join();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  int64_t accepted = 0;
  for (const auto& stream : streams) {
    if (!stream->status().ok()) return stream->status();
    accepted += stream->accepted();
  }
  return static_cast<double>(accepted) / seconds;
}

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_ACKNOWLEDGED_STREAM_H_
