// grpc.health.v1: whether this server takes calls, as a whole ("") and by service. Needs no credential.
//
//   HealthService health({"canvass.v1.SurveyService", …});
//   health.StartServing();   // once everything is ready
//   health.StopServing();    // first thing of a drain: load balancers and watching clients turn away
//   health.EndWatches();     // before the gRPC server stops, which waits for every call
//
// Check: NOT_FOUND for an unknown service. Watch: sends the status now and after every change; SERVICE_UNKNOWN for an
// unknown service; RESOURCE_EXHAUSTED beyond kMaxWatches. Thread-safe. Must outlive the gRPC server.
#ifndef CANVASS_SERVER_RPC_SERVICES_HEALTH_SERVICE_H_
#define CANVASS_SERVER_RPC_SERVICES_HEALTH_SERVICE_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace canvass::rpc {

class HealthService final : public grpc::health::v1::Health::CallbackService {
 public:
  static constexpr std::size_t kMaxWatches = 1000;

  // Not serving yet. `services` are full names, for example "canvass.v1.SurveyService".
  explicit HealthService(const std::vector<std::string>& services) : services_(services.begin(), services.end()) {}

  void StartServing() { Become(grpc::health::v1::HealthCheckResponse::SERVING); }
  void StopServing() { Become(grpc::health::v1::HealthCheckResponse::NOT_SERVING); }
  bool serving() const;

  // Ends every watch, and new ones at once.
  void EndWatches();

  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
                                  const grpc::health::v1::HealthCheckRequest* request,
                                  grpc::health::v1::HealthCheckResponse* response) override;
  grpc::ServerWriteReactor<grpc::health::v1::HealthCheckResponse>* Watch(
      grpc::CallbackServerContext* context, const grpc::health::v1::HealthCheckRequest* request) override;

 private:
  class Watcher;
  using Response = grpc::health::v1::HealthCheckResponse;
  using Status = Response::ServingStatus;

  bool Knows(const std::string& service) const { return service.empty() || services_.contains(service); }
  void Become(Status status);
  // Ok, or why the watch must end at once.
  grpc::Status Add(const std::shared_ptr<Watcher>& watcher);
  void Forget(const std::shared_ptr<Watcher>& watcher);
  std::vector<std::shared_ptr<Watcher>> watchers() const;

  const absl::flat_hash_set<std::string> services_;
  mutable absl::Mutex mutex_;
  Status status_ ABSL_GUARDED_BY(mutex_) = Response::NOT_SERVING;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<std::shared_ptr<Watcher>> watchers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_SERVICES_HEALTH_SERVICE_H_
