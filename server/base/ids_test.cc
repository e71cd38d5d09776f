#include "server/base/ids.h"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "absl/container/flat_hash_set.h"

namespace canvass {
namespace {

// Gives the same byte again and again.
class ConstantRandom final : public Random {
 public:
  explicit ConstantRandom(char byte) : byte_(byte) {}
  std::string Bytes(std::size_t size) override { return std::string(size, byte_); }

 private:
  char byte_;
};

absl::Time At(int64_t millis) { return absl::FromUnixMillis(millis); }

TEST(UuidTest, VersionSevenHasTheLayoutOfTheStandard) {
  ConstantRandom ones('\xff');
  // The time of the example in RFC 9562, appendix A.6.
  const Uuid id = Uuid::V7(At(0x017F22E279B0), ones);
  EXPECT_EQ(id.ToString(), "017f22e2-79b0-7fff-bfff-ffffffffffff");
  ConstantRandom zeros('\0');
  EXPECT_EQ(Uuid::V7(At(0x017F22E279B0), zeros).ToString(), "017f22e2-79b0-7000-8000-000000000000");
}

TEST(UuidTest, SortsByTime) {
  ConstantRandom ones('\xff');
  ConstantRandom zeros('\0');
  EXPECT_LT(Uuid::V7(At(1000), ones), Uuid::V7(At(1001), zeros));
  EXPECT_LT(Uuid::V7(At(1000), ones).bytes(), Uuid::V7(At(1001), zeros).bytes());
  EXPECT_LT(Uuid::V7(At(0xFF), ones).ToString(), Uuid::V7(At(0x100), zeros).ToString());
}

TEST(UuidTest, KeepsItsTimeToTheMillisecond) {
  SecureRandom random;
  const absl::Time time = absl::FromUnixMicros(1'700'000'000'123'456);
  EXPECT_EQ(Uuid::V7(time, random).time(), absl::FromUnixMillis(1'700'000'000'123));
}

TEST(UuidTest, AreDifferentWithinOneMillisecond) {
  SecureRandom random;
  absl::flat_hash_set<Uuid> seen;
  for (int i = 0; i < 10000; ++i) seen.insert(Uuid::V7(At(5), random));
  EXPECT_EQ(seen.size(), 10000u);
}

TEST(UuidTest, ParsesWhatItPrints) {
  SecureRandom random;
  for (int i = 0; i < 100; ++i) {
    const Uuid id = Uuid::V7(At(i), random);
    const absl::StatusOr<Uuid> parsed = Uuid::Parse(id.ToString());
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(*parsed, id);
    EXPECT_EQ(Uuid::FromBytes(id.bytes()), id);
  }
  const absl::StatusOr<Uuid> upper = Uuid::Parse("017F22E2-79B0-7FFF-BFFF-FFFFFFFFFFFF");
  ASSERT_TRUE(upper.ok());
  EXPECT_EQ(upper->ToString(), "017f22e2-79b0-7fff-bfff-ffffffffffff");
}

TEST(UuidTest, RefusesAnythingElse) {
  for (const char* text : {"", "017f22e2-79b0-7fff-bfff-fffffffffff", "017f22e2-79b0-7fff-bfff-ffffffffffff0",
                           "017f22e279b07fffbfffffffffffffff", "017f22e2-79b0-7fff-bfff-fffffffffffg",
                           "017f22e2_79b0-7fff-bfff-ffffffffffff", "017f22e27-9b0-7fff-bfff-ffffffffffff",
                           "{017f22e2-79b0-7fff-bfff-fffffffffff}", "------------------------------------"}) {
    EXPECT_EQ(Uuid::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(UuidTest, BytesOfAnotherLengthAreTheNilUuid) {
  EXPECT_EQ(Uuid::FromBytes("short"), Uuid());
  EXPECT_EQ(Uuid::FromBytes(std::string(17, 'x')), Uuid());
  EXPECT_EQ(Uuid().bytes(), std::string(16, '\0'));
}

TEST(StrongIdTest, ComparesAndHashesByValue) {
  EXPECT_EQ(TenantId("acme"), TenantId("acme"));
  EXPECT_NE(TenantId("acme"), TenantId("globex"));
  EXPECT_LT(TenantId("acme"), TenantId("globex"));
  EXPECT_TRUE(TenantId().empty());
  const absl::flat_hash_set<TenantId> set = {TenantId("acme"), TenantId("acme"), TenantId("globex")};
  EXPECT_EQ(set.size(), 2u);
}

TEST(StrongIdTest, OneKindDoesNotPassForAnother) {
  static_assert(!std::is_convertible_v<TenantId, SurveyId>);
  static_assert(!std::is_constructible_v<TenantId, SurveyId>);
  static_assert(!std::is_convertible_v<std::string, TenantId>);
}

}  // namespace
}  // namespace canvass
