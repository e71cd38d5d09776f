// canvassd as a whole: database, rooms, ports; its start and its end.
//
//   CANVASS_ASSIGN_OR_RETURN(std::unique_ptr<Server> server, Server::Start(config));
//   …                     // until a signal
//   server->Stop();       // finishes what is in flight, flushes, ends the database
//
// Start() and Stop() belong to one thread.
#ifndef CANVASS_SERVER_MAIN_SERVER_H_
#define CANVASS_SERVER_MAIN_SERVER_H_

#include <prometheus/registry.h>

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/distribution/outbox/sender.h"
#include "server/events/event_retention.h"
#include "server/http/http_listener.h"
#include "server/http/intake/intake.h"
#include "server/http/pages/visit.h"
#include "server/main/backend.h"
#include "server/main/call_metrics.h"
#include "server/main/config.h"
#include "server/main/grpc_ports.h"
#include "server/main/house.h"
#include "server/main/secrets.h"
#include "server/operations/operation_runner.h"
#include "server/rpc/call_pipeline.h"
#include "server/rpc/call_quota.h"
#include "server/rpc/rpc_service.h"
#include "server/rpc/worker_pool.h"

namespace canvass {

class Server {
 public:
  // Returns a server that takes calls. Errors name the setting and say what to do.
  static absl::StatusOr<std::unique_ptr<Server>> Start(Config config);

  // Drains: not serving → calls in flight finish → queued responses are written → ports and database end. Returns what
  // went wrong on the way; it is down all the same. Calling it again does nothing.
  absl::Status Stop();
  ~Server();

 private:
  explicit Server(Config config);
  absl::Status Open();
  void ServeHttp();
  absl::Status WriteReadyFile() const;

  const Config config_;
  SystemClock clock_;
  SecureRandom random_;
  prometheus::Registry registry_;
  CallMetrics call_metrics_{registry_};
  rpc::InFlightQuota quota_;
  Secrets secrets_;
  Backend backend_;
  std::unique_ptr<House> house_;
  std::unique_ptr<rpc::WorkerPool> workers_;
  std::unique_ptr<rpc::CallPipeline> pipeline_;
  std::unique_ptr<rpc::Rooms> rooms_;
  std::vector<std::unique_ptr<rpc::RpcService>> services_;
  std::unique_ptr<GrpcPorts> grpc_;
  std::unique_ptr<distribution::Sender> sender_;
  std::unique_ptr<operations::OperationRunner> runner_;
  std::unique_ptr<events::EventRetention> retention_;
  std::unique_ptr<http::PageParts> pages_;
  std::unique_ptr<http::IntakeParts> http_intake_;
  std::unique_ptr<http::HttpListener> http_;
};

}  // namespace canvass

#endif  // CANVASS_SERVER_MAIN_SERVER_H_
