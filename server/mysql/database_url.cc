#include "server/mysql/database_url.h"

#include <fstream>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::mysql {
namespace {

constexpr char kShape[] = "a database is given as mysql://user[:password]@host[:port]/schema[?name=value&…]";

absl::Status Invalid(absl::string_view what) { return absl::InvalidArgumentError(absl::StrCat(what, "; ", kShape)); }

bool IsThisMachine(absl::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1" || absl::StartsWith(host, "127.");
}

// Splits `text` at the first `separator`; the second part is empty if there is none.
std::pair<absl::string_view, absl::string_view> Cut(absl::string_view text, char separator) {
  return absl::StrSplit(text, absl::MaxSplits(separator, 1));
}

absl::StatusOr<std::string> Decode(absl::string_view what, absl::string_view text) {
  absl::StatusOr<std::string> decoded = DecodeSegment(text);
  if (!decoded.ok()) return Invalid(absl::StrCat("the ", what, " has a '%' without two hexadecimal digits"));
  return decoded;
}

absl::Status ParseHost(absl::string_view text, ConnectOptions& options) {
  absl::string_view port;
  if (absl::ConsumePrefix(&text, "[")) {  // an IPv6 address
    const std::size_t end = text.find(']');
    if (end == absl::string_view::npos) return Invalid("the host has a '[' without ']'");
    options.host = std::string(text.substr(0, end));
    port = text.substr(end + 1);
    if (!port.empty() && !absl::ConsumePrefix(&port, ":")) return Invalid("something other than a port follows ']'");
  } else {
    const auto [host, rest] = Cut(text, ':');
    options.host = std::string(host);
    port = rest;
  }
  if (options.host.empty()) return Invalid("the host is missing");
  if (!port.empty() && (!absl::SimpleAtoi(port, &options.port) || options.port < 1 || options.port > 65535)) {
    return Invalid(absl::StrCat("the port '", port, "' is not a number from 1 to 65535"));
  }
  return absl::OkStatus();
}

absl::Status ReadPasswordFile(const std::string& path, ConnectOptions& options) {
  std::ifstream file(path);
  if (!std::getline(file, options.password)) {
    return absl::NotFoundError(absl::StrCat("the password-file '", path, "' cannot be read or is empty"));
  }
  options.password = std::string(absl::StripSuffix(options.password, "\r"));
  return absl::OkStatus();
}

absl::Status ParseParameter(absl::string_view name, std::string value, ConnectOptions& options, bool& ssl_off) {
  if (name == "password-file") return ReadPasswordFile(value, options);
  if (name == "ssl") {
    if (value != "off") return Invalid("the parameter ssl takes 'off' alone; encryption is asked for by ssl-ca=PATH");
    ssl_off = true;
    return absl::OkStatus();
  }
  std::string* const target = name == "ssl-ca"     ? &options.ssl_ca
                              : name == "ssl-cert" ? &options.ssl_cert
                              : name == "ssl-key"  ? &options.ssl_key
                              : name == "socket"   ? &options.socket
                                                   : nullptr;
  if (target == nullptr) {
    return Invalid(absl::StrCat("the parameter '", name,
                                "' is unknown; known are socket, ssl, ssl-ca, ssl-cert, ssl-key, password-file"));
  }
  if (value.empty()) return Invalid(absl::StrCat("the parameter '", name, "' has no value"));
  *target = std::move(value);
  return absl::OkStatus();
}

absl::Status CheckEncryption(const ConnectOptions& options, bool ssl_off) {
  if (ssl_off && !options.ssl_ca.empty()) return Invalid("ssl=off and ssl-ca contradict each other");
  if (options.ssl_ca.empty() && !(options.ssl_cert.empty() && options.ssl_key.empty())) {
    return Invalid("ssl-cert and ssl-key need ssl-ca");
  }
  if (options.ssl_cert.empty() != options.ssl_key.empty()) return Invalid("ssl-cert and ssl-key go together");
  const bool local = !options.socket.empty() || IsThisMachine(options.host);
  if (local || ssl_off || !options.ssl_ca.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the database on host '", options.host, "' would get the password and all data unencrypted; give ",
                   "ssl-ca=PATH of the certificate authority, or ssl=off if nobody can listen on that network"));
}

}  // namespace

absl::StatusOr<ConnectOptions> ParseDatabaseUrl(absl::string_view url) {
  ConnectOptions options;
  if (!absl::ConsumePrefix(&url, "mysql://") && !absl::ConsumePrefix(&url, "mariadb://")) {
    return Invalid("the address does not start with mysql://");
  }
  const auto [main, query] = Cut(url, '?');
  const auto [authority, schema] = Cut(main, '/');
  const std::size_t at = authority.rfind('@');  // a password may hold one
  if (at == absl::string_view::npos || at == 0) return Invalid("the user is missing");
  const auto [user, password] = Cut(authority.substr(0, at), ':');
  CANVASS_ASSIGN_OR_RETURN(options.user, Decode("user", user));
  CANVASS_ASSIGN_OR_RETURN(options.password, Decode("password", password));
  CANVASS_ASSIGN_OR_RETURN(options.schema, Decode("schema", schema));
  CANVASS_RETURN_IF_ERROR(ParseHost(authority.substr(at + 1), options));
  bool ssl_off = false;
  for (absl::string_view parameter : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    const auto [name, raw] = Cut(parameter, '=');
    CANVASS_ASSIGN_OR_RETURN(std::string value, Decode("parameter", raw));
    CANVASS_RETURN_IF_ERROR(ParseParameter(name, std::move(value), options, ssl_off));
  }
  CANVASS_RETURN_IF_ERROR(CheckEncryption(options, ssl_off));
  return options;
}

std::string DescribeDatabase(const ConnectOptions& options) {
  const std::string place = options.socket.empty() ? absl::StrCat(options.host, ":", options.port) : options.socket;
  return absl::StrCat(options.user, "@", place, "/", options.schema, options.ssl_ca.empty() ? "" : " (TLS)");
}

}  // namespace canvass::mysql
