// The directory of an embedded database: who may use it, where things are in it, and its first filling.
//
//   lock              held for as long as this process or its database lives
//   mariadb/          the database's own files
//   tmp/              its temporary tables
//   mariadbd.log      what it says
//   mariadbd.pid
//   mariadb.sock      or, where that path is too long for a socket, in a directory under /tmp
//
// Thread-compatible. Movable; the lock goes with the last owner of its descriptor.
#ifndef CANVASS_SERVER_MYSQL_EMBEDDED_DATA_DIRECTORY_H_
#define CANVASS_SERVER_MYSQL_EMBEDDED_DATA_DIRECTORY_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/clock.h"

namespace canvass::mysql {

class DataDirectory {
 public:
  // Creates `path` if it is not there, checks that it is ours, and locks it. A database that a killed process left
  // behind is told to shut down, and waited for up to `patience`. FailedPrecondition if another process uses the
  // directory, it belongs to somebody else, or it cannot be written.
  static absl::StatusOr<DataDirectory> Open(absl::string_view path, absl::Duration patience, Clock& clock);

  DataDirectory(DataDirectory&& other) noexcept
      : path_(std::move(other.path_)), socket_(std::move(other.socket_)), lock_fd_(std::exchange(other.lock_fd_, -1)) {}
  DataDirectory& operator=(DataDirectory&&) = delete;
  ~DataDirectory();

  const std::string& path() const { return path_; }
  std::string files() const { return path_ + "/mariadb"; }
  // A starting database deletes what looks like temporary tables in its directory for them, also those of others: so it
  // has one of its own.
  std::string temporary_files() const { return path_ + "/tmp"; }
  std::string log_file() const { return path_ + "/mariadbd.log"; }
  std::string pid_file() const { return path_ + "/mariadbd.pid"; }
  const std::string& socket() const { return socket_; }
  // To be left open in the database's process, so that the lock lasts until both are gone.
  int lock_fd() const { return lock_fd_; }

  // Makes the database's files with `install_program` (mariadb-install-db) if they are not there.
  absl::Status Fill(absl::string_view install_program);

  // FailedPrecondition if the disk has less than `megabytes` left.
  absl::Status CheckSpace(int megabytes) const;

  // The last lines that the database logged, for an error message.
  std::string LogTail() const;

 private:
  DataDirectory(std::string path, std::string socket, int lock_fd)
      : path_(std::move(path)), socket_(std::move(socket)), lock_fd_(lock_fd) {}

  std::string path_;
  std::string socket_;
  int lock_fd_;
};

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_EMBEDDED_DATA_DIRECTORY_H_
