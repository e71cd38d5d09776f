#include "server/contacts/merging/merge_content.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>

namespace canvass::contacts {
namespace {

v1::Contact Parse(const std::string& text) {
  v1::Contact contact;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &contact)) << text;
  return contact;
}

struct Case {
  std::string what;
  std::string from;
  std::string to;
  std::string result;
};

void Check(const std::vector<Case>& cases, void (*merge)(const v1::Contact&, v1::Contact&)) {
  for (const Case& c : cases) {
    v1::Contact merged = Parse(c.to);
    merge(Parse(c.from), merged);
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(merged, Parse(c.result)))
        << c.what << ": " << merged.DebugString();
  }
}

std::string Mail(const std::string& value, const std::string& rest = "") {
  return "addresses { channel: CHANNEL_EMAIL value: '" + value + "' " + rest + " }";
}
const std::string kGranted = "consent: CONSENT_GRANTED consent_time { seconds: 5 }";
const std::string kDenied = "consent: CONSENT_DENIED consent_time { seconds: 7 }";

TEST(ApplyChangeTest, ChangesWhatIsGiven) {
  Check({{"nothing", "", "language: 'cs' time_zone: 'Europe/Prague'", "language: 'cs' time_zone: 'Europe/Prague'"},
         {"language", "language: 'en'", "language: 'cs' time_zone: 'UTC'", "language: 'en' time_zone: 'UTC'"},
         {"one attribute", "attributes { fields { key: 'a' value { number_value: 2 } } }",
          "attributes { fields { key: 'a' value { number_value: 1 } } fields { key: 'b' value { number_value: 1 } } }",
          "attributes { fields { key: 'a' value { number_value: 2 } } fields { key: 'b' value { number_value: 1 } } }"},
         {"a new address", Mail("a@x.com"), "", Mail("a@x.com")},
         {"another channel's stays", "addresses { channel: CHANNEL_SMS value: '+420601234567' }", Mail("a@x.com"),
          Mail("a@x.com") + "addresses { channel: CHANNEL_SMS value: '+420601234567' }"},
         {"the same channel's goes", Mail("b@x.com", kGranted), Mail("a@x.com"), Mail("b@x.com", kGranted)}},
        &ApplyChange);
}

TEST(TakeOverTest, GivesWhatIsMissing) {
  Check({{"all", "language: 'cs' " + Mail("a@x.com", kGranted), "", "language: 'cs' " + Mail("a@x.com", kGranted)},
         {"nothing that is there", "language: 'cs' time_zone: 'UTC' " + Mail("a@x.com", kGranted),
          "language: 'en'" + Mail("b@x.com"), "language: 'en' time_zone: 'UTC'" + Mail("b@x.com")},
         {"what was said last", Mail("a@x.com", kDenied), Mail("a@x.com", kGranted), Mail("a@x.com", kDenied)},
         {"not what was said before", Mail("a@x.com", kGranted), Mail("a@x.com", kDenied), Mail("a@x.com", kDenied)},
         {"rather than nothing", Mail("a@x.com", kGranted), Mail("a@x.com"), Mail("a@x.com", kGranted)}},
        &TakeOver);
}

}  // namespace
}  // namespace canvass::contacts
