#include "server/main/grpc_ports.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/status_macros.h"

namespace canvass {
namespace {

// Beyond what the pipeline takes, so that it can refuse a large message with its reason and the caller reads it.
constexpr int kMaxTransportBytes = 16 << 20;
constexpr int kMaxMetadataBytes = 16 << 10;
constexpr int kMaxStreamsPerConnection = 4096;
// What a connection may send ahead of its readers. Left to itself, gRPC guesses from round trips, which grow with the
// load, and holds tens of megabytes for every stream that is not read as fast as it comes.
constexpr int kReadAheadBytes = 1 << 20;
constexpr int kKeepaliveMillis = 30'000;
constexpr int kLeastPingIntervalMillis = 10'000;
// Certificates are read again this often, so that a renewed one needs no restart.
constexpr unsigned kCertificateRefreshSeconds = 60;

absl::Status CheckReadable(absl::string_view setting, const std::string& path) {
  if (path.empty() || std::ifstream(path).good()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(setting, ": cannot read ", path));
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> Credentials(const GrpcOptions& options) {
  if (options.tls_cert_file.empty()) return grpc::InsecureServerCredentials();
  CANVASS_RETURN_IF_ERROR(CheckReadable("--tls-cert-file", options.tls_cert_file));
  CANVASS_RETURN_IF_ERROR(CheckReadable("--tls-key-file", options.tls_key_file));
  CANVASS_RETURN_IF_ERROR(CheckReadable("--tls-client-ca-file", options.tls_client_ca_file));
  using grpc::experimental::FileWatcherCertificateProvider;
  auto provider = std::make_shared<FileWatcherCertificateProvider>(
      options.tls_key_file, options.tls_cert_file, options.tls_client_ca_file, kCertificateRefreshSeconds);
  grpc::experimental::TlsServerCredentialsOptions tls(provider);
  tls.watch_identity_key_cert_pairs();
  if (!options.tls_client_ca_file.empty()) {
    tls.watch_root_certs();
    tls.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return grpc::experimental::TlsServerCredentials(tls);
}

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMaxTransportBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreamsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kReadAheadBytes);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMillis);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kLeastPingIntervalMillis);
  // The default lets two servers share one port without a word.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

absl::Status CannotListen(absl::string_view setting, const std::string& address) {
  return absl::UnavailableError(
      absl::StrCat("cannot listen for gRPC on ", address, ": is it in use? Choose another ", setting));
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcPorts>> GrpcPorts::Start(
    const GrpcOptions& options, const std::vector<std::unique_ptr<rpc::RpcService>>& services) {
  std::vector<std::string> names;
  for (const auto& service : services) names.push_back(service->name());
  std::unique_ptr<GrpcPorts> ports(new GrpcPorts(names));
  CANVASS_ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ServerCredentials> credentials, Credentials(options));

  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetLimits(builder);
  builder.AddListeningPort(options.listen, credentials, &ports->port_);
  for (const auto& service : services) builder.RegisterService(service.get());
  builder.RegisterService(&ports->health_);
  ports->server_ = builder.BuildAndStart();
  if (ports->server_ == nullptr || ports->port_ == 0) return CannotListen("--listen", options.listen);

  grpc::ServerBuilder probe_builder;
  SetLimits(probe_builder);
  probe_builder.AddListeningPort(options.probe_listen, grpc::InsecureServerCredentials(), &ports->probe_port_);
  probe_builder.RegisterService(&ports->health_);
  ports->probe_server_ = probe_builder.BuildAndStart();
  if (ports->probe_server_ == nullptr || ports->probe_port_ == 0) {
    return CannotListen("--probe-listen", options.probe_listen);
  }
  return ports;
}

GrpcPorts::~GrpcPorts() { Stop(absl::Now()); }

void GrpcPorts::Stop(absl::Time deadline) {
  health_.EndWatches();
  for (grpc::Server* server : {server_.get(), probe_server_.get()}) {
    if (server != nullptr) server->Shutdown(absl::ToChronoTime(deadline));
  }
  server_.reset();
  probe_server_.reset();
}

}  // namespace canvass
