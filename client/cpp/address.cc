#include "client/cpp/address.h"

#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace canvass::client {
namespace {

absl::Status Malformed(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat(
      "the address '", text, "' is not host:port, [ipv6]:port, unix:/path, https://host or http://host:port"));
}

bool IsLoopback(absl::string_view host) {
  if (absl::EqualsIgnoreCase(host, "localhost") || host == "::1") return true;
  if (!absl::StartsWith(host, "127.")) return false;
  return host.find_first_not_of("0123456789.") == absl::string_view::npos;
}

struct HostPort {
  absl::string_view host;
  absl::string_view port;
};

// Splits "host:port", "[ipv6]:port" or either without its port.
bool SplitHostPort(absl::string_view text, HostPort& result) {
  if (absl::ConsumePrefix(&text, "[")) {
    const std::size_t end = text.find(']');
    if (end == absl::string_view::npos) return false;
    result.host = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (text.empty()) return true;
    if (!absl::ConsumePrefix(&text, ":")) return false;
    result.port = text;
    return true;
  }
  const std::size_t colon = text.find(':');
  result.host = text.substr(0, colon);
  if (colon == absl::string_view::npos) return true;
  result.port = text.substr(colon + 1);
  // An IPv6 address without brackets: which colon begins the port cannot be told.
  return result.port.find(':') == absl::string_view::npos && !result.port.empty();
}

}  // namespace

absl::StatusOr<Address> ParseAddress(absl::string_view text) {
  absl::string_view rest = text;
  Address address;
  if (absl::StartsWith(rest, "unix:")) {
    if (rest.size() == 5) return Malformed(text);
    return Address{.target = std::string(rest), .loopback = true};
  }
  absl::string_view default_port;
  if (absl::ConsumePrefix(&rest, "https://")) {
    address.transport = Transport::kTls;
    default_port = "443";
  } else if (absl::ConsumePrefix(&rest, "http://")) {
    address.transport = Transport::kPlaintext;
    default_port = "80";
  } else {
    absl::ConsumePrefix(&rest, "dns:///");
  }
  if (address.transport != Transport::kAuto) absl::ConsumeSuffix(&rest, "/");
  HostPort split;
  if (!SplitHostPort(rest, split) || split.host.empty()) return Malformed(text);
  if (split.host.find_first_of("/@ \t\r\n") != absl::string_view::npos) return Malformed(text);
  if (split.port.empty()) split.port = default_port;
  std::uint32_t port = 0;
  if (!absl::SimpleAtoi(split.port, &port) || port == 0 || port > 65535) return Malformed(text);
  const bool ipv6 = absl::StrContains(split.host, ':');
  address.target = absl::StrCat("dns:///", ipv6 ? "[" : "", split.host, ipv6 ? "]" : "", ":", port);
  address.loopback = IsLoopback(split.host);
  return address;
}

bool UsesTls(const Address& address, Transport transport) {
  if (transport == Transport::kAuto) transport = address.transport;
  if (transport == Transport::kAuto) return !address.loopback;
  return transport == Transport::kTls;
}

}  // namespace canvass::client
