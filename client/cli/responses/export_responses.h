// `canvass response export`: all responses to a survey as a table or NDJSON.
//
// Not thread-safe, as the session.
#ifndef CANVASS_CLIENT_CLI_RESPONSES_EXPORT_RESPONSES_H_
#define CANVASS_CLIENT_CLI_RESPONSES_EXPORT_RESPONSES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/cli/session.h"

namespace canvass::cli {

struct ResponseExportFlags {
  std::string survey;
  // "csv" or "ndjson"; empty: as the file's name says.
  std::string format;
  std::string filter;
  // Times.
  std::string since;
  std::string until;
  // Paths of facts that are columns of CSV.
  std::vector<std::string> facts;
  // Where to; empty: standard output.
  std::string out;
};

// Needs no more memory for more responses. Goes on by itself where a server went away; a file is there only when it is
// whole.
absl::Status ExportResponses(Session& session, const ResponseExportFlags& flags);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_RESPONSES_EXPORT_RESPONSES_H_
