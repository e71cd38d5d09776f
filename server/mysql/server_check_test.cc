#include "server/mysql/server_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/mysql/testing/test_database.h"

namespace canvass::mysql {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

ServerVariables Safe() {
  return {{"innodb_flush_log_at_trx_commit", "1"},
          {"innodb_rollback_on_timeout", "ON"},
          {"innodb_doublewrite", "ON"},
          {"innodb_flush_method", "O_DIRECT"},
          {"innodb_force_recovery", "0"},
          {"max_allowed_packet", "16777216"},
          {"log_bin", "OFF"},
          {"sync_binlog", "0"},
          {"version", "10.11.6-MariaDB"}};
}

TEST(ServerCheckTest, SafeSettingsPass) { EXPECT_TRUE(FindUnsafeSettings(Safe()).empty()); }

TEST(ServerCheckTest, EachUnsafeValueIsFound) {
  const std::pair<const char*, const char*> cases[] = {{"innodb_flush_log_at_trx_commit", "0"},
                                                       {"innodb_flush_log_at_trx_commit", "2"},
                                                       {"innodb_rollback_on_timeout", "OFF"},
                                                       {"innodb_doublewrite", "OFF"},
                                                       {"innodb_doublewrite", "0"},
                                                       {"innodb_doublewrite", "DETECT_ONLY"},
                                                       {"innodb_flush_method", "nosync"},
                                                       {"innodb_force_recovery", "3"},
                                                       {"max_allowed_packet", "1048576"},
                                                       {"version", "10.5.23-MariaDB-0+deb11u1"},
                                                       {"version", "5.7.44"}};
  for (const auto& [variable, value] : cases) {
    ServerVariables variables = Safe();
    variables[variable] = value;
    const std::vector<UnsafeSetting> found = FindUnsafeSettings(variables);
    ASSERT_EQ(found.size(), 1u) << variable << "=" << value;
    EXPECT_EQ(found[0].variable, variable);
    EXPECT_THAT(found[0].ToString(), AllOf(HasSubstr(variable), HasSubstr(value), HasSubstr(found[0].wanted)));
  }
}

TEST(ServerCheckTest, OtherSafeValuesPass) {
  const std::pair<const char*, const char*> cases[] = {{"innodb_rollback_on_timeout", "1"},
                                                       {"innodb_doublewrite", "DETECT_AND_RECOVER"},
                                                       {"innodb_flush_method", "fsync"},
                                                       {"max_allowed_packet", "1073741824"},
                                                       {"version", "8.4.2"},
                                                       {"version", "9.7.0"},
                                                       {"version", "11.4.2-MariaDB-log"},
                                                       {"version", "something else"}};
  for (const auto& [variable, value] : cases) {
    ServerVariables variables = Safe();
    variables[variable] = value;
    EXPECT_TRUE(FindUnsafeSettings(variables).empty()) << variable << "=" << value;
  }
}

TEST(ServerCheckTest, TheBinaryLogCountsWhereThereIsOne) {
  ServerVariables variables = Safe();
  variables["log_bin"] = "ON";
  ASSERT_EQ(FindUnsafeSettings(variables).size(), 1u);
  EXPECT_EQ(FindUnsafeSettings(variables)[0].variable, "sync_binlog");
  variables["sync_binlog"] = "1";
  EXPECT_TRUE(FindUnsafeSettings(variables).empty());
}

TEST(ServerCheckTest, WhatAServerDoesNotHaveIsNotJudged) { EXPECT_TRUE(FindUnsafeSettings({}).empty()); }

TEST(ServerCheckTest, TheEmbeddedServerPasses) {
  const testing::TestDatabase db({.durability = Durability::kDurable, .schema = testing::TestSchema::kEmpty});
  const absl::Status status = CheckServer(*db.Connect(), UnsafeServer::kRefuse);
  EXPECT_TRUE(status.ok()) << status;
}

TEST(ServerCheckTest, AnUnsafeServerIsRefusedForAllItsFaultsAtOnceUnlessAccepted) {
  const testing::TestDatabase db({.durability = Durability::kDurable, .schema = testing::TestSchema::kEmpty});
  const std::unique_ptr<Connection> connection = db.Connect();
  ASSERT_TRUE(connection->ExecuteText("SET GLOBAL innodb_flush_log_at_trx_commit = 2").ok());
  ASSERT_TRUE(connection->ExecuteText("SET GLOBAL max_allowed_packet = 1048576").ok());
  const absl::Status refused = CheckServer(*connection, UnsafeServer::kRefuse);
  const absl::Status accepted = CheckServer(*connection, UnsafeServer::kAccept);
  ASSERT_TRUE(connection->ExecuteText("SET GLOBAL innodb_flush_log_at_trx_commit = 1").ok());
  ASSERT_TRUE(connection->ExecuteText("SET GLOBAL max_allowed_packet = 67108864").ok());

  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              AllOf(HasSubstr("innodb_flush_log_at_trx_commit is 2, wanted: 1"),
                    HasSubstr("max_allowed_packet is 1048576, wanted: at least 16777216"), HasSubstr("SET GLOBAL"),
                    HasSubstr("--allow-unsafe-database"), Not(HasSubstr("innodb_doublewrite"))));
  EXPECT_TRUE(accepted.ok()) << accepted;
  EXPECT_TRUE(CheckServer(*connection, UnsafeServer::kRefuse).ok());
}

}  // namespace
}  // namespace canvass::mysql
