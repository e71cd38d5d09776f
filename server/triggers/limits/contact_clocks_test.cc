#include "server/triggers/limits/contact_clocks.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "server/mysql/testing/test_database.h"
#include "server/triggers/rules/caps.h"

namespace canvass::triggers {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

class ContactClocksTest : public ::testing::Test {
 protected:
  absl::Status Ask(const ContactId& contact, const SurveyId& survey, absl::Time due) {
    return db_.database().Write(scope_, [&](mysql::Transaction& tx) -> absl::Status {
      absl::StatusOr<ContactClocks> clocks = ContactClocks::Reserve(tx, scope_, {{.contact = contact, .due = due}}, {});
      if (!clocks.ok()) return clocks.status();
      clocks->Move(contact, ClocksOf({.survey = survey}), due);
      return clocks->Write(tx, scope_);
    });
  }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  const absl::Time now_ = db_.clock().Now();
  const ContactId ada_{"ada"};
  const ContactId bob_{"bob"};
  const SurveyId nps_{"nps"};
};

TEST_F(ContactClocksTest, RemembersTheLatestTime) {
  ASSERT_TRUE(Ask(ada_, nps_, now_).ok());
  ASSERT_TRUE(Ask(ada_, SurveyId("csat"), now_ - kDay).ok());
  const absl::Status status = db_.database().Write(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    const absl::StatusOr<ContactClocks> clocks =
        ContactClocks::Reserve(tx, scope_, {{.contact = ada_, .due = now_}, {.contact = bob_, .due = now_}}, {});
    EXPECT_TRUE(clocks.ok()) << clocks.status();
    EXPECT_EQ(clocks->Latest(ada_, "survey:nps"), now_);
    EXPECT_EQ(clocks->Latest(ada_, "survey:csat"), now_ - kDay);
    EXPECT_EQ(clocks->Latest(ada_, ContactClock()), now_);
    EXPECT_EQ(clocks->Latest(bob_, ContactClock()), std::nullopt);
    EXPECT_EQ(clocks->WithinInterval(ada_, ContactClock(), now_ + kDay, kDay), std::nullopt);
    EXPECT_EQ(clocks->WithinInterval(ada_, ContactClock(), now_ + kDay, kDay + absl::Microseconds(1)), now_);
    EXPECT_EQ(clocks->WithinInterval(ada_, ContactClock(), now_ - kDay, kDay + absl::Microseconds(1)), now_);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(ContactClocksTest, HoldsItsContactsAndNoOthers) {
  ASSERT_TRUE(Ask(ada_, nps_, now_).ok());
  ASSERT_TRUE(Ask(bob_, nps_, now_).ok());
  const absl::Status status = db_.database().Write(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    EXPECT_TRUE(ContactClocks::Reserve(tx, scope_, {{.contact = ada_, .due = now_}}, {}).ok());
    const auto connection = db_.Connect();
    EXPECT_TRUE(connection->ExecuteText("SET innodb_lock_wait_timeout = 1").ok());
    const std::string update = "UPDATE contact_clocks SET last_time = 0 WHERE tenant_id = 'acme' AND clock = 'contact'";
    EXPECT_TRUE(connection->ExecuteText(update + " AND contact_id = 'bob'").ok());
    EXPECT_FALSE(connection->ExecuteText(update + " AND contact_id = 'ada'").ok());
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(ContactClocksTest, AnUndoneRunLeavesNothing) {
  const absl::Status status = db_.database().Write(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    absl::StatusOr<ContactClocks> clocks = ContactClocks::Reserve(tx, scope_, {{.contact = ada_, .due = now_}}, {});
    if (!clocks.ok()) return clocks.status();
    clocks->Move(ada_, ClocksOf({.survey = nps_}), now_);
    const absl::Status written = clocks->Write(tx, scope_);
    return written.ok() ? absl::CancelledError("undo") : written;
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contact_clocks"), 0);
}

}  // namespace
}  // namespace canvass::triggers
