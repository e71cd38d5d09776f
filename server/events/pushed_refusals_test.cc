// The decisions that lie with their events, as streams push them: from the intake of an event to the feed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/distribution/watching/decision_feed.h"
#include "server/events/testing/orchestration_house.h"
#include "server/mysql/testing/test_database.h"
#include "server/triggers/decisions/stored_refusals.h"

namespace canvass::events {
namespace {

using distribution::ChangePosition;
using distribution::DecisionFeed;
using distribution::FeedFilter;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::OrchestrationHouse;
using testing::Order;
using ::testing::UnorderedElementsAre;
using v1::Decision;

class PushedRefusalsTest : public ::testing::Test {
 protected:
  // Of these, the first asks, the second is held back by its cap, and the third never wants to.
  PushedRefusalsTest() {
    house_.PublishSurvey(scope_, "nps");
    MakeTrigger("asking", "priority: 1");
    MakeTrigger("capped", "frequency_caps { interval { seconds: 86400 } scope: SCOPE_CONTACT }");
    MakeTrigger("skipping", "condition { text: 'event.total > 1000000' }");
  }

  void MakeTrigger(absl::string_view id, absl::string_view more) {
    house_.MakeTrigger(scope_, id,
                       absl::StrCat("event_type: 'order.delivered' survey: 'tenants/-/surveys/nps' ", more));
  }
  DecisionFeed Open(FeedFilter filter, const ChangePosition& start = {.change_time = absl::UnixEpoch()}) {
    auto feed = DecisionFeed::Open(
        distribution::DecisionChanges(house_.decisions, &refusals_, scope_, std::move(filter)), start, {});
    EXPECT_TRUE(feed.ok()) << feed.status();
    return *std::move(feed);
  }
  // All that there is.
  static std::vector<distribution::FedDecision> Poll(DecisionFeed& feed) {
    std::vector<distribution::FedDecision> all;
    do {
      auto fed = feed.Poll();
      EXPECT_TRUE(fed.ok()) << fed.status();
      if (!fed.ok()) return all;
      for (distribution::FedDecision& one : *fed) all.push_back(std::move(one));
    } while (feed.behind());
    return all;
  }
  static std::vector<std::string> Triggers(const std::vector<distribution::FedDecision>& fed) {
    std::vector<std::string> triggers;
    for (const auto& one : fed) {
      triggers.push_back(one.item.trigger().substr(one.item.trigger().rfind('/') + 1));
    }
    return triggers;
  }
  std::vector<std::string> Given(FeedFilter filter) {
    DecisionFeed feed = Open(std::move(filter));
    return Triggers(Poll(feed));
  }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  OrchestrationHouse house_{db_.database(), db_.clock(), db_.random()};
  triggers::StoredRefusals refusals_{house_.triggers};
};

TEST_F(PushedRefusalsTest, WhatMoreThanTheFactsDecidedIsGivenAndTheRestOnRequest) {
  house_.MustPublish(scope_, {Order("1", "anna", db_.clock().Now())});
  EXPECT_THAT(Given({}), UnorderedElementsAre("asking", "capped"));
  EXPECT_THAT(Given({.by_facts = true}), UnorderedElementsAre("asking", "capped", "skipping"));
}

TEST_F(PushedRefusalsTest, FiltersSelectAmongThem) {
  house_.MustPublish(scope_, {Order("1", "anna", db_.clock().Now())});
  EXPECT_THAT(Given({.outcomes = {Decision::OUTCOME_SUPPRESSED}}), ElementsAre("capped"));
  EXPECT_THAT(Given({.outcomes = {Decision::OUTCOME_SCHEDULED}, .by_facts = true}), ElementsAre("asking"));
  EXPECT_THAT(Given({.trigger = TriggerId("skipping")}), IsEmpty());
  EXPECT_THAT(Given({.trigger = TriggerId("skipping"), .by_facts = true}), ElementsAre("skipping"));
}

TEST_F(PushedRefusalsTest, TheyAreTheDecisionsThatOneCanRead) {
  const v1::Event event = Order("1", "anna", db_.clock().Now());
  house_.MustPublish(scope_, {event});
  DecisionFeed feed = Open({.outcomes = {Decision::OUTCOME_SUPPRESSED}});
  const auto fed = Poll(feed);
  ASSERT_EQ(fed.size(), 1u);
  const Decision read = house_.DecisionOn(scope_, event, "capped");
  EXPECT_EQ(fed[0].item.SerializeAsString(), read.SerializeAsString());
  EXPECT_EQ(read.outcome(), Decision::OUTCOME_SUPPRESSED);
  EXPECT_EQ(read.reason(), Decision::REASON_FREQUENCY_CAP);
  EXPECT_THAT(read.explanation(), HasSubstr("passes again"));
  EXPECT_TRUE(read.has_next_eligible_time());
}

TEST_F(PushedRefusalsTest, EachEventComesOnceAndNewOnesFollow) {
  DecisionFeed feed = Open({.outcomes = {Decision::OUTCOME_SUPPRESSED}});
  house_.MustPublish(scope_, {Order("1", "anna", db_.clock().Now()), Order("2", "bert", db_.clock().Now())});
  EXPECT_EQ(Poll(feed).size(), 2u);
  EXPECT_THAT(Poll(feed), IsEmpty());
  house_.MustPublish(scope_, {Order("3", "carl", db_.clock().Now())});
  const auto fed = Poll(feed);
  ASSERT_EQ(fed.size(), 1u);
  EXPECT_EQ(fed[0].item.contact(), "tenants/acme/contacts/carl");
}

}  // namespace
}  // namespace canvass::events
