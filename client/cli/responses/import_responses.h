// `canvass response import`: answers of the past, from a table or NDJSON.
//
// Not thread-safe, as the session.
#ifndef CANVASS_CLIENT_CLI_RESPONSES_IMPORT_RESPONSES_H_
#define CANVASS_CLIENT_CLI_RESPONSES_IMPORT_RESPONSES_H_

#include <string>

#include "absl/status/status.h"
#include "client/cli/session.h"

namespace canvass::cli {

struct ResponseImportFlags {
  // "-" is standard input.
  std::string file;
  std::string survey;
  // See import_map.h; empty: columns are what they are called.
  std::string map;
  // "csv" or "ndjson"; empty: as the file's name says.
  std::string format;
  // What tells this import from others; empty: the survey and the file's name.
  std::string name;
  // Where rejected rows go; empty: beside the file.
  std::string rejects;
  bool ignore_unknown = false;
  // Let the server check everything, store nothing.
  bool dry_run = false;
};

// Running it again goes on where it was: what is stored is not stored again. A row that is rejected, here or by the
// server, does not stop the others: PartlyDone then, and after Ctrl-C. UsageError for a file or flags that cannot be
// used.
absl::Status ImportResponses(Session& session, const ResponseImportFlags& flags);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_RESPONSES_IMPORT_RESPONSES_H_
