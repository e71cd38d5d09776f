#include "server/distribution/watching/decision_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/proto_time.h"
#include "server/distribution/testing/late_committer.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::distribution {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::LateCommitter;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using v1::Decision;

class DecisionFeedTest : public ::testing::Test {
 protected:
  DecisionRecord Record(absl::string_view contact, absl::string_view trigger = "after") {
    DecisionRecord record{
        .key = {.event = Uuid::V7(db_.clock().Now(), db_.random()), .trigger = TriggerId(std::string(trigger))},
        .contact = ContactId(std::string(contact))};
    record.decision.set_outcome(Decision::OUTCOME_SCHEDULED);
    record.decision.set_reason(Decision::REASON_QUALIFIED);
    *record.decision.mutable_event_time() = ToProto(db_.clock().Now());
    *record.decision.mutable_decide_time() = ToProto(db_.clock().Now());
    return record;
  }

  void Insert(const TenantScope& scope, const std::vector<DecisionRecord>& records) {
    const absl::Status status =
        db_.database().Write(scope, [&](mysql::Transaction& tx) { return store_.Insert(tx, scope, records); });
    ASSERT_TRUE(status.ok()) << status;
  }
  DecisionKey Insert(absl::string_view contact, absl::string_view trigger = "after") {
    const DecisionRecord record = Record(contact, trigger);
    Insert(scope_, {record});
    return record.key;
  }

  LateCommitter InsertLate(absl::string_view contact) {
    return LateCommitter(db_.database(), scope_, [this, record = Record(contact)](mysql::Transaction& tx) {
      return store_.Insert(tx, scope_, {record});
    });
  }

  void MarkSent(const DecisionKey& key) {
    const absl::Status status = db_.database().Write(
        scope_, [&](mysql::Transaction& tx) { return store_.MarkSent(tx, {{.tenant = scope_.tenant(), .key = key}}); });
    ASSERT_TRUE(status.ok()) << status;
  }

  // Makes rows look as if they had been written `ago`, one microsecond behind the other.
  void Age(absl::Duration ago) {
    const auto connection = db_.Connect();
    const auto aged = connection->Execute(absl::StrCat("UPDATE decisions SET change_time = DATE_SUB(NOW(6), INTERVAL ",
                                                       absl::ToInt64Seconds(ago), " SECOND) WHERE tenant_id = 'acme'"),
                                          {});
    ASSERT_TRUE(aged.ok()) << aged.status();
  }

  DecisionFeed Open(const std::optional<ChangePosition>& start, FeedFilter filter = {}, FeedPace pace = {}) {
    auto feed = DecisionFeed::Open(DecisionChanges(store_, nullptr, scope_, std::move(filter)), start, pace);
    EXPECT_TRUE(feed.ok()) << feed.status();
    return *std::move(feed);
  }
  static ChangePosition TheBeginning() { return {.change_time = absl::UnixEpoch()}; }

  static std::vector<FedDecision> Poll(DecisionFeed& feed) {
    auto fed = feed.Poll();
    EXPECT_TRUE(fed.ok()) << fed.status();
    return *std::move(fed);
  }
  static std::string Contact(const FedDecision& fed) {
    return fed.item.contact().substr(fed.item.contact().rfind('/') + 1);
  }
  static std::vector<std::string> Contacts(const std::vector<FedDecision>& fed) {
    std::vector<std::string> contacts;
    for (const FedDecision& one : fed) contacts.push_back(Contact(one));
    return contacts;
  }
  static std::vector<std::string> Given(DecisionFeed& feed) { return Contacts(Poll(feed)); }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  TenantScope other_ = mysql::testing::MakeScope("other");
  DecisionStore store_{db_.database()};
};

TEST_F(DecisionFeedTest, GivesWhatIsWrittenAndAgainWhatChanges) {
  const DecisionKey ada = Insert("ada");
  DecisionFeed feed = Open(TheBeginning());
  EXPECT_THAT(Given(feed), ElementsAre("ada"));
  EXPECT_THAT(Given(feed), IsEmpty());
  Insert("bob");
  EXPECT_THAT(Given(feed), ElementsAre("bob"));
  MarkSent(ada);
  const std::vector<FedDecision> changed = Poll(feed);
  ASSERT_THAT(Contacts(changed), ElementsAre("ada"));
  EXPECT_EQ(changed[0].item.outcome(), Decision::OUTCOME_SENT);
  MarkSent(ada);  // changes nothing
  EXPECT_THAT(Given(feed), IsEmpty());
  const absl::Status given_up = db_.database().Write(scope_, [&](mysql::Transaction& tx) {
    return store_.MarkGivenUp(tx, scope_, ada, Decision::OUTCOME_FAILED, Decision::REASON_SEND_FAILED, "", absl::Now());
  });
  ASSERT_TRUE(given_up.ok()) << given_up;
  EXPECT_THAT(Given(feed), IsEmpty()) << "SENT stays as it is";
}

TEST_F(DecisionFeedTest, StartsWithWhatIsCommittedFromNowOn) {
  Insert("before");
  LateCommitter late = InsertLate("late");
  DecisionFeed feed = Open(std::nullopt);
  EXPECT_THAT(Given(feed), IsEmpty());
  late.Commit();
  Insert("after");
  EXPECT_THAT(Given(feed), UnorderedElementsAre("late", "after"));
}

TEST_F(DecisionFeedTest, GivesWhatIsCommittedAfterLaterOnes) {
  DecisionFeed feed = Open(std::nullopt);
  LateCommitter late = InsertLate("late");
  Insert("early");
  EXPECT_THAT(Given(feed), ElementsAre("early"));
  late.Commit();
  EXPECT_THAT(Given(feed), ElementsAre("late"));
  EXPECT_THAT(Given(feed), IsEmpty());
}

TEST_F(DecisionFeedTest, GivesWhatIsCommittedLongAfterLaterOnes) {
  const FeedPace pace = {.full_interval = absl::Milliseconds(500), .tail = absl::Milliseconds(1)};
  DecisionFeed feed = Open(std::nullopt, {}, pace);
  LateCommitter late = InsertLate("late");
  Insert("early");
  EXPECT_THAT(Given(feed), ElementsAre("early"));
  absl::SleepFor(absl::Milliseconds(20));
  late.Commit();
  std::vector<std::string> given;
  for (int i = 0; i < 1000 && given.empty(); ++i) {
    given = Given(feed);
    absl::SleepFor(absl::Milliseconds(5));
  }
  EXPECT_THAT(given, ElementsAre("late"));
}

TEST_F(DecisionFeedTest, ResumesWithoutLosingWhatIsCommittedLate) {
  std::optional<ChangePosition> resume;
  LateCommitter late = InsertLate("late");
  {
    DecisionFeed feed = Open(TheBeginning());
    Insert("early");
    const std::vector<FedDecision> fed = Poll(feed);
    ASSERT_THAT(Contacts(fed), ElementsAre("early"));
    resume = fed[0].resume;
  }
  late.Commit();
  DecisionFeed again = Open(resume);
  EXPECT_THAT(Given(again), UnorderedElementsAre("late", "early"));
}

TEST_F(DecisionFeedTest, WhatIsSettledIsGivenOnceOverResumptions) {
  std::vector<DecisionRecord> records;
  for (int i = 0; i < 1000; ++i) records.push_back(Record(absl::StrCat("person-", i)));
  Insert(scope_, records);
  Age(absl::Hours(1));  // all at the same moment
  std::set<std::string> all;
  ChangePosition position = TheBeginning();
  std::size_t given = 0;
  // Each time the client handles 100 and goes away.
  for (int round = 0; round < 10; ++round) {
    DecisionFeed feed = Open(position);
    const std::vector<FedDecision> fed = Poll(feed);
    ASSERT_GE(fed.size(), 100u);
    for (std::size_t i = 0; i < 100; ++i) all.insert(Contact(fed[i]));
    given += 100;
    position = fed[99].resume;
  }
  EXPECT_EQ(all.size(), given);
  DecisionFeed feed = Open(position);
  EXPECT_THAT(Poll(feed), IsEmpty());
}

TEST_F(DecisionFeedTest, ASlowReaderGetsAllOfABacklogOnce) {
  std::vector<DecisionRecord> records;
  for (int i = 0; i < 700; ++i) records.push_back(Record(absl::StrCat("person-", i)));
  Insert(scope_, records);
  DecisionFeed feed = Open(TheBeginning());
  std::set<std::string> all;
  std::size_t given = 0;
  do {
    for (const FedDecision& one : Poll(feed)) {
      all.insert(Contact(one));
      ++given;
    }
    Insert(absl::StrCat("meanwhile-", given));
  } while (given < 700);
  EXPECT_GE(all.size(), 700u);
  EXPECT_EQ(all.size(), given);
}

TEST_F(DecisionFeedTest, GivesWhatTheFilterSelects) {
  const DecisionKey ada = Insert("ada");
  Insert("bob", "other-trigger");
  Insert(other_, {Record("theirs")});
  DecisionFeed triggers = Open(TheBeginning(), {.trigger = TriggerId("other-trigger"), .outcomes = {}});
  EXPECT_THAT(Given(triggers), ElementsAre("bob"));
  DecisionFeed sent = Open(TheBeginning(), {.trigger = std::nullopt, .outcomes = {Decision::OUTCOME_SENT}});
  EXPECT_THAT(Given(sent), IsEmpty());
  MarkSent(ada);
  EXPECT_THAT(Given(sent), ElementsAre("ada"));
}

TEST_F(DecisionFeedTest, ForgetsWhatIsSettled) {
  const FeedPace pace = {.window = absl::Milliseconds(100), .full_interval = absl::Milliseconds(1)};
  DecisionFeed feed = Open(TheBeginning(), {}, pace);
  Insert("ada");
  EXPECT_THAT(Given(feed), ElementsAre("ada"));
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_THAT(Given(feed), IsEmpty());
  EXPECT_THAT(Given(feed), IsEmpty());
  Insert("bob");
  const std::vector<FedDecision> fed = Poll(feed);
  ASSERT_THAT(Contacts(fed), ElementsAre("bob"));
  DecisionFeed again = Open(fed[0].resume);
  EXPECT_THAT(Given(again), ElementsAre("bob")) << "ada is settled";
}

}  // namespace
}  // namespace canvass::distribution
