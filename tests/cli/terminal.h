// `canvass` in this process against a real server, with a tenant of its own.
//
//   Terminal terminal;
//   Outcome outcome = terminal.Run({"survey", "list"});
//
// Not thread-safe: what is typed goes through std::cin.
#ifndef CANVASS_TESTS_CLI_TERMINAL_H_
#define CANVASS_TESTS_CLI_TERMINAL_H_

#include <string>
#include <vector>

#include "tests/process/workspace.h"

namespace canvass::terminal {

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

class Terminal {
 public:
  // Starts the server with the first one; it is stopped at the end of the program.
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  // As an admin of the tenant, with `typed` on standard input, which is no terminal.
  Outcome Run(const std::vector<std::string>& arguments, const std::string& typed = "");

  // A path in a folder that is removed at the end.
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  // Writes a file and returns its path.
  std::string File(const std::string& name, const std::string& text) const;
  static std::string Read(const std::string& path);

  const testing::Workspace& workspace() const { return workspace_; }

 private:
  testing::Workspace workspace_;
  std::string folder_;
};

}  // namespace canvass::terminal

#endif  // CANVASS_TESTS_CLI_TERMINAL_H_
