#include "client/cpp/client.h"

#include <chrono>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cpp/channel.h"
#include "client/cpp/status.h"

namespace canvass::client {
namespace {

absl::Time Now() { return absl::FromChrono(std::chrono::system_clock::now()); }

}  // namespace

absl::StatusOr<std::unique_ptr<Client>> Client::Create(ClientOptions options) {
  if (options.timeout <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("the timeout of calls must be more than zero");
  }
  absl::Status status = CheckMetadataValue("credential", options.credential);
  if (!status.ok()) return status;
  const auto channel = OpenChannel(options);
  if (!channel.ok()) return channel.status();
  // Not make_unique: the constructor is private.
  return std::unique_ptr<Client>(new Client(std::move(options), *channel));
}

Client::Client(ClientOptions options, const std::shared_ptr<grpc::Channel>& channel)
    : options_(std::move(options)),
      stubs_(v1::ApiKeyService::NewStub(channel), v1::ContactService::NewStub(channel),
             v1::DecisionService::NewStub(channel), v1::EventService::NewStub(channel),
             v1::EventSourceService::NewStub(channel), v1::InvitationService::NewStub(channel),
             v1::MetricService::NewStub(channel), v1::OperationService::NewStub(channel),
             v1::OutboxService::NewStub(channel), v1::ResponseService::NewStub(channel),
             v1::SegmentService::NewStub(channel), v1::SettingsService::NewStub(channel),
             v1::SuppressionService::NewStub(channel), v1::SurveyLinkService::NewStub(channel),
             v1::SurveyService::NewStub(channel), v1::TenantService::NewStub(channel),
             v1::TriggerService::NewStub(channel)) {}

Client::~Client() {
  absl::MutexLock lock(&mutex_);
  stopping_ = true;
  mutex_.Await(absl::Condition(+[](int* in_flight) { return *in_flight == 0; }, &in_flight_));
}

absl::Status Client::Prepare(grpc::ClientContext& context, const CallOptions& options) {
  absl::StatusOr<Ticket> ticket = Begin(options);
  if (!ticket.ok()) return ticket.status();
  PrepareAttempt(context, *ticket);
  return absl::OkStatus();
}

absl::StatusOr<Client::Ticket> Client::Begin(const CallOptions& options) {
  absl::Status status = CheckMetadataValue("request id", options.request_id);
  if (!status.ok()) return status;
  const absl::Duration timeout = options.timeout > absl::ZeroDuration() ? options.timeout : options_.timeout;
  return Ticket{.request_id = options.request_id.empty() ? NewRequestId() : options.request_id,
                .attempts = Attempts(options_.retry, Now() + timeout)};
}

void Client::PrepareAttempt(grpc::ClientContext& context, const Ticket& ticket) const {
  if (!options_.credential.empty()) {
    context.AddMetadata("authorization", absl::StrCat("Bearer ", options_.credential));
  }
  context.AddMetadata("x-request-id", ticket.request_id);
  context.set_deadline(absl::ToChronoTime(ticket.attempts.deadline()));
}

std::optional<absl::Duration> Client::AfterFailure(Ticket& ticket, bool repeatable, absl::Status& status) {
  std::optional<absl::Duration> delay;
  if (repeatable && !stopping()) {
    double uniform = 0;
    {
      absl::MutexLock lock(&mutex_);
      uniform = absl::Uniform(random_, 0.0, 1.0);
    }
    delay = ticket.attempts.Next(status, Now(), uniform);
  }
  SetRequestId(status, ticket.request_id);
  return delay;
}

std::string Client::NewRequestId() {
  absl::MutexLock lock(&mutex_);
  return absl::StrFormat("%016x%016x", absl::Uniform<std::uint64_t>(random_), absl::Uniform<std::uint64_t>(random_));
}

void Client::MakeRepeatable(v1::SubmitResponseRequest& request) {
  if (!IsRepeatable(request)) request.set_request_id(NewRequestId());
}

void Client::MakeRepeatable(v1::CreateInvitationRequest& request) {
  if (!IsRepeatable(request)) request.set_request_id(NewRequestId());
}

void Client::EnterCall() {
  absl::MutexLock lock(&mutex_);
  ++in_flight_;
}

void Client::LeaveCall() {
  absl::MutexLock lock(&mutex_);
  --in_flight_;
}

bool Client::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

}  // namespace canvass::client
