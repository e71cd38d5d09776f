// Everything that can be set, one struct per room, filled in one place.
//
// A setting is read from its flag (--http-listen=…), else its environment variable (CANVASS_HTTP_LISTEN), else the YAML
// file named by --config (http-listen: …), else it has its default. All faults are reported at once.
#ifndef CANVASS_SERVER_MAIN_CONFIG_H_
#define CANVASS_SERVER_MAIN_CONFIG_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/base/log.h"
#include "server/http/http_listener.h"

namespace canvass {

enum class Verb { kServe, kMigrate, kHelp, kVersion };

struct GrpcOptions {
  std::string listen = "127.0.0.1:7443";
  std::string probe_listen = "127.0.0.1:7481";
  std::string tls_cert_file;
  std::string tls_key_file;
  std::string tls_client_ca_file;
  bool allow_plaintext = false;
  int worker_threads = 16;
};

struct DatabaseOptions {
  // mysql://user@host:port/name; empty: a private server in data_dir.
  std::string url;
  std::string password_file;
  int pool_size = 24;
  bool allow_unsafe = false;
};

struct SecretOptions {
  std::string secret_file;
  std::string operator_key_file;
};

struct IntakeOptions {
  int writers = 2;
  int queue_limit = 8192;
};

struct SendingOptions {
  // Where respondents' pages are seen from outside; empty: where the HTTP port listens.
  std::string public_url;
  // Empty: no mail can be sent.
  std::string smtp_url;
  std::string smtp_user;
  std::string smtp_password_file;
  std::string smtp_ca_file;
  // Blocks of addresses that are not public and may be called all the same.
  std::vector<std::string> allow_destinations;
  bool allow_http_destinations = false;
  bool no_sending = false;
};

struct Config {
  Verb verb = Verb::kServe;
  std::string data_dir = "canvass-data";
  // Written once the server takes calls: the ports it listens on, for scripts that let it choose.
  std::string ready_file;
  LogLevel log_level = LogLevel::kInfo;
  absl::Duration drain_timeout = absl::Seconds(20);
  GrpcOptions grpc;
  http::HttpOptions http;
  DatabaseOptions database;
  SecretOptions secrets;
  IntakeOptions intake;
  SendingOptions sending;
};

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// Reads `arguments` (without the program's name), the environment and the file. InvalidArgument with every fault, each
// naming where it was set, the value and what is allowed.
absl::StatusOr<Config> ReadConfig(absl::Span<const std::string> arguments, const Environment& environment);

// The text of --help.
std::string ConfigHelp();

}  // namespace canvass

#endif  // CANVASS_SERVER_MAIN_CONFIG_H_
