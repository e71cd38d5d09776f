// `canvass` itself: the tree of commands, the options that all of them have, and what becomes of errors.
//
//   return RunCommandLine(arguments, environment, DetectTerminal(environment), std::cout, std::cerr, now);
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_CLI_COMMAND_LINE_H_
#define CANVASS_CLIENT_CLI_COMMAND_LINE_H_

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/cli/output/terminal.h"

namespace canvass::cli {

// Does what `arguments`, without the program's name, say. Returns the exit code (exit_code.h).
int RunCommandLine(const std::vector<std::string>& arguments, const Environment& environment, const Terminal& terminal,
                   std::ostream& out, std::ostream& err, const std::function<absl::Time()>& now);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_COMMAND_LINE_H_
