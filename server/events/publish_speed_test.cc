// How fast events are taken in: calls of 1,000 events of which each meets two triggers, every call durable. Prints its
// figures; what it checks is that nothing is missing. More calls, for measuring: CANVASS_SPEED_CALLS=100.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "server/events/testing/orchestration_house.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::events {
namespace {

using testing::OrchestrationHouse;

constexpr int kEventsPerCall = 1000;
constexpr int kPublishers = 2;

class PublishSpeedTest : public ::testing::Test {
 protected:
  PublishSpeedTest() {
    const char* calls = std::getenv("CANVASS_SPEED_CALLS");
    if (calls == nullptr || !absl::SimpleAtoi(calls, &calls_)) calls_ = 6;
    house_.PublishSurvey(scope_, "nps", {"event.category", "contact.country"});
    house_.PublishSurvey(scope_, "csat", {"event.category"});
    std::vector<contacts::ContactWrite> writes;
    const auto contact = testing::Parse<v1::Contact>(R"pb(
      attributes {
        fields {
          key: "country"
          value { string_value: "FR" }
        }
        fields {
          key: "plan"
          value { string_value: "premium" }
        }
        fields {
          key: "orders"
          value { number_value: 17 }
        }
      }
      language: "fr")pb");
    for (int i = 0; i < 1000; ++i) writes.push_back({ContactId(Customer(i)), &contact});
    EXPECT_TRUE(house_.contacts.ReplaceMany(scope_, writes, db_.clock().Now()).ok());
  }

  static std::string Customer(int i) { return absl::StrCat("customer-", i); }

  void MakeTriggers(absl::string_view more) {
    for (const char* survey : {"nps", "csat"}) {
      house_.MakeTrigger(scope_, absl::StrCat("after-", survey),
                         absl::StrCat("event_type: 'order.delivered' survey: 'tenants/-/surveys/", survey, "' ", more));
    }
  }

  // Call number `call`, of customers of its own.
  std::vector<v1::Event> Batch(int call) {
    std::vector<v1::Event> events;
    for (int i = 0; i < kEventsPerCall; ++i) {
      const int number = call * kEventsPerCall + i;
      v1::Event event = testing::Order(absl::StrCat("order-", number), Customer(number),
                                       db_.clock().Now() - absl::Minutes(number), number % 100);
      auto& fields = *event.mutable_data()->mutable_fields();
      fields["category"].set_string_value(number % 3 == 0 ? "toys" : "books");
      fields["carrier"].set_string_value("la-poste");
      fields["items"].set_number_value(number % 7);
      fields["gift"].set_bool_value(number % 2 == 0);
      events.push_back(std::move(event));
    }
    return events;
  }

  // `triggers` is how many there are.
  void Run(absl::string_view what, int triggers = 2) {
    std::vector<std::vector<v1::Event>> batches;
    for (int call = 0; call < calls_; ++call) batches.push_back(Batch(call));
    std::atomic<int> next = 0;
    std::vector<std::thread> publishers;
    const absl::Time start = absl::Now();
    for (int i = 0; i < kPublishers; ++i) {
      publishers.emplace_back([&] {
        for (int call = next++; call < calls_; call = next++) {
          house_.MustPublish(scope_, batches[static_cast<std::size_t>(call)]);
        }
      });
    }
    for (std::thread& publisher : publishers) publisher.join();
    const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
    const int events = calls_ * kEventsPerCall;
    absl::PrintF("  %-28s %7.0f events/s, %7.0f decisions/s, %6.1f ms a call with %d publishers\n", what,
                 events / seconds, triggers * events / seconds, 1000 * seconds * kPublishers / calls_, kPublishers);
    EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM events"), events);
    const int64_t skipped = db_.Count("SELECT COALESCE(SUM(total), 0) FROM skip_counts");
    EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM decisions") + skipped, int64_t{triggers} * events);
  }

  int calls_ = 0;
  mysql::testing::TestDatabase db_{{.durability = mysql::Durability::kDurable}};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  OrchestrationHouse house_{db_.database(), db_.clock(), db_.random()};
};

TEST_F(PublishSpeedTest, EveryEventInvitesTwice) {
  MakeTriggers("frequency_caps { interval { seconds: 86400 } }");
  Run("two invitations each");
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM invitations"), 2 * calls_ * kEventsPerCall);
  EXPECT_EQ(db_.Count("SELECT SUM(total) FROM metric_cells"), 2 * calls_ * kEventsPerCall);
}

TEST_F(PublishSpeedTest, EveryConditionIsFalse) {
  MakeTriggers("condition { text: 'event.total >= 1000 AND contact.country = FR' }");
  Run("two false conditions each");
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM invitations"), 0);
}

// Of fifty triggers the conditions of five hold; the first of those asks, and its invitation caps the others.
TEST_F(PublishSpeedTest, FiftyTriggersInviteOnce) {
  for (int i = 0; i < 50; ++i) {
    house_.MakeTrigger(
        scope_, absl::StrFormat("trigger-%02d", i),
        absl::StrCat("event_type: 'order.delivered' survey: 'tenants/-/surveys/nps' condition { text: 'event.total >= ",
                     i < 5 ? 0 : 1000 + i, " AND event.carrier = la-poste AND NOT event.gift = 7' } ",
                     i == 0 ? "priority: 1" : "frequency_caps { interval { seconds: 60 } scope: SCOPE_CONTACT }"));
  }
  Run("fifty triggers, one invites", 50);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM invitations"), calls_ * kEventsPerCall);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM decisions"), calls_ * kEventsPerCall);
  const std::string capped = absl::StrCat("SELECT SUM(total) FROM skip_counts WHERE reason = ",
                                          static_cast<int>(v1::Decision::REASON_FREQUENCY_CAP));
  EXPECT_EQ(db_.Count(capped), 4 * calls_ * kEventsPerCall);
}

TEST_F(PublishSpeedTest, EveryCallIsRepeated) {
  MakeTriggers("frequency_caps { interval { seconds: 86400 } }");
  Run("first");
  Run("repeated");
}

}  // namespace
}  // namespace canvass::events
