// The program `canvass`.

#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "client/cli/command_line.h"
#include "client/cli/output/terminal.h"

int main(int argc, char** argv) {
  // What goes wrong is in the status; gRPC's own log lines would stand between it and the user.
  setenv("GRPC_VERBOSITY", "NONE", 0);  // NOLINT(concurrency-mt-unsafe)
  const canvass::cli::Environment environment = [](const std::string& name) -> std::optional<std::string> {
    // Nothing changes the environment while it is read.
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return canvass::cli::RunCommandLine(arguments, environment, canvass::cli::DetectTerminal(environment), std::cout,
                                      std::cerr, [] { return absl::Now(); });
}
