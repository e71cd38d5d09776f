#include "tests/bench/load.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

namespace canvass::bench {
namespace {

// One of the callers: sends the next call as soon as the one before has returned.
class Caller {
 public:
  Caller(const LoadOptions& options, v1::ResponseService::Stub& stub, std::atomic<int64_t>& next, absl::Time end)
      : options_(options), stub_(stub), next_(next), end_(end) {}

  void Send() {
    start_ = absl::Now();
    if (start_ >= end_) {
      done_.Notify();
      return;
    }
    context_ = std::make_unique<grpc::ClientContext>();
    if (!options_.credential.empty()) {
      context_->AddMetadata("authorization", absl::StrCat("Bearer ", options_.credential));
    }
    request_ = options_.request(next_.fetch_add(1, std::memory_order_relaxed));
    stub_.async()->SubmitResponse(context_.get(), &request_, &reply_, [this](grpc::Status status) { Finish(status); });
  }

  void AddTo(LoadResult& result) {
    done_.WaitForNotification();
    result.succeeded += static_cast<int64_t>(latencies_.size());
    result.failed += failed_;
    if (result.first_error.empty()) result.first_error = first_error_;
    result.latencies.insert(result.latencies.end(), latencies_.begin(), latencies_.end());
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
  v1::ResponseService::Stub& stub_;
  std::atomic<int64_t>& next_;
  const absl::Time end_;
  absl::Time start_;
  std::unique_ptr<grpc::ClientContext> context_;
  v1::SubmitResponseRequest request_;
  v1::SubmitResponseResponse reply_;
  std::vector<absl::Duration> latencies_;
  int64_t failed_ = 0;
  std::string first_error_;
  absl::Notification done_;
};

}  // namespace

absl::Duration LoadResult::Percentile(double share) const {
  if (latencies.empty()) return absl::ZeroDuration();
  const auto last = static_cast<double>(latencies.size() - 1);
  return latencies[static_cast<std::size_t>(share * last + 0.5)];
}

LoadResult RunLoad(const LoadOptions& options) {
  const auto channel = grpc::CreateChannel(options.address, grpc::InsecureChannelCredentials());
  const auto stub = v1::ResponseService::NewStub(channel);
  channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(5));
  std::atomic<int64_t> next{0};
  const absl::Time start = absl::Now();
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < options.in_flight; ++i) {
    callers.push_back(std::make_unique<Caller>(options, *stub, next, start + options.duration));
  }
  for (auto& caller : callers) caller->Send();
  LoadResult result;
  for (auto& caller : callers) caller->AddTo(result);
  result.seconds = absl::ToDoubleSeconds(absl::Now() - start);
  std::sort(result.latencies.begin(), result.latencies.end());
  return result;
}

}  // namespace canvass::bench
