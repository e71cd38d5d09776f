// What the three standard streams are, asked once at the start.
//
//   Terminal terminal = DetectTerminal(environment);
//
// Thread-safe: a value.
#ifndef CANVASS_CLIENT_CLI_OUTPUT_TERMINAL_H_
#define CANVASS_CLIENT_CLI_OUTPUT_TERMINAL_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "client/charts/style.h"

namespace canvass::cli {

// A variable of the environment, nothing where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

struct Terminal {
  bool stdin_is_terminal = false;
  bool stdout_is_terminal = false;
  bool stderr_is_terminal = false;
  // For standard output and standard error. Colours only on a terminal, without NO_COLOR, unless TERM is dumb.
  charts::ChartStyle out;
  charts::ChartStyle err;

  // How wide a table may be there; 0, which is as wide as it gets, where it goes into a file or pipe.
  int OutWidth() const { return stdout_is_terminal ? out.width : 0; }
  int ErrWidth() const { return stderr_is_terminal ? err.width : 0; }
};

// The width is the terminal's, else COLUMNS, else 80. Unicode where LC_ALL, LC_CTYPE or LANG says UTF-8.
Terminal DetectTerminal(const Environment& environment);

// Asks on standard error; true for y or yes. Only where standard input is a terminal.
bool Confirm(absl::string_view question);

// Reads one line from standard input, on a terminal after `prompt` and without showing what is typed.
std::string ReadSecret(const Terminal& terminal, absl::string_view prompt);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OUTPUT_TERMINAL_H_
