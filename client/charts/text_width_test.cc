#include "client/charts/text_width.h"

#include <gtest/gtest.h>

namespace canvass::charts {
namespace {

TEST(TextWidthTest, CountsColumns) {
  EXPECT_EQ(DisplayWidth(""), 0);
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("čeština"), 7);
  EXPECT_EQ(DisplayWidth("c\xCC\x8C"), 1);  // c and a combining caron
  EXPECT_EQ(DisplayWidth("空港"), 4);
  EXPECT_EQ(DisplayWidth("👍"), 2);
  EXPECT_EQ(DisplayWidth("█├─"), 3);
}

TEST(TextWidthTest, EveryBadByteIsOneColumn) {
  EXPECT_EQ(DisplayWidth("\xFF\xFE"), 2);
  EXPECT_EQ(DisplayWidth("\xE7\xA9"), 2);          // cut short
  EXPECT_EQ(DisplayWidth("\xC0\xAF"), 2);          // overlong
  EXPECT_EQ(DisplayWidth("\xED\xA0\x80"), 3);      // a surrogate
  EXPECT_EQ(DisplayWidth("\xF4\x90\x80\x80"), 4);  // beyond Unicode
}

TEST(TextWidthTest, PrintableDisarms) {
  EXPECT_EQ(Printable("two\nlines\there"), "two lines here");
  EXPECT_EQ(Printable("\x1b[2J"), "\xEF\xBF\xBD[2J");
  EXPECT_EQ(Printable("\xC2\x9B"), "\xEF\xBF\xBD");        // the one-character form of ESC [
  EXPECT_EQ(Printable("a\xE2\x80\xAE"), "a\xEF\xBF\xBD");  // right-to-left override
  EXPECT_EQ(Printable("\xFFok"), "\xEF\xBF\xBDok");
  EXPECT_EQ(Printable("naïve 空港 👍"), "naïve 空港 👍");
}

TEST(TextWidthTest, KnowsUtf8) {
  EXPECT_TRUE(IsUtf8("naïve 空港 👍 \xEF\xBF\xBD"));
  EXPECT_FALSE(IsUtf8("caf\xE9"));
}

TEST(TextWidthTest, TruncatesByColumns) {
  EXPECT_EQ(Truncate("abcdef", 6, {}), "abcdef");
  EXPECT_EQ(Truncate("abcdef", 4, {}), "abc…");
  EXPECT_EQ(Truncate("abcdef", 4, {.unicode = false}), "abc~");
  EXPECT_EQ(Truncate("空港空港", 4, {}), "空…");
  EXPECT_EQ(Truncate("abc", 0, {}), "");
}

TEST(TextWidthTest, Pads) {
  EXPECT_EQ(PadRight("空", 4), "空  ");
  EXPECT_EQ(PadLeft("ab", 4), "  ab");
  EXPECT_EQ(PadLeft("abcde", 4), "abcde");
}

}  // namespace
}  // namespace canvass::charts
