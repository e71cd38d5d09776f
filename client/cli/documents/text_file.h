// A file read as a whole.
//
// Thread-safe but for the files.
#ifndef CANVASS_CLIENT_CLI_DOCUMENTS_TEXT_FILE_H_
#define CANVASS_CLIENT_CLI_DOCUMENTS_TEXT_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace canvass::cli {

// The bytes of `file`, or of standard input for "-". UsageError if it cannot be read.
absl::StatusOr<std::string> ReadTextFile(const std::string& file);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_DOCUMENTS_TEXT_FILE_H_
