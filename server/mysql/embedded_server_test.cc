#include "server/mysql/embedded_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::mysql {
namespace {

namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::TemporaryDirectory;

class EmbeddedServerTest : public ::testing::Test {
 protected:
  std::string data() const { return directory_.path() + "/data"; }
  EmbeddedServerOptions Options() const { return {.data_directory = data(), .log_file_megabytes = 32}; }
  absl::StatusOr<std::unique_ptr<EmbeddedServer>> TryStart() { return EmbeddedServer::Start(Options(), clock_); }
  std::unique_ptr<EmbeddedServer> Start() {
    absl::StatusOr<std::unique_ptr<EmbeddedServer>> server = TryStart();
    EXPECT_TRUE(server.ok()) << server.status();
    return server.ok() ? *std::move(server) : nullptr;
  }
  std::unique_ptr<EmbeddedServer> StartFromTemplate() {
    testing::CopyTemplate(data());
    return Start();
  }
  static std::unique_ptr<Connection> Connect(const EmbeddedServer& server) {
    absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(server.connect_options());
    EXPECT_TRUE(connection.ok()) << connection.status();
    return connection.ok() ? *std::move(connection) : nullptr;
  }
  bool AwaitRestart(const EmbeddedServer& server, int restarts) {
    for (int i = 0; i < 1500; ++i) {
      if (server.restarts() >= restarts && Connection::Open(server.connect_options()).ok()) return true;
      absl::SleepFor(absl::Milliseconds(20));
    }
    return false;
  }

  SystemClock clock_;
  TemporaryDirectory directory_;
};

TEST_F(EmbeddedServerTest, FirstStartFillsTheDirectoryAndTheSecondFindsIt) {
  {
    const std::unique_ptr<EmbeddedServer> server = Start();
    ASSERT_NE(server, nullptr);
    const std::unique_ptr<Connection> connection = Connect(*server);
    ASSERT_TRUE(connection->ExecuteText("CREATE TABLE kept (id INT PRIMARY KEY)").ok());
    ASSERT_TRUE(connection->Execute("INSERT INTO kept VALUES (7)").ok());
    EXPECT_TRUE(server->Stop().ok());
    EXPECT_EQ(server->pid(), 0);
    EXPECT_TRUE(server->Stop().ok());
  }
  struct stat info = {};
  ASSERT_EQ(stat(data().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  const std::unique_ptr<EmbeddedServer> server = Start();
  ASSERT_NE(server, nullptr);
  const absl::StatusOr<Rows> rows = Connect(*server)->Query("SELECT id FROM kept");
  ASSERT_TRUE(rows.ok() && rows->size() == 1u);
  EXPECT_EQ(rows->front().Int(0), 7);
}

TEST_F(EmbeddedServerTest, ItsTemporaryTablesAreItsOwn) {
  const std::unique_ptr<EmbeddedServer> server = StartFromTemplate();
  ASSERT_NE(server, nullptr);
  const absl::StatusOr<Rows> rows = Connect(*server)->Query("SELECT @@tmpdir");
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_EQ((*rows)[0].String(0), data() + "/tmp");
}

TEST_F(EmbeddedServerTest, NoPortIsOpen) {
  const std::unique_ptr<EmbeddedServer> server = StartFromTemplate();
  ASSERT_NE(server, nullptr);
  const absl::StatusOr<Rows> rows = Connect(*server)->Query("SELECT @@skip_networking, @@port");
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(rows->front().Int(0), 1);
}

TEST_F(EmbeddedServerTest, AFirstStartThatWasKilledHalfwayDoesNotMatter) {
  fs::create_directories(data() + "/mariadb.new/mysql");
  fs::permissions(data(), fs::perms::owner_all);
  std::ofstream(data() + "/mariadb.new/ibdata1") << "half";
  const std::unique_ptr<EmbeddedServer> server = Start();
  ASSERT_NE(server, nullptr);
  EXPECT_FALSE(fs::exists(data() + "/mariadb.new"));
}

TEST_F(EmbeddedServerTest, TwoOnOneDirectoryAreRefused) {
  const std::unique_ptr<EmbeddedServer> first = StartFromTemplate();
  ASSERT_NE(first, nullptr);
  const absl::Time start = clock_.Now();
  const absl::Status second = TryStart().status();
  EXPECT_EQ(second.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.message()), AllOf(HasSubstr("in use by process"), HasSubstr(absl::StrCat(getpid()))));
  EXPECT_LT(clock_.Now() - start, absl::Seconds(1));
  EXPECT_TRUE(Connect(*first)->Alive());
}

TEST_F(EmbeddedServerTest, AcknowledgedRowsSurviveKillsOfTheDatabase) {
  const std::unique_ptr<EmbeddedServer> server = StartFromTemplate();
  ASSERT_NE(server, nullptr);
  ASSERT_TRUE(Connect(*server)->ExecuteText("CREATE TABLE kept (id INT PRIMARY KEY) ENGINE=InnoDB").ok());
  std::set<int> acknowledged;
  int id = 0;
  for (int round = 1; round <= 3; ++round) {
    std::atomic<bool> killed = false;
    std::thread killer([&] {
      absl::SleepFor(absl::Milliseconds(200));
      kill(server->pid(), SIGKILL);
      killed = true;
    });
    const std::unique_ptr<Connection> connection = Connect(*server);
    while (!killed || !connection->broken()) {
      ++id;
      if (connection->Execute("INSERT INTO kept VALUES (?)", Params().Add(id).values()).ok()) acknowledged.insert(id);
      if (connection->broken()) break;
    }
    killer.join();
    ASSERT_TRUE(AwaitRestart(*server, round));
  }
  const absl::StatusOr<Rows> rows = Connect(*server)->Query("SELECT id FROM kept");
  ASSERT_TRUE(rows.ok());
  for (const Row& row : *rows) acknowledged.erase(static_cast<int>(row.Int(0)));
  EXPECT_TRUE(acknowledged.empty()) << acknowledged.size() << " acknowledged rows are gone";
  EXPECT_GT(rows->size(), 10u);
}

// Runs a server in another process, which is killed, as canvassd might be.
pid_t StartInChild(const EmbeddedServerOptions& options) {
  int ready[2];
  if (pipe(ready) != 0) return -1;
  const pid_t pid = fork();
  if (pid == 0) {
    SystemClock clock;
    const auto server = EmbeddedServer::Start(options, clock);
    const char answer = server.ok() ? '+' : '-';
    if (write(ready[1], &answer, 1) == 1) pause();
    _exit(1);
  }
  close(ready[1]);
  char answer = '-';
  const bool up = read(ready[0], &answer, 1) == 1 && answer == '+';
  close(ready[0]);
  return up ? pid : -1;
}

TEST_F(EmbeddedServerTest, WhenItsProcessIsKilledTheDatabaseStopsAndTheNextStartWaitsForIt) {
  testing::CopyTemplate(data());
  const pid_t child = StartInChild(Options());
  ASSERT_GT(child, 0);
  int database = 0;
  std::ifstream(data() + "/mariadbd.pid") >> database;
  ASSERT_GT(database, 0);
  ASSERT_EQ(kill(database, 0), 0);
  ASSERT_EQ(kill(child, SIGKILL), 0);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);

  const std::unique_ptr<EmbeddedServer> next = Start();
  ASSERT_NE(next, nullptr);
  EXPECT_NE(next->pid(), database);
  EXPECT_TRUE(Connect(*next)->Alive());
  std::ifstream status(absl::StrCat("/proc/", database, "/stat"));
  std::string text((std::istreambuf_iterator<char>(status)), std::istreambuf_iterator<char>());
  EXPECT_TRUE(text.empty() || text.find(") Z ") != std::string::npos) << "the old database still runs: " << text;
}

TEST_F(EmbeddedServerTest, AServerOfALivingProcessIsNotTakenOver) {
  testing::CopyTemplate(data());
  const pid_t child = StartInChild(Options());
  ASSERT_GT(child, 0);
  const absl::Status refused = TryStart().status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr(absl::StrCat("in use by process ", child)));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_NE(Start(), nullptr);
}

TEST_F(EmbeddedServerTest, APathThatIsTooLongForASocketIsWorkedAround) {
  EmbeddedServerOptions options = Options();
  options.data_directory = directory_.path() + "/" + std::string(120, 'd');
  testing::CopyTemplate(options.data_directory);
  const auto server = EmbeddedServer::Start(options, clock_);
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string socket = (*server)->connect_options().socket;
  EXPECT_LE(socket.size(), 107u);
  struct stat info = {};
  ASSERT_EQ(stat(fs::path(socket).parent_path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  EXPECT_TRUE(Connect(**server)->Alive());
  EXPECT_TRUE((*server)->Stop().ok());
  std::error_code error;
  fs::remove_all(fs::path(socket).parent_path(), error);
}

TEST_F(EmbeddedServerTest, AMissingServerIsNamedWithItsPackage) {
  EmbeddedServerOptions options = Options();
  options.program_directory = directory_.path();
  const absl::Status status = EmbeddedServer::Start(options, clock_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("mariadbd was not found"), HasSubstr("mariadb-server-core"), HasSubstr("--database=")));
}

TEST_F(EmbeddedServerTest, ADirectoryOfSomebodyElseIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  fs::create_directory(data());
  ASSERT_EQ(chown(data().c_str(), 12345, 12345), 0);
  const absl::Status status = TryStart().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("12345"), HasSubstr("root")));
}

TEST_F(EmbeddedServerTest, ADirectoryThatOthersCanWriteIsRefused) {
  fs::create_directory(data());
  ASSERT_EQ(chmod(data().c_str(), 0777), 0);
  EXPECT_THAT(std::string(TryStart().status().message()), HasSubstr("chmod go-w"));
}

TEST_F(EmbeddedServerTest, AFileInItsPlaceIsRefused) {
  std::ofstream(data()) << "a file";
  const absl::Status status = TryStart().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("not a directory"));
}

TEST_F(EmbeddedServerTest, ADatabaseThatDoesNotStartSaysWhy) {
  testing::CopyTemplate(data());
  fs::resize_file(data() + "/mariadb/ibdata1", 4096);
  const absl::Status status = TryStart().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("ended while it started"), HasSubstr("mariadbd.log"), HasSubstr("InnoDB")));
}

TEST_F(EmbeddedServerTest, AFullDiskIsSaidBeforehand) {
  EmbeddedServerOptions options = Options();
  options.log_file_megabytes = 500 * 1000 * 1000;
  const absl::Status status = EmbeddedServer::Start(options, clock_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("MB left"));
}

}  // namespace
}  // namespace canvass::mysql
