// One session with a database server: statements, transactions, and whether it can still be used.
//
//   CANVASS_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Connection::Open(options));
//   CANVASS_ASSIGN_OR_RETURN(Rows rows, connection->Query("SELECT name FROM leases WHERE owner = ?", params.values()));
//
// Stores never see it: they have a Transaction. Pool, Database, migrations and the server's start do.
//
// Every session is READ COMMITTED, utf8mb4, UTC, strict, and counts matched rows rather than changed ones. Statements
// are prepared on the server and kept by their text. This is the one place where the driver's exceptions end.
//
// Not thread-safe; may move between threads from one call to the next.
#ifndef CANVASS_SERVER_MYSQL_CONNECTION_H_
#define CANVASS_SERVER_MYSQL_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/mysql/value.h"

namespace canvass::mysql {

// Where a database is and how to talk to it. ParseDatabaseUrl makes one from text.
struct ConnectOptions {
  std::string host;  // empty with a socket
  int port = 3306;
  std::string socket;  // path of a unix socket; wins over host
  std::string user;
  std::string password;
  std::string schema;  // may be empty: none chosen

  // With ssl_ca the connection is encrypted and the server's certificate and name are checked, or it is refused.
  std::string ssl_ca;
  std::string ssl_cert;  // our own certificate and key, where the server asks for them
  std::string ssl_key;

  absl::Duration connect_timeout = absl::Seconds(2);
  // How long one statement may take. Infinite for migrations.
  absl::Duration statement_timeout = absl::Seconds(10);
  // How long a statement waits for another transaction's row lock.
  absl::Duration lock_wait_timeout = absl::Seconds(5);
};

class Connection {
 public:
  // Connects and sets the session up. The message of an error is for the operator: it names the address, the user and
  // the server's answer. Unavailable if the server cannot be reached, FailedPrecondition if it refuses us, if the
  // encryption that was asked for is not there, or if the server is of a kind that cannot be used.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const ConnectOptions& options);

  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Run a prepared statement. Errors as in status_mapping.h.
  absl::StatusOr<Rows> Query(absl::string_view sql, absl::Span<const Value> params = {});
  absl::StatusOr<int64_t> Execute(absl::string_view sql, absl::Span<const Value> params = {});

  // Runs a statement as text, for what servers do not prepare: definitions of tables, settings of the session.
  absl::Status ExecuteText(absl::string_view sql);

  absl::Status Begin() { return ExecuteText("START TRANSACTION"); }
  absl::Status Commit() { return ExecuteText("COMMIT"); }
  absl::Status Rollback() { return ExecuteText("ROLLBACK"); }

  // Asks the server for a sign of life.
  bool Alive();
  // True once the session is lost: it can only be thrown away.
  bool broken() const { return broken_; }
  // Has the session thrown away: its state is not known any more.
  void MarkBroken() { broken_ = true; }
  // True if the server is MariaDB, which names a few settings differently from MySQL.
  bool mariadb() const { return mariadb_; }
  // The server's number of the last error, 0 after success or where the driver itself failed.
  int last_error_code() const { return last_error_code_; }

 private:
  struct Native;

  explicit Connection(std::unique_ptr<Native> native);
  absl::Status SetUp(const ConnectOptions& options);
  template <typename Work>
  absl::Status Guard(absl::string_view sql, Work work);
  template <typename Use>
  absl::Status RunPrepared(absl::string_view sql, absl::Span<const Value> params, Use use);

  std::unique_ptr<Native> native_;
  bool broken_ = false;
  bool mariadb_ = false;
  int last_error_code_ = 0;
};

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_CONNECTION_H_
