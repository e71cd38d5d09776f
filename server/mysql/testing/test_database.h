// A real database for a store's tests: a private MariaDB for the test process, a fresh schema with all migrations for
// each TestDatabase.
//
//   class SurveyStoreTest : public ::testing::Test {
//    protected:
//     mysql::testing::TestDatabase db_;
//     SurveyStore store_{db_.database()};
//     TenantScope scope_ = mysql::testing::MakeScope("acme", "Europe/Paris");
//   };
//
// The server starts with the first TestDatabase (half a second; the very first on a machine makes a template of its
// files and takes two) and goes with the process. A migrated schema is emptied and used again by a later test of the
// process, which is several times as fast as making one. With CANVASS_TEST_DATABASE=mysql://user@host/ the same tests
// run on another server, each in a schema of its own there.
//
// A database that does not start ends the process with a message: no test could say more.
#ifndef CANVASS_SERVER_MYSQL_TESTING_TEST_DATABASE_H_
#define CANVASS_SERVER_MYSQL_TESTING_TEST_DATABASE_H_

#include <memory>
#include <random>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/connection.h"
#include "server/mysql/database.h"
#include "server/mysql/embedded_server.h"

namespace canvass::mysql::testing {

// A scope as the tenant stage would mint it. `zone` is a name of the IANA database; an unknown one ends the process.
TenantScope MakeScope(absl::string_view tenant = "acme", absl::string_view zone = "UTC");

// The same bytes in every run. Thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed = 1) : engine_(seed) {}
  std::string Bytes(std::size_t size) override;

 private:
  absl::Mutex mutex_;
  std::mt19937_64 engine_ ABSL_GUARDED_BY(mutex_);
};

// When the clock of a TestDatabase starts: 2025-06-02 12:00 UTC, a Monday.
absl::Time TestStart();

// kEmpty is a schema without any table, for tests that make their own: a migrated one must keep its shape.
enum class TestSchema { kMigrated, kEmpty };

struct TestDatabaseOptions {
  Durability durability = Durability::kProcessCrash;
  TestSchema schema = TestSchema::kMigrated;
  int max_connections = 8;
  // What the Database tells deadlines by; null: clock(), which stands still.
  Clock* clock = nullptr;
};

class TestDatabase {
 public:
  explicit TestDatabase(TestDatabaseOptions options = {});
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  Database& database() { return *database_; }
  // Stands at TestStart() until the test moves it.
  ManualClock& clock() { return clock_; }
  SeededRandom& random() { return random_; }
  const ConnectOptions& connect_options() const { return connect_options_; }

  // A connection beside the pool, to look at rows or to get in the way of others.
  std::unique_ptr<Connection> Connect() const;
  // The first column of the first row of `sql`, for checks: Count("SELECT COUNT(*) FROM surveys").
  int64_t Count(absl::string_view sql) const;

 private:
  ManualClock clock_{TestStart()};
  SystemClock system_clock_;
  SeededRandom random_;
  const TestSchema kind_;
  const Durability durability_;
  ConnectOptions connect_options_;
  std::unique_ptr<Database> database_;
};

// An empty directory that goes with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Puts the files of a new database into `directory`, from the template of this machine: an EmbeddedServer started there
// skips its first filling.
void CopyTemplate(const std::string& directory);

}  // namespace canvass::mysql::testing

#endif  // CANVASS_SERVER_MYSQL_TESTING_TEST_DATABASE_H_
