// The gRPC ports: the main one with every service, health and reflection, over TLS where it is set up; and a plaintext
// one for probes alone.
//
// Thread-safe once started.
#ifndef CANVASS_SERVER_MAIN_GRPC_PORTS_H_
#define CANVASS_SERVER_MAIN_GRPC_PORTS_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/main/config.h"
#include "server/rpc/rpc_service.h"
#include "server/rpc/services/health_service.h"

namespace canvass {

class GrpcPorts {
 public:
  // `services` must outlive the ports. Unavailable if an address cannot be listened on, InvalidArgument if a TLS file
  // cannot be read.
  static absl::StatusOr<std::unique_ptr<GrpcPorts>> Start(
      const GrpcOptions& options, const std::vector<std::unique_ptr<rpc::RpcService>>& services);
  ~GrpcPorts();

  int port() const { return port_; }
  int probe_port() const { return probe_port_; }
  rpc::HealthService& health() { return health_; }

  // Ends what is still in flight at `deadline`, and the ports.
  void Stop(absl::Time deadline);

 private:
  explicit GrpcPorts(const std::vector<std::string>& names) : health_(names) {}

  rpc::HealthService health_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<grpc::Server> probe_server_;
  int port_ = 0;
  int probe_port_ = 0;
};

}  // namespace canvass

#endif  // CANVASS_SERVER_MAIN_GRPC_PORTS_H_
