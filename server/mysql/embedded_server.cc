#include "server/mysql/embedded_server.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/mysql/embedded/child_process.h"

namespace canvass::mysql {
namespace {

constexpr absl::Duration kReadyPoll = absl::Milliseconds(20);
constexpr absl::Duration kOrphanPatience = absl::Minutes(1);
constexpr absl::Duration kFirstRestartPause = absl::Milliseconds(100);
constexpr absl::Duration kMaxRestartPause = absl::Seconds(10);
// A server that lived for this long has earned a short pause again.
constexpr absl::Duration kSteady = absl::Minutes(1);
// The system tables, and some room to work.
constexpr int kSpareMegabytes = 100;
constexpr std::uintmax_t kMaxLogFileBytes = 16 << 20;

absl::StatusOr<std::string> Find(absl::string_view name, absl::string_view directory) {
  std::string path = FindProgram(name, directory);
  if (!path.empty()) return path;
  return absl::FailedPreconditionError(absl::StrCat(name, " was not found",
                                                    directory.empty() ? "" : absl::StrCat(" in ", directory),
                                                    "; install MariaDB (Debian, Ubuntu: 'apt-get install "
                                                    "mariadb-server-core mariadb-client-core', Fedora: 'dnf install "
                                                    "mariadb-server'), or give a database with --database=mysql://…"));
}

bool Accepts(const std::string& socket_path) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket_path.c_str(), sizeof(address.sun_path) - 1);
  const bool connected = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return connected;
}

// A log that grew over many restarts makes room, and the one before it goes.
void RotateLog(const std::string& path) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) > kMaxLogFileBytes && !error) {
    std::filesystem::rename(path, path + ".1", error);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<EmbeddedServer>> EmbeddedServer::Start(EmbeddedServerOptions options, Clock& clock) {
  CANVASS_ASSIGN_OR_RETURN(std::string program, Find("mariadbd", options.program_directory));
  CANVASS_ASSIGN_OR_RETURN(DataDirectory directory,
                           DataDirectory::Open(options.data_directory, kOrphanPatience, clock));
  if (!std::filesystem::exists(directory.files())) {
    CANVASS_ASSIGN_OR_RETURN(const std::string install, Find("mariadb-install-db", options.program_directory));
    CANVASS_RETURN_IF_ERROR(directory.CheckSpace(kSpareMegabytes + options.log_file_megabytes));
    CANVASS_RETURN_IF_ERROR(directory.Fill(install));
  }
  RotateLog(directory.log_file());
  std::unique_ptr<EmbeddedServer> server(
      new EmbeddedServer(std::move(options), std::move(program), std::move(directory), clock));
  CANVASS_RETURN_IF_ERROR(server->AwaitReady());
  return server;
}

EmbeddedServer::EmbeddedServer(EmbeddedServerOptions options, std::string program, DataDirectory directory,
                               Clock& clock)
    : options_(std::move(options)), program_(std::move(program)), directory_(std::move(directory)), clock_(clock) {
  connect_options_.socket = directory_.socket();
  connect_options_.user = "root";
  connect_options_.schema = options_.schema;
  watcher_ = std::thread([this] { Watch(); });
}

EmbeddedServer::~EmbeddedServer() {
  if (absl::Status status = Stop(); !status.ok()) Log(LogLevel::kWarning, status.message());
}

std::vector<std::string> EmbeddedServer::CommandLine() const {
  std::vector<std::string> command = {
      program_,
      "--no-defaults",
      "--datadir=" + directory_.files(),
      "--tmpdir=" + directory_.temporary_files(),
      "--socket=" + directory_.socket(),
      "--pid-file=" + directory_.pid_file(),
      "--skip-networking",
      "--skip-name-resolve",
      "--skip-log-bin",
      "--local-infile=OFF",
      "--performance-schema=OFF",
      "--character-set-server=utf8mb4",
      "--collation-server=utf8mb4_bin",
      "--transaction-isolation=READ-COMMITTED",
      // A lock wait timeout undoes the whole transaction, as Database expects, not its last statement.
      "--innodb-rollback-on-timeout=ON",
      // The locks of a client that vanished are free again after this many seconds.
      "--idle-transaction-timeout=10",
      "--max-allowed-packet=64M",
      "--max-prepared-stmt-count=100000",
      absl::StrCat("--max-connections=", options_.max_connections),
      absl::StrCat("--innodb-buffer-pool-size=", options_.buffer_pool_megabytes, "M"),
      absl::StrCat("--innodb-log-file-size=", options_.log_file_megabytes, "M"),
  };
  if (options_.durability == Durability::kDurable) {
    command.push_back("--innodb-flush-log-at-trx-commit=1");
  } else {
    command.push_back("--innodb-flush-log-at-trx-commit=2");
    command.push_back("--innodb-flush-method=nosync");
  }
  if (geteuid() == 0) command.push_back("--user=root");  // it refuses to run as root unless told
  return command;
}

absl::Status EmbeddedServer::StartFailure(absl::string_view what) const {
  const std::string tail = directory_.LogTail();
  if (absl::StrContains(tail, "No space left") || absl::StrContains(tail, "errno: 28")) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database in ", directory_.path(), " cannot start: there is no space left on its disk"));
  }
  return absl::UnavailableError(absl::StrCat("the database in ", directory_.path(), " ", what,
                                             "; the last lines of its log ", directory_.log_file(), ":\n", tail));
}

absl::Status EmbeddedServer::AwaitReady() {
  const absl::Time give_up = clock_.Now() + options_.start_timeout;
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (!spawn_status_.ok()) return spawn_status_;
      if (state_ == State::kEnded) return StartFailure("ended while it started");
    }
    if (clock_.Now() >= give_up) {
      return StartFailure(absl::StrCat("did not answer within ", absl::FormatDuration(options_.start_timeout)));
    }
    if (Accepts(directory_.socket())) break;
    clock_.Sleep(kReadyPoll);
  }
  ConnectOptions without_schema = connect_options_;
  without_schema.schema.clear();
  CANVASS_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(without_schema));
  CANVASS_RETURN_IF_ERROR(connection->ExecuteText(
      absl::StrCat("CREATE DATABASE IF NOT EXISTS `", options_.schema, "` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")));
  absl::MutexLock lock(&mutex_);
  if (state_ == State::kStarting) state_ = State::kServing;
  return absl::OkStatus();
}

void EmbeddedServer::Watch() {
  absl::Duration pause = kFirstRestartPause;
  while (true) {
    const absl::Time start = clock_.Now();
    RunOnce();
    {
      absl::MutexLock lock(&mutex_);
      // Before it served, Start reports the failure; afterwards nobody else would notice.
      if (state_ != State::kServing) {
        state_ = State::kEnded;
        return;
      }
    }
    if (clock_.Now() - start > kSteady) pause = kFirstRestartPause;
    if (!PauseBeforeRestart(pause)) return;
    pause = std::min(pause * 2, kMaxRestartPause);
  }
}

void EmbeddedServer::RunOnce() {
  unlink(directory_.socket().c_str());  // of a server that was killed; connecting to it would fail in another way
  absl::StatusOr<pid_t> pid =
      StartChild({.command = CommandLine(), .log_file = directory_.log_file(), .inherited_fd = directory_.lock_fd()});
  {
    absl::MutexLock lock(&mutex_);
    if (!pid.ok()) {
      spawn_status_ = pid.status();
      Log(LogLevel::kError, pid.status().message());
      return;
    }
    pid_ = *pid;
    if (state_ == State::kStopping) kill(*pid, SIGTERM);  // Stop() came before there was anything to stop
  }
  AwaitChild(*pid);
  std::string end;
  {
    // Under the lock, so that Stop() never signals a process that took over the id.
    absl::MutexLock lock(&mutex_);
    end = ReapChild(*pid);
    pid_ = 0;
    if (state_ != State::kServing) return;
  }
  Log(LogLevel::kError, "the database ended and is started again",
      {{"directory", directory_.path()}, {"end", end}, {"last_lines", directory_.LogTail()}});
}

bool EmbeddedServer::PauseBeforeRestart(absl::Duration pause) {
  absl::MutexLock lock(&mutex_);
  const auto stopping = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return state_ == State::kStopping; };
  if (mutex_.AwaitWithTimeout(absl::Condition(&stopping), pause)) {
    state_ = State::kEnded;
    return false;
  }
  ++restarts_;
  return true;
}

absl::Status EmbeddedServer::Stop() {
  bool killed = false;
  {
    absl::MutexLock lock(&mutex_);
    if (state_ != State::kEnded) {
      state_ = State::kStopping;
      // Without durability nothing is kept for later, and there is nothing to flush.
      const bool keep = options_.durability == Durability::kDurable;
      if (pid_ > 0) kill(pid_, keep ? SIGTERM : SIGKILL);
      const auto ended = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return state_ == State::kEnded; };
      if (!mutex_.AwaitWithTimeout(absl::Condition(&ended), options_.stop_timeout)) {
        killed = true;
        if (pid_ > 0) kill(pid_, SIGKILL);
      }
    }
  }
  if (watcher_.joinable()) watcher_.join();
  if (!killed) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("the database in ", directory_.path(), " did not stop within ",
                                             absl::FormatDuration(options_.stop_timeout),
                                             " and was killed; it recovers at its next start"));
}

pid_t EmbeddedServer::pid() const {
  absl::MutexLock lock(&mutex_);
  return pid_;
}

int EmbeddedServer::restarts() const {
  absl::MutexLock lock(&mutex_);
  return restarts_;
}

}  // namespace canvass::mysql
