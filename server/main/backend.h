// The database that the server works on: its own in the data directory, or the one that --database names.
#ifndef CANVASS_SERVER_MAIN_BACKEND_H_
#define CANVASS_SERVER_MAIN_BACKEND_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/clock.h"
#include "server/main/config.h"
#include "server/mysql/database.h"
#include "server/mysql/embedded_server.h"

namespace canvass {

// Members end in the reverse order: sessions before the server they talk to.
struct Backend {
  // Only without --database.
  std::unique_ptr<mysql::EmbeddedServer> embedded;
  std::unique_ptr<mysql::Database> database;
};

// Starts or reaches the database. An embedded one is migrated; one of --database must be safe and have exactly the
// schema of this binary. Errors name the setting and say what to do.
absl::StatusOr<Backend> OpenBackend(const Config& config, Clock& clock);

// `canvassd migrate`: brings the database to the newest schema, telling each step on standard error.
absl::Status MigrateBackend(const Config& config, Clock& clock);

}  // namespace canvass

#endif  // CANVASS_SERVER_MAIN_BACKEND_H_
