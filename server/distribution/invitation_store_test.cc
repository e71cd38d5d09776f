#include "server/distribution/invitation_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/distribution/get_invitation.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::distribution {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class InvitationStoreTest : public ::testing::Test {
 protected:
  // Inserts an invitation of `contact`, due `due` from now on for a day.
  Uuid Insert(const TenantScope& scope, absl::string_view contact, absl::Duration due) {
    const absl::Time now = db_.clock().Now();
    NewInvitation invitation{.id = Uuid::V7(now, db_.random()),
                             .survey = SurveyId("nps"),
                             .survey_version = 3,
                             .contact = ContactId(std::string(contact)),
                             .schedule_time = now + due,
                             .expire_time = now + due + absl::Hours(24)};
    invitation.content.set_channel(v1::Invitation::CHANNEL_IN_APP);
    invitation.content.set_trigger("tenants/acme/triggers/after");
    *invitation.content.mutable_create_time() = ToProto(now);
    const absl::Status status =
        db_.database().Write(scope, [&](mysql::Transaction& tx) { return store_.Insert(tx, scope, {invitation}); });
    EXPECT_TRUE(status.ok()) << status;
    return invitation.id;
  }

  absl::Status MarkAnswered(const std::vector<Answered>& answered) {
    return db_.database().WriteShared({&scope_, &other_}, [&](mysql::Transaction& tx) -> absl::Status {
      for (const Answered& one : answered) {
        const TenantScope& scope = one.tenant == scope_.tenant() ? scope_ : other_;
        auto locked = store_.LockMany(tx, scope, {one.invitation});
        if (!locked.ok()) return locked.status();
      }
      return store_.MarkAnswered(tx, answered);
    });
  }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  TenantScope other_ = mysql::testing::MakeScope("other");
  InvitationStore store_{db_.database()};
};

TEST_F(InvitationStoreTest, ReadsWhatWasInserted) {
  const Uuid id = Insert(scope_, "zoë/1", absl::Hours(1));
  const absl::StatusOr<InvitationRecord> record = store_.Get(scope_, id);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->survey, SurveyId("nps"));
  EXPECT_EQ(record->survey_version, 3);
  EXPECT_EQ(record->contact, ContactId("zoë/1"));
  EXPECT_EQ(record->invitation.name(), absl::StrCat("tenants/acme/invitations/", id.ToString()));
  EXPECT_EQ(record->invitation.survey(), "tenants/acme/surveys/nps");
  EXPECT_EQ(record->invitation.contact(), "tenants/acme/contacts/zo%C3%AB%2F1");
  EXPECT_EQ(record->invitation.trigger(), "tenants/acme/triggers/after");
  EXPECT_EQ(record->invitation.state(), v1::Invitation::STATE_SCHEDULED);
  EXPECT_EQ(FromProto(record->invitation.schedule_time()), db_.clock().Now() + absl::Hours(1));
  EXPECT_FALSE(record->invitation.has_deliver_time());
  EXPECT_FALSE(record->invitation.has_answer_time());
  EXPECT_EQ(ReasonOf(store_.Get(other_, id).status()), v1::ERROR_REASON_INVITATION_NOT_FOUND);
}

TEST_F(InvitationStoreTest, LocksThoseThatExistAndNoOthers) {
  const Uuid mine = Insert(scope_, "ada", absl::Hours(1));
  const Uuid bobs = Insert(scope_, "bob", absl::Hours(1));
  const Uuid theirs = Insert(other_, "ada", absl::Hours(1));
  const auto update_of = [](const Uuid& id) {
    return absl::StrCat("UPDATE invitations SET state = 2 WHERE invitation_id = x'", absl::BytesToHexString(id.bytes()),
                        "' AND tenant_id IN ('acme', 'other')");
  };
  const absl::Status status = db_.database().Write(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    const auto found = store_.LockMany(tx, scope_, {theirs, mine, mine});
    EXPECT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->size(), 1U);
    EXPECT_TRUE(found->contains(mine));
    const auto connection = db_.Connect();
    EXPECT_TRUE(connection->ExecuteText("SET innodb_lock_wait_timeout = 1").ok());
    EXPECT_TRUE(connection->ExecuteText(update_of(bobs)).ok());
    EXPECT_TRUE(connection->ExecuteText(update_of(theirs)).ok());
    EXPECT_FALSE(connection->ExecuteText(update_of(mine)).ok());
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(InvitationStoreTest, AnswersMarkEachTheirOwn) {
  const absl::Time now = db_.clock().Now();
  const Uuid first = Insert(scope_, "ada", -absl::Hours(1));
  const Uuid second = Insert(scope_, "bob", -absl::Hours(1));
  const Uuid untouched = Insert(scope_, "cy", -absl::Hours(1));
  const Uuid theirs = Insert(other_, "ada", -absl::Hours(1));
  InvitationRecord shown = *store_.Get(scope_, second);
  shown.invitation.set_state(v1::Invitation::STATE_DELIVERED);
  *shown.invitation.mutable_deliver_time() = ToProto(now - absl::Minutes(30));
  ASSERT_TRUE(
      db_.database().Write(scope_, [&](mysql::Transaction& tx) { return store_.UpdateState(tx, scope_, shown); }).ok());
  const absl::Status status =
      MarkAnswered({{.tenant = scope_.tenant(), .invitation = second, .answer_time = now - absl::Minutes(2)},
                    {.tenant = other_.tenant(), .invitation = theirs, .answer_time = now - absl::Minutes(3)},
                    {.tenant = scope_.tenant(), .invitation = first, .answer_time = now - absl::Minutes(1)}});
  ASSERT_TRUE(status.ok()) << status;
  const v1::Invitation one = store_.Get(scope_, first)->invitation;
  EXPECT_EQ(one.state(), v1::Invitation::STATE_ANSWERED);
  EXPECT_EQ(FromProto(one.answer_time()), now - absl::Minutes(1));
  EXPECT_EQ(FromProto(one.deliver_time()), now - absl::Minutes(1));
  EXPECT_EQ(one.trigger(), "tenants/acme/triggers/after");
  EXPECT_EQ(FromProto(one.schedule_time()), now - absl::Hours(1));
  const v1::Invitation two = store_.Get(scope_, second)->invitation;
  EXPECT_EQ(two.state(), v1::Invitation::STATE_ANSWERED);
  EXPECT_EQ(FromProto(two.answer_time()), now - absl::Minutes(2));
  EXPECT_EQ(FromProto(two.deliver_time()), now - absl::Minutes(30));
  EXPECT_EQ(FromProto(store_.Get(other_, theirs)->invitation.answer_time()), now - absl::Minutes(3));
  EXPECT_EQ(store_.Get(scope_, untouched)->invitation.state(), v1::Invitation::STATE_SCHEDULED);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM invitations"), 4);
}

TEST_F(InvitationStoreTest, DueOnesAreNeitherEarlyNorExpiredNorClosed) {
  const absl::Time now = db_.clock().Now();
  const Uuid just_due = Insert(scope_, "ada", absl::ZeroDuration());
  const Uuid older = Insert(scope_, "ada", -absl::Hours(24) + absl::Microseconds(1));
  Insert(scope_, "ada", absl::Microseconds(1));  // early
  Insert(scope_, "ada", -absl::Hours(24));       // expired
  Insert(scope_, "bob", absl::ZeroDuration());
  Insert(other_, "ada", absl::ZeroDuration());
  const Uuid answered = Insert(scope_, "ada", -absl::Hours(1));
  ASSERT_TRUE(MarkAnswered({{.tenant = scope_.tenant(), .invitation = answered, .answer_time = now}}).ok());
  const auto due = store_.ListDue(scope_, ContactId("ada"), now, std::nullopt, 10);
  ASSERT_TRUE(due.ok()) << due.status();
  std::vector<Uuid> ids;
  for (const InvitationRecord& record : *due) ids.push_back(record.id);
  EXPECT_THAT(ids, ElementsAre(older, just_due));
}

TEST_F(InvitationStoreTest, ListsPageByPage) {
  for (int i = 0; i < 7; ++i) {
    Insert(scope_, "ada", -absl::Hours(i / 2));
    db_.clock().Advance(absl::Seconds(1));
  }
  Insert(scope_, "bob", absl::ZeroDuration());
  for (const char* contact : {"", "tenants/-/contacts/ada"}) {
    v1::ListInvitationsRequest request;
    request.set_parent("tenants/-");
    request.set_contact(contact);
    request.set_page_size(2);
    std::set<std::string> names;
    std::vector<absl::Time> times;
    int rows = 0;
    do {
      const auto page = ListInvitations(store_, scope_, request);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const v1::Invitation& invitation : page->invitations()) {
        names.insert(invitation.name());
        times.push_back(FromProto(*contact == '\0' ? invitation.create_time() : invitation.schedule_time()));
        EXPECT_TRUE(invitation.token().empty());
        ++rows;
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    const int expected = *contact == '\0' ? 8 : 7;
    EXPECT_EQ(rows, expected);
    EXPECT_THAT(names, SizeIs(expected));
    EXPECT_TRUE(std::is_sorted(times.rbegin(), times.rend()));
  }
}

TEST_F(InvitationStoreTest, APageTokenBelongsToItsList) {
  for (int i = 0; i < 2; ++i) Insert(scope_, "ada", absl::ZeroDuration());
  v1::ListInvitationsRequest request;
  request.set_parent("tenants/-");
  request.set_page_size(1);
  const auto page = ListInvitations(store_, scope_, request);
  ASSERT_TRUE(page.ok()) << page.status();
  request.set_page_token(page->next_page_token());
  request.set_contact("tenants/-/contacts/ada");
  EXPECT_EQ(ReasonOf(ListInvitations(store_, scope_, request).status()), v1::ERROR_REASON_INVALID_PAGE_TOKEN);
}

}  // namespace
}  // namespace canvass::distribution
