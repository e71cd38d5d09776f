#include "server/contacts/contact_store.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::contacts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

v1::Contact WithCountry(const std::string& country) {
  v1::Contact contact;
  (*contact.mutable_attributes()->mutable_fields())["country"].set_string_value(country);
  return contact;
}

std::string CountryOf(const v1::Contact& contact) {
  const auto found = contact.attributes().fields().find("country");
  return found == contact.attributes().fields().end() ? "" : found->second.string_value();
}

class ContactStoreTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Contact> Put(const std::string& id, const std::string& country) {
    return store_.Upsert(scope_, ContactId(id), db_.clock().Now(), [&](v1::Contact& contact) {
      *contact.mutable_attributes() = WithCountry(country).attributes();
      return absl::OkStatus();
    });
  }
  absl::StatusOr<absl::flat_hash_set<ContactId>> Replace(
      const std::vector<std::pair<std::string, v1::Contact>>& items) {
    std::vector<ContactWrite> writes;
    writes.reserve(items.size());
    for (const auto& [id, contact] : items) writes.push_back({ContactId(id), &contact});
    return store_.ReplaceMany(scope_, writes, db_.clock().Now());
  }
  absl::flat_hash_map<ContactId, v1::Contact> GetMany(const std::vector<ContactId>& ids) {
    absl::flat_hash_map<ContactId, v1::Contact> contacts;
    const absl::Status status = db_.database().Read(scope_, [&](mysql::Transaction& tx) -> absl::Status {
      auto found = store_.GetMany(tx, scope_, ids);
      if (!found.ok()) return found.status();
      contacts = *std::move(found);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return contacts;
  }

  mysql::testing::TestDatabase db_;
  ContactStore store_{db_.database()};
  TenantScope scope_ = mysql::testing::MakeScope("acme", "Europe/Paris");
  TenantScope other_ = mysql::testing::MakeScope("globex");
};

TEST_F(ContactStoreTest, MakesAContactAndReadsItBack) {
  const absl::StatusOr<v1::Contact> made =
      store_.Upsert(scope_, ContactId("jan/1"), db_.clock().Now(), [](v1::Contact& contact) {
        EXPECT_EQ(contact.etag(), "") << "a new one";
        *contact.mutable_attributes() = WithCountry("CZ").attributes();
        contact.set_language("cs");
        contact.set_time_zone("Europe/Prague");
        return absl::OkStatus();
      });
  ASSERT_TRUE(made.ok()) << made.status();
  const absl::StatusOr<v1::Contact> read = store_.Get(scope_, ContactId("jan/1"));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->name(), "tenants/acme/contacts/jan%2F1");
  EXPECT_EQ(read->external_id(), "jan/1");
  EXPECT_EQ(CountryOf(*read), "CZ");
  EXPECT_EQ(read->language(), "cs");
  EXPECT_EQ(read->time_zone(), "Europe/Prague");
  EXPECT_EQ(FromProto(read->create_time()), db_.clock().Now());
  EXPECT_EQ(read->etag(), made->etag());
  EXPECT_FALSE(read->etag().empty());
  EXPECT_EQ(ReasonOf(store_.Get(other_, ContactId("jan/1")).status()), v1::ERROR_REASON_CONTACT_NOT_FOUND);
}

TEST_F(ContactStoreTest, WritesOnlyWhatChanged) {
  const v1::Contact made = *Put("1", "CZ");
  db_.clock().Advance(absl::Minutes(1));
  EXPECT_EQ(Put("1", "CZ")->etag(), made.etag());
  const v1::Contact changed = *Put("1", "SK");
  EXPECT_NE(changed.etag(), made.etag());
  EXPECT_EQ(FromProto(changed.create_time()), FromProto(made.create_time()));
  EXPECT_EQ(FromProto(changed.update_time()), db_.clock().Now());
  const auto refused = store_.Upsert(scope_, ContactId("1"), db_.clock().Now(), [](v1::Contact& contact) {
    contact.clear_attributes();
    return absl::InvalidArgumentError("no");
  });
  EXPECT_EQ(refused.status(), absl::InvalidArgumentError("no"));
  EXPECT_EQ(CountryOf(*store_.Get(scope_, ContactId("1"))), "SK");
  EXPECT_FALSE(store_
                   .Upsert(scope_, ContactId("2"), db_.clock().Now(),
                           [](v1::Contact&) { return absl::InvalidArgumentError("no"); })
                   .ok());
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contacts"), 1);
}

TEST_F(ContactStoreTest, TellsIdsApartByteByByte) {
  for (const char* id : {"bob", "bob ", "Bob", "bób", " bob", "bob\xC2\xA0"}) ASSERT_TRUE(Put(id, id).ok());
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contacts"), 6);
  for (const char* id : {"bob", "bob ", "Bob", "bób"}) EXPECT_EQ(CountryOf(*store_.Get(scope_, ContactId(id))), id);
  EXPECT_THAT(GetMany({ContactId("bob ")}), SizeIs(1));
}

TEST_F(ContactStoreTest, ConcurrentUpsertsOfANewContactAreAllKept) {
  constexpr int kWriters = 4;
  std::vector<std::thread> writers;
  writers.reserve(4);
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&, i] {
      for (int k = 0; k < 5; ++k) {
        const auto contact = store_.Upsert(
            scope_, ContactId(absl::StrCat("c", k)), mysql::testing::TestStart(), [&](v1::Contact& changed) {
              (*changed.mutable_attributes()->mutable_fields())[absl::StrCat("w", i)].set_bool_value(true);
              return absl::OkStatus();
            });
        EXPECT_TRUE(contact.ok()) << contact.status();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  for (int k = 0; k < 5; ++k) {
    EXPECT_EQ(store_.Get(scope_, ContactId(absl::StrCat("c", k)))->attributes().fields().size(), 4u) << k;
  }
}

TEST_F(ContactStoreTest, GetsManyAtOnce) {
  for (int i = 0; i < 600; ++i) ASSERT_TRUE(i % 100 != 0 || Put(absl::StrCat("c", i), absl::StrCat(i)).ok());
  ASSERT_TRUE(
      store_.Upsert(other_, ContactId("c1"), db_.clock().Now(), [](v1::Contact&) { return absl::OkStatus(); }).ok());
  std::vector<ContactId> ids;
  ids.reserve(701);
  for (int i = 0; i < 700; ++i) ids.emplace_back(absl::StrCat("c", i));
  ids.emplace_back("c100");
  const auto contacts = GetMany(ids);
  EXPECT_THAT(contacts, SizeIs(6));
  EXPECT_EQ(CountryOf(contacts.at(ContactId("c500"))), "500");
  EXPECT_EQ(contacts.at(ContactId("c0")).name(), "tenants/acme/contacts/c0");
  EXPECT_FALSE(contacts.contains(ContactId("c1"))) << "another tenant's";
  EXPECT_THAT(GetMany({}), IsEmpty());
}

TEST_F(ContactStoreTest, ListsByExternalId) {
  for (const char* id : {"b", "a", "ž", "B"}) ASSERT_TRUE(Put(id, "x").ok());
  const auto ids = [](const ContactPage& page) {
    std::vector<std::string> found;
    found.reserve(page.contacts.size());
    for (const v1::Contact& contact : page.contacts) found.push_back(contact.external_id());
    return found;
  };
  ContactPage page = *store_.List(scope_, "", 3);
  EXPECT_THAT(ids(page), ElementsAre("B", "a", "b"));
  EXPECT_TRUE(page.more);
  page = *store_.List(scope_, "b", 3);
  EXPECT_THAT(ids(page), ElementsAre("ž"));
  EXPECT_FALSE(page.more);
  EXPECT_THAT(store_.List(other_, "", 3)->contacts, IsEmpty());
}

TEST_F(ContactStoreTest, ReplacesManyWhole) {
  ASSERT_TRUE(store_
                  .Upsert(scope_, ContactId("old"), db_.clock().Now(),
                          [](v1::Contact& contact) {
                            contact.set_language("cs");
                            return absl::OkStatus();
                          })
                  .ok());
  const std::string etag = store_.Get(scope_, ContactId("old"))->etag();
  db_.clock().Advance(absl::Minutes(1));
  const auto stale = Replace({{"new", WithCountry("CZ")}, {"old", WithCountry("SK")}});
  ASSERT_TRUE(stale.ok()) << stale.status();
  EXPECT_THAT(*stale, IsEmpty());
  const v1::Contact old = *store_.Get(scope_, ContactId("old"));
  EXPECT_EQ(old.language(), "") << "the whole contact is replaced";
  EXPECT_EQ(CountryOf(old), "SK");
  EXPECT_NE(old.etag(), etag);
  EXPECT_EQ(FromProto(old.update_time()) - FromProto(old.create_time()), absl::Minutes(1));
  EXPECT_EQ(CountryOf(*store_.Get(scope_, ContactId("new"))), "CZ");
}

TEST_F(ContactStoreTest, LeavesOutWhatIsStale) {
  const std::string etag = Put("a", "1")->etag();
  ASSERT_TRUE(Put("b", "1").ok());
  v1::Contact current = WithCountry("2");
  current.set_etag(etag);
  v1::Contact stale = WithCountry("2");
  stale.set_etag("12345");
  const auto left_out = Replace({{"a", current}, {"b", stale}, {"never-there", stale}, {"c", WithCountry("2")}});
  ASSERT_TRUE(left_out.ok()) << left_out.status();
  EXPECT_THAT(*left_out, UnorderedElementsAre(ContactId("b"), ContactId("never-there")));
  EXPECT_EQ(CountryOf(*store_.Get(scope_, ContactId("a"))), "2");
  EXPECT_EQ(CountryOf(*store_.Get(scope_, ContactId("b"))), "1");
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contacts"), 3);
}

TEST_F(ContactStoreTest, LeavesAnUnchangedContactAlone) {
  const std::string etag = Put("a", "1")->etag();
  ASSERT_TRUE(Replace({{"a", WithCountry("1")}}).ok());
  EXPECT_EQ(store_.Get(scope_, ContactId("a"))->etag(), etag) << "an import that is run again changes nothing";
  ASSERT_TRUE(Replace({{"a", WithCountry("2")}, {"a", WithCountry("3")}}).ok());
  EXPECT_EQ(CountryOf(*store_.Get(scope_, ContactId("a"))), "3") << "the last one wins";
}

TEST_F(ContactStoreTest, KnowsWhenConsentWasGiven) {
  v1::Contact contact;
  v1::Address& address = *contact.add_addresses();
  address.set_channel(v1::Invitation::CHANNEL_EMAIL);
  address.set_value("jan@EXAMPLE.com");
  address.set_consent(v1::Address::CONSENT_GRANTED);
  ASSERT_TRUE(Replace({{"a", contact}}).ok());
  const absl::Time given = db_.clock().Now();
  db_.clock().Advance(absl::Hours(1));
  const std::string etag = store_.Get(scope_, ContactId("a"))->etag();
  ASSERT_TRUE(Replace({{"a", contact}}).ok());
  const v1::Contact again = *store_.Get(scope_, ContactId("a"));
  EXPECT_EQ(again.etag(), etag);
  EXPECT_EQ(again.addresses(0).value(), "jan@example.com");
  EXPECT_EQ(FromProto(again.addresses(0).consent_time()), given) << "said once";
  address.set_consent(v1::Address::CONSENT_DENIED);
  ASSERT_TRUE(Replace({{"a", contact}}).ok());
  EXPECT_EQ(FromProto(store_.Get(scope_, ContactId("a"))->addresses(0).consent_time()), given + absl::Hours(1));
}

TEST_F(ContactStoreTest, AppliesPartialChanges) {
  v1::Contact stored = WithCountry("CZ");
  stored.set_language("cs");
  ASSERT_TRUE(Replace({{"a", stored}}).ok());
  v1::Contact vip;
  (*vip.mutable_attributes()->mutable_fields())["vip"].set_bool_value(true);
  v1::Contact wrong;
  wrong.set_time_zone("Nowhere/Land");
  v1::Contact zone;
  zone.set_time_zone("Europe/Prague");
  AppliedChanges applied;
  const absl::Status status = db_.database().Write(scope_, [&](mysql::Transaction& tx) -> absl::Status {
    auto result = store_.ApplyChanges(tx, scope_,
                                      {{ContactId("a"), &vip},
                                       {ContactId("new"), &vip},
                                       {ContactId("bad"), &wrong},
                                       {ContactId("a"), &wrong},
                                       {ContactId("a"), &zone}},
                                      db_.clock().Now());
    if (!result.ok()) return result.status();
    applied = *std::move(result);
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_THAT(applied.statuses, SizeIs(5));
  for (const int i : {0, 1, 4}) EXPECT_TRUE(applied.statuses[i].ok()) << applied.statuses[i];
  for (const int i : {2, 3}) EXPECT_EQ(ReasonOf(applied.statuses[i]), v1::ERROR_REASON_INVALID_CONTACT);
  EXPECT_THAT(applied.contacts, SizeIs(2));
  const v1::Contact a = *store_.Get(scope_, ContactId("a"));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(a, applied.contacts.at(ContactId("a"))));
  EXPECT_EQ(CountryOf(a), "CZ");
  EXPECT_TRUE(a.attributes().fields().at("vip").bool_value());
  EXPECT_EQ(a.language(), "cs");
  EXPECT_EQ(a.time_zone(), "Europe/Prague");
  EXPECT_EQ(store_.Get(scope_, ContactId("new"))->etag(), "1");
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contacts"), 2) << "the refused one is not made";
}

TEST_F(ContactStoreTest, OverlappingBatchesDoNotStopEachOther) {
  constexpr int kContacts = 300;
  std::vector<std::thread> writers;
  writers.reserve(4);
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&, i] {
      std::mt19937 order(static_cast<unsigned>(i));
      for (int k = 0; k < 5; ++k) {
        const v1::Contact contact = WithCountry(absl::StrCat(i, ".", k));
        std::vector<ContactWrite> writes;
        writes.reserve(kContacts);
        for (int c = 0; c < kContacts; ++c) writes.push_back({ContactId(absl::StrCat("c", c)), &contact});
        std::shuffle(writes.begin(), writes.end(), order);
        const auto stale = store_.ReplaceMany(scope_, writes, mysql::testing::TestStart());
        EXPECT_TRUE(stale.ok()) << stale.status();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contacts"), kContacts);
  EXPECT_EQ(db_.Count("SELECT SUM(revision) FROM contacts"), kContacts * 20);
  EXPECT_EQ(db_.Count("SELECT COUNT(DISTINCT payload) FROM contacts"), 1) << "each batch is one transaction";
}

TEST_F(ContactStoreTest, WritesAThousandQuickly) {
  std::vector<std::pair<std::string, v1::Contact>> items;
  items.reserve(1000);
  for (int i = 0; i < 1000; ++i) items.emplace_back(absl::StrCat("customer-", i * 7919 % 100'000), WithCountry("FR"));
  for (const char* what : {"new", "known"}) {
    const absl::Time start = absl::Now();
    ASSERT_TRUE(Replace(items).ok());
    const absl::Duration taken = absl::Now() - start;
    RecordProperty(absl::StrCat(what, "_ms"), static_cast<int>(absl::ToInt64Milliseconds(taken)));
    std::cout << "1,000 " << what << " contacts: " << taken << "\n";
    EXPECT_LT(taken, absl::Seconds(5)) << "some tens of milliseconds on a quiet machine";
  }
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contacts"), 1000);
}

}  // namespace
}  // namespace canvass::contacts
