#include "server/main/settings.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "server/base/status_macros.h"
#include "server/distribution/channels/address_guard.h"

namespace canvass {
namespace {

using Set = std::function<absl::Status(Config&, absl::string_view)>;
using Show = std::function<std::string(const Config&)>;

absl::StatusOr<int> Whole(absl::string_view text, int low, int high) {
  int number = 0;
  if (absl::SimpleAtoi(text, &number) && number >= low && number <= high) return number;
  return absl::InvalidArgumentError(absl::StrCat("'", text, "' is not a whole number from ", low, " to ", high));
}

absl::StatusOr<std::pair<std::string, int>> HostPort(absl::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon != absl::string_view::npos) {
    const absl::StatusOr<int> port = Whole(text.substr(colon + 1), 0, 65535);
    if (port.ok()) return std::pair(std::string(text.substr(0, colon)), *port);
  }
  return absl::InvalidArgumentError(absl::StrCat("'", text, "' is not host:port, for example 127.0.0.1:7443"));
}

// An empty host listens everywhere.
std::string HostOrAny(const std::string& host) { return host.empty() ? "0.0.0.0" : host; }

Setting Text(absl::string_view name, absl::string_view value, absl::string_view help, auto field) {
  return {name, value, help,
          [field](Config& config, absl::string_view text) {
            field(config) = std::string(text);
            return absl::OkStatus();
          },
          [field](const Config& config) { return field(const_cast<Config&>(config)); }};
}

Setting Number(absl::string_view name, int low, int high, absl::string_view help, auto field) {
  return {name, "N", help,
          [field, low, high](Config& config, absl::string_view text) -> absl::Status {
            CANVASS_ASSIGN_OR_RETURN(field(config), Whole(text, low, high));
            return absl::OkStatus();
          },
          [field](const Config& config) { return absl::StrCat(field(const_cast<Config&>(config))); }};
}

Setting Switch(absl::string_view name, absl::string_view help, auto field) {
  return {name, "", help,
          [field](Config& config, absl::string_view text) -> absl::Status {
            if (text.empty() || text == "true") {
              field(config) = true;
            } else if (text == "false") {
              field(config) = false;
            } else {
              return absl::InvalidArgumentError(absl::StrCat("'", text, "' is neither true nor false"));
            }
            return absl::OkStatus();
          },
          [](const Config&) { return std::string("false"); }};
}

Setting Address(absl::string_view name, absl::string_view help, auto field) {
  return {name, "HOST:PORT", help,
          [field](Config& config, absl::string_view text) -> absl::Status {
            CANVASS_ASSIGN_OR_RETURN(const auto address, HostPort(text));
            field(config) = absl::StrCat(HostOrAny(address.first), ":", address.second);
            return absl::OkStatus();
          },
          [field](const Config& config) { return field(const_cast<Config&>(config)); }};
}

absl::Status SetHttpListen(Config& config, absl::string_view text) {
  CANVASS_ASSIGN_OR_RETURN(const auto address, HostPort(text));
  config.http.host = HostOrAny(address.first);
  config.http.port = address.second;
  return absl::OkStatus();
}

absl::Status SetLogLevelSetting(Config& config, absl::string_view text) {
  CANVASS_ASSIGN_OR_RETURN(config.log_level, ParseLogLevel(text));
  return absl::OkStatus();
}

absl::Status SetDrainTimeout(Config& config, absl::string_view text) {
  absl::Duration duration;
  if (!absl::ParseDuration(text, &duration) || duration < absl::ZeroDuration() || duration > absl::Minutes(10)) {
    return absl::InvalidArgumentError(absl::StrCat("'", text, "' is not a time from 0s to 10m, for example 20s"));
  }
  config.drain_timeout = duration;
  return absl::OkStatus();
}

absl::Status SetAllowDestinations(Config& config, absl::string_view text) {
  config.sending.allow_destinations = absl::StrSplit(text, ',', absl::SkipWhitespace());
  return distribution::AddressGuard::Make(config.sending.allow_destinations).status();
}

std::vector<Setting> Ports() {
  return {
      Address("listen", "gRPC address. Plaintext is served on loopback only, unless --allow-plaintext",
              [](Config& c) -> std::string& { return c.grpc.listen; }),
      {"http-listen", "HOST:PORT", "HTTP address: respondents' pages, events, /livez, /readyz, /metrics", SetHttpListen,
       [](const Config& c) { return absl::StrCat(c.http.host, ":", c.http.port); }},
      Address("probe-listen", "plaintext gRPC address for health probes alone",
              [](Config& c) -> std::string& { return c.grpc.probe_listen; }),
  };
}

std::vector<Setting> DatabaseAndSecrets() {
  return {
      Text("database", "URL",
           "mysql://user@host:3306/name of a MySQL or MariaDB; unset: a private MariaDB in --data-dir",
           [](Config& c) -> std::string& { return c.database.url; }),
      Text("database-password-file", "FILE", "its password",
           [](Config& c) -> std::string& { return c.database.password_file; }),
      Number("database-pool-size", 4, 1000, "most connections to the database",
             [](Config& c) -> int& { return c.database.pool_size; }),
      Switch("allow-unsafe-database", "start although the database's settings can lose acknowledged answers",
             [](Config& c) -> bool& { return c.database.allow_unsafe; }),
      Text("data-dir", "DIR", "where the private database and generated secrets live",
           [](Config& c) -> std::string& { return c.data_dir; }),
      Text("secret-file", "FILE",
           "32 bytes or more that sign keys and tokens; the same on every server. With a private "
           "database it is made in --data-dir",
           [](Config& c) -> std::string& { return c.secrets.secret_file; }),
      Text("operator-key-file", "FILE",
           "the operator's credential (cvo_...), for tenant administration. With a private "
           "database it is made in --data-dir",
           [](Config& c) -> std::string& { return c.secrets.operator_key_file; }),
  };
}

std::vector<Setting> Calls() {
  return {
      Text("tls-cert-file", "FILE", "PEM certificate chain of the gRPC port",
           [](Config& c) -> std::string& { return c.grpc.tls_cert_file; }),
      Text("tls-key-file", "FILE", "its PEM private key",
           [](Config& c) -> std::string& { return c.grpc.tls_key_file; }),
      Text("tls-client-ca-file", "FILE", "PEM roots; callers must present a certificate signed by one",
           [](Config& c) -> std::string& { return c.grpc.tls_client_ca_file; }),
      Switch("allow-plaintext", "serve gRPC without TLS beyond loopback, behind a proxy or mesh that encrypts",
             [](Config& c) -> bool& { return c.grpc.allow_plaintext; }),
      Number("worker-threads", 1, 1000, "threads for calls that wait for the database",
             [](Config& c) -> int& { return c.grpc.worker_threads; }),
      Number("intake-writers", 1, 8, "threads that write responses",
             [](Config& c) -> int& { return c.intake.writers; }),
      Number("intake-queue", 1, 1000000, "responses that may wait to be written before callers are told to retry",
             [](Config& c) -> int& { return c.intake.queue_limit; }),
  };
}

std::vector<Setting> Sending() {
  return {
      Text("public-url", "URL",
           "where respondents' pages are seen from outside, for links in messages, for example "
           "https://feedback.example.com; unset: the HTTP address",
           [](Config& c) -> std::string& { return c.sending.public_url; }),
      Text("smtp-url", "URL",
           "smtp://relay:587 (STARTTLS, unless the relay is this machine) or smtps://relay:465; unset: no mail is sent",
           [](Config& c) -> std::string& { return c.sending.smtp_url; }),
      Text("smtp-user", "NAME", "the relay's user", [](Config& c) -> std::string& { return c.sending.smtp_user; }),
      Text("smtp-password-file", "FILE", "the user's password",
           [](Config& c) -> std::string& { return c.sending.smtp_password_file; }),
      Text("smtp-ca-file", "FILE", "PEM roots that sign the relay's certificate, instead of the system's",
           [](Config& c) -> std::string& { return c.sending.smtp_ca_file; }),
      {"allow-destinations", "BLOCKS",
       "private addresses that tenants' webhooks and providers of text messages may be at, for example "
       "10.1.0.0/16,127.0.0.1",
       SetAllowDestinations, [](const Config& c) { return absl::StrJoin(c.sending.allow_destinations, ","); }},
      Switch("allow-http-destinations", "let them be called without TLS",
             [](Config& c) -> bool& { return c.sending.allow_http_destinations; }),
      Switch("no-sending", "send no messages from this server; others on the same database do",
             [](Config& c) -> bool& { return c.sending.no_sending; }),
  };
}

std::vector<Setting> Running() {
  return {
      Text("ready-file", "FILE", "write the ports as JSON here once calls are taken, for scripts",
           [](Config& c) -> std::string& { return c.ready_file; }),
      {"log-level", "LEVEL", "debug, info, warning or error", SetLogLevelSetting,
       [](const Config&) { return std::string("info"); }},
      {"drain-timeout", "TIME", "how long calls in flight may take to finish when the server stops", SetDrainTimeout,
       [](const Config& c) { return absl::FormatDuration(c.drain_timeout); }},
  };
}

// In the order in which they are told of.
std::vector<Setting> MakeSettings() {
  std::vector<Setting> settings;
  for (const std::vector<Setting>& part : {Ports(), DatabaseAndSecrets(), Calls(), Sending(), Running()}) {
    settings.insert(settings.end(), part.begin(), part.end());
  }
  return settings;
}

}  // namespace

absl::Span<const Setting> Settings() {
  static const std::vector<Setting>* const settings = new std::vector<Setting>(MakeSettings());
  return *settings;
}

std::string EnvironmentName(absl::string_view setting) {
  return absl::StrCat("CANVASS_", absl::AsciiStrToUpper(absl::StrReplaceAll(setting, {{"-", "_"}})));
}

}  // namespace canvass
