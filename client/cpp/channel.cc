#include "client/cpp/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/address.h"
#include "client/cpp/build_facts.h"

namespace canvass::client {
namespace {

// A page of 1,000 large surveys exceeds gRPC's default of 4 MiB.
constexpr int kMaxReceiveBytes = 64 << 20;
// gRPC's default of two minutes would sleep through a server's restart.
constexpr int kMinReconnectMs = 200;
constexpr int kMaxReconnectMs = 5000;

// Appends the content of `path` to `pem`, or says which file cannot be read and what it was for.
absl::Status ReadPem(absl::string_view what, const std::string& path, std::string& pem) {
  if (path.empty()) return absl::OkStatus();
  std::ifstream file(path, std::ios::binary);
  const int error = errno;
  if (!file) return absl::ErrnoToStatus(error, absl::StrCat("cannot read the ", what, " ", path));
  pem.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  if (pem.find("-----BEGIN") == std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat("the ", what, " ", path, " is not in PEM form"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(const Address& address, const TlsOptions& tls) {
  if (!UsesTls(address, tls.transport)) return grpc::InsecureChannelCredentials();
  if (tls.certificate_file.empty() != tls.key_file.empty()) {
    return absl::InvalidArgumentError("a client certificate and its key file must be given together");
  }
  grpc::SslCredentialsOptions pem;
  absl::Status status = ReadPem("CA file", tls.ca_file, pem.pem_root_certs);
  status.Update(ReadPem("client certificate", tls.certificate_file, pem.pem_cert_chain));
  status.Update(ReadPem("client key", tls.key_file, pem.pem_private_key));
  if (!status.ok()) return status;
  return grpc::SslCredentials(pem);
}

grpc::ChannelArguments Arguments(const ClientOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(std::string(ServiceConfigJson()));
  arguments.SetUserAgentPrefix(
      absl::StrCat(options.user_agent, options.user_agent.empty() ? "" : " ", "canvass-cpp/", Version()));
  arguments.SetMaxReceiveMessageSize(kMaxReceiveBytes);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kMinReconnectMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kMinReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMs);
  if (!options.tls.server_name.empty()) arguments.SetSslTargetNameOverride(options.tls.server_name);
  return arguments;
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const ClientOptions& options) {
  const absl::StatusOr<Address> address = ParseAddress(options.address);
  if (!address.ok()) return address.status();
  const auto credentials = Credentials(*address, options.tls);
  if (!credentials.ok()) return credentials.status();
  return grpc::CreateCustomChannel(address->target, *credentials, Arguments(options));
}

absl::Status CheckMetadataValue(absl::string_view what, absl::string_view value) {
  const bool fits = std::all_of(value.begin(), value.end(), [](unsigned char c) { return absl::ascii_isgraph(c); });
  if (fits) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the ", what, " has a blank, a line end or a character outside ASCII in it"));
}

}  // namespace canvass::client
