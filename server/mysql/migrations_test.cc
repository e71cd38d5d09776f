#include "server/mysql/migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/mysql/lease.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::mysql {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TestDatabase;
using testing::TestSchema;
using ::testing::UnorderedElementsAre;

class MigrationsTest : public ::testing::Test {
 protected:
  absl::Status Run(MigrateOptions options = {}) { return Migrate(db_.connect_options(), clock_, options); }
  absl::Status Check(absl::Span<const Migration> migrations = Migrations()) {
    return CheckSchema(*db_.Connect(), migrations);
  }
  void Sql(absl::string_view sql) {
    const absl::Status status = db_.Connect()->ExecuteText(sql);
    ASSERT_TRUE(status.ok()) << sql << status;
  }
  std::vector<std::string> Strings(absl::string_view sql) {
    std::vector<std::string> strings;
    const absl::StatusOr<Rows> rows = db_.Connect()->Query(sql);
    EXPECT_TRUE(rows.ok()) << rows.status();
    if (!rows.ok()) return strings;
    for (const Row& row : *rows) strings.push_back(row.String(0));
    return strings;
  }
  // Everything that information_schema knows of the columns and keys.
  std::vector<std::string> Shape() {
    std::vector<std::string> shape = Strings(
        "SELECT CONCAT_WS(' ', table_name, ordinal_position, column_name, column_type, is_nullable, "
        "COALESCE(collation_name, '')) FROM information_schema.columns WHERE table_schema = DATABASE() "
        "ORDER BY table_name, ordinal_position");
    const std::vector<std::string> keys = Strings(
        "SELECT CONCAT_WS(' ', table_name, index_name, non_unique, seq_in_index, column_name) "
        "FROM information_schema.statistics WHERE table_schema = DATABASE() "
        "ORDER BY table_name, index_name, seq_in_index");
    shape.insert(shape.end(), keys.begin(), keys.end());
    return shape;
  }

  // Migrations of this test: the real table of leases, then `more`.
  static std::vector<Migration> Own(std::vector<absl::string_view> more) {
    std::vector<Migration> migrations = {Migrations()[0]};
    for (absl::string_view sql : more) {
      migrations.push_back({static_cast<int>(migrations.size()) + 1, "own", sql});
    }
    return migrations;
  }

  SystemClock clock_;
  TestDatabase db_{{.schema = TestSchema::kEmpty}};
};

TEST_F(MigrationsTest, AnEmptyDatabaseGetsExactlyTheTablesOfTheFiles) {
  ASSERT_TRUE(Run().ok());
  EXPECT_THAT(Strings("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"),
              UnorderedElementsAre("api_keys", "contact_clocks", "contact_merges", "contact_turns", "contacts",
                                   "decisions", "event_sources", "events", "invitation_days", "invitation_requests",
                                   "invitations", "leases", "metric_cells", "metric_dimensions", "operations", "outbox",
                                   "response_drafts", "responses", "schema_migrations", "segments", "skip_counts",
                                   "suppressions", "survey_counters", "survey_links", "survey_versions", "surveys",
                                   "tenant_settings", "tenants", "trigger_revisions", "triggers"));
  EXPECT_TRUE(Check().ok()) << Check();
}

TEST_F(MigrationsTest, TheShapeIsTheOneThatTheFilesSay) {
  ASSERT_TRUE(Run().ok());
  const std::vector<std::string> migrated = Shape();
  // The files themselves, run by hand in another schema.
  TestDatabase by_hand({.schema = TestSchema::kEmpty});
  const std::unique_ptr<Connection> connection = by_hand.Connect();
  for (const Migration& migration : Migrations()) {
    // Without the last ';', which the text protocol takes for a second statement.
    const std::string sql(migration.sql.substr(0, migration.sql.rfind(';')));
    ASSERT_TRUE(connection->ExecuteText(sql).ok()) << migration.version;
  }
  const absl::StatusOr<Rows> tables =
      connection->Query("SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()");
  ASSERT_TRUE(tables.ok());
  EXPECT_EQ(tables->front().Int(0) + 4,  // schema_migrations has four
            db_.Count("SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()"));
  EXPECT_THAT(migrated, ::testing::Contains("responses by_single_use 0 2 single_use_key"));
}

TEST_F(MigrationsTest, ASecondRunChangesNothing) {
  ASSERT_TRUE(Run().ok());
  const std::vector<std::string> shape = Shape();
  const std::vector<std::string> times = Strings("SELECT HEX(checksum) FROM schema_migrations ORDER BY version");
  int steps = 0;
  ASSERT_TRUE(Run({.progress = [&](const Migration&, MigrationStep) { ++steps; }}).ok());
  EXPECT_EQ(steps, 0);
  EXPECT_THAT(Shape(), ElementsAreArray(shape));
  EXPECT_THAT(Strings("SELECT HEX(checksum) FROM schema_migrations ORDER BY version"), ElementsAreArray(times));
}

TEST_F(MigrationsTest, ProgressNamesEachMigrationTwice) {
  std::vector<std::string> steps;
  ASSERT_TRUE(Run({.progress = [&](const Migration& migration, MigrationStep step) {
                steps.push_back(absl::StrCat(migration.version, step == MigrationStep::kStarts ? " starts" : " done"));
              }}).ok());
  ASSERT_EQ(steps.size(), 2 * Migrations().size());
  EXPECT_EQ(steps[0], "1 starts");
  EXPECT_EQ(steps[1], "1 done");
  EXPECT_EQ(steps.back(), absl::StrCat(Migrations().size(), " done"));
}

TEST_F(MigrationsTest, NumbersRunWithoutAGap) {
  int expected = 1;
  for (const Migration& migration : Migrations()) EXPECT_EQ(migration.version, expected++) << migration.name;
  EXPECT_EQ(Migrations()[0].name, "leases");
}

TEST_F(MigrationsTest, EveryKeyStartsWithTheTenant) {
  ASSERT_TRUE(Run().ok());
  EXPECT_THAT(Strings("SELECT t.table_name FROM information_schema.tables t LEFT JOIN information_schema.statistics s "
                      "ON s.table_schema = t.table_schema AND s.table_name = t.table_name AND s.index_name = 'PRIMARY' "
                      "AND s.seq_in_index = 1 AND s.column_name = 'tenant_id' "
                      "WHERE t.table_schema = DATABASE() AND s.column_name IS NULL "
                      "AND t.table_name NOT IN ('leases', 'schema_migrations')"),
              IsEmpty());
  // Other keys as well, but those that find a credential before its tenant is known, and tenants with
  // messages due or operations to be done.
  EXPECT_THAT(Strings("SELECT CONCAT(table_name, '.', index_name) FROM information_schema.statistics "
                      "WHERE table_schema = DATABASE() AND seq_in_index = 1 AND column_name <> 'tenant_id' "
                      "AND table_name NOT IN ('leases', 'schema_migrations')"),
              UnorderedElementsAre("api_keys.by_key_id", "operations.by_state", "outbox.by_due"));
}

TEST_F(MigrationsTest, NothingThatAClusterCannotDo) {
  ASSERT_TRUE(Run().ok());
  EXPECT_THAT(Strings("SELECT table_name FROM information_schema.columns WHERE table_schema = DATABASE() AND "
                      "(extra LIKE '%auto_increment%' OR data_type = 'json')"),
              IsEmpty());
  EXPECT_THAT(Strings("SELECT constraint_name FROM information_schema.referential_constraints "
                      "WHERE constraint_schema = DATABASE()"),
              IsEmpty());
  EXPECT_THAT(Strings("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                      "engine <> 'InnoDB'"),
              IsEmpty());
}

TEST_F(MigrationsTest, AServerWaitsForAnOlderSchemaToBeMigrated) {
  const absl::Status none = Check();
  EXPECT_EQ(none.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(none.message()), HasSubstr("canvassd migrate"));
  ASSERT_TRUE(Run({.migrations = Migrations().first(5)}).ok());
  const absl::Status older = Check();
  EXPECT_EQ(older.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(older.message()),
              AllOf(HasSubstr("older"), HasSubstr("5 of"), HasSubstr("canvassd migrate")));
  ASSERT_TRUE(Run().ok());
  EXPECT_TRUE(Check().ok());
}

TEST_F(MigrationsTest, ANewerSchemaIsRefusedByServerAndMigrator) {
  ASSERT_TRUE(Run().ok());
  for (const absl::Status& newer : {Check(Migrations().first(5)), Run({.migrations = Migrations().first(5)})}) {
    EXPECT_EQ(newer.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(newer.message()), AllOf(HasSubstr("newer than this binary"), HasSubstr("contacts")));
  }
}

TEST_F(MigrationsTest, AnEditedFileIsRefusedByServerAndMigrator) {
  const std::vector<Migration> original = Own({"CREATE TABLE one (tenant_id INT PRIMARY KEY);\n"});
  const std::vector<Migration> edited = Own({"CREATE TABLE one (tenant_id BIGINT PRIMARY KEY);\n"});
  ASSERT_TRUE(Run({.migrations = original}).ok());
  for (const absl::Status& refused : {Check(edited), Run({.migrations = edited})}) {
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(refused.message()), AllOf(HasSubstr("migration 2 (own)"), HasSubstr("another text")));
  }
}

TEST_F(MigrationsTest, AMissingOneInTheMiddleIsRefused) {
  ASSERT_TRUE(Run().ok());
  Sql("DELETE FROM schema_migrations WHERE version = 3");
  EXPECT_THAT(std::string(Check().message()), HasSubstr("not all before it"));
}

TEST_F(MigrationsTest, AFailureStopsThereAndTheNextRunGoesOn) {
  const std::vector<Migration> broken = Own({"CREATE TABLE one (tenant_id INT PRIMARY KEY);\n", "CREATE NONSENSE;\n",
                                             "CREATE TABLE three (id INT PRIMARY KEY);\n"});
  const absl::Status failed = Run({.migrations = broken});
  EXPECT_EQ(failed.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(failed.message()), HasSubstr("migration 3"));
  EXPECT_THAT(Strings("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                      "table_name = 'three'"),
              IsEmpty());
  // The operator mended the cause; here it was the file, which had never gone through.
  Sql("DELETE FROM schema_migrations WHERE version = 3");
  const std::vector<Migration> mended =
      Own({"CREATE TABLE one (tenant_id INT PRIMARY KEY);\n", "CREATE TABLE two (id INT PRIMARY KEY);\n",
           "CREATE TABLE three (id INT PRIMARY KEY);\n"});
  EXPECT_TRUE(Run({.migrations = mended}).ok());
  EXPECT_TRUE(Check(mended).ok());
}

TEST_F(MigrationsTest, AnInterruptedMigrationIsFinishedByTheNextRun) {
  const std::vector<Migration> migrations =
      Own({"CREATE TABLE one (tenant_id INT PRIMARY KEY);\n-- then\nALTER TABLE one ADD COLUMN extra INT NULL;\n"});
  ASSERT_TRUE(Run({.migrations = migrations}).ok());
  // As after a kill between the statements and the note that they are done, and between the two statements.
  Sql("UPDATE schema_migrations SET apply_time = 0 WHERE version = 2");
  EXPECT_FALSE(Check(migrations).ok());
  EXPECT_TRUE(Run({.migrations = migrations}).ok());
  Sql("ALTER TABLE one DROP COLUMN extra");
  Sql("UPDATE schema_migrations SET apply_time = 0 WHERE version = 2");
  EXPECT_TRUE(Run({.migrations = migrations}).ok());
  EXPECT_TRUE(Check(migrations).ok());
  EXPECT_EQ(db_.Count("SELECT COUNT(extra) FROM one"), 0);
}

TEST_F(MigrationsTest, ATableOfSomebodyElseIsNotTakenForOurs) {
  Sql("CREATE TABLE tenants (id INT PRIMARY KEY)");
  const absl::Status status = Run();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("migration 2 (tenants)"), HasSubstr("not ours")));
}

TEST_F(MigrationsTest, MigratorsTakeTurns) {
  std::vector<absl::Status> results(4);
  std::vector<std::thread> threads;
  std::atomic<int> applied = 0;
  for (absl::Status& result : results) {
    threads.emplace_back([&] {
      result = Run({.progress = [&](const Migration&, MigrationStep step) {
        if (step == MigrationStep::kDone) ++applied;
      }});
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& result : results) EXPECT_TRUE(result.ok()) << result;
  EXPECT_EQ(applied, static_cast<int>(Migrations().size()));
  EXPECT_TRUE(Check().ok());
}

TEST_F(MigrationsTest, PatienceWithAnotherMigratorEnds) {
  ASSERT_TRUE(Run({.migrations = Migrations().first(1)}).ok());
  const std::unique_ptr<Connection> connection = db_.Connect();
  Transaction tx(*connection);
  ASSERT_TRUE(ClaimLease(tx, "migrations", "the other one", absl::Minutes(1)).ok());
  const absl::Status status = Run({.patience = absl::Milliseconds(300)});
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(std::string(status.message()), HasSubstr("the other one"));
}

}  // namespace
}  // namespace canvass::mysql
