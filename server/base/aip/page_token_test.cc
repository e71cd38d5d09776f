#include "server/base/aip/page_token.h"

#include <gtest/gtest.h>

#include <string>

#include "server/base/error.h"

namespace canvass {
namespace {

TEST(PageTokenTest, ReturnsThePosition) {
  for (const std::string& position : {std::string(), std::string("last-id"), std::string("\0\xff bytes", 8)}) {
    const std::string token = EncodePageToken("ListSurveys", position);
    ASSERT_FALSE(token.empty());
    const absl::StatusOr<std::string> decoded = DecodePageToken("ListSurveys", token);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(*decoded, position);
  }
  EXPECT_EQ(*DecodePageToken("ListSurveys", ""), "");
}

TEST(PageTokenTest, BelongsToOneListAndFilter) {
  const std::string token = EncodePageToken("ListDecisions trigger=a", "x");
  EXPECT_TRUE(DecodePageToken("ListDecisions trigger=a", token).ok());
  EXPECT_FALSE(DecodePageToken("ListDecisions trigger=b", token).ok());
  EXPECT_FALSE(DecodePageToken("ListDecisions trigger=", EncodePageToken("ListDecisions trigger=a", "")).ok());
}

TEST(PageTokenTest, RefusesWhatItDidNotMake) {
  std::string altered = EncodePageToken("ListSurveys", "last-id");
  altered.back() = altered.back() == 'A' ? 'B' : 'A';
  const std::string whole = EncodePageToken("ListSurveys", "last-id");
  for (const std::string& token : {altered, whole.substr(0, 4), whole.substr(0, whole.size() - 4), std::string("!"),
                                   std::string("hello"), std::string(10000, 'A')}) {
    const absl::StatusOr<std::string> decoded = DecodePageToken("ListSurveys", token);
    ASSERT_FALSE(decoded.ok()) << token;
    EXPECT_EQ(ReasonOf(decoded.status()), v1::ERROR_REASON_INVALID_PAGE_TOKEN);
    EXPECT_EQ(ViolationsOf(decoded.status())[0].field, "page_token");
  }
}

TEST(PageSizeTest, HasADefaultAndAMaximum) {
  EXPECT_EQ(*PageSize(0, 100, 1000), 100);
  EXPECT_EQ(*PageSize(7, 100, 1000), 7);
  EXPECT_EQ(*PageSize(1000, 100, 1000), 1000);
  EXPECT_EQ(*PageSize(2'000'000'000, 100, 1000), 1000);
  const absl::StatusOr<int> negative = PageSize(-1, 100, 1000);
  EXPECT_EQ(ReasonOf(negative.status()), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(ViolationsOf(negative.status())[0].field, "page_size");
}

}  // namespace
}  // namespace canvass
