#include "server/base/text/characters.h"

#include <gtest/gtest.h>

#include <string>

namespace canvass {
namespace {

TEST(CharactersTest, CountsCodePoints) {
  EXPECT_EQ(CharacterCount(""), 0u);
  EXPECT_EQ(CharacterCount("abc"), 3u);
  EXPECT_EQ(CharacterCount("žluť😀"), 5u);
}

TEST(CharactersTest, ShortensBetweenCharacters) {
  EXPECT_EQ(Shorten("abc", 3), "abc");
  EXPECT_EQ(Shorten("abc", 2), "ab");
  EXPECT_EQ(Shorten("až", 2), "a");
  EXPECT_EQ(Shorten("😀", 3), "");
  EXPECT_EQ(Shorten("abc", 0), "");
  EXPECT_EQ(Shorten("\x80\x80\x80", 2), "");
}

TEST(CharactersTest, KnowsUtf8) {
  for (const char* good : {"", "a", "ž", "€", "😀", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF", "\xEF\xBF\xBD"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  EXPECT_TRUE(IsUtf8(absl::string_view("\0", 1)));
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC5", "\xC5x", "\xE0\x9F\xBF", "\xE2\x82", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xFE"}) {
    EXPECT_FALSE(IsUtf8(bad));
  }
}

TEST(CharactersTest, FindsControlCharacters) {
  for (const char* with : {"\n", "a\tb", "\x1f", "\x7f", "\xC2\x80", "a\xC2\x9F"})
    EXPECT_TRUE(HasControlCharacter(with));
  EXPECT_TRUE(HasControlCharacter(absl::string_view("\0", 1)));
  for (const char* without : {"", " ", "abc~", "\xC2\xA0", "ž", "\xC3\x80"}) EXPECT_FALSE(HasControlCharacter(without));
}

TEST(CharactersTest, ChecksLengthInCharacters) {
  Violations violations;
  CheckDisplayName("display_name", std::string(200, 'x'), violations);
  CheckLength("title", "žžž", 3, violations);
  EXPECT_TRUE(violations.empty());
  CheckDisplayName("display_name", std::string(201, 'x'), violations);
  CheckLength("title", "žžž", 2, violations);
  ASSERT_EQ(violations.list().size(), 2u);
  EXPECT_EQ(violations.list()[0].field, "display_name");
  EXPECT_EQ(violations.list()[1].description, "has 3 characters; at most 2 are allowed");
}

}  // namespace
}  // namespace canvass
