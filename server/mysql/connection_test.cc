#include "server/mysql/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <memory>
#include <thread>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/mysql/database.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::mysql {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::TestDatabase;

class ConnectionTest : public ::testing::Test {
 protected:
  ConnectionTest() {
    Run("CREATE TABLE things (id BIGINT NOT NULL PRIMARY KEY, big BIGINT UNSIGNED NULL, fraction DOUBLE NULL, "
        "label VARCHAR(100) NULL, bytes VARBINARY(100) NULL, fixed BINARY(16) NULL, payload MEDIUMBLOB NULL, "
        "KEY by_label (label), KEY by_fixed (fixed)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
  }

  void Run(absl::string_view sql) {
    const absl::Status status = connection_->ExecuteText(sql);
    ASSERT_TRUE(status.ok()) << sql << ": " << status;
  }
  int64_t Execute(absl::string_view sql, const Params& params) {
    const absl::StatusOr<int64_t> matched = connection_->Execute(sql, params.values());
    EXPECT_TRUE(matched.ok()) << sql << ": " << matched.status();
    return matched.value_or(-1);
  }
  Rows Query(absl::string_view sql, const Params& params = Params()) {
    absl::StatusOr<Rows> rows = connection_->Query(sql, params.values());
    EXPECT_TRUE(rows.ok()) << sql << ": " << rows.status();
    return rows.ok() ? *std::move(rows) : Rows();
  }

  TestDatabase db_{{.schema = testing::TestSchema::kEmpty}};
  std::unique_ptr<Connection> connection_ = db_.Connect();
};

TEST_F(ConnectionTest, EveryKindOfValueComesBackAsItWent) {
  std::string bytes;
  for (int byte = 0; byte < 100; ++byte) bytes.push_back(static_cast<char>(byte * 37));
  const std::string zeros(16, '\0');
  std::string payload(1 << 20, 'x');
  payload.replace(1000, 5, std::string("\0\xff\0\xfe\0", 5));
  const std::string label = "Überraschung 😀 " + std::string("a\0b", 3);
  Execute("INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?)", Params()
                                                                 .Add(std::numeric_limits<int64_t>::min())
                                                                 .Add(std::numeric_limits<uint64_t>::max())
                                                                 .Add(-0.1)
                                                                 .Add(label)
                                                                 .Add(bytes)
                                                                 .Add(zeros)
                                                                 .Add(payload));
  const Rows rows = Query("SELECT id, big, fraction, label, bytes, fixed, payload FROM things");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Int(0), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(rows[0].Unsigned(1), std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(rows[0].Double(2), -0.1);
  EXPECT_EQ(rows[0].String(3), label);
  EXPECT_EQ(rows[0].String(4), bytes);
  EXPECT_EQ(rows[0].String(5), zeros);
  EXPECT_TRUE(rows[0].String(6) == payload);
}

TEST_F(ConnectionTest, NullsAndEmptyStringsAreTwoThings) {
  Execute("INSERT INTO things VALUES (1, ?, ?, ?, ?, ?, ?)",
          Params().AddNull().AddNull().AddNull().Add("").AddNull().Add(""));
  const Rows rows = Query("SELECT big, fraction, label, bytes, fixed, payload FROM things");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_TRUE(rows[0].IsNull(0));
  EXPECT_TRUE(rows[0].IsNull(1));
  EXPECT_TRUE(rows[0].IsNull(2));
  EXPECT_FALSE(rows[0].IsNull(3));
  EXPECT_TRUE(rows[0].IsNull(4));
  EXPECT_FALSE(rows[0].IsNull(5));
  EXPECT_EQ(rows[0].String(5), "");
}

TEST_F(ConnectionTest, APlaceholderForgetsTheKindOfItsLastValue) {
  const char kInsert[] = "INSERT INTO things (id, fraction, payload) VALUES (?, ?, ?)";
  Execute(kInsert, Params().Add(uint64_t{1}).Add(std::numeric_limits<uint64_t>::max()).Add(std::string(300000, 'x')));
  Execute(kInsert, Params().Add(-2).Add(-3).Add("small"));
  Execute(kInsert, Params().Add(3).AddNull().AddNull());
  Execute(kInsert, Params().Add(4).Add("2.5").Add(int64_t{17}));
  const Rows rows = Query("SELECT id, fraction, payload FROM things ORDER BY id");
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].Int(0), -2);
  EXPECT_EQ(rows[0].Double(1), -3);
  EXPECT_EQ(rows[0].String(2), "small");
  EXPECT_EQ(rows[1].String(2).size(), 300000u);
  EXPECT_TRUE(rows[2].IsNull(1));
  EXPECT_TRUE(rows[2].IsNull(2));
  EXPECT_EQ(rows[3].Double(1), 2.5);
  EXPECT_EQ(rows[3].String(2), "17");
}

TEST_F(ConnectionTest, ComputedColumnsAreNumbers) {
  Execute("INSERT INTO things (id) VALUES (?), (?), (?)", Params().Add(1).Add(2).Add(6));
  const Rows rows =
      Query("SELECT COUNT(*), SUM(id), AVG(id), SUM(id) / 2, MAX(id), SUM(fraction), 1 = 1, id = 7 FROM things");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].Int(0), 3);
  EXPECT_EQ(rows[0].Int(1), 9);
  EXPECT_EQ(rows[0].Double(1), 9.0);
  EXPECT_EQ(rows[0].Double(2), 3.0);
  EXPECT_EQ(rows[0].Double(3), 4.5);
  EXPECT_EQ(rows[0].Int(4), 6);
  EXPECT_TRUE(rows[0].IsNull(5));
  EXPECT_EQ(rows[0].Int(6), 1);
  EXPECT_EQ(rows[0].Int(7), 0);
}

TEST_F(ConnectionTest, KeysOfTextAndOfBytesAreFoundThroughTheirIndexes) {
  for (int i = 0; i < 200; ++i) {
    Execute("INSERT INTO things (id, label, fixed) VALUES (?, ?, ?)",
            Params().Add(i).Add(absl::StrCat("ü", i)).Add(absl::StrCat(std::string(14, '\xff'), 10 + i % 90)));
  }
  Run("ANALYZE TABLE things");
  Run("FLUSH STATUS");
  EXPECT_EQ(Query("SELECT id FROM things WHERE label = ?", Params().Add("ü7")).size(), 1u);
  const std::string fixed = absl::StrCat(std::string(14, '\xff'), "15");
  EXPECT_EQ(Query("SELECT id FROM things WHERE fixed = ?", Params().Add(fixed)).size(), 3u);
  // Steps to the next row of a table, which a search through an index does not make.
  const Rows scanned = Query("SHOW SESSION STATUS LIKE 'Handler_read_rnd_next'");
  EXPECT_LT(std::atoi(scanned[0].String(1).c_str()), 200);
}

TEST_F(ConnectionTest, CountsMatchedRowsNotChangedOnes) {
  Execute("INSERT INTO things (id, big) VALUES (1, 5)", Params());
  EXPECT_EQ(Execute("UPDATE things SET big = 5 WHERE id = 1", Params()), 1);
  EXPECT_EQ(Execute("UPDATE things SET big = 5 WHERE id = 2", Params()), 0);
}

TEST_F(ConnectionTest, TheSessionIsSetUp) {
  // MySQL and MariaDB name the isolation level differently.
  const Rows rows = Query(
      "SELECT @@time_zone, @@character_set_client, @@character_set_connection, @@character_set_results, @@sql_mode, "
      "@@innodb_lock_wait_timeout, @@autocommit");
  EXPECT_EQ(rows[0].String(0), "+00:00");
  EXPECT_EQ(rows[0].String(1), "utf8mb4");
  EXPECT_EQ(rows[0].String(2), "utf8mb4");
  EXPECT_EQ(rows[0].String(3), "utf8mb4");
  EXPECT_THAT(rows[0].String(4), HasSubstr("STRICT_TRANS_TABLES"));
  EXPECT_EQ(rows[0].Int(5), 5);
  EXPECT_EQ(rows[0].Int(6), 1);
  const Rows isolation = Query("SHOW VARIABLES WHERE Variable_name IN ('tx_isolation', 'transaction_isolation')");
  EXPECT_EQ(isolation[0].String(1), "READ-COMMITTED");
  if (connection_->mariadb()) {
    EXPECT_EQ(Query("SELECT @@idle_transaction_timeout")[0].Int(0), 10);
    EXPECT_EQ(Query("SELECT @@max_statement_time")[0].Double(0), 10.0);
  }
}

TEST_F(ConnectionTest, FilesOfTheClientStayClosedToTheServer) {
  EXPECT_FALSE(connection_->ExecuteText("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE things").ok());
}

TEST_F(ConnectionTest, AStatementThatTakesTooLongEndsInTime) {
  ConnectOptions options = db_.connect_options();
  options.statement_timeout = absl::Seconds(1);
  const auto quick = Connection::Open(options);
  ASSERT_TRUE(quick.ok()) << quick.status();
  // Every row with every row, five times over: 10^10 rows to count.
  for (int id = 0; id < 100; ++id) Execute("INSERT INTO things (id) VALUES (?)", Params().Add(id));
  const absl::Status busy =
      (*quick)->Query("SELECT COUNT(*) FROM things a, things b, things c, things d, things e").status();
  EXPECT_EQ(busy.code(), absl::StatusCode::kDeadlineExceeded) << busy;
  EXPECT_EQ(ReasonOf(busy), v1::ERROR_REASON_DEADLINE_EXCEEDED);
  EXPECT_FALSE((*quick)->broken());
}

TEST_F(ConnectionTest, ManyStatementsDoNotPileUpOnTheServer) {
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(Query(absl::StrCat("SELECT ", i, " + ?"), Params().Add(1))[0].Int(0), i + 1);
  }
  const Rows rows = Query("SHOW SESSION STATUS LIKE 'Com_stmt_close'");
  EXPECT_GT(std::atoi(rows[0].String(1).c_str()), 700);
  // The first ones are gone and are prepared again.
  EXPECT_EQ(Query("SELECT 0 + ?", Params().Add(1))[0].Int(0), 1);
}

TEST_F(ConnectionTest, TextsForCallersSayNothingOfTheDriver) {
  Execute("INSERT INTO things (id, label) VALUES (1, 'secret-value')", Params());
  const absl::Status duplicate = connection_->Execute("INSERT INTO things (id, label) VALUES (1, 'x')").status();
  EXPECT_TRUE(IsDuplicateKey(duplicate));
  EXPECT_EQ(duplicate.code(), absl::StatusCode::kAlreadyExists);
  const absl::Status unknown = connection_->Query("SELECT secret_column FROM things").status();
  EXPECT_EQ(unknown.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(ReasonOf(unknown), v1::ERROR_REASON_INTERNAL);
  EXPECT_THAT(std::string(unknown.message()), Not(HasSubstr("secret_column")));
  EXPECT_FALSE(connection_->broken());
}

TEST_F(ConnectionTest, StrictAboutWhatDoesNotFit) {
  const absl::Status too_long =
      connection_->Execute("INSERT INTO things (id, label) VALUES (1, ?)", Params().Add(std::string(101, 'x')).values())
          .status();
  EXPECT_EQ(too_long.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(Query("SELECT id FROM things").size(), 0u);
}

TEST_F(ConnectionTest, AKilledSessionIsBrokenForGood) {
  const int64_t id = Query("SELECT CONNECTION_ID()")[0].Int(0);
  ASSERT_TRUE(db_.Connect()->ExecuteText(absl::StrCat("KILL CONNECTION ", id)).ok());
  const absl::Status lost = connection_->Query("SELECT 1").status();
  EXPECT_EQ(lost.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(lost), v1::ERROR_REASON_DATABASE_UNAVAILABLE);
  EXPECT_TRUE(connection_->broken());
  EXPECT_FALSE(connection_->Alive());
  EXPECT_EQ(connection_->Query("SELECT 1").status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(ConnectionTest, MovesBetweenThreads) {
  for (int i = 0; i < 4; ++i) {
    std::thread([&] { EXPECT_EQ(Query("SELECT ? + 1", Params().Add(i))[0].Int(0), i + 1); }).join();
  }
}

TEST_F(ConnectionTest, AClosedDoorIsExplainedToTheOperator) {
  ConnectOptions options = db_.connect_options();
  options.user = "nobody-known";
  options.password = "hunter2";
  const absl::Status refused = Connection::Open(options).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("nobody-known"));
  EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("hunter2")));

  options = db_.connect_options();
  options.schema = "no_such_schema";
  const absl::Status no_schema = Connection::Open(options).status();
  EXPECT_EQ(no_schema.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(no_schema.message()), HasSubstr("no_such_schema"));

  options.socket = "/nonexistent/mariadb.sock";
  EXPECT_EQ(Connection::Open(options).status().code(), absl::StatusCode::kUnavailable);
}

TEST(RowTest, AnotherTypeReadsAsZero) {
  const Row row({std::string("abc"), int64_t{7}, std::monostate()});
  EXPECT_EQ(row.Int(0), 0);
  EXPECT_EQ(row.String(1), "");
  EXPECT_EQ(row.Double(1), 7.0);
  EXPECT_TRUE(row.IsNull(2));
  EXPECT_EQ(row.Int(2), 0);
  EXPECT_TRUE(row.IsNull(3));
  EXPECT_EQ(row.Time(1), absl::FromUnixMicros(7));
  EXPECT_EQ(row.Uuid(0), Uuid());
}

}  // namespace
}  // namespace canvass::mysql
