#include "server/distribution/decision_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::distribution {
namespace {

using ::testing::SizeIs;
using v1::Decision;

class DecisionStoreTest : public ::testing::Test {
 protected:
  DecisionRecord Record(absl::string_view trigger, absl::string_view contact, absl::Duration ago,
                        Decision::Outcome outcome, Decision::Reason reason) {
    DecisionRecord record{
        .key = {.event = Uuid::V7(db_.clock().Now(), db_.random()), .trigger = TriggerId(std::string(trigger))},
        .contact = ContactId(std::string(contact))};
    record.decision.set_outcome(outcome);
    record.decision.set_reason(reason);
    record.decision.set_explanation("because");
    *record.decision.mutable_event_time() = ToProto(db_.clock().Now() - ago);
    *record.decision.mutable_decide_time() = ToProto(db_.clock().Now());
    return record;
  }

  void Insert(const TenantScope& scope, const std::vector<DecisionRecord>& records) {
    const absl::Status status =
        db_.database().Write(scope, [&](mysql::Transaction& tx) { return store_.Insert(tx, scope, records); });
    ASSERT_TRUE(status.ok()) << status;
  }

  absl::Status MarkSent(const std::vector<SentDecision>& sent) {
    return db_.database().Write(scope_, [&](mysql::Transaction& tx) { return store_.MarkSent(tx, sent); });
  }

  // All decisions that `filter` selects, read in pages of 3.
  std::vector<Decision> ListAll(const DecisionFilter& filter) {
    std::vector<Decision> all;
    std::optional<DecisionPosition> after;
    while (true) {
      auto page = store_.List(scope_, filter, after, 3);
      EXPECT_TRUE(page.ok()) << page.status();
      all.insert(all.end(), page->begin(), page->end());
      if (page->size() < 3) return all;
      const std::vector<std::string> name = absl::StrSplit(page->back().name(), '/');
      after = {.event_time = FromProto(page->back().event_time()),
               .key = {.event = *Uuid::Parse(name[3]), .trigger = TriggerId(name[5])}};
    }
  }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  TenantScope other_ = mysql::testing::MakeScope("other");
  DecisionStore store_{db_.database()};
};

TEST_F(DecisionStoreTest, WhatCannotLeaveIsGivenUpOnce) {
  const auto record = [&](Decision::Outcome outcome) {
    return Record("after", "ada", absl::Hours(1), outcome, Decision::REASON_QUALIFIED);
  };
  const std::vector<DecisionRecord> records = {record(Decision::OUTCOME_SCHEDULED), record(Decision::OUTCOME_DEFERRED),
                                               record(Decision::OUTCOME_SENT), record(Decision::OUTCOME_SUPPRESSED)};
  Insert(scope_, records);
  Insert(other_, {records[0]});
  const absl::Time now = db_.clock().Now() + absl::Hours(2);
  for (const DecisionRecord& each : records) {
    const absl::Status status = db_.database().Write(scope_, [&](mysql::Transaction& tx) {
      return store_.MarkGivenUp(tx, scope_, each.key, Decision::OUTCOME_FAILED, Decision::REASON_SEND_FAILED,
                                "refused by all", now);
    });
    ASSERT_TRUE(status.ok()) << status;
  }
  for (const int i : {0, 1}) {
    const Decision given_up = *store_.Get(scope_, records[static_cast<std::size_t>(i)].key);
    EXPECT_EQ(given_up.outcome(), Decision::OUTCOME_FAILED);
    EXPECT_EQ(given_up.reason(), Decision::REASON_SEND_FAILED);
    EXPECT_EQ(given_up.explanation(), "refused by all");
    EXPECT_EQ(FromProto(given_up.decide_time()), now);
  }
  EXPECT_EQ(store_.Get(scope_, records[2].key)->outcome(), Decision::OUTCOME_SENT);
  EXPECT_EQ(store_.Get(scope_, records[3].key)->explanation(), "because");
  EXPECT_EQ(store_.Get(other_, records[0].key)->outcome(), Decision::OUTCOME_SCHEDULED);
}

TEST_F(DecisionStoreTest, ADeferredDecisionIsSentToo) {
  const DecisionRecord record =
      Record("after", "ada", absl::Hours(1), Decision::OUTCOME_DEFERRED, Decision::REASON_QUIET_HOURS);
  Insert(scope_, {record});
  ASSERT_TRUE(MarkSent({{scope_.tenant(), record.key}}).ok());
  EXPECT_EQ(store_.Get(scope_, record.key)->outcome(), Decision::OUTCOME_SENT);
}

TEST_F(DecisionStoreTest, WhatLeavesAfterAllIsSent) {
  const DecisionRecord record =
      Record("after", "ada", absl::Hours(1), Decision::OUTCOME_SCHEDULED, Decision::REASON_QUALIFIED);
  Insert(scope_, {record});
  const absl::Status given_up = db_.database().Write(scope_, [&](mysql::Transaction& tx) {
    return store_.MarkGivenUp(tx, scope_, record.key, Decision::OUTCOME_FAILED, Decision::REASON_SEND_FAILED,
                              "refused by all", db_.clock().Now());
  });
  ASSERT_TRUE(given_up.ok()) << given_up;
  ASSERT_TRUE(MarkSent({{scope_.tenant(), record.key}}).ok());
  const Decision sent = *store_.Get(scope_, record.key);
  EXPECT_EQ(sent.outcome(), Decision::OUTCOME_SENT);
  EXPECT_EQ(sent.reason(), Decision::REASON_QUALIFIED);
  EXPECT_NE(sent.explanation(), "refused by all");
}

TEST_F(DecisionStoreTest, ReadsWhatWasInserted) {
  DecisionRecord record =
      Record("after", "a/b", absl::Hours(1), Decision::OUTCOME_SUPPRESSED, Decision::REASON_FREQUENCY_CAP);
  *record.decision.mutable_next_eligible_time() = ToProto(db_.clock().Now());
  record.decision.set_trigger_revision(7);
  record.invitation = Uuid::V7(db_.clock().Now(), db_.random());
  Insert(scope_, {record});
  const absl::StatusOr<Decision> decision = store_.Get(scope_, record.key);
  ASSERT_TRUE(decision.ok()) << decision.status();
  Decision expected = record.decision;
  expected.set_name(absl::StrCat("tenants/acme/events/", record.key.event.ToString(), "/decisions/after"));
  expected.set_trigger("tenants/acme/triggers/after");
  expected.set_contact("tenants/acme/contacts/a%2Fb");
  expected.set_invitation(absl::StrCat("tenants/acme/invitations/", record.invitation->ToString()));
  EXPECT_EQ(decision->DebugString(), expected.DebugString());
  EXPECT_EQ(ReasonOf(store_.Get(other_, record.key).status()), v1::ERROR_REASON_DECISION_NOT_FOUND);
}

TEST_F(DecisionStoreTest, AnEventAndTriggerHasOneDecision) {
  const DecisionRecord record =
      Record("after", "ada", absl::Hours(1), Decision::OUTCOME_SKIPPED, Decision::REASON_CONDITION_FALSE);
  Insert(scope_, {record});
  const absl::Status status =
      db_.database().Write(scope_, [&](mysql::Transaction& tx) { return store_.Insert(tx, scope_, {record}); });
  EXPECT_TRUE(mysql::IsDuplicateKey(status)) << status;
}

TEST_F(DecisionStoreTest, OnlyScheduledOnesBecomeSent) {
  const DecisionRecord scheduled =
      Record("after", "ada", absl::Hours(1), Decision::OUTCOME_SCHEDULED, Decision::REASON_QUALIFIED);
  const DecisionRecord same_event = [&] {
    DecisionRecord record =
        Record("other", "ada", absl::Hours(1), Decision::OUTCOME_SCHEDULED, Decision::REASON_QUALIFIED);
    record.key.event = scheduled.key.event;
    return record;
  }();
  const DecisionRecord skipped =
      Record("after", "bob", absl::Hours(1), Decision::OUTCOME_SKIPPED, Decision::REASON_CONDITION_FALSE);
  Insert(scope_, {scheduled, same_event, skipped});
  Insert(other_, {scheduled});
  ASSERT_TRUE(MarkSent({}).ok());
  ASSERT_TRUE(MarkSent({{.tenant = scope_.tenant(), .key = scheduled.key},
                        {.tenant = scope_.tenant(), .key = skipped.key},
                        {.tenant = scope_.tenant(), .key = {.event = Uuid(), .trigger = TriggerId("none")}}})
                  .ok());
  EXPECT_EQ(store_.Get(scope_, scheduled.key)->outcome(), Decision::OUTCOME_SENT);
  EXPECT_EQ(store_.Get(scope_, same_event.key)->outcome(), Decision::OUTCOME_SCHEDULED);
  EXPECT_EQ(store_.Get(scope_, skipped.key)->outcome(), Decision::OUTCOME_SKIPPED);
  EXPECT_EQ(store_.Get(other_, scheduled.key)->outcome(), Decision::OUTCOME_SCHEDULED);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM decisions"), 4);
}

TEST_F(DecisionStoreTest, ManyBecomeSentAtOnce) {
  std::vector<DecisionRecord> records;
  std::vector<SentDecision> sent;
  for (int i = 0; i < 300; ++i) {
    records.push_back(Record("after", absl::StrCat("c-", i), absl::Hours(i), Decision::OUTCOME_SCHEDULED,
                             Decision::REASON_QUALIFIED));
    if (i < 290) sent.push_back({.tenant = scope_.tenant(), .key = records.back().key});
  }
  Insert(scope_, records);
  ASSERT_TRUE(MarkSent(sent).ok());
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM decisions WHERE outcome = 2"), 290);
}

TEST_F(DecisionStoreTest, ListsOfATriggerMergeAllOutcomesByTime) {
  std::vector<DecisionRecord> records;
  for (int i = 0; i < 40; ++i) {
    const bool asked = i % 3 == 0;
    // Several share a time, so that pages end between decisions of one time.
    records.push_back(Record(i % 5 == 0 ? "other" : "after", i % 2 == 0 ? "ada" : "bob", absl::Hours(i / 4),
                             asked ? Decision::OUTCOME_SCHEDULED : Decision::OUTCOME_SKIPPED,
                             asked ? Decision::REASON_QUALIFIED : Decision::REASON_CONDITION_FALSE));
  }
  Insert(scope_, records);
  Insert(other_, {Record("after", "ada", absl::Hours(1), Decision::OUTCOME_SKIPPED, Decision::REASON_CONDITION_FALSE)});
  const auto check = [](const std::vector<Decision>& list, std::size_t size) {
    std::set<std::string> names;
    for (const Decision& decision : list) names.insert(decision.name());
    EXPECT_THAT(list, SizeIs(size));
    EXPECT_THAT(names, SizeIs(size));
    EXPECT_TRUE(std::is_sorted(list.begin(), list.end(), [](const Decision& a, const Decision& b) {
      return FromProto(a.event_time()) > FromProto(b.event_time());
    }));
  };
  check(ListAll({.trigger = TriggerId("after")}), 32);
  check(ListAll({.contact = ContactId("ada")}), 20);
  check(ListAll({.trigger = TriggerId("other"), .contact = ContactId("ada")}), 4);
  check(ListAll({.trigger = TriggerId("none")}), 0);
}

TEST_F(DecisionStoreTest, CountsByTriggerOutcomeAndReason) {
  Insert(scope_, {Record("b", "ada", absl::Hours(1), Decision::OUTCOME_SKIPPED, Decision::REASON_TRIGGER_PAUSED),
                  Record("b", "ada", absl::Hours(2), Decision::OUTCOME_SCHEDULED, Decision::REASON_QUALIFIED),
                  Record("a", "ada", absl::Hours(3), Decision::OUTCOME_SCHEDULED, Decision::REASON_QUALIFIED),
                  Record("b", "bob", absl::Hours(4), Decision::OUTCOME_SCHEDULED, Decision::REASON_QUALIFIED)});
  const auto all = store_.Count(scope_, std::nullopt, absl::InfinitePast(), absl::InfiniteFuture());
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_THAT(*all, SizeIs(3));
  EXPECT_EQ((*all)[0].trigger, TriggerId("a"));
  EXPECT_EQ((*all)[1].outcome, Decision::OUTCOME_SCHEDULED);
  EXPECT_EQ((*all)[1].count, 2);
  EXPECT_EQ((*all)[2].reason, Decision::REASON_TRIGGER_PAUSED);
  // The start belongs to it, the end does not.
  const absl::Time now = db_.clock().Now();
  const auto some = store_.Count(scope_, TriggerId("b"), now - absl::Hours(4), now - absl::Hours(2));
  ASSERT_TRUE(some.ok()) << some.status();
  ASSERT_THAT(*some, SizeIs(1));
  EXPECT_EQ((*some)[0].count, 1);
}

TEST(DecisionOfTest, ReadsTheNamesOfAnInvitation) {
  v1::Invitation invitation;
  EXPECT_FALSE(DecisionOf(invitation).has_value());
  invitation.set_event("tenants/acme/events/0f0e0d0c-0b0a-0908-0706-050403020100");
  EXPECT_FALSE(DecisionOf(invitation).has_value());
  invitation.set_trigger("tenants/acme/triggers/after");
  ASSERT_TRUE(DecisionOf(invitation).has_value());
  EXPECT_EQ(DecisionOf(invitation)->event.ToString(), "0f0e0d0c-0b0a-0908-0706-050403020100");
  EXPECT_EQ(DecisionOf(invitation)->trigger, TriggerId("after"));
}

}  // namespace
}  // namespace canvass::distribution
