// The templates of client.h, which includes this file; include that one. One loop for blocking calls, one object that
// carries an asynchronous call from attempt to attempt.
#ifndef CANVASS_CLIENT_CPP_CLIENT_CALLS_H_
#define CANVASS_CLIENT_CPP_CLIENT_CALLS_H_

#include <grpcpp/alarm.h>

#include <chrono>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include "client/cpp/client.h"
#include "client/cpp/status.h"

namespace canvass::client {

template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Client::Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                      std::type_identity_t<Request> request, const CallOptions& options) {
  MakeRepeatable(request);
  absl::StatusOr<Ticket> ticket = Begin(options);
  if (!ticket.ok()) return ticket.status();
  while (true) {
    grpc::ClientContext context;
    PrepareAttempt(context, *ticket);
    Response response;
    absl::Status status = FromGrpc((stub<Stub>().*method)(&context, request, &response));
    if (status.ok()) return response;
    const std::optional<absl::Duration> delay = AfterFailure(*ticket, IsRepeatable(request), status);
    if (!delay.has_value()) return status;
    std::this_thread::sleep_for(absl::ToChronoNanoseconds(*delay));
  }
}

// Owns itself from Start() until `done` was called.
template <typename Async, typename Request, typename Response>
class Client::AsyncCall {
 public:
  using Method = void (Async::*)(grpc::ClientContext*, const Request*, Response*, std::function<void(grpc::Status)>);
  using Done = absl::AnyInvocable<void(absl::StatusOr<Response>)>;

  AsyncCall(Client& client, Async& async, Method method, Request request, Done done, Ticket ticket)
      : client_(client),
        async_(async),
        method_(method),
        request_(std::move(request)),
        done_(std::move(done)),
        ticket_(std::move(ticket)) {}

  void Start() {
    context_.emplace();
    client_.PrepareAttempt(*context_, ticket_);
    (async_.*method_)(&*context_, &request_, &response_, [this](const grpc::Status& status) { OnAnswer(status); });
  }

 private:
  void OnAnswer(const grpc::Status& answer) {
    if (answer.ok()) return Finish(std::move(response_));
    absl::Status status = FromGrpc(answer);
    const std::optional<absl::Duration> delay = client_.AfterFailure(ticket_, IsRepeatable(request_), status);
    if (!delay.has_value()) return Finish(std::move(status));
    alarm_.emplace();
    alarm_->Set(std::chrono::system_clock::now() + absl::ToChronoNanoseconds(*delay),
                [this, status = std::move(status)](bool) {
                  if (client_.stopping()) return Finish(status);
                  Start();
                });
  }

  void Finish(absl::StatusOr<Response> result) {
    done_(std::move(result));
    // The callback's captures end before the client may: LeaveCall() lets its destructor go on.
    Client& client = client_;
    delete this;
    client.LeaveCall();
  }

  Client& client_;
  Async& async_;
  const Method method_;
  const Request request_;
  Done done_;
  Ticket ticket_;
  Response response_;
  std::optional<grpc::ClientContext> context_;
  std::optional<grpc::Alarm> alarm_;
};

template <typename Async, typename Request, typename Response>
void Client::CallAsync(void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                             std::function<void(grpc::Status)>),
                       std::type_identity_t<Request> request,
                       std::type_identity_t<absl::AnyInvocable<void(absl::StatusOr<Response>)>> done,
                       const CallOptions& options) {
  MakeRepeatable(request);
  absl::StatusOr<Ticket> ticket = Begin(options);
  if (!ticket.ok()) return done(ticket.status());
  EnterCall();
  auto* call = new AsyncCall<Async, Request, Response>(*this, async<Async>(), method, std::move(request),
                                                       std::move(done), *std::move(ticket));
  call->Start();
}

}  // namespace canvass::client

#endif  // CANVASS_CLIENT_CPP_CLIENT_CALLS_H_
