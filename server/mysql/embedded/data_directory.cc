#include "server/mysql/embedded/data_directory.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/digest.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/mysql/embedded/child_process.h"

namespace canvass::mysql {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kLockPoll = absl::Milliseconds(50);
// sockaddr_un holds 108 bytes with the final zero.
constexpr std::size_t kMaxSocketPath = 107;
constexpr std::size_t kLogTailBytes = 4096;
constexpr std::size_t kLogTailLines = 8;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

std::string UserName(uid_t uid) {
  const passwd* entry = getpwuid(uid);
  return entry == nullptr ? absl::StrCat("uid ", uid) : absl::StrCat("'", entry->pw_name, "'");
}

absl::Status DirectoryError(absl::string_view path, absl::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat("the data directory ", path, " ", what));
}

// Checks that `path` is a directory that we own and nobody else can write to.
absl::Status CheckOurs(const std::string& path) {
  struct stat info = {};
  if (lstat(path.c_str(), &info) != 0)
    return DirectoryError(path, absl::StrCat("cannot be read: ", std::strerror(errno)));
  if (!S_ISDIR(info.st_mode)) return DirectoryError(path, "is not a directory");
  if (info.st_uid != geteuid()) {
    return DirectoryError(path, absl::StrCat("belongs to user ", UserName(info.st_uid), ", but this process runs as ",
                                             UserName(geteuid()), "; run it as that user or choose another directory"));
  }
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return DirectoryError(path, absl::StrCat("can be written by others; run 'chmod go-w ", path, "'"));
  }
  return absl::OkStatus();
}

absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  const fs::path parent = fs::path(path).parent_path();
  if (!parent.empty()) fs::create_directories(parent, error);
  if (!error && mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) error.assign(errno, std::generic_category());
  if (error) return DirectoryError(path, absl::StrCat("cannot be made: ", error.message()));
  return CheckOurs(path);
}

// Where the socket goes: beside the files if the path fits, else under /tmp in a directory named after ours.
absl::StatusOr<std::string> SocketPath(const std::string& directory) {
  std::string path = directory + "/mariadb.sock";
  if (path.size() <= kMaxSocketPath) return path;
  const std::string place =
      absl::StrCat("/tmp/canvass-", geteuid(), "-", absl::BytesToHexString(Sha256(directory).substr(0, 8)));
  CANVASS_RETURN_IF_ERROR(MakeDirectory(place));
  return place + "/mariadb.sock";
}

// A process by its id and the moment it was started at, which no later process with the same id shares. Empty if there
// is none.
std::string Identity(pid_t pid) {
  const std::string stat = ReadFile(absl::StrCat("/proc/", pid, "/stat"));
  const std::size_t name_end = stat.rfind(')');  // the name may hold anything
  if (name_end == std::string::npos) return "";
  const std::vector<absl::string_view> fields =
      absl::StrSplit(absl::string_view(stat).substr(name_end + 1), ' ', absl::SkipEmpty());
  constexpr std::size_t kState = 0;
  constexpr std::size_t kStartTime = 19;
  if (fields.size() <= kStartTime || fields[kState] == "Z") return "";
  return absl::StrCat(pid, " ", fields[kStartTime]);
}

pid_t LeadingPid(absl::string_view text) {
  int pid = 0;
  const std::vector<absl::string_view> words = absl::StrSplit(text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  return !words.empty() && absl::SimpleAtoi(words[0], &pid) ? pid : 0;
}

// Tells the database that a dead process left behind to shut down, if the kernel has not.
void StopOrphan(const std::string& directory) {
  const pid_t pid = LeadingPid(ReadFile(directory + "/mariadbd.pid"));
  if (pid <= 0) return;
  const std::string arguments = ReadFile(absl::StrCat("/proc/", pid, "/cmdline"));
  const std::vector<absl::string_view> words = absl::StrSplit(arguments, '\0');
  if (absl::c_linear_search(words, absl::StrCat("--datadir=", directory, "/mariadb"))) kill(pid, SIGTERM);
}

absl::Status Lock(int fd, const std::string& directory, absl::Duration patience, Clock& clock) {
  const absl::Time give_up = clock.Now() + patience;
  bool told = false;
  while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const std::string owner = ReadFile(directory + "/lock");
    const pid_t pid = LeadingPid(owner);
    if (pid > 0 && Identity(pid) == owner) {
      return DirectoryError(
          directory, absl::StrCat("is in use by process ", pid, "; stop that one first, or choose another directory"));
    }
    if (!std::exchange(told, true)) {
      Log(LogLevel::kInfo, "waiting for a database that an earlier process left behind", {{"directory", directory}});
      StopOrphan(directory);
    }
    if (clock.Now() >= give_up) {
      return DirectoryError(directory,
                            "is still in use by a database that an earlier process left behind; look for a "
                            "mariadbd with this directory and stop it");
    }
    clock.Sleep(kLockPoll);
  }
  const std::string self = Identity(getpid());
  if (ftruncate(fd, 0) != 0 || pwrite(fd, self.data(), self.size(), 0) != static_cast<ssize_t>(self.size())) {
    return DirectoryError(directory, absl::StrCat("cannot be written: ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

// Makes sure that what is in `directory` is on the disk, so that a rename that follows cannot be there without it.
void Sync(const std::string& directory) {
  const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  if (syncfs(fd) != 0)
    Log(LogLevel::kWarning, "cannot sync", {{"directory", directory}, {"error", std::strerror(errno)}});
  close(fd);
}

}  // namespace

absl::StatusOr<DataDirectory> DataDirectory::Open(absl::string_view path, absl::Duration patience, Clock& clock) {
  const std::string absolute = fs::absolute(std::string(path)).lexically_normal().string();
  const std::string directory(absl::StripSuffix(absolute, "/"));
  CANVASS_RETURN_IF_ERROR(MakeDirectory(directory));
  CANVASS_ASSIGN_OR_RETURN(std::string socket, SocketPath(directory));
  const int fd = open((directory + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return DirectoryError(directory, absl::StrCat("cannot be written: ", std::strerror(errno)));
  DataDirectory locked(directory, std::move(socket), fd);
  CANVASS_RETURN_IF_ERROR(Lock(fd, directory, patience, clock));
  CANVASS_RETURN_IF_ERROR(MakeDirectory(locked.temporary_files()));
  return locked;
}

DataDirectory::~DataDirectory() {
  if (lock_fd_ >= 0) close(lock_fd_);
}

absl::Status DataDirectory::Fill(absl::string_view install_program) {
  if (fs::exists(files())) return absl::OkStatus();
  const std::string unfinished = files() + ".new";
  std::error_code error;
  fs::remove_all(unfinished, error);  // of a first start that was killed
  ChildOptions install = {.command = {std::string(install_program), "--no-defaults", "--datadir=" + unfinished,
                                      "--tmpdir=" + temporary_files(), "--auth-root-authentication-method=normal",
                                      "--skip-test-db", "--skip-name-resolve", "--innodb-flush-method=nosync"},
                          .log_file = path_ + "/install.log",
                          .inherited_fd = lock_fd_};
  if (geteuid() == 0) install.command.push_back("--user=root");
  CANVASS_ASSIGN_OR_RETURN(const pid_t pid, StartChild(install));
  AwaitChild(pid);
  const std::string end = ReapChild(pid);
  if (end != "exit code 0") {
    CANVASS_RETURN_IF_ERROR(CheckSpace(1));
    return absl::UnavailableError(
        absl::StrCat("making the database's files in ", unfinished, " failed with ", end, "; see ", install.log_file));
  }
  Sync(unfinished);
  fs::rename(unfinished, files(), error);
  if (error) return DirectoryError(path_, absl::StrCat("cannot be written: ", error.message()));
  Sync(path_);
  return absl::OkStatus();
}

absl::Status DataDirectory::CheckSpace(int megabytes) const {
  struct statvfs info = {};
  if (statvfs(path_.c_str(), &info) != 0) return absl::OkStatus();
  const uint64_t left = (static_cast<uint64_t>(info.f_bavail) * info.f_frsize) >> 20;
  if (left >= static_cast<uint64_t>(megabytes)) return absl::OkStatus();
  return DirectoryError(path_, absl::StrCat("is on a disk with ", left, " MB left; the database needs ", megabytes,
                                            " MB: free some, or choose a directory on another disk"));
}

std::string DataDirectory::LogTail() const {
  const std::string log = ReadFile(log_file());
  const std::size_t start = log.size() > kLogTailBytes ? log.size() - kLogTailBytes : 0;
  std::vector<absl::string_view> lines = absl::StrSplit(absl::string_view(log).substr(start), '\n', absl::SkipEmpty());
  if (lines.size() > kLogTailLines) lines.erase(lines.begin(), lines.end() - kLogTailLines);
  return absl::StrJoin(lines, "\n");
}

}  // namespace canvass::mysql
