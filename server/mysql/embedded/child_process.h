// Starts and awaits the programs of an embedded database.
#ifndef CANVASS_SERVER_MYSQL_EMBEDDED_CHILD_PROCESS_H_
#define CANVASS_SERVER_MYSQL_EMBEDDED_CHILD_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace canvass::mysql {

struct ChildOptions {
  std::vector<std::string> command;  // the program's path first
  std::string log_file;              // standard output and error are appended to it
  int inherited_fd = -1;             // stays open in the child; all others are closed
};

// Starts a program in a process group of its own, so that Ctrl-C in a terminal does not reach it before we stop it. It
// gets SIGTERM when the calling thread ends, however that happens. Returns its process id. Unavailable if it cannot be
// started.
absl::StatusOr<pid_t> StartChild(const ChildOptions& options);

// Waits until the process has ended, and leaves it to ReapChild: until then the id cannot become another process's.
void AwaitChild(pid_t pid);
// Gives the id of an ended process back. Returns how it ended, in words: "exit code 1", "signal 9 (Killed)".
std::string ReapChild(pid_t pid);

// The path of `name` in `directory`, or if that is empty in $PATH and the places where packages put servers. Empty if
// there is none.
std::string FindProgram(absl::string_view name, absl::string_view directory);

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_EMBEDDED_CHILD_PROCESS_H_
