// A private MariaDB in a directory of ours, reached over a unix socket alone: what canvassd runs on when it is not
// given a database, and what tests run on.
//
//   CANVASS_ASSIGN_OR_RETURN(std::unique_ptr<EmbeddedServer> server,
//                            EmbeddedServer::Start({.data_directory = "/var/lib/canvass"}, clock));
//   Migrate(server->connect_options(), clock);
//   …
//   server->Stop();
//
// The first start makes the database's files in a temporary place and renames it, so that being killed meanwhile costs
// nothing. A lock makes a second server on the same directory impossible. If this process dies, however, the database
// is told by the kernel and shuts down; the next start waits for that. If the database dies, it is started again, with
// growing pauses, until Stop; a Pool on it recovers by itself.
//
// Thread-safe. The directory is left as it is, ready for the next start.
#ifndef CANVASS_SERVER_MYSQL_EMBEDDED_SERVER_H_
#define CANVASS_SERVER_MYSQL_EMBEDDED_SERVER_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/mysql/connection.h"
#include "server/mysql/embedded/data_directory.h"

namespace canvass::mysql {

enum class Durability {
  kDurable,       // what was acknowledged survives a power loss
  kProcessCrash,  // it survives a kill of the database, not of the machine: for tests, several times as fast
};

struct EmbeddedServerOptions {
  // Created if it is not there, with access for this user alone.
  std::string data_directory;
  Durability durability = Durability::kDurable;
  int buffer_pool_megabytes = 256;
  int log_file_megabytes = 256;
  int max_connections = 200;
  // Where mariadbd and mariadb-install-db are; empty: in $PATH and the usual places.
  std::string program_directory;
  std::string schema = "canvass";
  // Recovery after a crash reads the whole log file.
  absl::Duration start_timeout = absl::Minutes(2);
  absl::Duration stop_timeout = absl::Minutes(1);
};

class EmbeddedServer {
 public:
  // Returns a server that answers, with an empty or an existing schema. FailedPrecondition, with what to do, if MariaDB
  // is not installed, the directory belongs to another user or is in use, or there is no room on the disk; Unavailable
  // if the database does not start, with the last lines of its log.
  static absl::StatusOr<std::unique_ptr<EmbeddedServer>> Start(EmbeddedServerOptions options, Clock& clock);

  // Stop(), with its error logged.
  ~EmbeddedServer();

  // How to connect: as the database's root, over the socket, to the schema.
  const ConnectOptions& connect_options() const { return connect_options_; }

  // Shuts the database down and waits for it. Unavailable if it had to be killed; nothing is lost by that, the next
  // start takes longer. Calling it again does nothing.
  absl::Status Stop();

  // The database's process, 0 between two of them.
  pid_t pid() const;
  // How often it had to be started again.
  int restarts() const;

 private:
  enum class State { kStarting, kServing, kStopping, kEnded };

  EmbeddedServer(EmbeddedServerOptions options, std::string program, DataDirectory directory, Clock& clock);
  std::vector<std::string> CommandLine() const;
  absl::Status AwaitReady();
  absl::Status StartFailure(absl::string_view what) const;
  void Watch();
  void RunOnce();
  bool PauseBeforeRestart(absl::Duration pause);

  const EmbeddedServerOptions options_;
  const std::string program_;
  DataDirectory directory_;
  Clock& clock_;
  ConnectOptions connect_options_;

  mutable absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_) = State::kStarting;
  pid_t pid_ ABSL_GUARDED_BY(mutex_) = 0;
  int restarts_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status spawn_status_ ABSL_GUARDED_BY(mutex_);
  // Starts and waits for the process: the kernel ties a child's fate to the thread that made it.
  std::thread watcher_;
};

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_EMBEDDED_SERVER_H_
