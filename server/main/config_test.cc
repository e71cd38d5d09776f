#include "server/main/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <map>

namespace canvass {
namespace {

using ::testing::HasSubstr;

Environment NoEnvironment() {
  return [](const std::string&) { return std::nullopt; };
}

Environment FromMap(std::map<std::string, std::string> values) {
  return [values](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

std::string WriteFile(const std::string& text) {
  const std::string path = ::testing::TempDir() + "/canvass_config_test.yaml";
  std::ofstream(path) << text;
  return path;
}

TEST(ConfigTest, DefaultsServeOnLoopback) {
  const auto config = ReadConfig({}, NoEnvironment());
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->verb, Verb::kServe);
  EXPECT_EQ(config->grpc.listen, "127.0.0.1:7443");
  EXPECT_TRUE(config->database.url.empty());
}

TEST(ConfigTest, FlagsWinOverEnvironmentOverFile) {
  const std::string file = WriteFile("intake-writers: 3\nworker-threads: 5\nintake-queue: 7\n");
  const auto config = ReadConfig({"--config", file, "--intake-writers=4"},
                                 FromMap({{"CANVASS_INTAKE_WRITERS", "6"}, {"CANVASS_WORKER_THREADS", "8"}}));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->intake.writers, 4);
  EXPECT_EQ(config->grpc.worker_threads, 8);
  EXPECT_EQ(config->intake.queue_limit, 7);
}

TEST(ConfigTest, ReportsEveryFaultAtOnceWithItsPlace) {
  const std::string file = WriteFile("http-listen: nowhere\nlog_level: info\n");
  const auto config = ReadConfig({"--config=" + file, "--intake-writers=99", "--no-such-flag", "frobnicate"},
                                 FromMap({{"CANVASS_DRAIN_TIMEOUT", "soon"}}));
  ASSERT_EQ(config.status().code(), absl::StatusCode::kInvalidArgument);
  const std::string message(config.status().message());
  EXPECT_THAT(message, HasSubstr("canvass_config_test.yaml:1: http-listen: 'nowhere' is not host:port"));
  EXPECT_THAT(message, HasSubstr("canvass_config_test.yaml:2: log_level is not a setting"));
  EXPECT_THAT(message, HasSubstr("--intake-writers: '99' is not a whole number from 1 to 8"));
  EXPECT_THAT(message, HasSubstr("--no-such-flag is not a flag"));
  EXPECT_THAT(message, HasSubstr("'frobnicate' is not a verb"));
  EXPECT_THAT(message, HasSubstr("CANVASS_DRAIN_TIMEOUT: 'soon' is not a time"));
}

TEST(ConfigTest, RefusesPlaintextBeyondLoopback) {
  EXPECT_FALSE(ReadConfig({"--listen=:7443"}, NoEnvironment()).ok());
  EXPECT_TRUE(ReadConfig({"--listen=:7443", "--allow-plaintext"}, NoEnvironment()).ok());
  EXPECT_TRUE(ReadConfig({"--listen=:7443", "--tls-cert-file=c", "--tls-key-file=k"}, NoEnvironment()).ok());
}

TEST(ConfigTest, AnExternalDatabaseNeedsSharedSecrets) {
  EXPECT_FALSE(ReadConfig({"--database=mysql://u@h/d"}, NoEnvironment()).ok());
  EXPECT_TRUE(
      ReadConfig({"--database=mysql://u@h/d", "--secret-file=s", "--operator-key-file=o"}, NoEnvironment()).ok());
}

TEST(ConfigTest, HelpListsEverySettingWithItsDefault) {
  const std::string help = ConfigHelp();
  EXPECT_THAT(help, HasSubstr("--http-listen=HOST:PORT"));
  EXPECT_THAT(help, HasSubstr("(127.0.0.1:7480)"));
  EXPECT_THAT(help, HasSubstr("--drain-timeout=TIME"));
}

}  // namespace
}  // namespace canvass
