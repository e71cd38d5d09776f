#include "server/surveys/definition/option_value.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace canvass::surveys {
namespace {

// These values are in databases: they may never change.
TEST(OptionValueTest, IsTheSameForever) {
  EXPECT_EQ(OptionValue("price"), 596'854'734);
  EXPECT_EQ(OptionValue("speed"), 44'124'106);
  EXPECT_EQ(OptionValue("a"), 694'300'864);
}

TEST(OptionValueTest, IsNeverOneOfTheOtherValues) {
  for (int i = 0; i < 10'000; ++i) EXPECT_GE(OptionValue(absl::StrCat("option_", i)), 0);
}

}  // namespace
}  // namespace canvass::surveys
