#include "tenants/keys/api_key.h"

#include <gtest/gtest.h>

#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "tenants/scope_mint.h"

namespace canvass::tenants {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

v1::ApiKey GoodKey() {
  v1::ApiKey key;
  key.set_display_name("intake");
  key.set_role(v1::ApiKey::ROLE_INGEST);
  return key;
}

TEST(ValidateNewKeyTest, TakesGoodKeys) {
  v1::ApiKey key = GoodKey();
  EXPECT_TRUE(ValidateNewKey(key, kNow).ok());
  *key.mutable_expire_time() = ToProto(kNow + absl::Seconds(1));
  EXPECT_TRUE(ValidateNewKey(key, kNow).ok());
  key.set_display_name("");
  EXPECT_TRUE(ValidateNewKey(key, kNow).ok());
}

TEST(ValidateNewKeyTest, TellsEverythingAtOnce) {
  v1::ApiKey key;
  key.set_display_name(std::string(201, 'x'));
  *key.mutable_expire_time() = ToProto(kNow);
  const absl::Status status = ValidateNewKey(key, kNow);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_FIELD);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.push_back(violation.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"api_key.display_name", "api_key.role", "api_key.expire_time"}));
}

TEST(ValidateNewKeyTest, RefusesRolesAndTimesThatAreNone) {
  v1::ApiKey key = GoodKey();
  key.set_role(static_cast<v1::ApiKey::Role>(5));
  EXPECT_FALSE(ValidateNewKey(key, kNow).ok());
  key = GoodKey();
  key.mutable_expire_time()->set_seconds(253402300800);  // the year 10000
  EXPECT_FALSE(ValidateNewKey(key, kNow).ok());
  *key.mutable_expire_time() = ToProto(kNow + absl::Hours(1));
  key.mutable_expire_time()->set_nanos(-1);
  EXPECT_FALSE(ValidateNewKey(key, kNow).ok());
}

TEST(RotationOverlapTest, DefaultsAndLimits) {
  v1::RotateApiKeyRequest request;
  EXPECT_EQ(*RotationOverlap(request), absl::Hours(24));
  *request.mutable_overlap() = ToProto(absl::ZeroDuration());
  EXPECT_EQ(*RotationOverlap(request), absl::ZeroDuration());
  *request.mutable_overlap() = ToProto(absl::Hours(720));
  EXPECT_EQ(*RotationOverlap(request), absl::Hours(720));
  *request.mutable_overlap() = ToProto(absl::Hours(720) + absl::Seconds(1));
  EXPECT_EQ(ReasonOf(RotationOverlap(request).status()), v1::ERROR_REASON_INVALID_FIELD);
  *request.mutable_overlap() = ToProto(absl::Seconds(-1));
  EXPECT_EQ(ReasonOf(RotationOverlap(request).status()), v1::ERROR_REASON_INVALID_FIELD);
}

TEST(RotateKeyTest, LetsTheOldKeyExpireAndMakesOneOfTheSameRole) {
  v1::ApiKey old_key = GoodKey();
  *old_key.mutable_create_time() = ToProto(kNow - absl::Hours(100));
  const absl::StatusOr<v1::ApiKey> new_key = RotateKey(old_key, absl::Hours(2), kNow);
  ASSERT_TRUE(new_key.ok()) << new_key.status();
  EXPECT_EQ(new_key->role(), v1::ApiKey::ROLE_INGEST);
  EXPECT_EQ(new_key->display_name(), "intake");
  EXPECT_FALSE(new_key->has_expire_time());
  EXPECT_EQ(FromProto(old_key.expire_time()), kNow + absl::Hours(2));
}

TEST(RotateKeyTest, GivesTheNewKeyAsLongALife) {
  v1::ApiKey old_key = GoodKey();
  *old_key.mutable_create_time() = ToProto(kNow - absl::Hours(100));
  *old_key.mutable_expire_time() = ToProto(kNow + absl::Hours(1));
  const absl::StatusOr<v1::ApiKey> new_key = RotateKey(old_key, absl::Hours(24), kNow);
  ASSERT_TRUE(new_key.ok()) << new_key.status();
  EXPECT_EQ(FromProto(new_key->expire_time()), kNow + absl::Hours(101));
  EXPECT_EQ(FromProto(old_key.expire_time()), kNow + absl::Hours(1)) << "an overlap does not lengthen a life";
}

TEST(RotateKeyTest, RefusesDeadKeys) {
  v1::ApiKey revoked = GoodKey();
  *revoked.mutable_revoke_time() = ToProto(kNow - absl::Hours(1));
  EXPECT_EQ(ReasonOf(RotateKey(revoked, absl::Hours(1), kNow).status()), v1::ERROR_REASON_INVALID_FIELD);
  v1::ApiKey expired = GoodKey();
  *expired.mutable_expire_time() = ToProto(kNow);
  EXPECT_EQ(ReasonOf(RotateKey(expired, absl::Hours(1), kNow).status()), v1::ERROR_REASON_INVALID_FIELD);
}

}  // namespace
}  // namespace canvass::tenants
