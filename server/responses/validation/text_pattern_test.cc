#include "server/responses/validation/text_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"

namespace canvass::responses {
namespace {

using Pattern = v1::TextQuestion;

struct Case {
  Pattern::Pattern pattern;
  std::string text;
  bool matches;
};

void PrintTo(const Case& c, std::ostream* out) { *out << Pattern::Pattern_Name(c.pattern) << " '" << c.text << "'"; }

class TextPatternTest : public ::testing::TestWithParam<Case> {};

TEST_P(TextPatternTest, Judges) { EXPECT_EQ(MatchesPattern(GetParam().pattern, GetParam().text), GetParam().matches); }

INSTANTIATE_TEST_SUITE_P(
    Emails, TextPatternTest,
    ::testing::Values(
        Case{Pattern::PATTERN_EMAIL, "name@example.com", true},
        Case{Pattern::PATTERN_EMAIL, "first.last+tag@mail.example.co.uk", true},
        Case{Pattern::PATTERN_EMAIL, "o'hara_1@x-y.io", true}, Case{Pattern::PATTERN_EMAIL, "žofie@příklad.cz", true},
        Case{Pattern::PATTERN_EMAIL, absl::StrCat(std::string(64, 'a'), "@example.com"), true},
        Case{Pattern::PATTERN_EMAIL, absl::StrCat(std::string(65, 'a'), "@example.com"), false},
        Case{Pattern::PATTERN_EMAIL, "", false}, Case{Pattern::PATTERN_EMAIL, "@", false},
        Case{Pattern::PATTERN_EMAIL, "name", false}, Case{Pattern::PATTERN_EMAIL, "name@example", false},
        Case{Pattern::PATTERN_EMAIL, "@example.com", false}, Case{Pattern::PATTERN_EMAIL, "a@b@example.com", false},
        Case{Pattern::PATTERN_EMAIL, "name@.com", false}, Case{Pattern::PATTERN_EMAIL, "name@example.", false},
        Case{Pattern::PATTERN_EMAIL, "name@example..com", false},
        Case{Pattern::PATTERN_EMAIL, "my name@example.com", false},
        Case{Pattern::PATTERN_EMAIL, "name@exam ple.com", false},
        Case{Pattern::PATTERN_EMAIL, "name@example.com\n", false},
        Case{Pattern::PATTERN_EMAIL, "<name@example.com>", false}));

INSTANTIATE_TEST_SUITE_P(
    Phones, TextPatternTest,
    ::testing::Values(
        Case{Pattern::PATTERN_PHONE, "1234567", true}, Case{Pattern::PATTERN_PHONE, "123456", false},
        Case{Pattern::PATTERN_PHONE, "123456789012345", true}, Case{Pattern::PATTERN_PHONE, "1234567890123456", false},
        Case{Pattern::PATTERN_PHONE, "+420 776 123 456", true},
        Case{Pattern::PATTERN_PHONE, "+49 (0) 30/901-820", true}, Case{Pattern::PATTERN_PHONE, "(030) 901.820", true},
        Case{Pattern::PATTERN_PHONE, "(+48) 22 123 45 67", true}, Case{Pattern::PATTERN_PHONE, "++420776123456", false},
        Case{Pattern::PATTERN_PHONE, "420+776123456", false}, Case{Pattern::PATTERN_PHONE, "call 776123456", false},
        Case{Pattern::PATTERN_PHONE, "776123456 ext 3", false}, Case{Pattern::PATTERN_PHONE, "٧٧٦١٢٣٤٥٦", false},
        Case{Pattern::PATTERN_PHONE, "", false}));

INSTANTIATE_TEST_SUITE_P(
    Urls, TextPatternTest,
    ::testing::Values(
        Case{Pattern::PATTERN_URL, "https://example.com", true}, Case{Pattern::PATTERN_URL, "HTTP://example.com", true},
        Case{Pattern::PATTERN_URL, "http://localhost:8080/a?b=c#d", true},
        Case{Pattern::PATTERN_URL, "https://ada:pw@example.com/", true},
        Case{Pattern::PATTERN_URL, "https://[2001:db8::1]:443/", true},
        Case{Pattern::PATTERN_URL, "https://příklad.cz/č", true}, Case{Pattern::PATTERN_URL, "https://", false},
        Case{Pattern::PATTERN_URL, "https:///path", false}, Case{Pattern::PATTERN_URL, "https://?q", false},
        Case{Pattern::PATTERN_URL, "https://ada@/", false}, Case{Pattern::PATTERN_URL, "https://:80/", false},
        Case{Pattern::PATTERN_URL, "https://example.com:/", false},
        Case{Pattern::PATTERN_URL, "https://example.com:8o/", false}, Case{Pattern::PATTERN_URL, "https://[]/", false},
        Case{Pattern::PATTERN_URL, "https://[::1", false}, Case{Pattern::PATTERN_URL, "https://[::1]x", false},
        Case{Pattern::PATTERN_URL, "example.com", false}, Case{Pattern::PATTERN_URL, "ftp://example.com", false},
        Case{Pattern::PATTERN_URL, "javascript:alert(1)", false},
        Case{Pattern::PATTERN_URL, "https://exam ple.com", false}, Case{Pattern::PATTERN_URL, "", false}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, TextPatternTest,
    ::testing::Values(Case{Pattern::PATTERN_NUMBER, "0", true}, Case{Pattern::PATTERN_NUMBER, "007", true},
                      Case{Pattern::PATTERN_NUMBER, "3.5", true}, Case{Pattern::PATTERN_NUMBER, "3,50", true},
                      Case{Pattern::PATTERN_NUMBER, "-12", true}, Case{Pattern::PATTERN_NUMBER, "+1.5", true},
                      Case{Pattern::PATTERN_NUMBER, "1,234.5", false}, Case{Pattern::PATTERN_NUMBER, "5.", false},
                      Case{Pattern::PATTERN_NUMBER, ".5", false}, Case{Pattern::PATTERN_NUMBER, "-+5", false},
                      Case{Pattern::PATTERN_NUMBER, "-", false}, Case{Pattern::PATTERN_NUMBER, "1e5", false},
                      Case{Pattern::PATTERN_NUMBER, "0x10", false}, Case{Pattern::PATTERN_NUMBER, " 5", false},
                      Case{Pattern::PATTERN_NUMBER, "five", false}, Case{Pattern::PATTERN_NUMBER, "", false}));

TEST(PatternTest, AnythingFitsNoPattern) {
  EXPECT_TRUE(MatchesPattern(Pattern::PATTERN_UNSPECIFIED, "\n anything"));
  EXPECT_TRUE(MatchesPattern(static_cast<Pattern::Pattern>(99), "anything"));
  EXPECT_EQ(DescribePattern(Pattern::PATTERN_UNSPECIFIED), "");
}

}  // namespace
}  // namespace canvass::responses
