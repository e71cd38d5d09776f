#include "server/mysql/testing/test_database.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/mysql/database_url.h"
#include "server/mysql/embedded/child_process.h"
#include "server/mysql/migrations.h"
#include "server/mysql/pool.h"
#include "tenants/scope_mint.h"

namespace canvass::mysql::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kAddressVariable[] = "CANVASS_TEST_DATABASE";
constexpr char kDirectoryPrefix[] = "canvass-test-process-";
constexpr int kLogFileMegabytes = 32;
constexpr int kBufferPoolMegabytes = 64;

[[noreturn]] void Fail(absl::string_view what, const absl::Status& status) {
  const std::string text = absl::StrCat("test database: ", what, ": ", status.ToString(), "\n");
  std::fputs(text.c_str(), stderr);
  std::exit(1);
}

void Require(absl::string_view what, const absl::Status& status) {
  if (!status.ok()) Fail(what, status);
}

EmbeddedServerOptions ServerOptions(const std::string& directory, Durability durability) {
  return {.data_directory = directory,
          .durability = durability,
          .buffer_pool_megabytes = kBufferPoolMegabytes,
          .log_file_megabytes = kLogFileMegabytes,
          .schema = "test"};
}

// Another version of the server or other settings of ours get another template.
std::string TemplatePath() {
  struct stat program = {};
  stat(FindProgram("mariadbd", "").c_str(), &program);
  return (fs::temp_directory_path() / absl::StrCat("canvass-test-template-", geteuid(), "-", program.st_size, "-",
                                                   program.st_mtime, "-", kLogFileMegabytes))
      .string();
}

// Makes the template on the side and renames it, so that two test processes may do it at once.
void MakeTemplate(const std::string& path) {
  const TemporaryDirectory place;
  SystemClock clock;
  auto server = EmbeddedServer::Start(ServerOptions(place.path() + "/new", Durability::kDurable), clock);
  if (!server.ok()) Fail("cannot make the template", server.status());
  Require("cannot stop the template", (*server)->Stop());
  std::error_code error;
  fs::rename(place.path() + "/new", path, error);
  if (error && !fs::exists(path)) Fail("cannot keep the template", absl::UnknownError(error.message()));
}

// The servers of this process: one for each durability that a test asked for.
class Servers {
 public:
  // The log's own statics must outlive these, which log when they stop.
  Servers() { LogEnabled(LogLevel::kInfo); }

  ConnectOptions For(Durability durability) {
    absl::MutexLock lock(&mutex_);
    auto& server = servers_[durability == Durability::kDurable ? 0 : 1];
    if (server == nullptr) {
      const std::string directory = absl::StrCat(directory_.path(), durability == Durability::kDurable ? "/d" : "/p");
      CopyTemplate(directory);
      auto started = EmbeddedServer::Start(ServerOptions(directory, durability), clock_);
      if (!started.ok()) Fail("the server does not start", started.status());
      server = *std::move(started);
    }
    return server->connect_options();
  }

 private:
  SystemClock clock_;
  const TemporaryDirectory directory_;
  absl::Mutex mutex_;
  std::array<std::unique_ptr<EmbeddedServer>, 2> servers_ ABSL_GUARDED_BY(mutex_);
};

ConnectOptions ServerAddress(Durability durability) {
  if (const char* url = std::getenv(kAddressVariable); url != nullptr && *url != '\0') {
    absl::StatusOr<ConnectOptions> options = ParseDatabaseUrl(url);
    if (!options.ok()) Fail(kAddressVariable, options.status());
    return *std::move(options);
  }
  static Servers servers;
  return servers.For(durability);
}

// Removes what test processes left behind that were killed: their number is in the name. Returns true.
bool SweepDirectories() {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(fs::temp_directory_path(), error)) {
    const std::string name = entry.path().filename().string();
    int pid = 0;
    if (!absl::StartsWith(name, kDirectoryPrefix)) continue;
    const std::vector<std::string> parts = absl::StrSplit(name.substr(sizeof(kDirectoryPrefix) - 1), '-');
    if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &pid) || kill(pid, 0) == 0 || errno != ESRCH) continue;
    fs::remove_all(entry.path(), error);
  }
  return true;
}

std::string NextSchemaName() {
  static std::atomic<int> number = 0;
  return absl::StrCat("canvass_test_", getpid(), "_", ++number);
}

// Migrated schemas that a test has finished with.
class Spares {
 public:
  // Empty if there is none.
  std::string Take() {
    absl::MutexLock lock(&mutex_);
    if (schemas_.empty()) return "";
    std::string schema = std::move(schemas_.back());
    schemas_.pop_back();
    return schema;
  }
  void Give(std::string schema) {
    absl::MutexLock lock(&mutex_);
    schemas_.push_back(std::move(schema));
  }

 private:
  absl::Mutex mutex_;
  std::vector<std::string> schemas_ ABSL_GUARDED_BY(mutex_);
};

Spares& SparesOf(Durability durability) {
  static Spares* const spares = new Spares[2];
  return spares[durability == Durability::kDurable ? 0 : 1];
}

// Deletes all rows but those that say which migrations were applied. TRUNCATE would make the tables anew, which takes
// longer for the few rows of a test.
absl::Status EmptyTables(Connection& connection) {
  CANVASS_ASSIGN_OR_RETURN(const Rows tables,
                           connection.Query("SELECT table_name FROM information_schema.tables WHERE table_schema = "
                                            "DATABASE() AND table_name <> 'schema_migrations'"));
  for (const Row& table : tables) {
    CANVASS_RETURN_IF_ERROR(connection.ExecuteText(absl::StrCat("DELETE FROM `", table.String(0), "`")));
  }
  return CheckSchema(connection);
}

std::unique_ptr<Connection> MustConnect(const ConnectOptions& options) {
  absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(options);
  if (!connection.ok()) Fail("cannot connect", connection.status());
  return *std::move(connection);
}

}  // namespace

TenantScope MakeScope(absl::string_view tenant, absl::string_view zone) {
  absl::TimeZone time_zone;
  if (!absl::LoadTimeZone(zone, &time_zone)) Fail("MakeScope", absl::NotFoundError(zone));
  return tenants::ScopeMint::Mint(TenantId(std::string(tenant)), time_zone);
}

std::string SeededRandom::Bytes(std::size_t size) {
  absl::MutexLock lock(&mutex_);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(engine_());
  return bytes;
}

absl::Time TestStart() { return absl::FromCivil(absl::CivilHour(2025, 6, 2, 12), absl::UTCTimeZone()); }

TestDatabase::TestDatabase(TestDatabaseOptions options)
    : kind_(options.schema), durability_(options.durability), connect_options_(ServerAddress(options.durability)) {
  const std::string used_before = kind_ == TestSchema::kMigrated ? SparesOf(durability_).Take() : "";
  if (used_before.empty()) {
    const std::string schema = NextSchemaName();
    connect_options_.schema.clear();
    Require("cannot create a schema",
            MustConnect(connect_options_)
                ->ExecuteText(absl::StrCat("CREATE DATABASE ", schema, " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")));
    connect_options_.schema = schema;
    if (kind_ == TestSchema::kMigrated) Require("cannot migrate", Migrate(connect_options_, system_clock_));
  } else {
    connect_options_.schema = used_before;
  }
  // The pool waits and retries in real time, whatever the test does to its clock.
  auto pool = std::make_unique<Pool>(
      PoolOptions{.connect = connect_options_, .max_connections = options.max_connections}, system_clock_);
  database_ = std::make_unique<Database>(std::move(pool), options.clock != nullptr ? *options.clock : clock_);
}

TestDatabase::~TestDatabase() {
  database_.reset();
  // A test may have killed the server; then its schema is of no interest either.
  const bool external = std::getenv(kAddressVariable) != nullptr;
  if (kind_ == TestSchema::kMigrated && !external) {
    const absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(connect_options_);
    if (!connection.ok()) return;
    if (EmptyTables(**connection).ok()) {
      SparesOf(durability_).Give(connect_options_.schema);
      return;
    }
  }
  const absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(connect_options_);
  if (!connection.ok()) return;
  (*connection)->ExecuteText("DROP DATABASE " + connect_options_.schema).IgnoreError();
}

std::unique_ptr<Connection> TestDatabase::Connect() const { return MustConnect(connect_options_); }

int64_t TestDatabase::Count(absl::string_view sql) const {
  const absl::StatusOr<Rows> rows = Connect()->Query(sql);
  Require(sql, rows.status());
  return rows->empty() ? 0 : rows->front().Int(0);
}

TemporaryDirectory::TemporaryDirectory() {
  static const bool swept = SweepDirectories();
  (void)swept;
  path_ = (fs::temp_directory_path() / absl::StrCat(kDirectoryPrefix, getpid(), "-XXXXXX")).string();
  if (mkdtemp(path_.data()) == nullptr) Fail("mkdtemp", absl::UnknownError(path_));
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code error;
  fs::remove_all(path_, error);
}

void CopyTemplate(const std::string& directory) {
  const std::string source = TemplatePath();
  if (!fs::exists(source)) MakeTemplate(source);
  std::error_code error;
  fs::create_directory(directory, error);
  fs::permissions(directory, fs::perms::owner_all, error);
  fs::copy(source + "/mariadb", directory + "/mariadb", fs::copy_options::recursive, error);
  if (error) Fail("cannot copy the template", absl::UnknownError(error.message()));
}

}  // namespace canvass::mysql::testing
