#include "server/distribution/channels/address_guard.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <string>
#include <utility>
#include <vector>

namespace canvass::distribution {
namespace {

bool Allows(const AddressGuard& guard, const std::string& text) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) return guard.Allows(reinterpret_cast<sockaddr&>(v4));
  EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1) << text;
  return guard.Allows(reinterpret_cast<sockaddr&>(v6));
}

TEST(AddressGuardTest, AllowsPublicAddressesAlone) {
  const AddressGuard guard;
  for (const char* address :
       {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "128.0.0.1",
        "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "223.255.255.255",
        "2606:4700::1111", "2a00:1450:4001:800::200e", "2001:4860:4860::8888"}) {
    EXPECT_TRUE(Allows(guard, address)) << address;
  }
  for (const char* address :
       {"0.0.0.0",     "0.1.2.3",        "10.0.0.1",         "10.255.255.255", "100.64.0.1",       "100.127.255.255",
        "127.0.0.1",   "127.9.9.9",      "169.254.169.254",  "172.16.0.1",     "172.31.255.255",   "192.0.0.8",
        "192.0.2.1",   "192.88.99.1",    "192.168.0.1",      "198.18.0.1",     "198.19.255.255",   "198.51.100.7",
        "203.0.113.7", "224.0.0.1",      "239.255.255.255",  "240.0.0.1",      "255.255.255.255",  "::",
        "::1",         "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::8.8.8.8",      "64:ff9b::8.8.8.8", "64:ff9b:1::1",
        "100::1",      "fc00::1",        "fd12:3456::1",     "fe80::1",        "fec0::1",          "ff02::1",
        "2001::1",     "2001:10::1",     "2001:db8::1",      "2002:7f00:1::1", "3fff::1",          "4000::1"}) {
    EXPECT_FALSE(Allows(guard, address)) << address;
  }
}

TEST(AddressGuardTest, AllowsWhatTheOperatorSays) {
  const auto guard = AddressGuard::Make({"127.0.0.1", "10.1.0.0/16", "fd00:7::/32"});
  ASSERT_TRUE(guard.ok()) << guard.status();
  for (const char* address : {"127.0.0.1", "10.1.0.0", "10.1.255.255", "fd00:7:1::1", "8.8.8.8"}) {
    EXPECT_TRUE(Allows(*guard, address)) << address;
  }
  for (const char* address : {"127.0.0.2", "10.0.255.255", "10.2.0.0", "fd00:8::1"}) {
    EXPECT_FALSE(Allows(*guard, address)) << address;
  }
}

TEST(AddressGuardTest, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"", "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0", "::1/129", "1.2.3.4/8/8"}) {
    EXPECT_FALSE(AddressGuard::Make({text}).ok()) << text;
  }
  sockaddr local{};
  local.sa_family = AF_UNIX;
  EXPECT_FALSE(AddressGuard().Allows(local));
}

}  // namespace
}  // namespace canvass::distribution
