// What a Client can be told, and what one call can be told. See client.h.
#ifndef CANVASS_CLIENT_CPP_OPTIONS_H_
#define CANVASS_CLIENT_CPP_OPTIONS_H_

#include <string>

#include "absl/time/time.h"

namespace canvass::client {

// How calls travel.
enum class Transport {
  // As the address says (https://, http://); else TLS, but plaintext to a loopback address or a unix socket.
  kAuto,
  kTls,
  // Anybody on the way can read the credential.
  kPlaintext,
};

// Files in PEM form, read when the client is made.
struct TlsOptions {
  Transport transport = Transport::kAuto;
  // The authorities that may have signed the server's certificate. Empty: the system's.
  std::string ca_file;
  // For servers that want one from clients. Both or neither.
  std::string certificate_file;
  std::string key_file;
  // The name that the server's certificate must have, where it is not the address's.
  std::string server_name;
};

// How a call is repeated when gRPC's own retries (service_config.json, a few seconds) have given up.
struct RetryPolicy {
  absl::Duration initial_backoff = absl::Milliseconds(200);
  absl::Duration max_backoff = absl::Seconds(5);
  double multiplier = 2;
  // Each delay is taken at random between (1 - jitter) and 1 times the backoff, so that clients do not come back at
  // once.
  double jitter = 0.5;
  // 0: give up at once. Otherwise only the deadline and this bound the attempts.
  int max_retries = 1000;
};

struct ClientOptions {
  // host:port, [ipv6]:port, unix:/path, dns:///host:port, https://host[:port] or http://host:port.
  std::string address = "127.0.0.1:7443";
  // What goes behind `authorization: Bearer`. Empty: none is sent.
  std::string credential;
  // For a call that is not given its own.
  absl::Duration timeout = absl::Seconds(20);
  TlsOptions tls;
  RetryPolicy retry;
  // Put before the library's own, for example "acme-shop/1.4".
  std::string user_agent;
};

struct CallOptions {
  // From now, retries included; one attempt never takes longer than service_config.json says. Zero: the client's.
  absl::Duration timeout = absl::ZeroDuration();
  // Sent as x-request-id, which the server logs and quotes. Empty: one is made up.
  std::string request_id;
};

}  // namespace canvass::client

#endif  // CANVASS_CLIENT_CPP_OPTIONS_H_
