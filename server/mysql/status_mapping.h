// What a failure of the database means to a caller: the one place that knows error numbers.
//
//   conflict (deadlock, lock wait timeout)  Aborted            reason CONFLICT             Database runs it again
//   unique key holds the row already        AlreadyExists      reason RESOURCE_EXISTS      IsDuplicateKey()
//   statement took too long                 DeadlineExceeded   reason DEADLINE_EXCEEDED
//   no connection, server stopping, full    Unavailable        reason DATABASE_UNAVAILABLE IsConnectionLost() if cut
//   anything else                           Internal           reason INTERNAL
//
// Texts are for callers and never carry what the driver said; that goes to the log.
#ifndef CANVASS_SERVER_MYSQL_STATUS_MAPPING_H_
#define CANVASS_SERVER_MYSQL_STATUS_MAPPING_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace canvass::mysql {

enum class Failure {
  kConflict,        // the transaction was rolled back so that another could go on
  kDuplicateKey,    // a unique key holds the row
  kTimeout,         // the statement ran into its time limit
  kConnectionLost,  // the session is gone; what it was doing may be undone or, at COMMIT, done
  kUnavailable,     // the server answers, but cannot serve now (stopping, read-only, full, too many connections)
  kRefused,         // the server does not let us in (user, password, schema)
  kOther,
};

// What a failure is at bottom. `code` is the server's or the client library's number.
struct DriverError {
  int code = 0;
  std::string sql_state;
  std::string text;
};

Failure Classify(const DriverError& error);

// The status for callers. Logs `error`, and `sql` without its values, at the level that its kind deserves.
absl::Status ToStatus(const DriverError& error, absl::string_view sql);

// Unavailable, reason DATABASE_UNAVAILABLE, with a time after which trying again makes sense.
absl::Status UnavailableStatus(absl::string_view message);
// DeadlineExceeded, reason DEADLINE_EXCEEDED.
absl::Status DeadlineStatus(absl::string_view message);

// How ToStatus marked a status. IsDuplicateKey and CommitUnknown, the two for stores, are in database.h.
bool IsConflict(const absl::Status& status);
bool IsConnectionLost(const absl::Status& status);

// Unavailable, reason OUTCOME_UNKNOWN, that CommitUnknown() recognises.
absl::Status CommitUnknownStatus();

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_STATUS_MAPPING_H_
