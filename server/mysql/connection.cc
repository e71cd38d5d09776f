#include "server/mysql/connection.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/mysql/connector.h"
#include "server/mysql/statement.h"
#include "server/mysql/status_mapping.h"

namespace canvass::mysql {
namespace {

// A pool of 32 sessions stays well under a server's default of 16,382 prepared statements.
constexpr std::size_t kPreparedStatements = 256;
// The server's own limit on a statement should strike first; the client's ends the wait when the server is gone.
constexpr absl::Duration kReadTimeoutMargin = absl::Seconds(5);
constexpr int kUnknownPreparedStatement = 1243;
constexpr int kNeedsReprepare = 1615;

sql::Driver& TheDriver() {
  // The driver's own instance function is not guarded against two first callers; this static is.
  static sql::Driver* const driver = sql::mysql::get_driver_instance();
  return *driver;
}

// The client library keeps state per thread, which is to be set up and given back by the thread itself.
void AttachThread() {
  struct Attachment {
    Attachment() { TheDriver().threadInit(); }
    ~Attachment() { TheDriver().threadEnd(); }
  };
  thread_local const Attachment attachment;
  (void)attachment;
}

std::string AddressOf(const ConnectOptions& options) {
  return options.socket.empty() ? absl::StrCat(options.host, ":", options.port) : options.socket;
}

// The driver takes whole seconds, and zero means to wait for ever.
int WholeSeconds(absl::Duration duration) {
  return static_cast<int>(std::ceil(std::max(1.0, absl::ToDoubleSeconds(duration))));
}

void AddEncryption(const ConnectOptions& options, sql::ConnectOptionsMap& map) {
  if (options.ssl_ca.empty()) {
    // Without encryption, MySQL 8 sends passwords under its public key, which must be asked for.
    if (kOracleConnector) map["OPT_GET_SERVER_PUBLIC_KEY"] = true;
    return;
  }
  map[kOracleConnector ? "ssl-ca" : "sslCA"] = sql::SQLString(options.ssl_ca);
  if (kOracleConnector) {
    map["ssl-mode"] = static_cast<int>(sql::SSL_MODE_VERIFY_IDENTITY);
  } else {
    map["sslEnforce"] = true;
    map["sslVerify"] = true;
  }
  if (options.ssl_cert.empty()) return;
  map[kOracleConnector ? "ssl-cert" : "sslCert"] = sql::SQLString(options.ssl_cert);
  map[kOracleConnector ? "ssl-key" : "sslKey"] = sql::SQLString(options.ssl_key);
}

// Names are plain strings on purpose: macros for them differ between versions of the driver. Types matter: bool, int
// and string are told apart, and an option that the driver does not know is ignored in silence.
sql::ConnectOptionsMap DriverOptions(const ConnectOptions& options) {
  sql::ConnectOptionsMap map;
  map["hostName"] = sql::SQLString(options.socket.empty() ? options.host : "localhost");
  if (options.socket.empty()) {
    map["port"] = options.port;
  } else {
    map["socket"] = sql::SQLString(options.socket);
  }
  map["userName"] = sql::SQLString(options.user);
  map["password"] = sql::SQLString(options.password);
  if (!options.schema.empty()) map["schema"] = sql::SQLString(options.schema);
  map["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
  map["characterSetResults"] = sql::SQLString("utf8mb4");
  map["CLIENT_FOUND_ROWS"] = true;
  map["OPT_LOCAL_INFILE"] = 0;
  map["OPT_CONNECT_TIMEOUT"] = WholeSeconds(options.connect_timeout);
  if (options.statement_timeout != absl::InfiniteDuration()) {
    const int patience = WholeSeconds(options.statement_timeout + kReadTimeoutMargin);
    map["OPT_READ_TIMEOUT"] = patience;
    map["OPT_WRITE_TIMEOUT"] = patience;
  }
  AddEncryption(options, map);
  return map;
}

DriverError ErrorOf(const sql::SQLException& exception) {
  return {.code = exception.getErrorCode(), .sql_state = exception.getSQLStateCStr(), .text = exception.what()};
}

// What went wrong at the door, in words for the operator.
absl::Status OpenFailure(const ConnectOptions& options, const DriverError& error) {
  const std::string address = AddressOf(options);
  Log(LogLevel::kWarning, "cannot open a database session",
      {{"address", address}, {"user", options.user}, {"code", error.code}, {"error", error.text}});
  switch (error.code) {
    case 1044:
    case 1049:
      return absl::FailedPreconditionError(absl::StrCat("the database at ", address, " has no schema '", options.schema,
                                                        "' that user '", options.user, "' may use; create it first"));
    case 2026:
      return absl::FailedPreconditionError(absl::StrCat(
          "no encrypted connection to the database at ", address, " that the certificates of '", options.ssl_ca,
          "' vouch for; check ssl-ca and that the name in the server's certificate is the host you give"));
    default:
      break;
  }
  if (Classify(error) == Failure::kRefused) {
    return absl::FailedPreconditionError(absl::StrCat("the database at ", address, " refuses user '", options.user,
                                                      "' (error ", error.code, "); check user and password"));
  }
  return UnavailableStatus(absl::StrCat("cannot reach the database at ", address, " (error ", error.code, ")"));
}

}  // namespace

// Later members hang on earlier ones, and go first.
struct Connection::Native {
  std::unique_ptr<sql::Connection> session;
  std::unique_ptr<sql::Statement> text_statement;
  StatementCache statements{kPreparedStatements};
};

Connection::Connection(std::unique_ptr<Native> native) : native_(std::move(native)) {}

Connection::~Connection() {
  AttachThread();
  native_.reset();
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const ConnectOptions& options) {
  AttachThread();
  auto native = std::make_unique<Native>();
  try {
    sql::ConnectOptionsMap driver_options = DriverOptions(options);
    native->session.reset(TheDriver().connect(driver_options));
    native->text_statement.reset(native->session->createStatement());
    native->session->setTransactionIsolation(sql::TRANSACTION_READ_COMMITTED);
  } catch (const sql::SQLException& exception) {
    return OpenFailure(options, ErrorOf(exception));
  } catch (const std::exception& exception) {
    return OpenFailure(options, {.text = exception.what()});
  }
  std::unique_ptr<Connection> connection(new Connection(std::move(native)));
  CANVASS_RETURN_IF_ERROR(connection->SetUp(options));
  return connection;
}

absl::Status Connection::SetUp(const ConnectOptions& options) {
  CANVASS_ASSIGN_OR_RETURN(const Rows version, Query("SELECT VERSION()"));
  mariadb_ = !version.empty() && absl::StrContains(version[0].String(0), "MariaDB");
  if (!options.ssl_ca.empty()) {
    // The option may have been ignored by a driver that spells it differently: believe the server alone.
    CANVASS_ASSIGN_OR_RETURN(const Rows cipher, Query("SHOW SESSION STATUS LIKE 'Ssl_cipher'"));
    if (cipher.empty() || cipher[0].String(1).empty()) {
      return absl::FailedPreconditionError(absl::StrCat("the connection to the database at ", AddressOf(options),
                                                        " is not encrypted, although ssl-ca is set"));
    }
  }
  CANVASS_RETURN_IF_ERROR(ExecuteText("SET NAMES utf8mb4 COLLATE utf8mb4_bin"));
  std::string settings = absl::StrCat(
      "SET SESSION time_zone = '+00:00', SESSION sql_mode = "
      "'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', SESSION innodb_lock_wait_timeout = ",
      WholeSeconds(options.lock_wait_timeout));
  const bool limited = options.statement_timeout != absl::InfiniteDuration();
  if (mariadb_) {
    // A client that was cut off would otherwise keep its row locks for as long as TCP takes to notice.
    absl::StrAppend(&settings, ", SESSION idle_transaction_timeout = 10, SESSION max_statement_time = ",
                    limited ? absl::ToDoubleSeconds(options.statement_timeout) : 0.0);
  } else {
    absl::StrAppend(&settings, ", SESSION max_execution_time = ",
                    limited ? absl::ToInt64Milliseconds(options.statement_timeout) : 0);
  }
  return ExecuteText(settings);
}

template <typename Work>
absl::Status Connection::Guard(absl::string_view sql, Work work) {
  if (broken_) return ToStatus({.code = 2006, .text = "the session was lost before"}, sql);
  AttachThread();
  DriverError error;
  try {
    work();
    last_error_code_ = 0;
    return absl::OkStatus();
  } catch (const sql::SQLException& exception) {
    error = ErrorOf(exception);
  } catch (const std::exception& exception) {
    error.text = exception.what();
  }
  last_error_code_ = error.code;
  broken_ = broken_ || Classify(error) == Failure::kConnectionLost;
  return ToStatus(error, sql);
}

template <typename Use>
absl::Status Connection::RunPrepared(absl::string_view sql, absl::Span<const Value> params, Use use) {
  const auto run = [&] {
    sql::PreparedStatement& statement = native_->statements.Get(*native_->session, sql);
    Bind(statement, params);
    use(statement);
  };
  absl::Status status = Guard(sql, run);
  // A proxy or a change of the schema may have cost the server our statement; nothing has run in that case.
  if (last_error_code_ != kUnknownPreparedStatement && last_error_code_ != kNeedsReprepare) return status;
  native_->statements.Drop(sql);
  return Guard(sql, run);
}

absl::StatusOr<Rows> Connection::Query(absl::string_view sql, absl::Span<const Value> params) {
  Rows rows;
  CANVASS_RETURN_IF_ERROR(RunPrepared(sql, params, [&](sql::PreparedStatement& statement) {
    const std::unique_ptr<sql::ResultSet> result(statement.executeQuery());
    rows = ReadRows(*result);
  }));
  return rows;
}

absl::StatusOr<int64_t> Connection::Execute(absl::string_view sql, absl::Span<const Value> params) {
  int64_t matched = 0;
  CANVASS_RETURN_IF_ERROR(
      RunPrepared(sql, params, [&](sql::PreparedStatement& statement) { matched = statement.executeUpdate(); }));
  return matched;
}

absl::Status Connection::ExecuteText(absl::string_view sql) {
  return Guard(sql, [&] {
    // Some statements answer with rows all the same (ANALYZE TABLE); unread, they would block the session.
    if (native_->text_statement->execute(std::string(sql))) {
      const std::unique_ptr<sql::ResultSet> unread(native_->text_statement->getResultSet());
    }
  });
}

bool Connection::Alive() {
  bool valid = false;
  const absl::Status status = Guard("ping", [&] { valid = native_->session->isValid(); });
  broken_ = broken_ || !valid;
  return status.ok() && valid;
}

}  // namespace canvass::mysql
