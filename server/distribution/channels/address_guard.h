// Which network addresses the server may call on a tenant's behalf: public ones, and those that the operator allows. A
// tenant chooses the name of its webhook's host, and what a name resolves to can change at any time; so what is judged
// is the address of each connection, right before it is made.
//
//   CANVASS_ASSIGN_OR_RETURN(AddressGuard guard, AddressGuard::Make({"10.1.0.0/16"}));
//   if (!guard.Allows(*address)) … do not connect …
//
// Thread-safe: it never changes.
#ifndef CANVASS_SERVER_DISTRIBUTION_CHANNELS_ADDRESS_GUARD_H_
#define CANVASS_SERVER_DISTRIBUTION_CHANNELS_ADDRESS_GUARD_H_

#include <sys/socket.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace canvass::distribution {

// Addresses that start with the same bits: `10.0.0.0/8`, `2001:db8::/32`; an address alone is its only member.
class AddressBlock {
 public:
  // Nothing if `text` is no such thing.
  static std::optional<AddressBlock> Parse(absl::string_view text);

  // `address` is 4 bytes of IPv4 or 16 of IPv6.
  bool Contains(absl::string_view address) const;

 private:
  AddressBlock(std::string bytes, int bits) : bytes_(std::move(bytes)), bits_(bits) {}

  std::string bytes_;
  int bits_;
};

class AddressGuard {
 public:
  // Allows public addresses alone.
  AddressGuard() = default;
  // Allows these, too. InvalidArgument, for the operator, if one is neither an address nor a block.
  static absl::StatusOr<AddressGuard> Make(absl::Span<const std::string> allowed);

  // An IPv6 address that stands for an IPv4 one is never public, however it does so: nobody needs it, and it hides
  // where it leads.
  bool Allows(const sockaddr& address) const;

 private:
  std::vector<AddressBlock> allowed_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_CHANNELS_ADDRESS_GUARD_H_
