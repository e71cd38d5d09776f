#include "server/contacts/suppression_store.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::contacts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

v1::Suppression Parse(const std::string& text) {
  v1::Suppression suppression;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &suppression)) << text;
  return suppression;
}

v1::Contact Person(const std::string& id, const std::string& mail = "", const std::string& telephone = "") {
  v1::Contact contact;
  contact.set_external_id(id);
  const auto add = [&](v1::Invitation::Channel channel, const std::string& value) {
    if (value.empty()) return;
    v1::Address& address = *contact.add_addresses();
    address.set_channel(channel);
    address.set_value(value);
  };
  add(v1::Invitation::CHANNEL_EMAIL, mail);
  add(v1::Invitation::CHANNEL_SMS, telephone);
  return contact;
}

class SuppressionStoreTest : public ::testing::Test {
 protected:
  v1::Suppression Add(const std::string& text) {
    const absl::StatusOr<v1::Suppression> added = store_.Add(scope_, Parse(text), db_.clock().Now());
    EXPECT_TRUE(added.ok()) << added.status();
    return added.value_or(v1::Suppression());
  }
  // The notes of what is found for each.
  std::vector<std::vector<std::string>> Find(const std::vector<v1::Contact>& contacts, const TenantScope& scope) {
    std::vector<const v1::Contact*> pointers;
    for (const v1::Contact& contact : contacts) pointers.push_back(&contact);
    std::vector<std::vector<std::string>> notes;
    const absl::Status status = db_.database().Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
      const auto found = store_.FindMany(tx, scope, pointers);
      if (!found.ok()) return found.status();
      for (const std::vector<v1::Suppression>& of_one : *found) {
        notes.emplace_back();
        for (const v1::Suppression& suppression : of_one) notes.back().push_back(suppression.note());
      }
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return notes;
  }

  mysql::testing::TestDatabase db_;
  SuppressionStore store_{db_.database()};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  TenantScope other_ = mysql::testing::MakeScope("globex");
};

TEST_F(SuppressionStoreTest, KeepsTheFirstOfAKind) {
  const v1::Suppression first = Add(R"(address: "Jan@example.com" reason: REASON_BOUNCED note: "550")");
  EXPECT_EQ(first.reason(), v1::Suppression::REASON_BOUNCED);
  EXPECT_EQ(first.address(), "Jan@example.com");
  EXPECT_EQ(first.note(), "550");
  db_.clock().Advance(absl::Hours(1));
  const v1::Suppression again = Add(R"(address: "jan@EXAMPLE.com" reason: REASON_MANUAL note: "again")");
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM suppressions"), 1);
}

TEST_F(SuppressionStoreTest, FindsByContactAndByAddress) {
  Add(R"(contact: "tenants/acme/contacts/a%2F1" reason: REASON_MANUAL note: "a")");
  Add(R"(contact: "tenants/acme/contacts/a%2F1" channel: CHANNEL_EMAIL reason: REASON_MANUAL note: "a mail")");
  Add(R"(address: "shared@example.com" reason: REASON_BOUNCED note: "shared")");
  Add(R"(address: "+420601234567" reason: REASON_UNSUBSCRIBED note: "number")");
  const std::vector<v1::Contact> people = {Person("a/1"), Person("b", "Shared@example.com", "+420601234567"),
                                           Person("c"), Person("shared@example.com"),
                                           Person("d", "shared@EXAMPLE.com")};
  const auto found = Find(people, scope_);
  ASSERT_THAT(found, SizeIs(5));
  EXPECT_THAT(found[0], ElementsAre("a", "a mail"));
  EXPECT_THAT(found[1], testing::UnorderedElementsAre("shared", "number"));
  EXPECT_THAT(found[2], IsEmpty());
  EXPECT_THAT(found[3], IsEmpty()) << "an id that looks like an address is none";
  EXPECT_THAT(found[4], ElementsAre("shared"));
  for (const auto& notes : Find(people, other_)) EXPECT_THAT(notes, IsEmpty()) << "of another tenant";
}

TEST_F(SuppressionStoreTest, FindsForManyAtOnce) {
  std::vector<v1::Contact> people;
  for (int i = 0; i < 700; ++i) people.push_back(Person(absl::StrCat("c", i), absl::StrCat("p", i, "@example.com")));
  Add(R"(address: "p3@example.com" reason: REASON_BOUNCED note: "x")");
  Add(R"(contact: "tenants/acme/contacts/c699" reason: REASON_MANUAL note: "y")");
  const auto found = Find(people, scope_);
  ASSERT_THAT(found, SizeIs(700));
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_THAT(found[i], SizeIs(i == 3 || i == 699 ? 1 : 0)) << i;
  EXPECT_THAT(Find({}, scope_), IsEmpty());
}

TEST_F(SuppressionStoreTest, DeletesOnlyWhatIsNamed) {
  const v1::Suppression mail =
      Add(R"(contact: "tenants/acme/contacts/1" channel: CHANNEL_EMAIL reason: REASON_MANUAL)");
  const v1::Suppression all = Add(R"(contact: "tenants/acme/contacts/1" reason: REASON_MANUAL note: "all")");
  EXPECT_NE(mail.name(), all.name());
  const absl::StatusOr<SuppressionKey> key = ParseSuppressionName(scope_, "name", mail.name());
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(*key, KeyOf(mail));
  EXPECT_EQ(store_.Delete(other_, *key).code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(store_.Delete(scope_, *key).ok());
  EXPECT_EQ(ReasonOf(store_.Delete(scope_, *key)), v1::ERROR_REASON_SUPPRESSION_NOT_FOUND);
  EXPECT_THAT(Find({Person("1")}, scope_), ElementsAre(ElementsAre("all")));
}

TEST_F(SuppressionStoreTest, ListsByName) {
  for (int i = 0; i < 5; ++i) {
    Add(absl::StrCat("contact: 'tenants/acme/contacts/", i, "' reason: REASON_MANUAL"));
    Add(absl::StrCat("contact: 'tenants/acme/contacts/", i, "' channel: CHANNEL_SMS reason: REASON_MANUAL"));
  }
  std::vector<std::string> names;
  std::optional<SuppressionKey> after;
  while (true) {
    const auto page = store_.List(scope_, std::nullopt, after, 3);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Suppression& suppression : *page) names.push_back(suppression.name());
    if (page->size() < 3) break;
    after = KeyOf(page->back());
  }
  EXPECT_THAT(names, SizeIs(10));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  const auto of_one = store_.List(scope_, ContactTarget(ContactId("3")), std::nullopt, 100);
  ASSERT_TRUE(of_one.ok()) << of_one.status();
  EXPECT_THAT(*of_one, SizeIs(2));
}

TEST_F(SuppressionStoreTest, KnowsNoOtherSpellingOfAName) {
  const std::string name = Add(R"(address: "jan@example.com" reason: REASON_BOUNCED)").name();
  EXPECT_TRUE(ParseSuppressionName(scope_, "name", name).ok());
  for (const std::string& wrong :
       {name + "-", name + "-fax", name + "-unspecified", name.substr(0, name.size() - 1),
        std::string("tenants/acme/suppressions/x"), "tenants/acme/suppressions/" + std::string(32, 'z')}) {
    EXPECT_EQ(ReasonOf(ParseSuppressionName(scope_, "name", wrong).status()), v1::ERROR_REASON_SUPPRESSION_NOT_FOUND)
        << wrong;
  }
}

}  // namespace
}  // namespace canvass::contacts
