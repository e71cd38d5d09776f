#include "server/mysql/database.h"

#include <gtest/gtest.h>

#include "server/mysql/testing/test_database.h"

namespace canvass::mysql {
namespace {

using testing::MakeScope;
using testing::TestDatabase;

TEST(DatabaseTest, WritesAndReads) {
  TestDatabase db;
  const TenantScope scope = MakeScope();
  ASSERT_TRUE(db.database().Write(scope, [](Transaction& tx) {
    return tx.Execute("INSERT INTO leases (name, owner, lease_until, token) VALUES (?, ?, ?, ?)",
                      Params().Add("a").Add("b").Add(1).Add(2)).status();
  }).ok());
  EXPECT_EQ(db.Count("SELECT SUM(token) FROM leases WHERE name = 'a'"), 2);
}

}  // namespace
}  // namespace canvass::mysql
