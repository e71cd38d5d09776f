#include "tests/bench/responses/submit_load.h"

#include <algorithm>
#include <memory>
#include <random>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "server/base/status_macros.h"

namespace canvass::bench {
namespace {

// How many responses a message of a stream carries.
constexpr int kStreamedTogether = 50;

using Stub = grpc::TemplatedGenericStub<v1::SubmitResponseRequest, v1::SubmitResponseResponse>;

absl::StatusOr<LoadResult> Checked(const std::string& what, LoadResult result) {
  PrintLoad(what, result);
  if (result.failed > 0) return absl::InternalError(absl::StrCat(what, ": calls failed: ", result.first_error));
  if (result.succeeded == 0) return absl::InternalError(absl::StrCat(what, ": no call was answered"));
  return result;
}

// The calls that are under way and what became of the others.
class OpenLoad {
 public:
  OpenLoad(const LoadOptions& options, Stub& stub) : options_(options), stub_(stub) {}

  // `due` is when it was to be sent. False, and nothing is sent, where too many are under way.
  bool Send(int64_t n, absl::Time due, v1::SubmitResponseRequest request) {
    {
      absl::MutexLock lock(&mutex_);
      if (under_way_ >= options_.in_flight) return false;
      ++under_way_;
    }
    const auto call = std::make_shared<Call>();
    call->due = due;
    call->request = std::move(request);
    Authorize(options_, n, call->context);
    stub_.UnaryCall(&call->context, options_.method, {}, &call->request, &call->reply,
                    [this, call](const grpc::Status& status) { Finish(*call, status); });
    return true;
  }

  // Waits for those that are under way.
  LoadResult Result() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(+[](int* under_way) { return *under_way == 0; }, &under_way_));
    std::sort(result_.latencies.begin(), result_.latencies.end());
    return std::move(result_);
  }

 private:
  struct Call {
    absl::Time due;
    grpc::ClientContext context;
    v1::SubmitResponseRequest request;
    v1::SubmitResponseResponse reply;
  };

  void Finish(const Call& call, const grpc::Status& status) {
    const absl::Duration latency = absl::Now() - call.due;
    absl::MutexLock lock(&mutex_);
    --under_way_;
    if (status.ok()) {
      ++result_.succeeded;
      result_.latencies.push_back(latency);
    } else if (result_.failed++ == 0) {
      result_.first_error = absl::StrCat(status.error_code(), ": ", status.error_message());
    }
  }

  const LoadOptions& options_;
  Stub& stub_;
  absl::Mutex mutex_;
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  LoadResult result_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

LoadOptions SubmitOptions(const testing::Workspace& workspace, int in_flight, absl::Duration duration) {
  return {.address = workspace.address,
          .method = "/canvass.v1.ResponseService/SubmitResponse",
          .credential = workspace.credential,
          .in_flight = in_flight,
          .duration = duration};
}

absl::StatusOr<LoadResult> RunSubmitLoad(const std::string& what, const LoadOptions& options,
                                         const MakeSubmissionFunction& make) {
  return Checked(what, RunLoad<v1::SubmitResponseRequest, v1::SubmitResponseResponse>(options, make));
}

absl::StatusOr<LoadResult> RunOpenLoad(const std::string& what, const LoadOptions& options, double rate,
                                       const MakeSubmissionFunction& make) {
  const auto channel = grpc::CreateChannel(options.address, grpc::InsecureChannelCredentials());
  Stub stub(channel);
  channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(5));
  OpenLoad load(options, stub);
  std::mt19937_64 random(1);
  std::exponential_distribution<double> gap(rate);
  const absl::Time start = absl::Now();
  absl::Time due = start;
  bool kept_up = true;
  for (int64_t n = 0; kept_up && due < start + options.duration; ++n) {
    v1::SubmitResponseRequest request = make(n);
    // Sleeping is good for milliseconds at best; what fell due meanwhile is sent at once.
    if (const absl::Time now = absl::Now(); now < due) absl::SleepFor(due - now);
    kept_up = load.Send(n, due, std::move(request));
    due += absl::Seconds(gap(random));
  }
  LoadResult result = load.Result();
  result.seconds = absl::ToDoubleSeconds(absl::Now() - start);
  if (!kept_up) {
    return absl::ResourceExhaustedError(absl::StrCat(what, ": ", options.in_flight, " calls were unanswered at once"));
  }
  return Checked(what, std::move(result));
}

StreamCalls<v1::StreamResponsesRequest, v1::StreamResponsesResponse> SubmissionStreams(
    v1::ResponseService::Stub& stub, const testing::Workspace& workspace) {
  return {.open = [&stub](grpc::ClientContext* context) { return stub.StreamResponses(context); },
          .items = kStreamedTogether,
          .make =
              [&workspace](int64_t n) {
                v1::StreamResponsesRequest request;
                for (int i = 0; i < kStreamedTogether; ++i) {
                  *request.add_submissions() = testing::MakeSubmission(workspace, n + i);
                }
                return request;
              },
          .accept =
              [](const v1::StreamResponsesResponse& response) {
                return std::all_of(response.outcomes().begin(), response.outcomes().end(),
                                   [](const v1::SubmissionOutcome& outcome) { return outcome.has_result(); });
              }};
}

}  // namespace canvass::bench
