#include "server/mysql/embedded/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace canvass::mysql {
namespace {

// Descriptors in the child: 0 to 2 as usual, then these two, then none.
constexpr int kInheritedFd = 3;
constexpr int kErrorFd = 4;
// Out of the way of the numbers above, while they are being put in place.
constexpr int kFirstFreeFd = 16;

// Runs in the child between fork and exec: system calls alone, no allocation, because another thread of the parent may
// have held any lock at the moment of the fork.
[[noreturn]] void BecomeProgram(char* const* argv, pid_t parent, int log_fd, int inherited_fd, int error_fd) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(1);  // it died before the line above
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  error_fd = fcntl(error_fd, F_DUPFD, kFirstFreeFd);
  if (inherited_fd >= 0) inherited_fd = fcntl(inherited_fd, F_DUPFD, kFirstFreeFd);
  const int null_fd = open("/dev/null", O_RDWR);
  dup2(null_fd, STDIN_FILENO);
  dup2(log_fd, STDOUT_FILENO);
  dup2(log_fd, STDERR_FILENO);
  if (inherited_fd >= 0) dup2(inherited_fd, kInheritedFd);
  dup3(error_fd, kErrorFd, O_CLOEXEC);
  close_range(kErrorFd + 1, ~0U, 0);
  if (inherited_fd < 0) close(kInheritedFd);
  execv(argv[0], argv);
  const int error = errno;
  [[maybe_unused]] const ssize_t written = write(kErrorFd, &error, sizeof(error));
  _exit(127);
}

absl::Status StartError(const ChildOptions& options, int error) {
  return absl::UnavailableError(absl::StrCat("cannot start ", options.command.front(), ": ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<pid_t> StartChild(const ChildOptions& options) {
  std::vector<char*> argv;
  for (const std::string& argument : options.command) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const int log_fd = open(options.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log_fd < 0) return StartError(options, errno);
  int error_pipe[2];
  if (pipe2(error_pipe, O_CLOEXEC) != 0) {
    close(log_fd);
    return StartError(options, errno);
  }
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) BecomeProgram(argv.data(), parent, log_fd, options.inherited_fd, error_pipe[1]);
  int error = errno;
  close(log_fd);
  close(error_pipe[1]);
  if (pid > 0) {
    ssize_t got = 0;
    do {
      got = read(error_pipe[0], &error, sizeof(error));
    } while (got < 0 && errno == EINTR);
    if (got != static_cast<ssize_t>(sizeof(error))) error = 0;  // the pipe closed: exec went well
  }
  close(error_pipe[0]);
  if (error == 0) return pid;
  if (pid > 0) ReapChild(pid);
  return StartError(options, error);
}

void AwaitChild(pid_t pid) {
  siginfo_t info;
  while (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
}

std::string ReapChild(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) return absl::StrCat("signal ", WTERMSIG(status), " (", strsignal(WTERMSIG(status)), ")");
  return absl::StrCat("exit code ", WEXITSTATUS(status));
}

std::string FindProgram(absl::string_view name, absl::string_view directory) {
  std::vector<std::string> places;
  if (!directory.empty()) {
    places.emplace_back(directory);
  } else {
    if (const char* path = std::getenv("PATH"); path != nullptr) {
      places = absl::StrSplit(absl::string_view(path), ':', absl::SkipEmpty());
    }
    // A plain user's path has no sbin, where distributions keep servers.
    for (const char* usual : {"/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec",
                              "/usr/local/mysql/bin", "/usr/local/mysql/scripts"}) {
      places.emplace_back(usual);
    }
  }
  for (const std::string& place : places) {
    std::string path = absl::StrCat(place, "/", name);
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return "";
}

}  // namespace canvass::mysql
