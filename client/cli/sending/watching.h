// What the server pushes, printed as it comes until the user interrupts it: `canvass decision watch`, `canvass response
// watch`.
//
//   return Watch(session, request, &client::Decisions::WatchDecisions,
//                [&](const v1::WatchDecisionsResponse& response) { … });
//
// A stream that ends because its server stops, or because the connection is lost, is taken up again where it was; some
// is printed twice then. Not thread-safe, as the session.
#ifndef CANVASS_CLIENT_CLI_SENDING_WATCHING_H_
#define CANVASS_CLIENT_CLI_SENDING_WATCHING_H_

#include <grpcpp/support/sync_stream.h>

#include <functional>
#include <memory>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/cli/sending/current_call.h"
#include "client/cli/sending/interrupt.h"
#include "client/cli/session.h"
#include "client/cpp/status.h"
#include "google/protobuf/message.h"

namespace canvass::cli {

// Prints `message`, whose name is `name`, as -o wants it: `line` for people, an object a line, a document, or its name.
void PrintWatched(Session& session, const google::protobuf::Message& message, absl::string_view name,
                  absl::string_view line);

// Ok once the user interrupts it. An error if the first connection fails, or if the server refuses.
template <typename Stub, typename Request, typename Response>
absl::Status Watch(Session& session, Request request,
                   std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(grpc::ClientContext*, const Request&),
                   std::type_identity_t<std::function<void(const Response&)>> print);

// Implementation of the template.

// What became of one stream.
struct WatchEnd {
  absl::Status status;
  // The server took the call: the same address and key may be tried again.
  bool was_served = false;
};

template <typename Stub, typename Request, typename Response>
WatchEnd ReadWatch(client::Client& client, CurrentCall& current, Request& request,
                   std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(grpc::ClientContext*, const Request&),
                   const std::function<void(const Response&)>& print) {
  grpc::ClientContext context;
  WatchEnd end;
  end.status = client.Prepare(context, {.timeout = absl::InfiniteDuration()});
  if (!end.status.ok()) return end;
  current.Set(&context);
  const auto stream = (client.stub<Stub>().*method)(&context, request);
  Response response;
  while (stream->Read(&response)) {
    print(response);
    request.set_resume_token(response.resume_token());
    request.clear_start_time();
  }
  end.status = client::FromGrpc(stream->Finish());
  current.Set(nullptr);
  // A server that ends a stream says which call it was; a connection that fails does not.
  end.was_served = !request.resume_token().empty() || context.GetServerTrailingMetadata().count("x-request-id") > 0;
  return end;
}

template <typename Stub, typename Request, typename Response>
absl::Status Watch(Session& session, Request request,
                   std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(grpc::ClientContext*, const Request&),
                   std::type_identity_t<std::function<void(const Response&)>> print) {
  constexpr absl::Duration kPause = absl::Seconds(1);
  const absl::StatusOr<client::Client*> client = session.Connect();
  if (!client.ok()) return client.status();
  CurrentCall current;
  const Interrupt interrupt([&current] { current.Cancel(); });
  const absl::Time start = session.Now();
  bool was_served = false;
  while (true) {
    const WatchEnd end = ReadWatch(**client, current, request, method, print);
    if (interrupt.seen()) return absl::OkStatus();
    // A stream that lived for a while was served, however it was lost.
    was_served = was_served || end.was_served || session.Now() - start > 2 * kPause;
    if (!absl::IsUnavailable(end.status) || !was_served) return end.status;
    session.out().Note("the connection is lost; going on where it was as soon as a server answers");
    // Without a token to go on from: what came since the watch began.
    if (request.resume_token().empty() && !request.has_start_time()) {
      request.mutable_start_time()->set_seconds(absl::ToUnixSeconds(start));
    }
    if (interrupt.SleepOrSeen(kPause)) return absl::OkStatus();
  }
}

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_SENDING_WATCHING_H_
