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
  switch (error.code) {
    case 1205:  // lock wait timeout
    case 1213:  // deadlock, also Galera's certification failure at COMMIT
    case 1020:  // MariaDB 11: the row changed since the snapshot
    case 3101:  // group replication rolled the transaction back
    case 8028:  // TiDB: schema changed under the transaction
    case 9007:  // TiDB: write conflict
      return Failure::kConflict;
    case 1062:  // duplicate key
    case 1169:
    case 1586:  // duplicate key, with the key's name
      return Failure::kDuplicateKey;
    case 1969:  // MariaDB: max_statement_time
    case 3024:  // MySQL: max_execution_time
      return Failure::kTimeout;
    case 0:     // the driver's own errors have no number, and leave the session in an unknown state
    case 1053:  // server shutdown in progress
    case 1152:  // aborted connection
    case 1153:  // packet too large: the server hangs up
    case 1156:  // the network errors of the server's side
    case 1157:
    case 1158:
    case 1159:
    case 1160:
    case 1161:
    case 1184:
    case 1927:  // MariaDB: connection was killed
    case 2000:  // unknown error of the client library
    case 2001:
    case 2002:  // no server at the socket
    case 2003:  // no server at the port
    case 2005:  // unknown host
    case 2006:  // server has gone away
    case 2012:
    case 2013:  // lost connection during the query
    case 2014:  // commands out of sync
    case 2026:  // TLS error
    case 2027:  // malformed packet
    case 2055:  // lost connection, with the system's error
    case 4031:  // MySQL: disconnected by the server for inactivity
      return Failure::kConnectionLost;
    case 1021:  // disk full
    case 1114:  // table full
    case 1040:  // too many connections
    case 1041:  // out of memory
    case 1037:
    case 1038:
    case 1047:  // Galera: the node is not part of the cluster
    case 1129:  // host blocked after many errors
    case 1203:  // too many connections of this user
    case 1226:
    case 1290:  // --read-only: this server is a replica now
    case 1317:  // the query was killed
    case 1461:  // too many prepared statements
    case 1836:  // read-only mode
    case 1792:
      return Failure::kUnavailable;
    case 1044:  // no right to the schema
    case 1045:  // wrong user or password
    case 1049:  // unknown schema
    case 1130:  // host not allowed
    case 1142:  // no right to the table
    case 1143:
    case 1227:
    case 1251:
    case 1698:  // user may only log in another way
    case 1820:  // password expired
    case 1862:
    case 2059:  // authentication plugin missing
    case 2061:
      return Failure::kRefused;
    default:
      return Failure::kOther;
  }
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
