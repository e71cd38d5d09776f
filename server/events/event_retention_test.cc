#include "server/events/event_retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/events/testing/orchestration_house.h"
#include "server/mysql/testing/test_database.h"
#include "tenants/tenant_store.h"

namespace canvass::events {
namespace {

using testing::OrchestrationHouse;
using testing::Order;

class EventRetentionTest : public ::testing::Test {
 protected:
  EventRetentionTest() {
    scope_ = AddTenant("acme");
    house_.PublishSurvey(scope_, "nps");
    house_.MakeTrigger(scope_, "after", R"pb(event_type: "order.delivered"
                                             survey: "tenants/-/surveys/nps"
                                             condition { text: "event.total > 50" })pb");
  }

  TenantScope AddTenant(absl::string_view id) {
    v1::Tenant tenant;
    tenant.set_time_zone("UTC");
    const auto record = tenants_.Insert(TenantId(std::string(id)), tenant, db_.clock().Now());
    EXPECT_TRUE(record.ok()) << record.status();
    return record->scope;
  }

  // Orders of customers of their own, every second one of which asks.
  void PublishOrders(int first, int count) {
    std::vector<v1::Event> events;
    for (int i = first; i < first + count; ++i) {
      events.push_back(
          Order(absl::StrCat("o-", i), absl::StrCat("customer-", i), db_.clock().Now(), i % 2 == 0 ? 80 : 20));
    }
    house_.MustPublish(scope_, events);
  }

  RetentionParts parts() {
    return {.database = db_.database(),
            .tenants = tenants_,
            .settings = house_.settings_catalog,
            .clock = db_.clock(),
            .random = db_.random()};
  }

  int64_t Events() { return db_.Count("SELECT COUNT(*) FROM events"); }
  int64_t Decisions() { return db_.Count("SELECT COUNT(*) FROM decisions"); }
  int64_t Skipped() { return db_.Count("SELECT COALESCE(SUM(total), 0) FROM skip_counts"); }

  // Waits until there are `events` left.
  void RetainUntil(int64_t events, const RetentionOptions& options) {
    EventRetention retention(parts(), options);
    const absl::Time end = absl::Now() + absl::Seconds(20);
    while (absl::Now() < end && (Events() != events || Skipped() + Decisions() != events)) {
      absl::SleepFor(absl::Milliseconds(10));
    }
  }

  mysql::testing::TestDatabase db_;
  OrchestrationHouse house_{db_.database(), db_.clock(), db_.random()};
  tenants::TenantStore tenants_{db_.database()};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
};

TEST_F(EventRetentionTest, KeepsAllWhereNothingIsSaid) {
  PublishOrders(0, 3);
  db_.clock().Advance(absl::Hours(24 * 4000));
  const EventRetention retention(parts(), {});
  absl::SleepFor(absl::Milliseconds(300));
  EXPECT_EQ(Events(), 3);
}

TEST_F(EventRetentionTest, RemovesOldEventsWithAllThatIsTheirs) {
  house_.SetPolicy(scope_, "event_retention { seconds: 34560000 }");  // 400 days
  PublishOrders(0, 50);
  db_.clock().Advance(absl::Hours(24 * 399));
  PublishOrders(50, 10);
  EXPECT_EQ(Decisions() + Skipped(), 60);
  db_.clock().Advance(absl::Hours(25));
  const int64_t invitations = db_.Count("SELECT COUNT(*) FROM invitations");
  RetainUntil(10, {.batch = 8, .pause = absl::Milliseconds(1)});
  EXPECT_EQ(Events(), 10);
  EXPECT_EQ(Decisions(), 5);
  EXPECT_EQ(Skipped(), 5);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM invitations"), invitations);
}

TEST_F(EventRetentionTest, KeepsWhatThePolicySays) {
  house_.SetPolicy(scope_, "event_retention { seconds: 172800 }");
  PublishOrders(0, 4);
  db_.clock().Advance(absl::Hours(24));
  PublishOrders(4, 4);
  db_.clock().Advance(absl::Hours(26));
  RetainUntil(4, {});
  EXPECT_EQ(Events(), 4);
  EXPECT_EQ(Decisions() + Skipped(), 4);
}

TEST_F(EventRetentionTest, KeepsOtherTenantsEvents) {
  const TenantScope other = AddTenant("other");
  PublishOrders(0, 3);
  const absl::Time now = db_.clock().Now();
  EXPECT_EQ(RemoveEventsBefore(db_.database(), other, now + absl::Hours(1), 100).value(), 0);
  EXPECT_EQ(RemoveEventsBefore(db_.database(), scope_, now, 100).value(), 0) << "none is older";
  EXPECT_EQ(RemoveEventsBefore(db_.database(), scope_, now + absl::Hours(1), 1).value(), 1) << "one, by keys of one";
  EXPECT_EQ(Events(), 2);
  EXPECT_EQ(RemoveEventsBefore(db_.database(), scope_, now + absl::Hours(1), 100).value(), 2);
  EXPECT_EQ(Events(), 0);
  // What was removed and is sent again is new.
  PublishOrders(0, 3);
  EXPECT_EQ(Events(), 3);
}

TEST_F(EventRetentionTest, OneServerAtATime) {
  house_.SetPolicy(scope_, "event_retention { seconds: 86400 }");
  PublishOrders(0, 2);
  const EventRetention first(parts(), {});
  const absl::Time end = absl::Now() + absl::Seconds(20);
  while (absl::Now() < end && db_.Count("SELECT COUNT(*) FROM leases WHERE name = 'event-retention/acme'") == 0) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  db_.clock().Advance(absl::Hours(48));
  const EventRetention second(parts(), {});
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_EQ(Events(), 2) << "the first one holds the lease for an hour";
}

}  // namespace
}  // namespace canvass::events
