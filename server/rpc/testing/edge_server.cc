#include "server/rpc/testing/edge_server.h"

#include <google/rpc/status.pb.h>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace canvass::rpc::testing {

void KeptCalls::Record(const FinishedCall& call) {
  absl::MutexLock lock(&mutex_);
  calls_.push_back({std::string(call.method), call.code, std::string(call.tenant)});
}

std::vector<KeptCalls::Kept> KeptCalls::all() const {
  absl::MutexLock lock(&mutex_);
  return calls_;
}

EdgeServer::EdgeServer(mysql::Database& database, Clock& clock, const Options& options)
    : tenants_(database),
      api_keys_(database),
      authority_(std::string(32, 's'), operator_credential()),
      authenticator_(authority_, api_keys_, clock),
      rooms_{tenants_, api_keys_, authority_, authenticator_, clock, random_},
      quota_(options.max_in_flight),
      workers_(options.workers),
      pipeline_({.authenticator = authenticator_,
                 .workers = workers_,
                 .quota = quota_,
                 .recorder = calls_,
                 .clock = clock,
                 .random = random_}),
      keepalive_(options.keepalive) {}

EdgeServer::~EdgeServer() {
  Stop();
  workers_.Stop();
}

void EdgeServer::Start() {
  grpc::ServerBuilder builder;
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  const int keepalive_millis = static_cast<int>(absl::ToInt64Milliseconds(keepalive_));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, keepalive_millis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, keepalive_millis);
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.SetMaxReceiveMessageSize(static_cast<int>(kMaxTransportMessageBytes));
  for (const auto& service : services_) builder.RegisterService(service.get());
  for (grpc::Service* service : others_) builder.RegisterService(service);
  server_ = builder.BuildAndStart();
  ASSERT_NE(server_, nullptr);
}

void EdgeServer::Stop(absl::Duration patience) {
  if (server_ == nullptr) return;
  server_->Shutdown(absl::ToChronoTime(absl::Now() + patience));
  server_.reset();
}

std::shared_ptr<grpc::Channel> EdgeServer::channel() {
  return grpc::CreateChannel(absl::StrCat("127.0.0.1:", port_), grpc::InsecureChannelCredentials());
}

std::string EdgeServer::MakeKey(const std::string& tenant, v1::ApiKey::Role role) {
  v1::Tenant content;
  content.set_time_zone("UTC");
  const auto record = tenants_.Insert(TenantId(tenant), content, rooms_.clock.Now());
  EXPECT_TRUE(record.ok()) << record.status();
  v1::ApiKey key;
  key.set_role(role);
  const tenants::NewCredential credential = authority_.Make(random_);
  EXPECT_TRUE(api_keys_.Insert(record->scope, credential, key, rooms_.clock.Now()).ok());
  return credential.text;
}

RawAnswer EdgeServer::CallRaw(const std::string& method, const std::string& credential,
                              const grpc::ByteBuffer& request) {
  grpc::ClientContext context;
  if (!credential.empty()) SetCredential(context, credential);
  return CallRaw(context, method, request);
}

RawAnswer EdgeServer::CallRaw(grpc::ClientContext& context, const std::string& method,
                              const grpc::ByteBuffer& request) {
  grpc::GenericStub stub(channel());
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(&context, method, request, &queue);
  call->StartCall();
  RawAnswer answer;
  grpc::Status status;
  call->Finish(&answer.bytes, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  EXPECT_TRUE(queue.Next(&tag, &ok));
  answer.status = FromGrpc(status);
  const auto& trailers = context.GetServerTrailingMetadata();
  if (const auto found = trailers.find("x-request-id"); found != trailers.end()) {
    answer.request_id = std::string(found->second.data(), found->second.size());
  }
  return answer;
}

absl::Status FromGrpc(const grpc::Status& status) {
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  for (const auto& detail : details.details()) result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  return result;
}

void SetCredential(grpc::ClientContext& context, absl::string_view credential) {
  context.AddMetadata("authorization", absl::StrCat("Bearer ", credential));
}

}  // namespace canvass::rpc::testing
