// The schema, as numbered SQL files that are applied once each and never changed: schema/NNNN_what_it_does.sql,
// embedded into the binary when it is built.
//
//   canvassd migrate  →  Migrate(options, clock, {.progress = …})
//   canvassd          →  CheckSchema(connection): the schema is exactly the one this binary was built for, or no start
//
// What was applied stands in the table schema_migrations with a digest of its text. A row with apply_time 0 is a
// migration that was interrupted; the next run finishes it. Two processes that migrate at once take turns by a lease.
#ifndef CANVASS_SERVER_MYSQL_MIGRATIONS_H_
#define CANVASS_SERVER_MYSQL_MIGRATIONS_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/base/clock.h"
#include "server/mysql/connection.h"

namespace canvass::mysql {

struct Migration {
  int version = 0;  // 1, 2, 3 …
  absl::string_view name;
  absl::string_view sql;  // one or more statements, each ending in ';' at the end of a line
};

// The migrations of this binary, in order. The first one creates the table of leases.
absl::Span<const Migration> Migrations();

enum class MigrationStep { kStarts, kDone };

struct MigrateOptions {
  absl::Span<const Migration> migrations = Migrations();
  // Called before and after each migration that is applied, by the thread that called Migrate.
  std::function<void(const Migration&, MigrationStep)> progress;
  // How long to wait for another process that migrates the same database.
  absl::Duration patience = absl::Minutes(10);
  absl::Duration lease = absl::Seconds(30);
};

// Brings the database to the newest of `migrations`; does nothing if it is there. FailedPrecondition, with what to do,
// if the database is newer than this binary, was migrated by edited files, or holds tables that are not ours;
// Unavailable if it cannot be reached; DeadlineExceeded if another process migrates for longer than `patience`.
absl::Status Migrate(const ConnectOptions& connect, Clock& clock, const MigrateOptions& options = {});

// Ok if exactly `migrations` were applied to the database. FailedPrecondition, with what to do, otherwise.
absl::Status CheckSchema(Connection& connection, absl::Span<const Migration> migrations = Migrations());

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_MIGRATIONS_H_
