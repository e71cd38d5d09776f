#include "server/metrics/series.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "server/metrics/testing/metric_world.h"

namespace canvass::metrics {
namespace {

std::string SeriesOfText(absl::string_view question) { return SeriesOf(testing::Parse<v1::Question>(question)); }

TEST(SeriesTest, NamesKindScaleAndDirection) {
  EXPECT_EQ(SeriesOfText("key: 'recommend' nps {}"), "recommend:nps");
  EXPECT_EQ(SeriesOfText("key: 'overall' csat {}"), "overall:csat5");
  EXPECT_EQ(SeriesOfText("key: 'overall' csat { points: 10 }"), "overall:csat10");
  EXPECT_EQ(SeriesOfText("key: 'ease' ces {}"), "ease:ces7");
  EXPECT_EQ(SeriesOfText("key: 'ease' ces { points: 5 direction: DIRECTION_EASE_IS_HIGH }"), "ease:ces5");
  EXPECT_EQ(SeriesOfText("key: 'ease' ces { points: 5 direction: DIRECTION_EFFORT_IS_HIGH }"), "ease:ces5e");
  EXPECT_EQ(SeriesOfText("key: 'reason' single_choice {}"), "reason:one");
  EXPECT_EQ(SeriesOfText("key: 'reasons' multiple_choice {}"), "reasons:many");
  EXPECT_EQ(SeriesOfText("key: 'comment' free_text {}"), "comment:text");
  EXPECT_EQ(SeriesOfText("key: 'stars' rating { points: 3 }"), "stars:rating3");
}

TEST(SeriesTest, LongestNameFitsItsColumn) {
  const std::string key(63, 'a');
  EXPECT_LE(
      SeriesOfText(absl::StrCat("key: '", key, "' ces { points: 10 direction: DIRECTION_EFFORT_IS_HIGH }")).size(),
      80u);
}

}  // namespace
}  // namespace canvass::metrics
