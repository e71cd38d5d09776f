#include "server/base/text/language_tag.h"

#include <gtest/gtest.h>

#include <string>

namespace canvass {
namespace {

// Most of these are the examples of RFC 5646, appendix A.
TEST(LanguageTagTest, AcceptsWellFormedTags) {
  for (const char* tag : {"en",
                          "de",
                          "fr",
                          "cs",
                          "yue",
                          "zh-Hant",
                          "zh-cmn-Hans-CN",
                          "sr-Latn-RS",
                          "sl-rozaj-biske",
                          "de-CH-1901",
                          "hy-Latn-IT-arevela",
                          "es-419",
                          "pt-BR",
                          "de-CH-x-phonebk",
                          "x-whatever",
                          "qaa-Qaaa-QM-x-southern",
                          "en-US-u-islamcal",
                          "zh-CN-a-myext-x-private",
                          "en-a-myext-b-another",
                          "EN-us",
                          "sl-IT-nedis",
                          "abcde"}) {
    EXPECT_TRUE(IsLanguageTag(tag)) << tag;
  }
}

TEST(LanguageTagTest, RefusesOtherText) {
  for (const char* tag : {"",
                          "e",
                          "1",
                          "en-",
                          "-en",
                          "en--US",
                          "en_US",
                          "english please",
                          "de-419-DE",
                          "a-DE",
                          "i-klingon",
                          "x",
                          "x-",
                          "en-a",
                          "en-a-x-b",
                          "en-US-USA1x2y3z",
                          "toolonglanguage",
                          "en-u",
                          "zh-Hant-Latn",
                          "en\n",
                          "žš",
                          "e1",
                          "en-US-x"}) {
    EXPECT_FALSE(IsLanguageTag(tag)) << tag;
  }
  EXPECT_TRUE(IsLanguageTag("de-x-" + std::string("12345678-12345678-12345678-123")));
  EXPECT_FALSE(IsLanguageTag("de-x-" + std::string("12345678-12345678-12345678-1234")));
}

}  // namespace
}  // namespace canvass
