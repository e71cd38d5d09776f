// Completion scripts for shells, generated from the commands themselves, so that they cannot fall behind.
//
// Thread-safe: a pure function.
#ifndef CANVASS_CLIENT_CLI_COMPLETION_H_
#define CANVASS_CLIENT_CLI_COMPLETION_H_

#include <CLI/CLI.hpp>
#include <string>

namespace canvass::cli {

enum class Shell { kBash, kZsh, kFish };

// The script that completes the commands, options and fixed values of `app`, and files where an option takes one.
std::string CompletionScript(const CLI::App& app, Shell shell);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_COMPLETION_H_
