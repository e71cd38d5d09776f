// A connection to Canvass: every method of its sixteen services, with credential, deadline and retries seen to.
//
//   absl::StatusOr<std::unique_ptr<Client>> client =
//       Client::Create({.address = "canvass.example.com:443", .credential = ReadSecret()});
//
//   v1::GetSurveyRequest request;
//   request.set_name("tenants/-/surveys/post-purchase");
//   absl::StatusOr<v1::Survey> survey = (*client)->Call(&Surveys::GetSurvey, request);
//
//   // Thousands in flight, never more than 512 at a time (call_window.h):
//   CallWindow window(512);
//   for (v1::SubmitResponseRequest& request : requests) {
//     window.Enter();
//     (*client)->CallAsync(&Responses::async::SubmitResponse, std::move(request),
//                          [&window](absl::StatusOr<v1::SubmitResponseResponse> response) { …; window.Leave(); });
//   }
//   window.WaitUntilEmpty();
//
// A refusal is an absl::Status with the server's details; status.h reads them. A call that finds no server, or that the
// server wants to have again later, is repeated with backoff and jitter until its deadline, unless repeating it could
// do its work twice (retry.h). SubmitResponse without invitation token and request_id is given a request_id, and so is
// CreateInvitation, so that they can be repeated. The default deadline is 20 seconds; to sit out a longer outage give
// more (CallOptions::timeout).
//
// Streaming methods: stub<Surveys>() and Prepare().
//
// Thread-safe. The destructor waits for the calls in flight; do not run it, or a blocking call, in a callback.
#ifndef CANVASS_CLIENT_CPP_CLIENT_H_
#define CANVASS_CLIENT_CPP_CLIENT_H_

#include <grpcpp/client_context.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "canvass/v1/api_key_service.grpc.pb.h"
#include "canvass/v1/contact_service.grpc.pb.h"
#include "canvass/v1/decision_service.grpc.pb.h"
#include "canvass/v1/event_service.grpc.pb.h"
#include "canvass/v1/event_source_service.grpc.pb.h"
#include "canvass/v1/invitation_service.grpc.pb.h"
#include "canvass/v1/metric_service.grpc.pb.h"
#include "canvass/v1/operation_service.grpc.pb.h"
#include "canvass/v1/outbox_service.grpc.pb.h"
#include "canvass/v1/response_service.grpc.pb.h"
#include "canvass/v1/segment_service.grpc.pb.h"
#include "canvass/v1/settings_service.grpc.pb.h"
#include "canvass/v1/suppression_service.grpc.pb.h"
#include "canvass/v1/survey_link_service.grpc.pb.h"
#include "canvass/v1/survey_service.grpc.pb.h"
#include "canvass/v1/tenant_service.grpc.pb.h"
#include "canvass/v1/trigger_service.grpc.pb.h"
#include "client/cpp/options.h"
#include "client/cpp/retry.h"

namespace canvass::client {

// The services, for &Surveys::GetSurvey and &Surveys::async::GetSurvey.
using ApiKeys = v1::ApiKeyService::Stub;
using Contacts = v1::ContactService::Stub;
using Decisions = v1::DecisionService::Stub;
using Events = v1::EventService::Stub;
using EventSources = v1::EventSourceService::Stub;
using Invitations = v1::InvitationService::Stub;
using Metrics = v1::MetricService::Stub;
using Operations = v1::OperationService::Stub;
using Outbox = v1::OutboxService::Stub;
using Responses = v1::ResponseService::Stub;
using Segments = v1::SegmentService::Stub;
using Settings = v1::SettingsService::Stub;
using Suppressions = v1::SuppressionService::Stub;
using SurveyLinks = v1::SurveyLinkService::Stub;
using Surveys = v1::SurveyService::Stub;
using Tenants = v1::TenantService::Stub;
using Triggers = v1::TriggerService::Stub;

class Client {
 public:
  // Makes a client. It connects with its first call, so a server that is away is no error here. InvalidArgument if an
  // option is wrong; NotFound or PermissionDenied if a file of TlsOptions cannot be read.
  static absl::StatusOr<std::unique_ptr<Client>> Create(ClientOptions options);

  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  // Calls `method` and waits for its answer.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                std::type_identity_t<Request> request, const CallOptions& options = {});

  // Calls `method` and returns at once. `done` gets the answer, exactly once, on a thread of gRPC, and must not block.
  template <typename Async, typename Request, typename Response>
  void CallAsync(void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                       std::function<void(grpc::Status)>),
                 std::type_identity_t<Request> request,
                 std::type_identity_t<absl::AnyInvocable<void(absl::StatusOr<Response>)>> done,
                 const CallOptions& options = {});

  // The generated stub of a service, for its streaming methods.
  template <typename Stub>
  Stub& stub() const {
    return *std::get<std::unique_ptr<Stub>>(stubs_);
  }

  // Gives `context` the credential, the x-request-id and the deadline of a call. InvalidArgument if the request id
  // cannot be sent.
  absl::Status Prepare(grpc::ClientContext& context, const CallOptions& options = {});

 private:
  // What a call keeps over its attempts.
  struct Ticket {
    std::string request_id;
    Attempts attempts;
  };
  template <typename Async, typename Request, typename Response>
  class AsyncCall;
  // A stub for each service.
  using Stubs = std::tuple<std::unique_ptr<ApiKeys>, std::unique_ptr<Contacts>, std::unique_ptr<Decisions>,
                           std::unique_ptr<Events>, std::unique_ptr<EventSources>, std::unique_ptr<Invitations>,
                           std::unique_ptr<Metrics>, std::unique_ptr<Operations>, std::unique_ptr<Outbox>,
                           std::unique_ptr<Responses>, std::unique_ptr<Segments>, std::unique_ptr<Settings>,
                           std::unique_ptr<Suppressions>, std::unique_ptr<SurveyLinks>, std::unique_ptr<Surveys>,
                           std::unique_ptr<Tenants>, std::unique_ptr<Triggers>>;

  Client(ClientOptions options, const std::shared_ptr<grpc::Channel>& channel);

  // The asynchronous half of the one stub that has it.
  template <typename Async>
  Async& async() const {
    Async* found = nullptr;
    std::apply([&found](const auto&... stubs) { (PickIfSame(stubs->async(), found), ...); }, stubs_);
    return *found;
  }
  template <typename Async>
  static void PickIfSame(Async* candidate, Async*& found) {
    found = candidate;
  }
  template <typename Other, typename Async>
  static void PickIfSame(Other* candidate, Async*& found) {}

  absl::StatusOr<Ticket> Begin(const CallOptions& options);
  void PrepareAttempt(grpc::ClientContext& context, const Ticket& ticket) const;
  // Whether, and when, the call shall be tried again; completes `status` for the caller.
  std::optional<absl::Duration> AfterFailure(Ticket& ticket, bool repeatable, absl::Status& status);

  std::string NewRequestId();
  void MakeRepeatable(v1::SubmitResponseRequest& request);
  void MakeRepeatable(v1::CreateInvitationRequest& request);
  template <typename Request>
  void MakeRepeatable(Request& request) {}

  void EnterCall();
  void LeaveCall();
  bool stopping() const;

  const ClientOptions options_;
  const Stubs stubs_;

  mutable absl::Mutex mutex_;
  absl::BitGen random_ ABSL_GUARDED_BY(mutex_);
  int in_flight_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace canvass::client

#include "client/cpp/client_calls.h"  // IWYU pragma: export

#endif  // CANVASS_CLIENT_CPP_CLIENT_H_
