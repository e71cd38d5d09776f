// The handlers of ContactService, on a real database.

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/contacts/batch_upsert_contacts.h"
#include "server/contacts/get_contact.h"
#include "server/contacts/upsert_contact.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::contacts {
namespace {

using testing::SizeIs;

v1::Contact Contact(const std::string& id, const std::string& attributes = "{}") {
  v1::Contact contact;
  contact.set_name("tenants/acme/contacts/" + id);
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(attributes, contact.mutable_attributes()).ok());
  return contact;
}

class ContactHandlersTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Contact> Upsert(const v1::Contact& contact, const std::vector<std::string>& mask = {}) {
    v1::UpsertContactRequest request;
    *request.mutable_contact() = contact;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return UpsertContact(store_, db_.clock(), scope_, request);
  }
  absl::StatusOr<v1::Contact> Get(const std::string& id) {
    v1::GetContactRequest request;
    request.set_name("tenants/acme/contacts/" + id);
    return GetContact(store_, scope_, request);
  }
  absl::StatusOr<v1::BatchUpsertContactsResponse> Batch(const std::vector<v1::Contact>& contacts) {
    v1::BatchUpsertContactsRequest request;
    request.set_parent("tenants/acme");
    for (const v1::Contact& contact : contacts) *request.add_contacts() = contact;
    return BatchUpsertContacts(store_, db_.clock(), scope_, request);
  }

  mysql::testing::TestDatabase db_;
  ContactStore store_{db_.database()};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
};

TEST_F(ContactHandlersTest, UpsertMakesAndChanges) {
  v1::Contact contact = Contact("jan%2F1", R"({"country": "CZ", "vip": true})");
  contact.set_language("cs");
  const absl::StatusOr<v1::Contact> made = Upsert(contact);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->external_id(), "jan/1");
  EXPECT_EQ(Upsert(contact)->etag(), made->etag()) << "idempotent";

  const absl::StatusOr<v1::Contact> changed = Upsert(Contact("jan%2F1", R"({"country": "SK"})"));
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->language(), "") << "without a mask everything is replaced";
  EXPECT_EQ(changed->attributes().fields().size(), 1u);
}

TEST_F(ContactHandlersTest, UpsertChangesWhatTheMaskNames) {
  v1::Contact contact = Contact("1", R"({"country": "CZ", "vip": true, "old": 1})");
  contact.set_language("cs");
  ASSERT_TRUE(Upsert(contact).ok());
  const absl::StatusOr<v1::Contact> changed =
      Upsert(Contact("1", R"({"country": "SK", "vip": false})"), {"attributes.country", "attributes.old"});
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->language(), "cs");
  EXPECT_EQ(changed->attributes().fields().at("country").string_value(), "SK");
  EXPECT_TRUE(changed->attributes().fields().at("vip").bool_value());
  EXPECT_FALSE(changed->attributes().fields().contains("old")) << "named but not given, so removed";
  // The mask serves a contact that does not exist as well.
  EXPECT_EQ(Upsert(Contact("2", R"({"country": "SK"})"), {"attributes.country"})->attributes().fields().size(), 1u);
}

TEST_F(ContactHandlersTest, UpsertRefusesBadInputAndWritesNothing) {
  EXPECT_EQ(ReasonOf(Upsert(Contact("1", R"({"e-mail": "x"})")).status()), v1::ERROR_REASON_INVALID_CONTACT);
  EXPECT_EQ(ReasonOf(Upsert(Contact("1"), {"etag"}).status()), v1::ERROR_REASON_INVALID_FIELD_MASK);
  EXPECT_EQ(ReasonOf(Upsert(Contact("1"), {"attributes.address.city"}).status()), v1::ERROR_REASON_INVALID_FIELD_MASK);
  EXPECT_EQ(ReasonOf(Upsert(Contact("%FF")).status()), v1::ERROR_REASON_INVALID_RESOURCE_NAME);
  v1::Contact with_etag = Contact("1");
  with_etag.set_etag("1");
  EXPECT_EQ(ReasonOf(Upsert(with_etag).status()), v1::ERROR_REASON_ETAG_MISMATCH);
  v1::Contact elsewhere = Contact("1");
  elsewhere.set_name("tenants/globex/contacts/1");
  EXPECT_EQ(Upsert(elsewhere).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contacts"), 0);

  with_etag = *Upsert(Contact("1"));
  with_etag.set_language("cs");
  EXPECT_TRUE(Upsert(with_etag).ok());
  EXPECT_EQ(ReasonOf(Upsert(with_etag).status()), v1::ERROR_REASON_ETAG_MISMATCH);
}

TEST_F(ContactHandlersTest, BatchStoresTheGoodAndNamesTheBad) {
  v1::Contact bad_language = Contact("3");
  bad_language.set_language("french!");
  v1::Contact elsewhere = Contact("4");
  elsewhere.set_name("tenants/globex/contacts/4");
  v1::Contact stale = Contact("5");
  stale.set_etag("77");
  const absl::StatusOr<v1::BatchUpsertContactsResponse> response =
      Batch({Contact("1"), Contact("2", R"({"a-b": 1, "c-d": 2})"), bad_language, elsewhere, stale, Contact("6")});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->stored(), 2);
  ASSERT_THAT(response->problems(), SizeIs(4));
  const auto& problems = response->problems();
  EXPECT_EQ(problems[0].index(), 1);
  EXPECT_EQ(problems[0].problem().code(), 3);
  EXPECT_EQ(problems[0].problem().reason(), v1::ERROR_REASON_INVALID_CONTACT);
  EXPECT_THAT(problems[0].problem().violations(), SizeIs(2));
  EXPECT_EQ(problems[1].index(), 2);
  EXPECT_EQ(problems[1].problem().violations(0).field(), "language");
  EXPECT_EQ(problems[2].index(), 3);
  EXPECT_EQ(problems[2].problem().code(), 5);
  EXPECT_EQ(problems[3].index(), 4);
  EXPECT_EQ(problems[3].problem().code(), 10);
  EXPECT_EQ(problems[3].problem().reason(), v1::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contacts"), 2);
}

TEST_F(ContactHandlersTest, TheLaterOfTwoItemsWins) {
  v1::Contact invalid = Contact("a", R"({"n-": 3})");
  const auto response = Batch({Contact("a", R"({"n": 1})"), Contact("a", R"({"n": 2})"), invalid});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->stored(), 2);
  EXPECT_EQ(Get("a")->attributes().fields().at("n").number_value(), 2);
  EXPECT_EQ(db_.Count("SELECT revision FROM contacts"), 1);
}

TEST_F(ContactHandlersTest, BatchHasLimits) {
  EXPECT_EQ(ReasonOf(Batch({}).status()), v1::ERROR_REASON_INVALID_FIELD);
  std::vector<v1::Contact> contacts;
  contacts.reserve(1001);
  for (int i = 0; i < 1000; ++i) contacts.push_back(Contact(absl::StrCat(i)));
  const auto response = Batch(contacts);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->stored(), 1000);
  contacts.push_back(Contact("more"));
  EXPECT_EQ(ReasonOf(Batch(contacts).status()), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_THAT(ViolationsOf(Batch(contacts).status()), SizeIs(1));
  // Nothing good in it: still an answer.
  EXPECT_EQ(Batch({Contact("%FF")})->stored(), 0);
}

TEST_F(ContactHandlersTest, GetsAndLists) {
  for (const char* id : {"a", "b%20c", "d"}) ASSERT_TRUE(Upsert(Contact(id)).ok());
  EXPECT_EQ(Get("b%20c")->external_id(), "b c");
  EXPECT_EQ(ReasonOf(Get("x").status()), v1::ERROR_REASON_CONTACT_NOT_FOUND);

  v1::ListContactsRequest request;
  request.set_parent("tenants/acme");
  request.set_page_size(2);
  absl::StatusOr<v1::ListContactsResponse> page = ListContacts(store_, scope_, request);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_THAT(page->contacts(), SizeIs(2));
  request.set_page_token(page->next_page_token());
  page = ListContacts(store_, scope_, request);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_THAT(page->contacts(), SizeIs(1));
  EXPECT_EQ(page->contacts(0).external_id(), "d");
  EXPECT_EQ(page->next_page_token(), "");
  request.set_page_token("x");
  EXPECT_EQ(ReasonOf(ListContacts(store_, scope_, request).status()), v1::ERROR_REASON_INVALID_PAGE_TOKEN);
}

TEST_F(ContactHandlersTest, APageOfLargeContactsEndsEarly) {
  std::vector<v1::Contact> contacts;
  contacts.reserve(250);
  const std::string note(15'000, 'x');
  for (int i = 0; i < 250; ++i)
    contacts.push_back(Contact(absl::StrCat(1000 + i), absl::StrCat(R"({"note": ")", note, "\"}")));
  ASSERT_EQ(Batch(contacts)->stored(), 250);
  v1::ListContactsRequest request;
  request.set_parent("tenants/acme");
  request.set_page_size(1000);
  int seen = 0;
  int pages = 0;
  do {
    const absl::StatusOr<v1::ListContactsResponse> page = ListContacts(store_, scope_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LT(page->ByteSizeLong(), std::size_t{4} << 20);
    seen += page->contacts_size();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty() && ++pages < 10);
  EXPECT_EQ(seen, 250);
  EXPECT_EQ(pages, 1);
}

TEST_F(ContactHandlersTest, KeepsAddresses) {
  v1::Contact contact = Contact("1");
  v1::Address& address = *contact.add_addresses();
  address.set_channel(v1::Invitation::CHANNEL_EMAIL);
  address.set_value("Jan@EXAMPLE.com");
  address.set_consent(v1::Address::CONSENT_GRANTED);
  const absl::StatusOr<v1::Contact> made = Upsert(contact);
  ASSERT_TRUE(made.ok()) << made.status();
  ASSERT_THAT(made->addresses(), SizeIs(1));
  EXPECT_EQ(made->addresses(0).value(), "Jan@example.com");
  EXPECT_TRUE(made->addresses(0).has_consent_time());
  db_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(Upsert(contact)->etag(), made->etag()) << "said once";
  EXPECT_THAT(Upsert(Contact("1", R"({"a": 1})"), {"attributes"})->addresses(), SizeIs(1)) << "not in the mask";
  EXPECT_THAT(Upsert(Contact("1"), {"addresses"})->addresses(), SizeIs(0));

  address.set_value("secret-name@nowhere");
  const absl::Status refused = Upsert(contact).status();
  EXPECT_EQ(ReasonOf(refused), v1::ERROR_REASON_INVALID_CONTACT);
  ASSERT_THAT(ViolationsOf(refused), SizeIs(1));
  EXPECT_EQ(ViolationsOf(refused)[0].field, "addresses[0].value");
  EXPECT_EQ(refused.ToString().find("secret-name"), std::string::npos) << "an address is a secret: " << refused;
}

TEST_F(ContactHandlersTest, BatchCanBeCheckedWithoutWriting) {
  ASSERT_TRUE(Upsert(Contact("old")).ok());
  v1::BatchUpsertContactsRequest request;
  request.set_parent("tenants/acme");
  request.set_validate_only(true);
  *request.add_contacts() = Contact("new");
  *request.add_contacts() = Contact("bad", R"({"e-mail": "x"})");
  *request.add_contacts() = Contact("old");
  request.mutable_contacts(2)->set_etag("77");
  const auto checked = BatchUpsertContacts(store_, db_.clock(), scope_, request);
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_EQ(checked->stored(), 0);
  ASSERT_THAT(checked->problems(), SizeIs(2));
  EXPECT_EQ(checked->problems(0).problem().reason(), v1::ERROR_REASON_INVALID_CONTACT);
  EXPECT_EQ(checked->problems(1).problem().reason(), v1::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM contacts"), 1);
}

}  // namespace
}  // namespace canvass::contacts
