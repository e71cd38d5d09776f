#include "tenants/keys/key_cache.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "tenants/scope_mint.h"

namespace canvass::tenants {
namespace {

std::shared_ptr<CachedKey> KeyOf(const std::string& tenant) {
  return std::make_shared<CachedKey>(KeyRecord{.scope = ScopeMint::Mint(TenantId(tenant), absl::UTCTimeZone()),
                                               .tenant_state = v1::Tenant::STATE_ACTIVE,
                                               .role = v1::ApiKey::ROLE_ADMIN,
                                               .mac = std::string(32, 'm'),
                                               .expire_time = absl::InfiniteFuture(),
                                               .revoked = false},
                                     "");
}

std::shared_ptr<CachedKey> NoKey() { return std::make_shared<CachedKey>(std::nullopt, ""); }

const absl::Time kStart = absl::FromUnixSeconds(1'750'000'000);

TEST(KeyCacheTest, ForgetsBeforeFiveSecondsArePast) {
  KeyCache cache;
  cache.Put("a", KeyOf("acme"), kStart);
  EXPECT_NE(cache.Find("a", kStart + absl::Seconds(3.9)), nullptr);
  EXPECT_EQ(cache.Find("a", kStart + absl::Seconds(4)), nullptr);
  EXPECT_EQ(cache.Find("b", kStart), nullptr);
}

TEST(KeyCacheTest, OneCallerAtATimeClaimsTheRefresh) {
  KeyCache cache;
  cache.Put("a", KeyOf("acme"), kStart);
  const auto key = cache.Find("a", kStart);
  EXPECT_TRUE(key->fresh(kStart + absl::Seconds(2.9)));
  EXPECT_FALSE(key->ClaimRefresh(kStart + absl::Seconds(2.9)));
  const absl::Time late = kStart + absl::Seconds(3);
  EXPECT_FALSE(key->fresh(late));
  EXPECT_TRUE(key->ClaimRefresh(late));
  EXPECT_FALSE(key->ClaimRefresh(late));
  EXPECT_FALSE(key->ClaimRefresh(late + absl::Milliseconds(200)));
  EXPECT_TRUE(key->ClaimRefresh(late + absl::Milliseconds(250))) << "should the first have failed";
}

TEST(KeyCacheTest, RemembersUnknownKeysForASecond) {
  KeyCache cache;
  cache.Put("a", NoKey(), kStart);
  EXPECT_NE(cache.Find("a", kStart + absl::Milliseconds(900)), nullptr);
  EXPECT_EQ(cache.Find("a", kStart + absl::Seconds(1)), nullptr);
}

TEST(KeyCacheTest, ForgetsOnRequest) {
  KeyCache cache;
  cache.Put("a", KeyOf("acme"), kStart);
  cache.Put("b", KeyOf("acme"), kStart);
  cache.Put("c", KeyOf("rival"), kStart);
  cache.Put("d", NoKey(), kStart);
  cache.Forget("a");
  EXPECT_EQ(cache.Find("a", kStart), nullptr);
  cache.ForgetTenant(TenantId("acme"));
  EXPECT_EQ(cache.Find("b", kStart), nullptr);
  EXPECT_NE(cache.Find("c", kStart), nullptr);
  EXPECT_NE(cache.Find("d", kStart), nullptr);
}

TEST(KeyCacheTest, StaysBounded) {
  KeyCache cache(KeyCache::Options{.max_entries = 100});
  for (int i = 0; i < 1000; ++i) {
    cache.Put(absl::StrCat(i), KeyOf("acme"), kStart);
    ASSERT_LE(cache.size(), 100u);
    ASSERT_NE(cache.Find(absl::StrCat(i), kStart), nullptr);
  }
  for (int i = 0; i < 100; ++i) cache.Put(absl::StrCat("late", i), KeyOf("acme"), kStart + absl::Seconds(10));
  EXPECT_NE(cache.Find("late99", kStart + absl::Seconds(10)), nullptr);
  EXPECT_EQ(cache.Find("999", kStart + absl::Seconds(10)), nullptr);
}

}  // namespace
}  // namespace canvass::tenants
