#include "tenants/keys/key_cache.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "tenants/scope_mint.h"

namespace canvass::tenants {
namespace {

std::shared_ptr<const CachedKey> KeyOf(const std::string& tenant) {
  auto key = std::make_shared<CachedKey>();
  key->record = KeyRecord{.scope = ScopeMint::Mint(TenantId(tenant), absl::UTCTimeZone()),
                          .tenant_state = v1::Tenant::STATE_ACTIVE,
                          .role = v1::ApiKey::ROLE_ADMIN,
                          .mac = std::string(32, 'm'),
                          .expire_time = absl::InfiniteFuture(),
                          .revoked = false};
  return key;
}

const absl::Time kStart = absl::FromUnixSeconds(1'750'000'000);

TEST(KeyCacheTest, ForgetsBeforeFiveSecondsArePast) {
  KeyCache cache;
  cache.Put("a", KeyOf("acme"), kStart);
  EXPECT_NE(cache.FindAnyway("a", kStart + absl::Seconds(3.9)), nullptr);
  EXPECT_EQ(cache.FindAnyway("a", kStart + absl::Seconds(4)), nullptr);
  EXPECT_EQ(cache.Find("a", kStart + absl::Seconds(4)), nullptr);
  EXPECT_EQ(cache.Find("b", kStart), nullptr);
}

TEST(KeyCacheTest, SendsOneCallerAtATimeToAskAgain) {
  KeyCache cache;
  cache.Put("a", KeyOf("acme"), kStart);
  EXPECT_NE(cache.Find("a", kStart + absl::Seconds(2.9)), nullptr);
  const absl::Time late = kStart + absl::Seconds(3);
  EXPECT_EQ(cache.Find("a", late), nullptr) << "the first one asks";
  EXPECT_NE(cache.Find("a", late), nullptr) << "the others go on";
  EXPECT_NE(cache.Find("a", late + absl::Milliseconds(200)), nullptr);
  EXPECT_EQ(cache.Find("a", late + absl::Milliseconds(250)), nullptr) << "should the first have failed";
}

TEST(KeyCacheTest, RemembersUnknownKeysForASecond) {
  KeyCache cache;
  cache.Put("a", std::make_shared<CachedKey>(), kStart);
  EXPECT_NE(cache.Find("a", kStart + absl::Milliseconds(900)), nullptr);
  EXPECT_EQ(cache.Find("a", kStart + absl::Seconds(1)), nullptr);
}

TEST(KeyCacheTest, ForgetsOnRequest) {
  KeyCache cache;
  cache.Put("a", KeyOf("acme"), kStart);
  cache.Put("b", KeyOf("acme"), kStart);
  cache.Put("c", KeyOf("rival"), kStart);
  cache.Put("d", std::make_shared<CachedKey>(), kStart);
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
