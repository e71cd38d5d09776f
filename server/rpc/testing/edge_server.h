// A gRPC server in this process with the whole request edge over a test's database, and calls into it.
//
//   mysql::testing::TestDatabase db;
//   EdgeServer server(db.database(), db.clock(), {});
//   server.Add(MakeTenantService(server.pipeline(), server.rooms()));
//   server.Start();
//   Answer<v1::Tenant> answer = server.Call<v1::Tenant>("/canvass.v1.TenantService/GetTenant", credential, request);
//   EXPECT_EQ(answer.reason(), v1::ERROR_REASON_PERMISSION_DENIED);
#ifndef CANVASS_SERVER_RPC_TESTING_EDGE_SERVER_H_
#define CANVASS_SERVER_RPC_TESTING_EDGE_SERVER_H_

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/error.h"
#include "server/base/random.h"
#include "server/mysql/database.h"
#include "server/rpc/call_pipeline.h"
#include "server/rpc/call_quota.h"
#include "server/rpc/call_recorder.h"
#include "server/rpc/message_codec.h"
#include "server/rpc/rooms.h"
#include "server/rpc/rpc_service.h"
#include "server/rpc/worker_pool.h"
#include "tenants/authenticator.h"
#include "tenants/keys/api_key_store.h"
#include "tenants/keys/credential.h"
#include "tenants/tenant_store.h"

namespace canvass::rpc::testing {

// What came back.
struct RawAnswer {
  absl::Status status;
  grpc::ByteBuffer bytes;
  std::string request_id;  // of the trailing metadata
  v1::ErrorReason reason() const { return ReasonOf(status); }
};

template <typename Response>
struct Answer : RawAnswer {
  Response message;
};

// Keeps every finished call.
class KeptCalls final : public CallRecorder {
 public:
  struct Kept {
    std::string method;
    absl::StatusCode code;
    std::string tenant;
  };
  void Record(const FinishedCall& call) override;
  std::vector<Kept> all() const;

 private:
  mutable absl::Mutex mutex_;
  std::vector<Kept> calls_ ABSL_GUARDED_BY(mutex_);
};

class EdgeServer {
 public:
  struct Options {
    WorkerPool::Options workers = {.threads = 4, .queue_limit = 100};
    int max_in_flight = 1000;
    // After so long without a word a client is asked for one, and has as long to say it.
    absl::Duration keepalive = absl::Minutes(10);
  };
  EdgeServer(mysql::Database& database, Clock& clock, const Options& options);
  ~EdgeServer();

  CallPipeline& pipeline() { return pipeline_; }
  const TenantRooms& rooms() const { return rooms_; }
  const KeptCalls& calls() const { return calls_; }
  tenants::TenantStore& tenants() { return tenants_; }

  void Add(std::unique_ptr<RpcService> service) { services_.push_back(std::move(service)); }
  // Any service that does not go through the pipeline.
  void Add(grpc::Service& service) { others_.push_back(&service); }
  void Start();
  // Stops the gRPC server; calls that run longer than `patience` are cancelled.
  void Stop(absl::Duration patience = absl::Seconds(5));

  int port() const { return port_; }
  std::shared_ptr<grpc::Channel> channel();
  static std::string operator_credential() { return "cvo_0123456789abcdef0123456789abcdef"; }
  // Creates the tenant if need be, and a key in it; returns the credential.
  std::string MakeKey(const std::string& tenant, v1::ApiKey::Role role);

  // Calls `method`, with `credential` unless empty. The message is sent as it is.
  RawAnswer CallRaw(const std::string& method, const std::string& credential, const grpc::ByteBuffer& request);
  RawAnswer CallRaw(grpc::ClientContext& context, const std::string& method, const grpc::ByteBuffer& request);

  template <typename Response, typename Request>
  Answer<Response> Call(const std::string& method, const std::string& credential, const Request& request) {
    grpc::ByteBuffer bytes;
    EXPECT_TRUE(EncodeMessage(request, bytes).ok());
    Answer<Response> answer{CallRaw(method, credential, bytes), Response()};
    EXPECT_TRUE(!answer.status.ok() || DecodeMessage(answer.bytes, answer.message).ok());
    return answer;
  }

 private:
  SecureRandom random_;
  tenants::TenantStore tenants_;
  tenants::ApiKeyStore api_keys_;
  tenants::CredentialAuthority authority_;
  tenants::Authenticator authenticator_;
  TenantRooms rooms_;
  InFlightQuota quota_;
  KeptCalls calls_;
  WorkerPool workers_;
  CallPipeline pipeline_;
  std::vector<std::unique_ptr<RpcService>> services_;
  std::vector<grpc::Service*> others_;
  const absl::Duration keepalive_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

// A status of gRPC with its details.
absl::Status FromGrpc(const grpc::Status& status);

void SetCredential(grpc::ClientContext& context, absl::string_view credential);

}  // namespace canvass::rpc::testing

#endif  // CANVASS_SERVER_RPC_TESTING_EDGE_SERVER_H_
