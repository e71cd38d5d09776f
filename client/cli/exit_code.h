// How `canvass` ends, for scripts. --help lists the codes.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_EXIT_CODE_H_
#define CANVASS_CLIENT_CLI_EXIT_CODE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace canvass::cli {

enum class ExitCode {
  kOk = 0,
  // The server refused: bad content, a conflict, a wrong state.
  kRefused = 1,
  // The command line, a file or the configuration is wrong; nothing was sent.
  kUsage = 2,
  // No answer: no connection, or the deadline passed.
  kUnreachable = 3,
  kNotFound = 4,
  // No credential, a wrong one, or one whose role may not do this.
  kNotAllowed = 5,
  // Some items of a batch were refused; the others are stored.
  kPartly = 6,
};

// What the user must put right before anything can be sent.
absl::Status UsageError(absl::string_view message);
bool IsUsageError(const absl::Status& status);

// Some items of a batch were refused and told on the way; `message` sums up.
absl::Status PartlyDone(absl::string_view message);
bool IsPartlyDone(const absl::Status& status);

// What was looked at is not good, which was told on the way; `message` sums up.
absl::Status NotGood(absl::string_view message);
bool IsNotGood(const absl::Status& status);

ExitCode ExitCodeOf(const absl::Status& status);

// The table for --help.
std::string ExitCodeHelp();

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_EXIT_CODE_H_
