#include "tests/cli/terminal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cli/command_line.h"
#include "tests/process/server_process.h"

namespace canvass::terminal {
namespace {

std::unique_ptr<testing::ServerProcess>& TheServer() {
  static std::unique_ptr<testing::ServerProcess> server;
  return server;
}

class ServerEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    testing::ServerProcessOptions options;
    if (const char* binary = std::getenv("CANVASS_TEST_SERVER")) options.binary = binary;
    auto server = testing::ServerProcess::Start(std::move(options));
    ASSERT_TRUE(server.ok()) << server.status();
    TheServer() = *std::move(server);
  }
  void TearDown() override {
    if (TheServer() == nullptr) return;
    EXPECT_EQ(TheServer()->Stop(), 0) << TheServer()->log();
    TheServer().reset();
  }
};

const ::testing::Environment* const kEnvironment = ::testing::AddGlobalTestEnvironment(new ServerEnvironment);

}  // namespace

Terminal::Terminal() {
  static int made = 0;
  auto workspace = testing::MakeWorkspace(TheServer()->address(), TheServer()->operator_credential(),
                                          absl::StrCat("terminal-", ++made));
  if (!workspace.ok()) {
    std::fprintf(stderr, "no workspace: %s\n", workspace.status().ToString().c_str());
    std::exit(1);
  }
  workspace_ = *std::move(workspace);
  std::string pattern = ::testing::TempDir() + "/canvass-terminal-XXXXXX";
  folder_ = mkdtemp(pattern.data());
}

Terminal::~Terminal() { std::filesystem::remove_all(folder_); }

Outcome Terminal::Run(const std::vector<std::string>& arguments, const std::string& typed) {
  const std::map<std::string, std::string> variables = {
      {"XDG_CONFIG_HOME", folder_}, {"CANVASS_ADDRESS", workspace_.address}, {"CANVASS_KEY", workspace_.credential}};
  const cli::Environment environment = [&variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
  std::istringstream in(typed);
  std::streambuf* const standard = std::cin.rdbuf(in.rdbuf());
  std::cin.clear();
  std::ostringstream out;
  std::ostringstream err;
  Outcome outcome;
  outcome.code = cli::RunCommandLine(arguments, environment, cli::Terminal(), out, err, [] { return absl::Now(); });
  std::cin.rdbuf(standard);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

std::string Terminal::File(const std::string& name, const std::string& text) const {
  std::ofstream(Path(name), std::ios::binary) << text;
  return Path(name);
}

std::string Terminal::Read(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace canvass::terminal
