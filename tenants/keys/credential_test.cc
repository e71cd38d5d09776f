#include "tenants/keys/credential.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "server/base/random.h"

namespace canvass::tenants {
namespace {

using ::testing::MatchesRegex;

const std::string kSecret(32, 's');
const std::string kOperator = "cvo_0123456789abcdef0123456789abcdef";

class CredentialTest : public ::testing::Test {
 protected:
  SecureRandom random_;
  CredentialAuthority authority_{kSecret, kOperator};
};

TEST_F(CredentialTest, HasTheDocumentedForm) {
  const NewCredential made = authority_.Make(random_);
  EXPECT_THAT(made.text, MatchesRegex("cvk_[a-z2-7]{12}_[a-z2-7]{40}"));
  EXPECT_EQ(KeyIdOf(made.text), made.key_id);
  EXPECT_EQ(made.mac.size(), 32u);
  EXPECT_EQ(made.mac, authority_.Mac(made.text));
}

TEST_F(CredentialTest, NeverRepeats) {
  std::set<std::string> ids, texts;
  for (int i = 0; i < 1000; ++i) {
    const NewCredential made = authority_.Make(random_);
    ids.insert(made.key_id);
    texts.insert(made.text.substr(17));
  }
  EXPECT_EQ(ids.size(), 1000u);
  EXPECT_EQ(texts.size(), 1000u);
}

TEST_F(CredentialTest, UsesTheWholeAlphabet) {
  std::set<char> seen;
  for (int i = 0; i < 200; ++i) {
    for (char c : authority_.Make(random_).key_id) seen.insert(c);
  }
  EXPECT_EQ(seen.size(), 32u);
}

TEST_F(CredentialTest, KnowsItsOwnFromMadeUpOnes) {
  const std::string good = authority_.Make(random_).text;
  EXPECT_TRUE(authority_.IsGenuine(good));
  EXPECT_FALSE(CredentialAuthority(std::string(32, 't'), kOperator).IsGenuine(good));
  for (std::size_t i = 4; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(authority_.IsGenuine(bad)) << i;
  }
}

TEST_F(CredentialTest, RefusesOtherForms) {
  const std::string good = authority_.Make(random_).text;
  for (const std::string& bad :
       {std::string(), std::string("cvk_"), good.substr(1), good + "a", good.substr(0, good.size() - 1),
        absl::StrCat("cvo_", good.substr(4)), absl::StrCat(good.substr(0, 4), "ABCDEFGHIJKL", good.substr(16)),
        absl::StrCat(good.substr(0, 16), "-", good.substr(17)), std::string(57, '\0')}) {
    EXPECT_FALSE(KeyIdOf(bad).has_value()) << bad;
    EXPECT_FALSE(authority_.IsGenuine(bad)) << bad;
  }
}

TEST_F(CredentialTest, KnowsTheOperator) {
  EXPECT_TRUE(authority_.IsOperator(kOperator));
  EXPECT_FALSE(authority_.IsOperator(kOperator + "0"));
  EXPECT_FALSE(authority_.IsOperator("cvo_"));
  EXPECT_FALSE(authority_.IsOperator(authority_.Make(random_).text));
  EXPECT_FALSE(CredentialAuthority(kSecret, "").IsOperator(""));
  EXPECT_FALSE(CredentialAuthority(kSecret, "").IsOperator("cvo_"));
}

TEST(BearerCredentialTest, TakesWhatFollowsTheScheme) {
  EXPECT_EQ(BearerCredential("Bearer cvk_x"), "cvk_x");
  EXPECT_EQ(BearerCredential("bearer cvk_x"), "cvk_x");
  for (const char* bad : {"", "Bearer", "Bearer ", "Basic abc", "cvk_x", " Bearer cvk_x"}) {
    EXPECT_FALSE(BearerCredential(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace canvass::tenants
