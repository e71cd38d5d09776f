// Which tenants have work, from the rows of a real database.

#include "tenants/tenant_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "canvass/v1/outbox.pb.h"
#include "server/base/error.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::tenants {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TenantDirectoryTest : public ::testing::Test {
 protected:
  void MakeTenant(const std::string& id) {
    v1::Tenant tenant;
    tenant.set_display_name("The " + id);
    tenant.set_time_zone("Europe/Prague");
    ASSERT_TRUE(tenants_.Insert(TenantId(id), tenant, db_.clock().Now()).ok());
  }

  void SetState(const std::string& id, v1::Tenant::State state) {
    ASSERT_TRUE(tenants_
                    .Change(TenantId(id),
                            [&](v1::Tenant& tenant) {
                              tenant.set_state(state);
                              return absl::OkStatus();
                            })
                    .ok());
  }

  void AddMessage(const std::string& tenant, absl::Time attempt_time,
                  v1::OutboxMessage::State state = v1::OutboxMessage::STATE_WAITING) {
    mysql::Params params;
    params.Add(TenantId(tenant)).Add(Uuid::V7(db_.clock().Now(), db_.random())).Add(std::string(16, 'i'));
    params.Add("ada").Add(2).Add(0).Add(static_cast<int>(state)).Add(attempt_time).Add(0).Add("").Add(0).Add(0);
    params.Add(attempt_time).Add("");
    const absl::Status status = db_.database().System([&](mysql::Transaction& tx) {
      return tx.InsertRows(
          "INSERT INTO outbox (tenant_id, message_id, invitation_id, contact_id, channel, reminder, state, "
          "attempt_time, attempt_count, owner, lease_until, token, create_time, payload) VALUES",
          14, params);
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  std::vector<std::string> Due(absl::Time now, int limit = 10) {
    const auto due = directory_.WithDueMessages(now, limit);
    EXPECT_TRUE(due.ok()) << due.status();
    std::vector<std::string> ids;
    for (const TenantEntry& entry : *due) ids.push_back(entry.scope.tenant().value());
    return ids;
  }

  mysql::testing::TestDatabase db_;
  TenantStore tenants_{db_.database()};
  TenantDirectory directory_{db_.database(), tenants_, db_.clock()};
};

TEST_F(TenantDirectoryTest, FindsATenantAndItsZone) {
  MakeTenant("acme");
  const auto entry = directory_.Find(TenantId("acme"));
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->display_name, "The acme");
  EXPECT_TRUE(entry->is_active);
  EXPECT_EQ(entry->scope.time_zone().name(), "Europe/Prague");
  EXPECT_EQ(ReasonOf(directory_.Find(TenantId("nobody")).status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
}

TEST_F(TenantDirectoryTest, ASuspensionCountsWithinSeconds) {
  MakeTenant("acme");
  EXPECT_TRUE(directory_.Find(TenantId("acme"))->is_active);
  SetState("acme", v1::Tenant::STATE_SUSPENDED);
  db_.clock().Advance(TenantDirectory::kMaxAge);
  EXPECT_FALSE(directory_.Find(TenantId("acme"))->is_active);
}

TEST_F(TenantDirectoryTest, NamesActiveTenantsWithDueMessagesTheLongestWaitingFirst) {
  const absl::Time now = db_.clock().Now();
  for (const char* id : {"a", "b", "c", "d", "e"}) MakeTenant(id);
  AddMessage("a", now - absl::Seconds(5));
  AddMessage("b", now - absl::Seconds(9));
  AddMessage("b", now + absl::Hours(1));
  AddMessage("c", now + absl::Seconds(1));
  AddMessage("d", now - absl::Hours(1), v1::OutboxMessage::STATE_SENT);
  AddMessage("e", now - absl::Hours(1));
  SetState("e", v1::Tenant::STATE_SUSPENDED);
  EXPECT_THAT(Due(now), ElementsAre("b", "a"));
  EXPECT_THAT(Due(now, 1), ElementsAre("b"));
  EXPECT_THAT(Due(now - absl::Minutes(1)), IsEmpty());
}

}  // namespace
}  // namespace canvass::tenants
