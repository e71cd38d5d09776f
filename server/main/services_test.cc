// All services together: which methods of the contract are still to come.

#include "server/main/services.h"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/main/house.h"
#include "server/mysql/testing/test_database.h"
#include "server/rpc/testing/edge_server.h"

namespace canvass {
namespace {

class ServicesTest : public ::testing::Test {
 protected:
  mysql::testing::TestDatabase db_;
  rpc::testing::EdgeServer server_{db_.database(), db_.clock(), {}};
  const Secrets secrets_ = {.signing_secret = std::string(32, 's'),
                            .operator_credential = rpc::testing::EdgeServer::operator_credential()};
  House house_{{.public_url = "https://feedback.example"}, secrets_, db_.database(), db_.clock(), db_.random()};
  const rpc::Rooms rooms_ = house_.rooms();
  const std::vector<std::unique_ptr<rpc::RpcService>> services_ = MakeServices(server_.pipeline(), rooms_);
};

TEST_F(ServicesTest, TheseMethodsAreStillToCome) {
  std::set<std::string> missing;
  for (const auto& service : services_) {
    for (const std::string& method : service->NotImplemented()) missing.insert(method);
  }
  const std::set<std::string> expected = {
      "DeleteTenant",                                                   // TenantService
      "EraseContact",                                                   // ContactService
      "CompareMetric", "QueryDrivers", "WatchMetric", "VerifyMetrics",  // MetricService
  };
  EXPECT_EQ(missing, expected);
}

// The contract's comments say the same.
TEST_F(ServicesTest, TheContractSaysWhichMethodsAreStillToCome) {
  for (const auto& service : services_) {
    std::string file(absl::StripSuffix(absl::StripPrefix(service->name(), "canvass.v1."), "Service"));
    for (std::size_t i = 1; i < file.size(); ++i) {
      if (absl::ascii_isupper(static_cast<unsigned char>(file[i]))) file.insert(i++, 1, '_');
    }
    std::ifstream proto(absl::StrCat("proto/canvass/v1/", absl::AsciiStrToLower(file), "_service.proto"));
    ASSERT_TRUE(proto.good()) << file;
    std::set<std::string> said;
    bool marked = false;
    for (std::string line; std::getline(proto, line);) {
      if (absl::StrContains(line, "Not implemented yet")) marked = true;
      if (!absl::StartsWith(line, "  rpc ")) continue;
      if (marked) said.insert(line.substr(6, line.find('(') - 6));
      marked = false;
    }
    const std::vector<std::string> missing = service->NotImplemented();
    EXPECT_EQ(std::set<std::string>(missing.begin(), missing.end()), said) << service->name();
  }
}

}  // namespace
}  // namespace canvass
