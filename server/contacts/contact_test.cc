#include "server/contacts/contact.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/base/error.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::contacts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

v1::Contact Attributes(const std::string& json) {
  v1::Contact contact;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, contact.mutable_attributes()).ok()) << json;
  return contact;
}

std::vector<FieldViolation> Check(const v1::Contact& contact) {
  const absl::Status status = ValidateContact(contact);
  if (!status.ok()) {
    EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_CONTACT);
  }
  return ViolationsOf(status);
}

auto Violation(const std::string& field, const std::string& description) {
  return testing::AllOf(testing::Field(&FieldViolation::field, field),
                        testing::Field(&FieldViolation::description, HasSubstr(description)));
}

TEST(ValidateContactTest, AcceptsWhatIsKnownOfPeople) {
  EXPECT_THAT(Check(v1::Contact()), IsEmpty());
  v1::Contact contact =
      Attributes(R"({"country": "FR", "age": 41.5, "vip": true, "a": {"b": {"c": {"d": 1}}}, "tags": ["x", null]})");
  contact.set_language("pt-BR");
  contact.set_time_zone("America/Argentina/Buenos_Aires");
  EXPECT_THAT(Check(contact), IsEmpty());
}

TEST(ValidateContactTest, ReportsEveryFaultAtOnce) {
  v1::Contact contact = Attributes(R"({"e-mail": "x", "a": {"b": {"c": {"d": {}}}}})");
  contact.set_language("french!");
  contact.set_time_zone("Mars/Olympus");
  EXPECT_THAT(Check(contact), UnorderedElementsAre(Violation("attributes.e-mail", "is not a key"),
                                                   Violation("attributes.a.b.c.d", "more than 4 deep"),
                                                   Violation("language", "'french!' is not a BCP 47"),
                                                   Violation("time_zone", "'Mars/Olympus' is not an IANA time zone")));
}

TEST(ValidateContactTest, LimitsAttributesTo16KiB) {
  v1::Contact contact;
  (*contact.mutable_attributes()->mutable_fields())["a"].set_string_value(std::string(16 * 1024 - 20, 'x'));
  EXPECT_THAT(Check(contact), IsEmpty());
  (*contact.mutable_attributes()->mutable_fields())["b"].set_string_value(std::string(20, 'x'));
  EXPECT_THAT(Check(contact), ElementsAre(Violation("attributes", "at most 16384")));
}

TEST(ValidateContactTest, KnowsTimeZonesByName) {
  v1::Contact contact;
  for (const char* zone : {"UTC", "Europe/Prague", "Etc/GMT+5", "GMT", "EST5EDT"}) {
    contact.set_time_zone(zone);
    EXPECT_THAT(Check(contact), IsEmpty()) << zone;
  }
  // Names are paths to the zone database, so some would lead elsewhere.
  for (const char* zone :
       {"Europe", "europe/prague", "/etc/passwd", "../../etc/passwd", "Europe/../Europe/Prague", "right/UTC",
        "posix/UTC", "localtime", "Europe/Prague ", "UTC+2", "Europe//Prague/", "tzdata.zi", "\n"}) {
    contact.set_time_zone(zone);
    EXPECT_THAT(Check(contact), ElementsAre(Violation("time_zone", "is not an IANA time zone"))) << zone;
  }
  contact.set_time_zone(std::string(100'000, 'A'));
  ASSERT_THAT(Check(contact), ElementsAre(Violation("time_zone", "AAA'")));
  EXPECT_LT(Check(contact)[0].description.size(), 200u);
}

TEST(ContactNameTest, EncodesAnyExternalId) {
  const TenantScope scope = mysql::testing::MakeScope("acme");
  for (const std::string& id : {std::string("42"), std::string("jan@example.com"), std::string("a/b c%"),
                                std::string("žluťoučký"), std::string(" "), std::string(128, 'x')}) {
    const std::string name = ContactName(scope, ContactId(id));
    const absl::StatusOr<ContactId> parsed = ParseContactName(scope, "name", name);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->value(), id);
  }
  EXPECT_EQ(ContactName(scope, ContactId("a/b")), "tenants/acme/contacts/a%2Fb");
}

TEST(ContactNameTest, RefusesWhatIsNoExternalId) {
  const TenantScope scope = mysql::testing::MakeScope("acme");
  for (const std::string& id : {std::string(129, 'x'), std::string("%FF"), std::string("a%0Ab"), std::string("%00"),
                                std::string(), std::string("%zz"), std::string("a/b")}) {
    const absl::StatusOr<ContactId> parsed = ParseContactName(scope, "contact.name", "tenants/acme/contacts/" + id);
    EXPECT_EQ(ReasonOf(parsed.status()), v1::ERROR_REASON_INVALID_RESOURCE_NAME) << id;
    EXPECT_EQ(ViolationsOf(parsed.status())[0].field, "contact.name");
  }
  EXPECT_EQ(ParseContactName(scope, "name", "tenants/globex/contacts/1").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace canvass::contacts
