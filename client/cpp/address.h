// Where a server is, as people write it.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CPP_ADDRESS_H_
#define CANVASS_CLIENT_CPP_ADDRESS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cpp/options.h"

namespace canvass::client {

struct Address {
  // For gRPC: "dns:///host:port" or "unix:/path".
  std::string target;
  // Whether it cannot leave this machine.
  bool loopback = false;
  // What the address itself says, kAuto if nothing.
  Transport transport = Transport::kAuto;
};

// Reads host:port, [ipv6]:port, unix:/path, dns:///host:port, https://host[:port] (443) or http://host[:port] (80).
// InvalidArgument if it is none of them.
absl::StatusOr<Address> ParseAddress(absl::string_view text);

// Whether calls to `address` are encrypted, given what the options say.
bool UsesTls(const Address& address, Transport transport);

}  // namespace canvass::client

#endif  // CANVASS_CLIENT_CPP_ADDRESS_H_
