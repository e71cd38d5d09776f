#include "tests/process/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace canvass::testing {
namespace {

constexpr absl::Duration kStartLimit = absl::Seconds(60);

std::string ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

std::string BesideThisProgram(const std::string& name) {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name).string();
}

// Runs in the child.
[[noreturn]] void Become(const std::string& binary, std::vector<std::string> arguments, const std::string& log_path) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int log = open(log_path.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  std::vector<char*> argv = {const_cast<char*>(binary.c_str())};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  execv(binary.c_str(), argv.data());
  _exit(127);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(ServerProcessOptions options) {
  std::unique_ptr<ServerProcess> server(new ServerProcess(std::move(options)));
  if (server->options_.binary.empty()) server->options_.binary = BesideThisProgram("canvassd");
  if (server->options_.data_dir.empty()) {
    std::string pattern = (std::filesystem::temp_directory_path() / "canvass-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) return absl::InternalError("cannot make a temporary directory");
    server->options_.data_dir = pattern;
    server->owns_data_dir_ = true;
  }
  if (absl::Status status = server->Spawn(); !status.ok()) return status;
  return server;
}

ServerProcess::~ServerProcess() {
  Stop();
  std::error_code ignored;
  if (owns_data_dir_) std::filesystem::remove_all(options_.data_dir, ignored);
}

std::string ServerProcess::address() const { return absl::StrCat("127.0.0.1:", grpc_port_); }

std::string ServerProcess::log() const { return ReadWhole(options_.data_dir + "/test.log"); }

absl::Status ServerProcess::Spawn() {
  const std::string ready_file = options_.data_dir + "/ready.json";
  std::filesystem::remove(ready_file);
  std::vector<std::string> arguments = {absl::StrCat("--data-dir=", options_.data_dir),
                                        absl::StrCat("--listen=127.0.0.1:", grpc_port_),
                                        absl::StrCat("--http-listen=127.0.0.1:", http_port_),
                                        "--probe-listen=127.0.0.1:0", absl::StrCat("--ready-file=", ready_file)};
  arguments.insert(arguments.end(), options_.flags.begin(), options_.flags.end());
  pid_ = fork();
  if (pid_ == 0) Become(options_.binary, std::move(arguments), options_.data_dir + "/test.log");
  if (pid_ < 0) return absl::InternalError("cannot fork");
  return AwaitReady();
}

absl::Status ServerProcess::AwaitReady() {
  const absl::Time give_up = absl::Now() + kStartLimit;
  while (absl::Now() < give_up) {
    const nlohmann::json ready = nlohmann::json::parse(ReadWhole(options_.data_dir + "/ready.json"), nullptr, false);
    if (ready.is_object()) {
      grpc_port_ = ready["grpc_port"];
      http_port_ = ready["http_port"];
      operator_credential_ =
          std::string(absl::StripAsciiWhitespace(ReadWhole(ready["operator_key_file"].get<std::string>())));
      return absl::OkStatus();
    }
    int state = 0;
    if (waitpid(pid_, &state, WNOHANG) == pid_) {
      pid_ = -1;
      return absl::InternalError(absl::StrCat(options_.binary, " ended at its start:\n", log()));
    }
    absl::SleepFor(absl::Milliseconds(10));
  }
  const std::string text = log();
  Kill();
  return absl::DeadlineExceededError(absl::StrCat(options_.binary, " did not start:\n", text));
}

int ServerProcess::Wait() {
  int state = 0;
  waitpid(pid_, &state, 0);
  pid_ = -1;
  return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

int ServerProcess::Stop() {
  if (pid_ < 0) return 0;
  kill(pid_, SIGTERM);
  return Wait();
}

void ServerProcess::Kill() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  Wait();
}

absl::Status ServerProcess::KillDatabase() {
  // The database is the server's only child, of whichever thread.
  for (const auto& task : std::filesystem::directory_iterator(absl::StrCat("/proc/", pid_, "/task"))) {
    const pid_t database = std::atoi(ReadWhole((task.path() / "children").string()).c_str());
    if (database > 0) {
      kill(database, SIGKILL);
      return absl::OkStatus();
    }
  }
  return absl::NotFoundError("the server has no child process");
}

absl::Status ServerProcess::Restart() {
  Stop();
  return Spawn();
}

}  // namespace canvass::testing
