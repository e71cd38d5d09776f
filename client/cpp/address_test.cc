#include "client/cpp/address.h"

#include <gtest/gtest.h>

#include <tuple>

namespace canvass::client {
namespace {

TEST(AddressTest, ReadsEveryForm) {
  for (const auto& [text, target, loopback, transport] :
       std::initializer_list<std::tuple<const char*, const char*, bool, Transport>>{
           {"127.0.0.1:7443", "dns:///127.0.0.1:7443", true, Transport::kAuto},
           {"localhost:1", "dns:///localhost:1", true, Transport::kAuto},
           {"[::1]:7443", "dns:///[::1]:7443", true, Transport::kAuto},
           {"[2001:db8::7]:7443", "dns:///[2001:db8::7]:7443", false, Transport::kAuto},
           {"unix:/run/canvass.sock", "unix:/run/canvass.sock", true, Transport::kAuto},
           {"dns:///canvass.svc:443", "dns:///canvass.svc:443", false, Transport::kAuto},
           {"https://canvass.example.com", "dns:///canvass.example.com:443", false, Transport::kTls},
           {"https://canvass.example.com:8443/", "dns:///canvass.example.com:8443", false, Transport::kTls},
           {"http://10.0.0.7:7443", "dns:///10.0.0.7:7443", false, Transport::kPlaintext},
       }) {
    const absl::StatusOr<Address> address = ParseAddress(text);
    ASSERT_TRUE(address.ok()) << text << ": " << address.status();
    EXPECT_EQ(address->target, target);
    EXPECT_EQ(address->loopback, loopback) << text;
    EXPECT_EQ(address->transport, transport) << text;
  }
}

TEST(AddressTest, RefusesWhatIsNoAddress) {
  for (const char* text : {"", ":7443", "host", "host:", "host:0", "host:65536", "host:http", "::1", "::1:7443", "[::1",
                           "[::1]7443", "unix:", "user@host:1", "host:1/path", "https://", "https://host/path"}) {
    EXPECT_EQ(ParseAddress(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(AddressTest, EncryptsAllButLoopbackUnlessTold) {
  const auto uses_tls = [](const char* text, Transport told) { return UsesTls(*ParseAddress(text), told); };
  EXPECT_TRUE(uses_tls("canvass.example.com:443", Transport::kAuto));
  EXPECT_TRUE(uses_tls("10.0.0.7:7443", Transport::kAuto));
  EXPECT_FALSE(uses_tls("127.0.0.1:7443", Transport::kAuto));
  EXPECT_FALSE(uses_tls("10.0.0.7:7443", Transport::kPlaintext));
  EXPECT_FALSE(uses_tls("http://10.0.0.7:7443", Transport::kAuto));
  EXPECT_TRUE(uses_tls("127.0.0.1:7443", Transport::kTls));
  // A host that only looks like loopback.
  EXPECT_TRUE(uses_tls("127.0.0.1.example.com:443", Transport::kAuto));
}

}  // namespace
}  // namespace canvass::client
