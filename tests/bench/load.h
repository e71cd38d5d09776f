// Keeps a number of unary calls in flight for a time and counts what came back. The same code drives the server under
// test and the reference, so that the client's own cost is in both.
//
//   const LoadResult load = RunLoad<v1::SubmitResponseRequest, v1::SubmitResponseResponse>(
//       {.address = …, .method = "/canvass.v1.ResponseService/SubmitResponse"}, [](int64_t n) { return …; });
#ifndef CANVASS_TESTS_BENCH_LOAD_H_
#define CANVASS_TESTS_BENCH_LOAD_H_

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace canvass::bench {

struct LoadOptions {
  std::string address;
  // `/package.Service/Method`.
  std::string method;
  // Sent as `authorization: Bearer …` if not empty.
  std::string credential;
  // The nth call's, instead; outlives the load.
  std::function<absl::string_view(int64_t n)> credential_of = nullptr;
  int in_flight = 512;
  absl::Duration duration = absl::Seconds(5);
};

struct LoadResult {
  int64_t succeeded = 0;
  int64_t failed = 0;
  std::string first_error;
  double seconds = 0;
  // Of the successful calls, sorted.
  std::vector<absl::Duration> latencies;
  // The largest of the callers' last replies, serialized.
  std::string reply;

  double rate() const { return seconds > 0 ? static_cast<double>(succeeded) / seconds : 0; }
  // `share` from 0 to 1. Zero if there was no successful call.
  absl::Duration Percentile(double share) const;
};

// Gives `context` the credential of the nth call.
void Authorize(const LoadOptions& options, int64_t n, grpc::ClientContext& context);

// One of the callers: sends the next call as soon as the one before has returned.
template <typename Request, typename Reply>
class Caller {
 public:
  using Stub = grpc::TemplatedGenericStub<Request, Reply>;
  // The nth call's message.
  using MakeRequest = std::function<Request(int64_t n)>;

  Caller(const LoadOptions& options, const MakeRequest& make_request, Stub& stub, std::atomic<int64_t>& next,
         absl::Time end)
      : options_(options), make_request_(make_request), stub_(stub), next_(next), end_(end) {}

  void Send() {
    start_ = absl::Now();
    if (start_ >= end_) {
      done_.Notify();
      return;
    }
    const int64_t n = next_.fetch_add(1, std::memory_order_relaxed);
    context_ = std::make_unique<grpc::ClientContext>();
    Authorize(options_, n, *context_);
    request_ = make_request_(n);
    stub_.UnaryCall(context_.get(), options_.method, {}, &request_, &reply_,
                    [this](const grpc::Status& status) { Finish(status); });
  }

  void AddTo(LoadResult& result) {
    done_.WaitForNotification();
    result.succeeded += static_cast<int64_t>(latencies_.size());
    result.failed += failed_;
    if (result.first_error.empty()) result.first_error = first_error_;
    result.latencies.insert(result.latencies.end(), latencies_.begin(), latencies_.end());
    if (reply_.ByteSizeLong() > result.reply.size()) result.reply = reply_.SerializeAsString();
  }

 private:
  void Finish(const grpc::Status& status) {
    if (status.ok()) {
      latencies_.push_back(absl::Now() - start_);
    } else if (failed_++ == 0) {
      first_error_ = absl::StrCat(status.error_code(), ": ", status.error_message());
    }
    Send();
  }

  const LoadOptions& options_;
  const MakeRequest& make_request_;
  Stub& stub_;
  std::atomic<int64_t>& next_;
  const absl::Time end_;
  absl::Time start_;
  std::unique_ptr<grpc::ClientContext> context_;
  Request request_;
  Reply reply_;
  std::vector<absl::Duration> latencies_;
  int64_t failed_ = 0;
  std::string first_error_;
  absl::Notification done_;
};

template <typename Request, typename Reply>
LoadResult RunLoad(const LoadOptions& options, const std::function<Request(int64_t n)>& make_request) {
  const auto channel = grpc::CreateChannel(options.address, grpc::InsecureChannelCredentials());
  grpc::TemplatedGenericStub<Request, Reply> stub(channel);
  channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(5));
  std::atomic<int64_t> next{0};
  const absl::Time start = absl::Now();
  std::vector<std::unique_ptr<Caller<Request, Reply>>> callers;
  for (int i = 0; i < options.in_flight; ++i) {
    callers.push_back(
        std::make_unique<Caller<Request, Reply>>(options, make_request, stub, next, start + options.duration));
  }
  for (auto& caller : callers) caller->Send();
  LoadResult result;
  for (auto& caller : callers) caller->AddTo(result);
  result.seconds = absl::ToDoubleSeconds(absl::Now() - start);
  std::sort(result.latencies.begin(), result.latencies.end());
  return result;
}

// One line of a table.
void PrintLoad(const std::string& what, const LoadResult& load);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_LOAD_H_
