#include "server/main/backend.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/mysql/connection.h"
#include "server/mysql/database_url.h"
#include "server/mysql/migrations.h"
#include "server/mysql/pool.h"
#include "server/mysql/server_check.h"

namespace canvass {
namespace {

absl::StatusOr<mysql::ConnectOptions> ReadConnectOptions(const DatabaseOptions& options) {
  CANVASS_ASSIGN_OR_RETURN(mysql::ConnectOptions connect, mysql::ParseDatabaseUrl(options.url));
  if (options.password_file.empty()) return connect;
  std::ifstream file(options.password_file);
  std::stringstream content;
  content << file.rdbuf();
  if (!file) {
    return absl::InvalidArgumentError(absl::StrCat("--database-password-file: cannot read ", options.password_file));
  }
  connect.password = std::string(absl::StripAsciiWhitespace(content.str()));
  return connect;
}

absl::Status MigrateAndLog(const mysql::ConnectOptions& connect, Clock& clock) {
  mysql::MigrateOptions options;
  options.progress = [](const mysql::Migration& migration, mysql::MigrationStep step) {
    if (step != mysql::MigrationStep::kDone) return;
    Log(LogLevel::kInfo, "schema migrated", {{"version", migration.version}, {"name", migration.name}});
  };
  return mysql::Migrate(connect, clock, options);
}

absl::Status CheckDatabase(const mysql::ConnectOptions& connect, const DatabaseOptions& options) {
  CANVASS_ASSIGN_OR_RETURN(const std::unique_ptr<mysql::Connection> connection, mysql::Connection::Open(connect));
  CANVASS_RETURN_IF_ERROR(mysql::CheckServer(
      *connection, options.allow_unsafe ? mysql::UnsafeServer::kAccept : mysql::UnsafeServer::kRefuse));
  return mysql::CheckSchema(*connection);
}

// Minutes of full load: once the log is full, pages are written at the expense of those who wait for a commit.
constexpr int kLogMegabytes = 1024;

// The private database shares the machine with the server and with others: an eighth of the memory, within bounds.
int BufferPoolMegabytes() {
  const int64_t megabytes = static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGE_SIZE) / (1 << 20);
  return static_cast<int>(std::clamp<int64_t>(megabytes / 8, 256, 2048));
}

}  // namespace

absl::StatusOr<Backend> OpenBackend(const Config& config, Clock& clock) {
  Backend backend;
  mysql::PoolOptions pool{.max_connections = config.database.pool_size};
  if (config.database.url.empty()) {
    CANVASS_ASSIGN_OR_RETURN(backend.embedded,
                             mysql::EmbeddedServer::Start({.data_directory = config.data_dir,
                                                           .buffer_pool_megabytes = BufferPoolMegabytes(),
                                                           .log_file_megabytes = kLogMegabytes},
                                                          clock));
    pool.connect = backend.embedded->connect_options();
    CANVASS_RETURN_IF_ERROR(MigrateAndLog(pool.connect, clock));
  } else {
    CANVASS_ASSIGN_OR_RETURN(pool.connect, ReadConnectOptions(config.database));
  }
  CANVASS_RETURN_IF_ERROR(CheckDatabase(pool.connect, config.database));
  backend.database = std::make_unique<mysql::Database>(std::make_unique<mysql::Pool>(std::move(pool), clock), clock);
  return backend;
}

absl::Status MigrateBackend(const Config& config, Clock& clock) {
  if (config.database.url.empty()) {
    return absl::InvalidArgumentError(
        "canvassd migrate needs --database; a private database is migrated when the server starts");
  }
  CANVASS_ASSIGN_OR_RETURN(const mysql::ConnectOptions connect, ReadConnectOptions(config.database));
  return MigrateAndLog(connect, clock);
}

}  // namespace canvass
