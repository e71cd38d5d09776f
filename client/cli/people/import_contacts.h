// canvass contact import: a table of people, as spreadsheets and other systems write it, becomes contacts.
//
// Not thread-safe, as the session.
#ifndef CANVASS_CLIENT_CLI_PEOPLE_IMPORT_CONTACTS_H_
#define CANVASS_CLIENT_CLI_PEOPLE_IMPORT_CONTACTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/cli/session.h"

namespace canvass::cli {

struct ImportFlags {
  // "-" is standard input.
  std::string file;
  // As ContactColumns takes them.
  std::vector<std::string> maps;
  std::vector<std::string> types;
  // Where refused rows are written to, as CSV; empty: told on standard error.
  std::string errors;
  // Let the server check everything, write nothing.
  bool dry_run = false;
};

// Reads row by row and sends 1,000 at a time; running it again is safe. A row that is refused, here or by the server,
// is told with its line, column and value and does not stop the others: PartlyDone then. UsageError for a file or flags
// that cannot be used.
absl::Status ImportContacts(Session& session, const ImportFlags& flags);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_PEOPLE_IMPORT_CONTACTS_H_
