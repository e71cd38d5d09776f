#include "server/mysql/migrations.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/notification.h"
#include "server/base/digest.h"
#include "server/base/log.h"
#include "server/base/random.h"
#include "server/base/status_macros.h"
#include "server/mysql/lease.h"

namespace canvass::mysql {
namespace {

constexpr char kLeaseName[] = "migrations";
constexpr absl::Duration kLeasePoll = absl::Milliseconds(200);
constexpr char kCreateTable[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "  version    INT NOT NULL,"
    "  name       VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,"
    "  checksum   BINARY(32) NOT NULL,"
    "  apply_time BIGINT NOT NULL,"
    "  PRIMARY KEY (version)"
    ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";

// What the database says was applied.
struct Applied {
  int64_t version;
  std::string name;
  std::string checksum;
  bool finished;
};

std::string Label(int64_t version, absl::string_view name) {
  return absl::StrCat("migration ", version, " (", name, ")");
}

std::vector<std::string> Statements(absl::string_view sql) {
  std::vector<std::string> statements;
  std::string statement;
  for (absl::string_view line : absl::StrSplit(sql, '\n')) {
    line = absl::StripTrailingAsciiWhitespace(line);
    if (line.empty() || absl::StartsWith(line, "--")) continue;
    const bool last = absl::ConsumeSuffix(&line, ";");
    absl::StrAppend(&statement, line, "\n");
    if (last) statements.push_back(std::exchange(statement, ""));
  }
  if (!statement.empty()) statements.push_back(std::move(statement));
  return statements;
}

// True for the errors of a statement that was run before: table, column or key exist already, or are gone already.
bool AlreadyDone(int error_code) {
  return error_code == 1050 || error_code == 1060 || error_code == 1061 || error_code == 1091;
}

absl::StatusOr<bool> HasTable(Connection& connection, absl::string_view table) {
  CANVASS_ASSIGN_OR_RETURN(
      const Rows rows,
      connection.Query("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                       "table_name = ?",
                       Params().Add(table).values()));
  return !rows.empty() && rows[0].Int(0) > 0;
}

absl::StatusOr<std::vector<Applied>> ReadApplied(Connection& connection) {
  std::vector<Applied> applied;
  CANVASS_ASSIGN_OR_RETURN(const bool exists, HasTable(connection, "schema_migrations"));
  if (!exists) return applied;
  CANVASS_ASSIGN_OR_RETURN(
      const Rows rows,
      connection.Query("SELECT version, name, checksum, apply_time FROM schema_migrations ORDER BY version"));
  for (const Row& row : rows) applied.push_back({row.Int(0), row.String(1), row.String(2), row.Int(3) != 0});
  return applied;
}

// Returns how many of `migrations` are finished, all from the first on. FailedPrecondition if `applied` is not what
// some earlier or equal version of these files left behind.
absl::StatusOr<std::size_t> CountFinished(const std::vector<Applied>& applied, absl::Span<const Migration> migrations) {
  std::size_t finished = 0;
  for (const Applied& row : applied) {
    if (row.version > static_cast<int64_t>(migrations.size())) {
      return absl::FailedPreconditionError(absl::StrCat("the database's schema is newer than this binary: it has ",
                                                        Label(row.version, row.name), ", the last one known here is ",
                                                        migrations.size(),
                                                        "; run the newer canvassd, or restore the older database"));
    }
    const std::size_t index = static_cast<std::size_t>(row.version) - 1;
    if (row.version < 1 || index > finished) {
      return absl::FailedPreconditionError(absl::StrCat("the database's schema has ", Label(row.version, row.name),
                                                        " but not all before it; restore schema_migrations"));
    }
    const Migration& migration = migrations[index];
    if (row.checksum != Sha256(migration.sql)) {
      return absl::FailedPreconditionError(
          absl::StrCat(Label(row.version, row.name), " was applied with another text than this binary has (digest ",
                       absl::BytesToHexString(row.checksum.substr(0, 4)), ", here ",
                       absl::BytesToHexString(Sha256(migration.sql).substr(0, 4)),
                       "); files of applied migrations must not be edited: put the change into a new one"));
    }
    if (row.finished) ++finished;
  }
  return finished;
}

enum class Repeat { kNo, kMayBeDone };

absl::Status RunStatements(Connection& connection, const Migration& migration, Repeat repeat) {
  for (const std::string& statement : Statements(migration.sql)) {
    if (connection.ExecuteText(statement).ok()) continue;
    const int code = connection.last_error_code();
    if (repeat == Repeat::kMayBeDone && AlreadyDone(code)) continue;
    if (connection.broken()) {
      return absl::UnavailableError(absl::StrCat("the connection to the database was lost during ",
                                                 Label(migration.version, migration.name), "; run migrate again"));
    }
    return absl::FailedPreconditionError(absl::StrCat(
        Label(migration.version, migration.name), " failed with the database's error ", code,
        AlreadyDone(code)
            ? ": the schema holds something of that name that is not ours; give Canvass a schema of its own"
            : "; the log has its text. Nothing after it was applied: mend the cause, run migrate again"));
  }
  return absl::OkStatus();
}

absl::Status Apply(Connection& connection, Clock& clock, const Migration& migration, Repeat repeat) {
  Params begun;
  begun.Add(migration.version).Add(migration.name).Add(Sha256(migration.sql));
  CANVASS_RETURN_IF_ERROR(connection
                              .Execute("INSERT INTO schema_migrations (version, name, checksum, apply_time) "
                                       "VALUES (?, ?, ?, 0) ON DUPLICATE KEY UPDATE version = version",
                                       begun.values())
                              .status());
  // The first one was run by Bootstrap, because the lease that protects all others lives in its table.
  if (migration.version != 1) CANVASS_RETURN_IF_ERROR(RunStatements(connection, migration, repeat));
  return connection
      .Execute("UPDATE schema_migrations SET apply_time = ? WHERE version = ?",
               Params().Add(clock.Now()).Add(migration.version).values())
      .status();
}

// Keeps a lease alive beside a statement that may take hours, on a connection of its own.
class LeaseKeeper {
 public:
  LeaseKeeper(std::unique_ptr<Connection> connection, Lease lease, absl::Duration duration)
      : connection_(std::move(connection)), lease_(std::move(lease)), duration_(duration), thread_([this] { Run(); }) {}
  ~LeaseKeeper() {
    stop_.Notify();
    thread_.join();
    Transaction tx(*connection_);
    if (absl::Status status = ReleaseLease(tx, lease_); !status.ok()) {
      Log(LogLevel::kWarning, "the lease on migrations ends by itself", {{"error", status.message()}});
    }
  }

  absl::Status Check() const {
    if (!lost_) return absl::OkStatus();
    return absl::AbortedError("another process took over the migration; run migrate again to see how it went");
  }

 private:
  void Run() {
    while (!stop_.WaitForNotificationWithTimeout(duration_ / 3)) {
      Transaction tx(*connection_);
      const absl::StatusOr<bool> held = RenewLease(tx, lease_, duration_);
      if (!held.ok() || !*held) {
        lost_ = true;
        return;
      }
    }
  }

  std::unique_ptr<Connection> connection_;  // of thread_ while it runs
  const Lease lease_;
  const absl::Duration duration_;
  std::atomic<bool> lost_ = false;
  absl::Notification stop_;
  std::thread thread_;
};

absl::StatusOr<Lease> WaitForLease(Connection& connection, Clock& clock, const MigrateOptions& options) {
  SecureRandom random;
  const std::string owner = absl::StrCat("migrate-", getpid(), "-", absl::BytesToHexString(random.Bytes(8)));
  const absl::Time give_up = clock.Now() + options.patience;
  while (true) {
    Transaction tx(connection);
    absl::StatusOr<std::optional<Lease>> lease = ClaimLease(tx, kLeaseName, owner, options.lease);
    if (!lease.ok() && !absl::IsAborted(lease.status())) return lease.status();
    if (lease.ok() && lease->has_value()) return **std::move(lease);
    if (clock.Now() >= give_up) {
      CANVASS_ASSIGN_OR_RETURN(const std::string holder, LeaseHolder(tx, kLeaseName));
      return absl::DeadlineExceededError(
          absl::StrCat("another process (", holder, ") is still migrating this database after ",
                       absl::FormatDuration(options.patience), "; wait for it, then try again"));
    }
    clock.Sleep(kLeasePoll);
  }
}

// Creates what the rest of Migrate stands on: the table of migrations, and that of leases, by the first migration.
// Another process may be doing the same at this moment, so both say "if it is not there".
absl::Status Bootstrap(Connection& connection, const MigrateOptions& options) {
  CANVASS_RETURN_IF_ERROR(connection.ExecuteText(kCreateTable));
  CANVASS_ASSIGN_OR_RETURN(const bool leases, HasTable(connection, "leases"));
  if (leases || options.migrations.empty()) return absl::OkStatus();
  return RunStatements(connection, options.migrations.front(), Repeat::kMayBeDone);
}

}  // namespace

absl::Status Migrate(const ConnectOptions& connect, Clock& clock, const MigrateOptions& options) {
  ConnectOptions patient = connect;
  patient.statement_timeout = absl::InfiniteDuration();
  CANVASS_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(patient));
  CANVASS_RETURN_IF_ERROR(Bootstrap(*connection, options));
  CANVASS_ASSIGN_OR_RETURN(std::unique_ptr<Connection> keeper_connection, Connection::Open(connect));
  CANVASS_ASSIGN_OR_RETURN(Lease lease, WaitForLease(*connection, clock, options));
  const LeaseKeeper keeper(std::move(keeper_connection), std::move(lease), options.lease);

  CANVASS_ASSIGN_OR_RETURN(const std::vector<Applied> applied, ReadApplied(*connection));
  CANVASS_ASSIGN_OR_RETURN(const std::size_t finished, CountFinished(applied, options.migrations));
  for (const Migration& migration : options.migrations.subspan(finished)) {
    CANVASS_RETURN_IF_ERROR(keeper.Check());
    const bool interrupted = std::any_of(applied.begin(), applied.end(),
                                         [&](const Applied& row) { return row.version == migration.version; });
    if (options.progress) options.progress(migration, MigrationStep::kStarts);
    CANVASS_RETURN_IF_ERROR(Apply(*connection, clock, migration, interrupted ? Repeat::kMayBeDone : Repeat::kNo));
    if (options.progress) options.progress(migration, MigrationStep::kDone);
  }
  return keeper.Check();
}

absl::Status CheckSchema(Connection& connection, absl::Span<const Migration> migrations) {
  CANVASS_ASSIGN_OR_RETURN(const std::vector<Applied> applied, ReadApplied(connection));
  CANVASS_ASSIGN_OR_RETURN(const std::size_t finished, CountFinished(applied, migrations));
  if (finished == migrations.size()) return absl::OkStatus();
  if (applied.empty()) {
    return absl::FailedPreconditionError("the database has no Canvass schema yet; run 'canvassd migrate' on it first");
  }
  return absl::FailedPreconditionError(absl::StrCat("the database's schema is older than this binary: ", finished,
                                                    " of ", migrations.size(), " migrations are applied, the next is ",
                                                    Label(migrations[finished].version, migrations[finished].name),
                                                    "; run 'canvassd migrate' on it first"));
}

}  // namespace canvass::mysql
