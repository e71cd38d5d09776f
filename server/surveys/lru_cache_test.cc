#include "server/surveys/lru_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace canvass::surveys {
namespace {

TEST(LruCacheTest, DropsWhatWasNotUsedForLongest) {
  LruCache<std::string, int> cache(3);
  cache.Put("a", 1, 1);
  cache.Put("b", 2, 1);
  cache.Put("c", 3, 1);
  ASSERT_NE(cache.Get("a"), nullptr);
  cache.Put("d", 4, 1);
  EXPECT_EQ(cache.Get("b"), nullptr);
  EXPECT_EQ(*cache.Get("a"), 1);
  EXPECT_EQ(*cache.Get("c"), 3);
  EXPECT_EQ(*cache.Get("d"), 4);
}

TEST(LruCacheTest, CountsWeights) {
  LruCache<std::string, int> cache(10);
  cache.Put("a", 1, 4);
  cache.Put("b", 2, 4);
  cache.Put("c", 3, 5);
  EXPECT_EQ(cache.Get("a"), nullptr);
  EXPECT_EQ(cache.size(), 2u);
  cache.Put("d", 4, 9);
  EXPECT_EQ(cache.size(), 1u);
  cache.Put("e", 5, 11);
  EXPECT_EQ(cache.Get("e"), nullptr) << "heavier than everything together may be";
  EXPECT_NE(cache.Get("d"), nullptr);
}

TEST(LruCacheTest, ReplacesAndErases) {
  LruCache<std::string, int> cache(10);
  cache.Put("a", 1, 9);
  cache.Put("a", 2, 2);
  EXPECT_EQ(*cache.Get("a"), 2);
  cache.Put("b", 3, 8);
  EXPECT_EQ(cache.size(), 2u) << "the first weight of a must be gone";
  cache.Erase("a");
  cache.Erase("missing");
  EXPECT_EQ(cache.Get("a"), nullptr);
  EXPECT_EQ(cache.size(), 1u);
}

}  // namespace
}  // namespace canvass::surveys
