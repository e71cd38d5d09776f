#include "server/distribution/channels/address_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace canvass::distribution {
namespace {

// The IANA registries of special-purpose addresses, and multicast. Of IPv6, only 2000::/3 is given out at all.
constexpr absl::string_view kNotPublic4[] = {
    "0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",
};
constexpr absl::string_view kGlobal6 = "2000::/3";
// 2001::/23 holds Teredo and ORCHID, 2002::/16 is 6to4.
constexpr absl::string_view kNotPublic6[] = {"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"};

template <std::size_t count>
std::vector<AddressBlock> Blocks(const absl::string_view (&texts)[count]) {
  std::vector<AddressBlock> blocks;
  for (absl::string_view text : texts) blocks.push_back(*AddressBlock::Parse(text));
  return blocks;
}

bool AnyContains(const std::vector<AddressBlock>& blocks, absl::string_view address) {
  return std::any_of(blocks.begin(), blocks.end(), [&](const AddressBlock& block) { return block.Contains(address); });
}

bool IsPublic(absl::string_view address) {
  static const auto& not_public4 = *new std::vector<AddressBlock>(Blocks(kNotPublic4));
  static const auto& not_public6 = *new std::vector<AddressBlock>(Blocks(kNotPublic6));
  static const auto& global6 = *new AddressBlock(*AddressBlock::Parse(kGlobal6));
  if (address.size() == sizeof(in_addr)) return !AnyContains(not_public4, address);
  return global6.Contains(address) && !AnyContains(not_public6, address);
}

// The bytes of an IPv4 or IPv6 address; empty for other families.
absl::string_view BytesOf(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& ip = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    return {reinterpret_cast<const char*>(&ip), sizeof(ip)};
  }
  if (address.sa_family == AF_INET6) {
    const auto& ip = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    return {reinterpret_cast<const char*>(&ip), sizeof(ip)};
  }
  return {};
}

}  // namespace

std::optional<AddressBlock> AddressBlock::Parse(absl::string_view text) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits('/', 1));
  in6_addr ip;
  std::string bytes;
  if (inet_pton(AF_INET, parts.first.c_str(), &ip) == 1) {
    bytes.assign(reinterpret_cast<const char*>(&ip), sizeof(in_addr));
  } else if (inet_pton(AF_INET6, parts.first.c_str(), &ip) == 1) {
    bytes.assign(reinterpret_cast<const char*>(&ip), sizeof(in6_addr));
  } else {
    return std::nullopt;
  }
  int bits = static_cast<int>(bytes.size()) * 8;
  if (text.size() > parts.first.size()) {
    int given = 0;
    if (!absl::SimpleAtoi(parts.second, &given) || given < 0 || given > bits) return std::nullopt;
    bits = given;
  }
  return AddressBlock(std::move(bytes), bits);
}

bool AddressBlock::Contains(absl::string_view address) const {
  if (address.size() != bytes_.size()) return false;
  for (int i = 0; i < bits_; ++i) {
    const int mask = 0x80 >> (i % 8);
    if ((address[i / 8] & mask) != (bytes_[i / 8] & mask)) return false;
  }
  return true;
}

absl::StatusOr<AddressGuard> AddressGuard::Make(absl::Span<const std::string> allowed) {
  AddressGuard guard;
  for (const std::string& text : allowed) {
    std::optional<AddressBlock> block = AddressBlock::Parse(text);
    if (!block.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", text, "' is neither an address nor a block of them such as 10.1.0.0/16"));
    }
    guard.allowed_.push_back(*std::move(block));
  }
  return guard;
}

bool AddressGuard::Allows(const sockaddr& address) const {
  const absl::string_view bytes = BytesOf(address);
  return !bytes.empty() && (IsPublic(bytes) || AnyContains(allowed_, bytes));
}

}  // namespace canvass::distribution
