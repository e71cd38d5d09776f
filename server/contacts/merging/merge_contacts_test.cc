// MergeContacts on a real database, with rows of every room.

#include "server/contacts/merging/merge_contacts.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/contacts/suppression_store.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::contacts {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

// A row of each table that other rooms keep by contact; `?` stands for the contact, `#` for a number that makes the
// key.
const std::vector<std::string>& Rows() {
  static const std::vector<std::string> rows = {
      "INSERT INTO events (tenant_id, event_key, type, contact_id, event_time, receive_time, content_digest, batch_id, "
      "payload) VALUES ('acme', LPAD('#', 16, '0'), 't', ?, 1, 1, REPEAT('d', 16), REPEAT('b', 16), '')",
      "INSERT INTO decisions (tenant_id, event_key, trigger_id, outcome, reason, contact_id, event_time, decide_time, "
      "payload) VALUES ('acme', LPAD('#', 16, '0'), 't', 1, 1, ?, 1, 1, '')",
      "INSERT INTO invitations (tenant_id, invitation_id, contact_id, survey_id, survey_version, state, schedule_time, "
      "expire_time, payload) VALUES ('acme', LPAD('#', 16, '0'), ?, 's', 1, 1, 1, 2, '')",
      "INSERT INTO outbox (tenant_id, message_id, invitation_id, contact_id, channel, reminder, state, attempt_time, "
      "attempt_count, owner, lease_until, token, create_time, payload) VALUES ('acme', LPAD('#', 16, 'm'), "
      "LPAD('#', 16, '0'), ?, 2, 0, 1, 1, 0, '', 0, 0, 1, '')",
      "INSERT INTO responses (tenant_id, response_id, single_use_key, content_digest, survey_id, survey_version, "
      "contact_id, answer_time, create_time, payload) VALUES ('acme', LPAD('#', 16, '0'), LPAD('#', 16, '0'), "
      "REPEAT('d', 16), 's', 1, ?, 1, 1, '')",
      "INSERT INTO contact_clocks (tenant_id, contact_id, clock, last_time) VALUES ('acme', ?, 'survey:s#', #)",
  };
  return rows;
}

std::string Filled(std::string row, const std::string& contact, int number) {
  for (std::size_t at = row.find('#'); at != std::string::npos; at = row.find('#'))
    row.replace(at, 1, absl::StrCat(number));
  const std::size_t at = row.find('?');
  return row.replace(at, 1, absl::StrCat("'", contact, "'"));
}

class MergeContactsTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Contact> Merge(const std::string& kept, const std::string& duplicate) {
    v1::MergeContactsRequest request;
    request.set_name("tenants/acme/contacts/" + kept);
    request.set_duplicate("tenants/acme/contacts/" + duplicate);
    return MergeContacts(store_, db_.clock(), scope_, request);
  }
  absl::StatusOr<v1::Contact> Put(const std::string& id, const std::string& json) {
    return store_.Upsert(scope_, ContactId(id), db_.clock().Now(), [&](v1::Contact& contact) {
      v1::Contact given;
      EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &given).ok()) << json;
      contact.MergeFrom(given);
      return absl::OkStatus();
    });
  }
  void Insert(const std::string& row, const std::string& contact, int number) {
    const absl::Status status = db_.Connect()->ExecuteText(Filled(row, contact, number));
    EXPECT_TRUE(status.ok()) << status << Filled(row, contact, number);
  }
  // How many rows of every table but contact_merges are `contact`'s.
  int64_t RowsOf(const std::string& contact) {
    int64_t rows = 0;
    for (const std::string& table : TablesWithContacts()) {
      if (table == "contact_merges") continue;
      rows += db_.Count(absl::StrCat("SELECT COUNT(*) FROM ", table, " WHERE contact_id = '", contact, "'"));
    }
    return rows;
  }
  std::set<std::string> TablesWithContacts() {
    std::set<std::string> tables;
    const auto rows = db_.Connect()->Query(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = DATABASE() AND column_name = "
        "'contact_id'");
    EXPECT_TRUE(rows.ok()) << rows.status();
    for (const mysql::Row& row : *rows) tables.insert(row.String(0));
    return tables;
  }

  mysql::testing::TestDatabase db_;
  ContactStore store_{db_.database()};
  SuppressionStore suppressions_{db_.database()};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
};

TEST_F(MergeContactsTest, TakesOverWhatOnlyTheDuplicateHas) {
  ASSERT_TRUE(Put("anna", R"({"attributes": {"country": "CZ"}, "addresses": [
      {"channel": "CHANNEL_EMAIL", "value": "anna@example.com"}]})")
                  .ok());
  ASSERT_TRUE(Put("anon", R"({"attributes": {"country": "SK", "vip": true}, "language": "cs", "addresses": [
      {"channel": "CHANNEL_EMAIL", "value": "other@example.com"},
      {"channel": "CHANNEL_SMS", "value": "+420601234567", "consent": "CONSENT_GRANTED"}]})")
                  .ok());
  const absl::StatusOr<v1::Contact> merged = Merge("anna", "anon");
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->external_id(), "anna");
  EXPECT_EQ(merged->attributes().fields().at("country").string_value(), "CZ");
  EXPECT_TRUE(merged->attributes().fields().at("vip").bool_value());
  EXPECT_EQ(merged->language(), "cs");
  ASSERT_THAT(merged->addresses(), SizeIs(2));
  EXPECT_EQ(merged->addresses(0).value(), "anna@example.com");
  EXPECT_EQ(merged->addresses(1).value(), "+420601234567");
  EXPECT_EQ(merged->addresses(1).consent(), v1::Address::CONSENT_GRANTED);
}

TEST_F(MergeContactsTest, TheDuplicateIsTheOtherFromThenOn) {
  ASSERT_TRUE(Put("anna", R"({"language": "cs"})").ok());
  ASSERT_TRUE(Put("anon", R"({})").ok());
  ASSERT_TRUE(Merge("anna", "anon").ok());
  EXPECT_EQ(store_.Get(scope_, ContactId("anon"))->external_id(), "anna");
  const absl::StatusOr<v1::Contact> written = Put("anon", R"({"time_zone": "Europe/Prague"})");
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(written->name(), "tenants/acme/contacts/anna");
  EXPECT_EQ(written->language(), "cs");
  v1::Contact english;
  english.set_language("en");
  v1::Contact german;
  german.set_language("de");
  ASSERT_TRUE(store_.ReplaceMany(scope_, {{ContactId("anna"), &english}, {ContactId("anon"), &german}}, {}).ok());
  EXPECT_EQ(store_.Get(scope_, ContactId("anna"))->language(), "de") << "one contact, so the last wins";
  const absl::Status many = db_.database().Read(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    const auto contacts = store_.GetMany(tx, scope_, {ContactId("anon"), ContactId("anna"), ContactId("nobody")});
    if (!contacts.ok()) return contacts.status();
    EXPECT_THAT(*contacts, SizeIs(2));
    EXPECT_EQ(contacts->at(ContactId("anon")).external_id(), "anna");
    return absl::OkStatus();
  });
  EXPECT_TRUE(many.ok()) << many;
  EXPECT_EQ(*store_.Kept(scope_, ContactId("anon")), ContactId("anna"));
  EXPECT_EQ(*store_.Kept(scope_, ContactId("nobody")), ContactId("nobody"));
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contacts"), 1);
  EXPECT_EQ(store_.Get(mysql::testing::MakeScope("globex"), ContactId("anon")).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(MergeContactsTest, MovesEveryRowOfEveryRoom) {
  ASSERT_TRUE(Put("anna", "{}").ok());
  ASSERT_TRUE(Put("anon", "{}").ok());
  std::set<std::string> seeded = {"contacts", "contact_merges"};
  for (const std::string& row : Rows()) {
    const std::size_t start = std::string("INSERT INTO ").size();
    seeded.insert(row.substr(start, row.find(' ', start) - start));
    for (int i = 1; i <= 3; ++i) Insert(row, "anon", i);
    Insert(row, "anna", 4);
    Insert(row, "else", 5);
  }
  ASSERT_EQ(seeded, TablesWithContacts()) << "a new table: MoveRows must know it";
  ASSERT_TRUE(Merge("anna", "anon").ok());
  EXPECT_EQ(RowsOf("anon"), 0);
  EXPECT_EQ(RowsOf("anna"), 1 + 4 * static_cast<int64_t>(Rows().size()));
  EXPECT_EQ(RowsOf("else"), static_cast<int64_t>(Rows().size()));
}

TEST_F(MergeContactsTest, MovesMoreThanOneTransactionTakes) {
  ASSERT_TRUE(Put("anna", "{}").ok());
  auto connection = db_.Connect();
  ASSERT_TRUE(connection->Begin().ok());
  for (int i = 0; i < 600; ++i) {
    for (const std::string& row : {Rows()[0], Rows()[2], Rows()[3]}) {
      ASSERT_TRUE(connection->ExecuteText(Filled(row, "anon", i)).ok());
    }
  }
  ASSERT_TRUE(connection->Commit().ok());
  const absl::StatusOr<v1::Contact> merged = Merge("anna", "anon");
  ASSERT_TRUE(merged.ok()) << merged.status() << ": known by events alone";
  EXPECT_EQ(RowsOf("anon"), 0);
  EXPECT_EQ(RowsOf("anna"), 1 + 3 * 600);
}

TEST_F(MergeContactsTest, MergingAgainTakesOverWhatWasLeft) {
  ASSERT_TRUE(Put("anna", "{}").ok());
  ASSERT_TRUE(Put("anon", "{}").ok());
  const std::string etag = Merge("anna", "anon")->etag();
  for (const std::string& row : Rows()) Insert(row, "anon", 1);
  const absl::StatusOr<v1::Contact> again = Merge("anna", "anon");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->etag(), etag);
  EXPECT_EQ(RowsOf("anon"), 0);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contact_merges"), 1);
  EXPECT_EQ(Merge("anon", "anna")->external_id(), "anna") << "the two are one already";
}

TEST_F(MergeContactsTest, FollowsMergesOfMerges) {
  for (const char* id : {"a", "b", "c", "d"}) ASSERT_TRUE(Put(id, "{}").ok());
  ASSERT_TRUE(Merge("b", "a").ok());
  ASSERT_TRUE(Merge("c", "b").ok());
  EXPECT_EQ(Merge("d", "a")->external_id(), "d") << "a is c by now";
  for (const char* id : {"a", "b", "c", "d"}) {
    EXPECT_EQ(store_.Get(scope_, ContactId(id))->external_id(), "d") << id;
    EXPECT_EQ(Put(id, absl::StrCat(R"({"attributes": {")", id, R"(": 1}})"))->external_id(), "d");
  }
  EXPECT_EQ(store_.Get(scope_, ContactId("a"))->attributes().fields().size(), 4u);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contacts"), 1);
}

TEST_F(MergeContactsTest, KeepsTheProtectionOfBoth) {
  ASSERT_TRUE(Put("anna", "{}").ok());
  ASSERT_TRUE(Put("anon", "{}").ok());
  auto connection = db_.Connect();
  for (const char* row : {"('acme', 'anna', 'contact', 10)", "('acme', 'anon', 'contact', 20)",
                          "('acme', 'anna', 'survey:x', 30)", "('acme', 'anon', 'survey:x', 5)"}) {
    ASSERT_TRUE(connection
                    ->ExecuteText(absl::StrCat(
                        "INSERT INTO contact_clocks (tenant_id, contact_id, clock, last_time) VALUES ", row))
                    .ok());
  }
  const auto suppress = [&](const std::string& id, v1::Invitation::Channel channel) {
    v1::Suppression suppression;
    suppression.set_contact("tenants/acme/contacts/" + id);
    suppression.set_channel(channel);
    suppression.set_reason(v1::Suppression::REASON_UNSUBSCRIBED);
    ASSERT_TRUE(suppressions_.Add(scope_, suppression, db_.clock().Now()).ok());
  };
  suppress("anon", v1::Invitation::CHANNEL_EMAIL);
  ASSERT_TRUE(Merge("anna", "anon").ok());
  suppress("anon", v1::Invitation::CHANNEL_SMS);  // by the link of an old mail
  EXPECT_EQ(db_.Count("SELECT last_time FROM contact_clocks WHERE contact_id = 'anna' AND clock = 'contact'"), 20);
  EXPECT_EQ(db_.Count("SELECT last_time FROM contact_clocks WHERE contact_id = 'anna' AND clock = 'survey:x'"), 30);
  const auto of_anna = suppressions_.List(scope_, ContactTarget(ContactId("anna")), std::nullopt, 10);
  ASSERT_TRUE(of_anna.ok()) << of_anna.status();
  ASSERT_THAT(*of_anna, SizeIs(2));
  EXPECT_EQ((*of_anna)[0].contact(), "tenants/acme/contacts/anna");
  EXPECT_EQ((*of_anna)[1].channel(), v1::Invitation::CHANNEL_SMS);
}

TEST_F(MergeContactsTest, RefusesWhatCannotBeMerged) {
  ASSERT_TRUE(Put("anna", "{}").ok());
  EXPECT_EQ(ReasonOf(Merge("anna", "anna").status()), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(ReasonOf(Merge("anna", "nobody").status()), v1::ERROR_REASON_CONTACT_NOT_FOUND);
  EXPECT_EQ(ReasonOf(Merge("nobody", "anna").status()), v1::ERROR_REASON_CONTACT_NOT_FOUND);
  for (const char* id : {"big1", "big2"}) {
    ASSERT_TRUE(Put(id, absl::StrCat(R"({"attributes": {")", id, R"(": ")", std::string(9000, 'x'), R"("}})")).ok());
  }
  EXPECT_EQ(ReasonOf(Merge("big1", "big2").status()), v1::ERROR_REASON_INVALID_CONTACT);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contacts"), 3) << "nothing was made or merged";
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contact_merges"), 0);
}

TEST_F(MergeContactsTest, LosesNothingOfWritersMeanwhile) {
  constexpr int kWrites = 40;
  ASSERT_TRUE(Put("anna", "{}").ok());
  ASSERT_TRUE(Put("anon", "{}").ok());
  std::thread writer([&] {
    for (int i = 0; i < kWrites; ++i) {
      const auto written = Put(i % 2 == 0 ? "anon" : "anna", absl::StrCat(R"({"attributes": {"k)", i, R"(": 1}})"));
      EXPECT_TRUE(written.ok()) << written.status();
    }
  });
  std::thread other_way([&] { EXPECT_TRUE(Merge("anon", "anna").ok()); });
  EXPECT_TRUE(Merge("anna", "anon").ok());
  other_way.join();
  writer.join();
  EXPECT_EQ(store_.Get(scope_, ContactId("anna"))->attributes().fields().size(), std::size_t{kWrites});
  EXPECT_EQ(store_.Get(scope_, ContactId("anna"))->name(), store_.Get(scope_, ContactId("anon"))->name());
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contacts"), 1);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contact_merges"), 1);
}

}  // namespace
}  // namespace canvass::contacts
