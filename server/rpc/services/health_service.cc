#include "server/rpc/services/health_service.h"

#include <utility>

namespace canvass::rpc {

using grpc::health::v1::HealthCheckRequest;

// One Watch call. gRPC holds it by a plain pointer until OnDone(), which gives up the reference `self_`.
class HealthService::Watcher final : public grpc::ServerWriteReactor<Response> {
 public:
  Watcher(HealthService& service, bool known) : service_(service), known_(known) {}

  // Keeps itself alive until gRPC is done with it.
  void Begin(std::shared_ptr<Watcher> self) { self_ = std::move(self); }

  // Sends the present status, unless it was sent last.
  void Tell() {
    absl::MutexLock lock(&mutex_);
    wanted_ = !known_ ? Response::SERVICE_UNKNOWN : service_.serving() ? Response::SERVING : Response::NOT_SERVING;
    Go();
  }

  // Ends the call, after a write that is under way.
  void End(grpc::Status status) {
    absl::MutexLock lock(&mutex_);
    if (!ending_) end_ = std::move(status);
    ending_ = true;
    Go();
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    ending_ = ending_ || !ok;
    Go();
  }

  void OnCancel() override { End(grpc::Status::CANCELLED); }

  void OnDone() override {
    const std::shared_ptr<Watcher> self = std::move(self_);
    service_.Forget(self);
  }

 private:
  // The one place that starts an operation, so that there is one at a time. gRPC answers on another thread.
  void Go() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (writing_ || ended_) return;
    if (ending_) {
      ended_ = true;
      Finish(end_);
    } else if (wanted_ != sent_) {
      writing_ = true;
      sent_ = wanted_;
      response_.set_status(sent_);
      StartWrite(&response_);
    }
  }

  HealthService& service_;
  const bool known_;
  std::shared_ptr<Watcher> self_;
  absl::Mutex mutex_;
  Status wanted_ ABSL_GUARDED_BY(mutex_) = Response::UNKNOWN;
  Status sent_ ABSL_GUARDED_BY(mutex_) = Response::UNKNOWN;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Status end_ ABSL_GUARDED_BY(mutex_);
  Response response_;
};

bool HealthService::serving() const {
  absl::MutexLock lock(&mutex_);
  return status_ == Response::SERVING;
}

void HealthService::EndWatches() {
  {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
  }
  for (const std::shared_ptr<Watcher>& watcher : watchers()) {
    watcher->End(grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server is stopping"));
  }
}

grpc::ServerUnaryReactor* HealthService::Check(grpc::CallbackServerContext* context, const HealthCheckRequest* request,
                                               Response* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  if (!Knows(request->service())) {
    reactor->Finish(grpc::Status(grpc::StatusCode::NOT_FOUND, "unknown service"));
    return reactor;
  }
  response->set_status(serving() ? Response::SERVING : Response::NOT_SERVING);
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerWriteReactor<grpc::health::v1::HealthCheckResponse>* HealthService::Watch(
    grpc::CallbackServerContext* /*context*/, const HealthCheckRequest* request) {
  auto watcher = std::make_shared<Watcher>(*this, Knows(request->service()));
  watcher->Begin(watcher);
  if (grpc::Status status = Add(watcher); !status.ok()) watcher->End(std::move(status));
  return watcher.get();
}

grpc::Status HealthService::Add(const std::shared_ptr<Watcher>& watcher) {
  {
    absl::MutexLock lock(&mutex_);
    if (ended_) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server is stopping");
    if (watchers_.size() >= kMaxWatches) return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many watches");
    watchers_.insert(watcher);
  }
  watcher->Tell();
  return grpc::Status::OK;
}

void HealthService::Become(Status status) {
  {
    absl::MutexLock lock(&mutex_);
    status_ = status;
  }
  for (const std::shared_ptr<Watcher>& watcher : watchers()) watcher->Tell();
}

void HealthService::Forget(const std::shared_ptr<Watcher>& watcher) {
  absl::MutexLock lock(&mutex_);
  watchers_.erase(watcher);
}

std::vector<std::shared_ptr<HealthService::Watcher>> HealthService::watchers() const {
  absl::MutexLock lock(&mutex_);
  return std::vector<std::shared_ptr<Watcher>>(watchers_.begin(), watchers_.end());
}

}  // namespace canvass::rpc
