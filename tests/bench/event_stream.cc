#include "tests/bench/event_stream.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "canvass/v1/event_service.grpc.pb.h"
#include "client/cpp/call_window.h"

namespace canvass::bench {
namespace {

struct StreamResult {
  int64_t accepted = 0;
  absl::Status status;
};

// What a stream may have under way: enough to keep the server busy, and little enough to end soon after the last one.
constexpr int kUnacknowledged = 1000;

StreamResult RunStream(v1::EventService::Stub& stub, const std::string& credential, absl::Time end,
                       const std::function<v1::Event()>& next_event) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", credential));
  const auto stream = stub.StreamEvents(&context);
  client::CallWindow window(kUnacknowledged);
  std::thread writer([&] {
    v1::StreamEventsRequest request;
    while (absl::Now() < end) {
      window.Enter();
      *request.mutable_event() = next_event();
      if (!stream->Write(request)) break;
    }
    stream->WritesDone();
  });
  StreamResult result;
  v1::StreamEventsResponse response;
  while (stream->Read(&response)) {
    window.Leave();
    if (response.result().outcome() == v1::EventResult::OUTCOME_ACCEPTED) {
      ++result.accepted;
    } else if (result.status.ok()) {
      result.status = absl::InternalError(absl::StrCat("not accepted: ", response.ShortDebugString()));
    }
  }
  writer.join();
  const grpc::Status status = stream->Finish();
  if (!status.ok()) result.status = absl::InternalError(status.error_message());
  return result;
}

}  // namespace

absl::StatusOr<double> StreamedEventRate(const StreamLoad& load, const testing::Workspace& workspace,
                                         const std::function<v1::Event(int64_t n)>& make_event) {
  const auto stub =
      v1::EventService::NewStub(grpc::CreateChannel(workspace.address, grpc::InsecureChannelCredentials()));
  std::atomic<int64_t> next{0};
  std::vector<StreamResult> results(static_cast<std::size_t>(load.streams));
  const absl::Time start = absl::Now();
  std::vector<std::thread> threads;
  for (StreamResult& result : results) {
    threads.emplace_back([&] {
      result = RunStream(*stub, workspace.credential, start + load.duration,
                         [&] { return make_event(next.fetch_add(1, std::memory_order_relaxed)); });
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  int64_t accepted = 0;
  for (const StreamResult& result : results) {
    if (!result.status.ok()) return result.status;
    accepted += result.accepted;
  }
  return static_cast<double>(accepted) / seconds;
}

}  // namespace canvass::bench
