// Frequency caps from events to invitations: in time, late, repeated, from two publishers at once, and on real orders.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/events/testing/orchestration_house.h"
#include "server/metrics/testing/data_file.h"
#include "server/mysql/testing/test_database.h"
#include "server/triggers/decisions/decision_reader.h"

namespace canvass::events {
namespace {

using metrics::testing::DataRow;
using ::testing::HasSubstr;
using testing::OrchestrationHouse;
using testing::Order;
using ::testing::SizeIs;

constexpr absl::Duration kDay = absl::Hours(24);

class FrequencyCapTest : public ::testing::Test {
 protected:
  FrequencyCapTest() {
    house_.PublishSurvey(scope_, "nps");
    house_.PublishSurvey(scope_, "csat");
  }

  // A trigger on `order.delivered`; `more` is text format.
  // Those that led to an invitation have rows, the others are counted.
  int64_t CountDecisions() {
    return db_.Count("SELECT COUNT(*) FROM decisions") + db_.Count("SELECT COALESCE(SUM(total), 0) FROM skip_counts");
  }
  void MakeTrigger(absl::string_view id, absl::string_view survey, int cap_days, absl::string_view more = "") {
    const std::string cap =
        cap_days == 0 ? "" : absl::StrCat("frequency_caps { interval { seconds: ", cap_days * 86400, " } } ");
    house_.MakeTrigger(
        scope_, id, absl::StrCat("event_type: 'order.delivered' survey: 'tenants/-/surveys/", survey, "' ", cap, more));
  }

  v1::Decision::Reason ReasonOn(const v1::Event& event, absl::string_view trigger) {
    return house_.DecisionOn(scope_, event, trigger).reason();
  }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  OrchestrationHouse house_{db_.database(), db_.clock(), db_.random()};
  const absl::Time start_ = db_.clock().Now() - 400 * kDay;
};

TEST_F(FrequencyCapTest, AGapOfExactlyTheIntervalPasses) {
  MakeTrigger("weekly", "nps", 7);
  const v1::Event first = Order("1", "ada", start_);
  const v1::Event early = Order("2", "ada", start_ + 7 * kDay - absl::Microseconds(1));
  const v1::Event on_time = Order("3", "ada", start_ + 7 * kDay);
  const v1::Event other = Order("4", "bob", start_ + absl::Hours(1));
  house_.MustPublish(scope_, {first, early, on_time, other});
  EXPECT_EQ(ReasonOn(first, "weekly"), v1::Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn(on_time, "weekly"), v1::Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn(other, "weekly"), v1::Decision::REASON_QUALIFIED);
  const v1::Decision suppressed = house_.DecisionOn(scope_, early, "weekly");
  EXPECT_EQ(suppressed.outcome(), v1::Decision::OUTCOME_SUPPRESSED);
  EXPECT_EQ(suppressed.reason(), v1::Decision::REASON_FREQUENCY_CAP);
  EXPECT_TRUE(suppressed.invitation().empty());
  EXPECT_EQ(FromProto(suppressed.next_eligible_time()), start_ + 7 * kDay);
  EXPECT_THAT(suppressed.explanation(), HasSubstr("'nps' within 7 days"));
}

TEST_F(FrequencyCapTest, TheNextEligibleTimeIsTheEventsAndKeepsItsPromise) {
  MakeTrigger("weekly", "nps", 7, "delay { seconds: 172800 }");
  house_.MustPublish(scope_, {Order("1", "ada", start_)});
  const v1::Event early = Order("2", "ada", start_ + 3 * kDay);
  house_.MustPublish(scope_, {early});
  const absl::Time next = FromProto(house_.DecisionOn(scope_, early, "weekly").next_eligible_time());
  EXPECT_EQ(next, start_ + 7 * kDay);
  const v1::Event too_early = Order("3", "ada", next - absl::Microseconds(1));
  const v1::Event right = Order("4", "ada", next);
  house_.MustPublish(scope_, {too_early});
  house_.MustPublish(scope_, {right});
  EXPECT_EQ(ReasonOn(too_early, "weekly"), v1::Decision::REASON_FREQUENCY_CAP);
  EXPECT_EQ(ReasonOn(right, "weekly"), v1::Decision::REASON_QUALIFIED);
}

TEST_F(FrequencyCapTest, ALateEventIsJudgedByAllThatWasAskedAround) {
  MakeTrigger("monthly", "nps", 30);
  house_.MustPublish(scope_, {Order("1", "ada", start_), Order("2", "ada", start_ + 100 * kDay)});
  // The latest one is far away, but the first is not.
  const v1::Event near_first = Order("3", "ada", start_ + 5 * kDay);
  const v1::Event before_first = Order("4", "ada", start_ - 29 * kDay);
  const v1::Event between = Order("5", "ada", start_ + 50 * kDay);
  const v1::Event long_before = Order("6", "ada", start_ - 30 * kDay);
  for (const v1::Event& event : {near_first, before_first, between, long_before}) house_.MustPublish(scope_, {event});
  EXPECT_EQ(ReasonOn(near_first, "monthly"), v1::Decision::REASON_FREQUENCY_CAP);
  EXPECT_EQ(ReasonOn(before_first, "monthly"), v1::Decision::REASON_FREQUENCY_CAP);
  EXPECT_EQ(ReasonOn(between, "monthly"), v1::Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn(long_before, "monthly"), v1::Decision::REASON_QUALIFIED);
  EXPECT_EQ(FromProto(house_.DecisionOn(scope_, near_first, "monthly").next_eligible_time()), start_ + 130 * kDay);
}

TEST_F(FrequencyCapTest, OneCallIsDecidedInTheOrderOfTime) {
  MakeTrigger("monthly", "nps", 30);
  const v1::Event first = Order("z", "ada", start_);
  const v1::Event second = Order("a", "ada", start_ + 10 * kDay);
  house_.MustPublish(scope_, {second, first});
  EXPECT_EQ(ReasonOn(first, "monthly"), v1::Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn(second, "monthly"), v1::Decision::REASON_FREQUENCY_CAP);
}

TEST_F(FrequencyCapTest, ScopesCountWhatTheySay) {
  MakeTrigger("a-nps", "nps", 30);
  MakeTrigger("b-nps-too", "nps", 30);
  MakeTrigger("c-csat", "csat", 30);
  MakeTrigger("d-any", "csat", 0, "frequency_caps { interval { seconds: 86400 } scope: SCOPE_CONTACT }");
  MakeTrigger("e-uncapped", "nps", 0);
  const v1::Event event = Order("1", "ada", start_);
  house_.MustPublish(scope_, {event});
  EXPECT_EQ(ReasonOn(event, "a-nps"), v1::Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn(event, "b-nps-too"), v1::Decision::REASON_FREQUENCY_CAP);
  EXPECT_EQ(ReasonOn(event, "c-csat"), v1::Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn(event, "d-any"), v1::Decision::REASON_FREQUENCY_CAP);
  EXPECT_EQ(ReasonOn(event, "e-uncapped"), v1::Decision::REASON_QUALIFIED);
  EXPECT_THAT(house_.DecisionOn(scope_, event, "d-any").explanation(), HasSubstr("of any kind"));
  // What an uncapped trigger asked counts for the caps of others.
  const v1::Event later = Order("2", "ada", start_ + 31 * kDay);
  const v1::Event soon = Order("3", "ada", start_ + 61 * kDay);
  house_.MustPublish(scope_, {later});
  house_.MustPublish(scope_, {soon});
  EXPECT_EQ(ReasonOn(later, "a-nps"), v1::Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn(soon, "a-nps"), v1::Decision::REASON_QUALIFIED);
  EXPECT_EQ(ReasonOn(soon, "d-any"), v1::Decision::REASON_FREQUENCY_CAP);
}

TEST_F(FrequencyCapTest, ExternalIdsAreComparedByteByByte) {
  MakeTrigger("monthly", "nps", 30);
  house_.MustPublish(scope_, {Order("1", "ada", start_)});
  const v1::Event another = Order("2", "ada ", start_ + kDay);
  house_.MustPublish(scope_, {another});
  EXPECT_EQ(ReasonOn(another, "monthly"), v1::Decision::REASON_QUALIFIED);
}

// Publishes lists of events from as many threads, ten events a call.
void PublishAtOnce(OrchestrationHouse& house, const TenantScope& scope,
                   const std::vector<std::vector<v1::Event>>& lists) {
  std::vector<std::thread> threads;
  for (const std::vector<v1::Event>& list : lists) {
    threads.emplace_back([&house, &scope, &list] {
      for (std::size_t i = 0; i < list.size(); i += 10) {
        house.MustPublish(scope, {list.begin() + static_cast<std::ptrdiff_t>(i),
                                  list.begin() + static_cast<std::ptrdiff_t>(std::min(list.size(), i + 10))});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(FrequencyCapTest, PublishersAtTheSameTimeCannotBothInvite) {
  MakeTrigger("monthly", "nps", 30);
  MakeTrigger("weekly-any", "csat", 0, "frequency_caps { interval { seconds: 604800 } scope: SCOPE_CONTACT }");
  constexpr int kCustomers = 12;
  std::mt19937 engine(7);
  std::vector<v1::Event> events;
  for (int i = 0; i < 400; ++i) {
    const absl::Time time = start_ + absl::Minutes(static_cast<int>(engine() % (200 * 24 * 60)));
    events.push_back(Order(absl::StrCat("o-", i), absl::StrCat("c-", engine() % kCustomers), time));
  }
  // Every event comes from two or three publishers, each of which sends in an order of its own.
  std::vector<std::vector<v1::Event>> lists(4);
  for (std::size_t i = 0; i < events.size(); ++i) {
    for (std::size_t list = 0; list < lists.size(); ++list) {
      if (list == i % 4 || list == (i + 1) % 4 || engine() % 2 == 0) lists[list].push_back(events[i]);
    }
  }
  for (std::vector<v1::Event>& list : lists) std::shuffle(list.begin(), list.end(), engine);
  PublishAtOnce(house_, scope_, lists);

  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM events"), 400);
  EXPECT_EQ(CountDecisions(), 800);
  const int64_t scheduled = db_.Count("SELECT COUNT(*) FROM decisions WHERE outcome = 1");
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM invitations"), scheduled);
  EXPECT_EQ(db_.Count("SELECT SUM(total) FROM metric_cells WHERE series = '@stage'"), scheduled);
  for (int i = 0; i < kCustomers; ++i) {
    std::vector<absl::Time> nps;
    std::vector<absl::Time> csat;
    const std::vector<v1::Invitation> invitations = house_.InvitationsOf(scope_, absl::StrCat("c-", i));
    EXPECT_GE(invitations.size(), 2U);
    for (const v1::Invitation& invitation : invitations) {
      (invitation.survey() == "tenants/acme/surveys/nps" ? nps : csat).push_back(FromProto(invitation.schedule_time()));
    }
    for (std::size_t a = 0; a < nps.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) EXPECT_GE(absl::AbsDuration(nps[a] - nps[b]), 30 * kDay) << i;
    }
    for (std::size_t a = 0; a < csat.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) EXPECT_GE(absl::AbsDuration(csat[a] - csat[b]), 7 * kDay) << i;
    }
  }
}

TEST_F(FrequencyCapTest, TheSameBatchFromThreePublishersCountsOnce) {
  MakeTrigger("monthly", "nps", 30);
  std::vector<v1::Event> events;
  for (int i = 0; i < 300; ++i) {
    events.push_back(Order(absl::StrCat("o-", i), absl::StrCat("c-", i % 100), start_ + i * absl::Hours(1)));
  }
  std::vector<v1::PublishEventsResponse> responses(3);
  std::vector<std::thread> threads;
  for (v1::PublishEventsResponse& response : responses) {
    threads.emplace_back([&] { response = house_.MustPublish(scope_, events); });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 300; ++i) {
    int accepted = 0;
    for (const v1::PublishEventsResponse& response : responses) {
      accepted += response.results(i).outcome() == v1::EventResult::OUTCOME_ACCEPTED ? 1 : 0;
    }
    EXPECT_EQ(accepted, 1) << i;
  }
  EXPECT_EQ(CountDecisions(), 300);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM invitations"), 100);
}

// The orders of ../shared/data/olist by the time of purchase: for each, one survey unless one was sent to the same
// customer within the quiet period.
TEST_F(FrequencyCapTest, QuietPeriodsOfRealOrders) {
  if (metrics::testing::DataDirectory().empty()) GTEST_SKIP() << metrics::testing::kNoData;
  const google::protobuf::Struct truth = metrics::testing::ReadTruth("olist");
  std::vector<std::pair<std::string, DataRow>> orders;
  for (DataRow& row : metrics::testing::ReadCsv("olist/orders.csv.gz")) {
    const std::string key = row.at("order_purchase_timestamp") + row.at("order_id");
    orders.emplace_back(key, std::move(row));
  }
  std::sort(orders.begin(), orders.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const std::vector<int> periods = {7, 30, 90, 180};
  for (int days : periods) {
    house_.PublishSurvey(scope_, absl::StrCat("quiet-", days));
    MakeTrigger(absl::StrCat("after-", days), absl::StrCat("quiet-", days), days);
  }
  std::vector<v1::Event> batch;
  for (const auto& [key, row] : orders) {
    absl::Time time;
    std::string error;
    ASSERT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M:%S", row.at("order_purchase_timestamp"), &time, &error)) << error;
    batch.push_back(Order(row.at("order_id"), row.at("customer_unique_id"), time));
    if (batch.size() == 1000) house_.MustPublish(scope_, std::exchange(batch, {}));
  }
  if (!batch.empty()) house_.MustPublish(scope_, batch);
  for (int days : periods) {
    constexpr int64_t kHours = 1'000'000;  // more than a century about 1970
    const auto counts = triggers::DecisionReader(house_.decisions, house_.triggers)
                            .Count(scope_, TriggerId(absl::StrCat("after-", days)), -kHours, kHours);
    ASSERT_TRUE(counts.ok()) << counts.status();
    ASSERT_THAT(*counts, SizeIs(2));
    const std::string period = absl::StrCat(days, "d");
    EXPECT_EQ((*counts)[0].outcome, v1::Decision::OUTCOME_SCHEDULED);
    EXPECT_EQ((*counts)[0].count, metrics::testing::NumberAt(truth, {"quiet_period", period, "sent"})) << days;
    EXPECT_EQ((*counts)[1].reason, v1::Decision::REASON_FREQUENCY_CAP);
    EXPECT_EQ((*counts)[1].count, metrics::testing::NumberAt(truth, {"quiet_period", period, "suppressed"})) << days;
  }
}

}  // namespace
}  // namespace canvass::events
