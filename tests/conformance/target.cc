#include "tests/conformance/target.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/process/server_process.h"

namespace canvass::conformance {
namespace {

struct Target {
  std::string address;
  std::string operator_credential;
  std::unique_ptr<testing::ServerProcess> own;
};

Target& TheTarget() {
  static Target target;
  return target;
}

class TargetEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    Target& target = TheTarget();
    if (const char* address = std::getenv("CANVASS_TARGET")) {
      const char* key = std::getenv("CANVASS_TARGET_KEY");
      ASSERT_NE(key, nullptr) << "CANVASS_TARGET needs the operator's credential in CANVASS_TARGET_KEY";
      target.address = address;
      target.operator_credential = key;
      return;
    }
    auto server = testing::ServerProcess::Start({});
    ASSERT_TRUE(server.ok()) << server.status();
    target.own = *std::move(server);
    target.address = target.own->address();
    target.operator_credential = target.own->operator_credential();
  }

  void TearDown() override {
    if (TheTarget().own == nullptr) return;
    EXPECT_EQ(TheTarget().own->Stop(), 0) << TheTarget().own->log();
    TheTarget().own.reset();
  }
};

const ::testing::Environment* const kEnvironment = ::testing::AddGlobalTestEnvironment(new TargetEnvironment);

}  // namespace

testing::Workspace NewWorkspace() {
  static int made = 0;
  // Unique also where the same target is tested again.
  const std::string id = absl::StrCat("conformance-", absl::ToUnixSeconds(absl::Now()), "-", getpid(), "-", ++made);
  auto workspace = testing::MakeWorkspace(TheTarget().address, TheTarget().operator_credential, id);
  if (!workspace.ok()) {
    std::fprintf(stderr, "no workspace: %s\n", workspace.status().ToString().c_str());
    std::exit(1);
  }
  return *std::move(workspace);
}

std::string TargetAddress() { return TheTarget().address; }

std::unique_ptr<client::Client> Operator() {
  return testing::Connect(TheTarget().address, TheTarget().operator_credential);
}

}  // namespace canvass::conformance
