#include "server/mysql/status_mapping.h"

#include "absl/strings/cord.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/log.h"
#include "server/mysql/database.h"

namespace canvass::mysql {
namespace {

constexpr char kConflictMark[] = "canvass.mysql/conflict";
constexpr char kDuplicateKeyMark[] = "canvass.mysql/duplicate-key";
constexpr char kConnectionLostMark[] = "canvass.mysql/connection-lost";
constexpr char kCommitUnknownMark[] = "canvass.mysql/commit-unknown";

// How long a caller should wait before it asks a database again that was not there.
constexpr absl::Duration kRetryAfter = absl::Seconds(1);
// Statements grow with their rows; their start says which one it was.
constexpr std::size_t kLoggedSql = 200;

struct KnownError {
  int code;
  Failure failure;
};

// Numbers of MariaDB, MySQL, their relatives and their client library.
constexpr KnownError kKnownErrors[] = {
    {1205, Failure::kConflict},      // lock wait timeout
    {1213, Failure::kConflict},      // deadlock, also Galera's certification failure at COMMIT
    {1020, Failure::kConflict},      // MariaDB 11: the row changed since the snapshot
    {3101, Failure::kConflict},      // group replication rolled the transaction back
    {8028, Failure::kConflict},      // TiDB: schema changed under the transaction
    {9007, Failure::kConflict},      // TiDB: write conflict
    {1062, Failure::kDuplicateKey},  // duplicate key
    {1169, Failure::kDuplicateKey},  // duplicate key of a constraint
    {1586, Failure::kDuplicateKey},  // duplicate key, with the key's name
    {1969, Failure::kTimeout},       // MariaDB: max_statement_time
    {3024, Failure::kTimeout},       // MySQL: max_execution_time
    {0, Failure::kConnectionLost},  // the driver's own errors have no number, and leave the session in an unknown state
    {1053, Failure::kConnectionLost},  // server shutdown in progress
    {1152, Failure::kConnectionLost},  // aborted connection
    {1153, Failure::kConnectionLost},  // packet too large: the server hangs up
    {1156, Failure::kConnectionLost},  // the network errors of the server's side
    {1157, Failure::kConnectionLost},  // packet not decompressed
    {1158, Failure::kConnectionLost},  // reading a packet failed
    {1159, Failure::kConnectionLost},  // reading a packet timed out
    {1160, Failure::kConnectionLost},  // writing a packet failed
    {1161, Failure::kConnectionLost},  // writing a packet timed out
    {1184, Failure::kConnectionLost},  // aborted before the log-in
    {1927, Failure::kConnectionLost},  // MariaDB: connection was killed
    {2000, Failure::kConnectionLost},  // unknown error of the client library
    {2001, Failure::kConnectionLost},  // no socket could be made
    {2002, Failure::kConnectionLost},  // no server at the socket
    {2003, Failure::kConnectionLost},  // no server at the port
    {2005, Failure::kConnectionLost},  // unknown host
    {2006, Failure::kConnectionLost},  // server has gone away
    {2012, Failure::kConnectionLost},  // hand-shake failed
    {2013, Failure::kConnectionLost},  // lost connection during the query
    {2014, Failure::kConnectionLost},  // commands out of sync
    {2026, Failure::kConnectionLost},  // TLS error
    {2027, Failure::kConnectionLost},  // malformed packet
    {2055, Failure::kConnectionLost},  // lost connection, with the system's error
    {4031, Failure::kConnectionLost},  // MySQL: disconnected by the server for inactivity
    {1021, Failure::kUnavailable},     // disk full
    {1114, Failure::kUnavailable},     // table full
    {1040, Failure::kUnavailable},     // too many connections
    {1041, Failure::kUnavailable},     // out of memory
    {1037, Failure::kUnavailable},     // out of memory
    {1038, Failure::kUnavailable},     // out of memory for sorting
    {1047, Failure::kUnavailable},     // Galera: the node is not part of the cluster
    {1129, Failure::kUnavailable},     // host blocked after many errors
    {1203, Failure::kUnavailable},     // too many connections of this user
    {1226, Failure::kUnavailable},     // the user's limit is reached
    {1290, Failure::kUnavailable},     // --read-only: this server is a replica now
    {1317, Failure::kUnavailable},     // the query was killed
    {1461, Failure::kUnavailable},     // too many prepared statements
    {1836, Failure::kUnavailable},     // read-only mode
    {1792, Failure::kUnavailable},     // read-only transaction
    {1044, Failure::kRefused},         // no right to the schema
    {1045, Failure::kRefused},         // wrong user or password
    {1049, Failure::kRefused},         // unknown schema
    {1130, Failure::kRefused},         // host not allowed
    {1142, Failure::kRefused},         // no right to the table
    {1143, Failure::kRefused},         // no right to the column
    {1227, Failure::kRefused},         // a privilege is missing
    {1251, Failure::kRefused},         // the log-in is too old
    {1698, Failure::kRefused},         // user may only log in another way
    {1820, Failure::kRefused},         // password expired
    {1862, Failure::kRefused},         // password expired
    {2059, Failure::kRefused},         // authentication plugin missing
    {2061, Failure::kRefused},         // authentication plugin failed
};

bool HasMark(const absl::Status& status, absl::string_view mark) { return status.GetPayload(mark).has_value(); }

absl::Status Mark(absl::Status status, absl::string_view mark) {
  status.SetPayload(mark, absl::Cord("1"));
  return status;
}

void LogFailure(LogLevel level, const DriverError& error, absl::string_view sql) {
  if (!LogEnabled(level)) return;
  // The driver quotes the values of a duplicate key, which may be people's identifiers.
  const bool quotes_values = Classify(error) == Failure::kDuplicateKey;
  Log(level, "database error",
      {{"code", error.code},
       {"sql_state", error.sql_state},
       {"error", quotes_values ? "" : error.text},
       {"statement", sql.substr(0, kLoggedSql)}});
}

}  // namespace

Failure Classify(const DriverError& error) {
  for (const KnownError& known : kKnownErrors) {
    if (known.code == error.code) return known.failure;
  }
  return Failure::kOther;
}

absl::Status ToStatus(const DriverError& error, absl::string_view sql) {
  switch (Classify(error)) {
    case Failure::kConflict:
      LogFailure(LogLevel::kDebug, error, sql);
      return Mark(Error(absl::StatusCode::kAborted, v1::ERROR_REASON_CONFLICT,
                        "another request is changing the same data; try again"),
                  kConflictMark);
    case Failure::kDuplicateKey:
      LogFailure(LogLevel::kDebug, error, sql);
      return Mark(Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_RESOURCE_EXISTS, "it exists already"),
                  kDuplicateKeyMark);
    case Failure::kTimeout:
      LogFailure(LogLevel::kWarning, error, sql);
      return DeadlineStatus("the database took too long; ask for less at a time or try again later");
    case Failure::kConnectionLost:
      LogFailure(LogLevel::kWarning, error, sql);
      return Mark(UnavailableStatus("the connection to the database was lost; try again"), kConnectionLostMark);
    case Failure::kUnavailable:
      LogFailure(LogLevel::kError, error, sql);
      return UnavailableStatus("the database cannot serve this now; try again later");
    case Failure::kRefused:
    case Failure::kOther:
      break;
  }
  LogFailure(LogLevel::kError, error, sql);
  return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
               "the database refused a statement; the server's log says why");
}

absl::Status UnavailableStatus(absl::string_view message) {
  return RetryLater(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DATABASE_UNAVAILABLE, message, kRetryAfter);
}

absl::Status DeadlineStatus(absl::string_view message) {
  return Error(absl::StatusCode::kDeadlineExceeded, v1::ERROR_REASON_DEADLINE_EXCEEDED, message);
}

bool IsConflict(const absl::Status& status) { return HasMark(status, kConflictMark); }
bool IsConnectionLost(const absl::Status& status) { return HasMark(status, kConnectionLostMark); }
bool IsDuplicateKey(const absl::Status& status) { return HasMark(status, kDuplicateKeyMark); }
bool CommitUnknown(const absl::Status& status) { return HasMark(status, kCommitUnknownMark); }

absl::Status CommitUnknownStatus() {
  return Mark(RetryLater(absl::StatusCode::kUnavailable, v1::ERROR_REASON_OUTCOME_UNKNOWN,
                         "the connection to the database was lost while the change was being saved; it may be saved or "
                         "not: repeat the same request",
                         kRetryAfter),
              kCommitUnknownMark);
}

}  // namespace canvass::mysql
