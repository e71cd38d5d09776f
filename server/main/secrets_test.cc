#include "server/main/secrets.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace canvass {
namespace {

class SecretsTest : public ::testing::Test {
 protected:
  SecretsTest() {
    config_.data_dir = ::testing::TempDir() + "/canvass_secrets_test";
    std::filesystem::remove_all(config_.data_dir);
  }
  Config config_;
  SecureRandom random_;
};

TEST_F(SecretsTest, MakesThemOnceForTheOwnerAlone) {
  const auto first = LoadSecrets(config_, random_);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = LoadSecrets(config_, random_);
  EXPECT_EQ(first->signing_secret, second->signing_secret);
  EXPECT_EQ(first->operator_credential, second->operator_credential);
  struct stat file{};
  ASSERT_EQ(stat(first->operator_key_file.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
}

TEST_F(SecretsTest, RefusesAShortSecretWithoutShowingIt) {
  std::filesystem::create_directories(config_.data_dir);
  config_.secrets.secret_file = config_.data_dir + "/short";
  std::ofstream(config_.secrets.secret_file) << "hunter2";
  const auto secrets = LoadSecrets(config_, random_);
  ASSERT_FALSE(secrets.ok());
  EXPECT_NE(std::string(secrets.status().message()).find("at least 32"), std::string::npos);
  EXPECT_EQ(std::string(secrets.status().message()).find("hunter2"), std::string::npos);
}

TEST_F(SecretsTest, NamesAMissingFile) {
  config_.secrets.secret_file = config_.data_dir + "/absent";
  const auto secrets = LoadSecrets(config_, random_);
  ASSERT_FALSE(secrets.ok());
  EXPECT_NE(std::string(secrets.status().message()).find("absent"), std::string::npos);
}

}  // namespace
}  // namespace canvass
