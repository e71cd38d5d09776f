#include "client/cli/contexts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "client/cli/connection.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {
namespace {

using ::testing::HasSubstr;

class ContextsTest : public ::testing::Test {
 protected:
  ContextsTest() {
    std::string pattern = ::testing::TempDir() + "/canvass-contexts-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ + "/canvass/contexts.yaml";
  }
  ~ContextsTest() override { std::filesystem::remove_all(folder_); }

  void WriteFile(const std::string& path, const std::string& text, mode_t mode) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
  }
  static mode_t ModeOf(const std::string& path) {
    struct stat file = {};
    EXPECT_EQ(stat(path.c_str(), &file), 0) << path;
    return file.st_mode & 07777U;
  }

  Environment Env(std::map<std::string, std::string> variables) {
    return [variables](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
    };
  }

  std::string folder_;
  std::string path_;
};

TEST_F(ContextsTest, ReadsWhatItWrote) {
  ContextFile file = {.current = "demo"};
  file.Put({.name = "demo", .address = "127.0.0.1:7443", .credential = "cvk_1_x"});
  file.Put({.name = "yes", .address = "https://canvass.example.com", .tenant = "acme", .credential_file = "/k: #1"});
  file.Put({.name = "demo", .address = "127.0.0.1:7444", .credential = "cvk_2_y"});
  ASSERT_TRUE(SaveContexts(path_, file).ok());
  const absl::StatusOr<ContextFile> read = LoadContexts(path_);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->current, "demo");
  ASSERT_EQ(read->contexts.size(), 2U);
  EXPECT_EQ(read->Find("demo")->address, "127.0.0.1:7444");
  EXPECT_EQ(read->Find("demo")->credential, "cvk_2_y");
  EXPECT_EQ(read->Find("yes")->tenant, "acme");
  EXPECT_EQ(read->Find("yes")->credential_file, "/k: #1");
  EXPECT_EQ(read->Find("no"), nullptr);
}

TEST_F(ContextsTest, OnlyTheOwnerMayReadIt) {
  const mode_t old_mask = umask(0);
  ASSERT_TRUE(SaveContexts(path_, {}).ok());
  umask(old_mask);
  EXPECT_EQ(ModeOf(path_), 0600U);
  EXPECT_EQ(ModeOf(folder_ + "/canvass"), 0700U);
}

TEST_F(ContextsTest, AnOpenFileIsClosedByWriting) {
  WriteFile(path_, "current: x\n", 0644);
  ASSERT_TRUE(SaveContexts(path_, {}).ok());
  EXPECT_EQ(ModeOf(path_), 0600U);
}

TEST_F(ContextsTest, RefusesAFileThatOthersMayRead) {
  WriteFile(path_, "current: x\n", 0640);
  const absl::Status status = LoadContexts(path_).status();
  EXPECT_TRUE(IsUsageError(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("chmod 600 " + path_));
}

TEST_F(ContextsTest, NoFileIsNoContexts) {
  const absl::StatusOr<ContextFile> file = LoadContexts(path_);
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(file->contexts.empty());
}

TEST_F(ContextsTest, SaysWhereTheFileIsWrong) {
  WriteFile(path_, "current: x\ncontexts:\n  - name: x\n    adress: y\n", 0600);
  EXPECT_EQ(LoadContexts(path_).status().message(), path_ + ":4: adress: is unknown; did you mean 'address'?");
}

TEST_F(ContextsTest, SaysWhatCannotBeWritten) {
  WriteFile(folder_ + "/canvass", "a file where the folder should be", 0600);
  EXPECT_TRUE(IsUsageError(SaveContexts(path_, {})));
}

TEST_F(ContextsTest, Removing) {
  ContextFile file = {.current = "a", .contexts = {{.name = "a"}, {.name = "b"}}};
  EXPECT_FALSE(file.Remove("c"));
  EXPECT_TRUE(file.Remove("a"));
  EXPECT_EQ(file.current, "");
  EXPECT_EQ(file.contexts.size(), 1U);
}

TEST_F(ContextsTest, LivesWhereXdgSays) {
  EXPECT_EQ(*ContextsPath(Env({{"XDG_CONFIG_HOME", "/x"}, {"HOME", "/h"}})), "/x/canvass/contexts.yaml");
  EXPECT_EQ(*ContextsPath(Env({{"HOME", "/h"}})), "/h/.config/canvass/contexts.yaml");
  EXPECT_FALSE(ContextsPath(Env({})).ok());
}

TEST_F(ContextsTest, FlagsComeBeforeTheEnvironmentBeforeTheContext) {
  WriteFile(folder_ + "/key", "cvk_file\nrest\n", 0600);
  const ContextFile contexts = {.current = "a",
                                .contexts = {{.name = "a", .address = "a:1", .tenant = "ta", .credential = "cvk_a"},
                                             {.name = "b", .address = "b:1"}}};
  const auto resolve = [&](const ConnectionFlags& flags, std::map<std::string, std::string> variables) {
    const absl::StatusOr<Connection> connection = ResolveConnection(flags, Env(std::move(variables)), contexts);
    EXPECT_TRUE(connection.ok()) << connection.status();
    return *connection;
  };
  Connection connection = resolve({}, {});
  EXPECT_EQ(connection.options.address, "a:1");
  EXPECT_EQ(connection.tenant, "tenants/ta");
  EXPECT_EQ(connection.options.credential, "cvk_a");
  EXPECT_EQ(connection.credential_source, "context 'a'");

  EXPECT_EQ(resolve({}, {{"CANVASS_CONTEXT", "b"}}).options.address, "b:1");
  EXPECT_EQ(resolve({.context = "a"}, {{"CANVASS_CONTEXT", "b"}}).options.address, "a:1");
  EXPECT_EQ(resolve({}, {{"CANVASS_ADDRESS", "e:1"}}).options.address, "e:1");
  EXPECT_EQ(resolve({.address = "f:1"}, {{"CANVASS_ADDRESS", "e:1"}}).options.address, "f:1");
  EXPECT_EQ(resolve({}, {{"CANVASS_KEY", "cvk_e"}}).options.credential, "cvk_e");
  EXPECT_EQ(resolve({}, {{"CANVASS_KEY_FILE", folder_ + "/key"}}).options.credential, "cvk_file");
  EXPECT_EQ(resolve({.key_file = folder_ + "/key"}, {{"CANVASS_KEY", "cvk_e"}}).options.credential, "cvk_file");
  EXPECT_EQ(resolve({.tenant = "tenants/z"}, {{"CANVASS_TENANT", "y"}}).tenant, "tenants/z");
  EXPECT_EQ(resolve({.timeout = "3s"}, {}).options.timeout, absl::Seconds(3));
}

TEST_F(ContextsTest, AContextsKeyGoesToItsServerAlone) {
  const ContextFile contexts = {.current = "a", .contexts = {{.name = "a", .address = "a:1", .credential = "cvk_a"}}};
  const absl::StatusOr<Connection> other = ResolveConnection({.address = "evil:1"}, Env({}), contexts);
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other->options.credential, "");
  EXPECT_THAT(other->note, HasSubstr("is not sent to evil:1"));
  EXPECT_EQ(ResolveConnection({.address = "a:1"}, Env({}), contexts)->options.credential, "cvk_a");
}

TEST_F(ContextsTest, WithoutContextsItIsTheLocalServer) {
  const absl::StatusOr<Connection> connection = ResolveConnection({}, Env({}), {});
  ASSERT_TRUE(connection.ok());
  EXPECT_EQ(connection->options.address, "127.0.0.1:7443");
  EXPECT_EQ(connection->tenant, "tenants/-");
}

TEST_F(ContextsTest, RefusesWhatItCannotResolve) {
  const ContextFile contexts = {.contexts = {{.name = "demo"}}};
  EXPECT_EQ(ResolveConnection({.context = "dmeo"}, Env({}), contexts).status().message(),
            "there is no context 'dmeo'; did you mean 'demo'?");
  EXPECT_TRUE(IsUsageError(ResolveConnection({.timeout = "soon"}, Env({}), contexts).status()));
  EXPECT_TRUE(IsUsageError(ResolveConnection({.key_file = folder_ + "/none"}, Env({}), contexts).status()));
}

}  // namespace
}  // namespace canvass::cli
