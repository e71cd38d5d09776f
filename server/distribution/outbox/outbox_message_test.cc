#include "server/distribution/outbox/outbox_message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/distribution/outbox/lanes.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::distribution {
namespace {

// The same bytes again and again.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(char byte) : byte_(byte) {}
  std::string Bytes(std::size_t size) override { return std::string(size, byte_); }

 private:
  const char byte_;
};

TEST(NextRetryTest, GrowsFromSecondsToHoursAndEnds) {
  FixedRandom most('\xff');
  const absl::Duration expected[] = {absl::Seconds(5), absl::Minutes(1), absl::Minutes(12), absl::Minutes(144),
                                     absl::Hours(6)};
  for (int attempts = 1; attempts < kMaxAttempts; ++attempts) {
    const std::optional<absl::Duration> delay = NextRetry(attempts, absl::ZeroDuration(), most);
    ASSERT_TRUE(delay.has_value()) << attempts;
    const absl::Duration mean = expected[std::min(attempts, 5) - 1];
    EXPECT_LE(*delay, 2 * mean) << attempts;
    EXPECT_GT(*delay, 1.99 * mean) << attempts;
  }
  EXPECT_FALSE(NextRetry(kMaxAttempts, absl::ZeroDuration(), most).has_value());
}

TEST(NextRetryTest, SpreadsFully) {
  FixedRandom none('\0');
  EXPECT_EQ(NextRetry(9, absl::ZeroDuration(), none), absl::ZeroDuration());
  mysql::testing::SeededRandom random;
  absl::Duration sum;
  for (int i = 0; i < 1000; ++i) sum += *NextRetry(1, absl::ZeroDuration(), random);
  EXPECT_NEAR(absl::ToDoubleSeconds(sum / 1000), 5, 0.5);
}

TEST(NextRetryTest, WaitsAsLongAsItIsAskedTo) {
  FixedRandom none('\0');
  EXPECT_EQ(NextRetry(1, absl::Minutes(3), none), absl::Minutes(3));
  EXPECT_EQ(NextRetry(1, absl::Hours(1000), none), kMaxRetryDelay);
}

TEST(NextRetryTest, OutlastsAWeekend) {
  mysql::testing::SeededRandom random;
  absl::Duration sum;
  for (int run = 0; run < 200; ++run) {
    for (int i = 1; i < kMaxAttempts; ++i) sum += *NextRetry(i, absl::ZeroDuration(), random);
  }
  EXPECT_NEAR(absl::ToDoubleHours(sum / 200), 63, 6);
}

TEST(AddAttemptTest, KeepsTheLastTen) {
  v1::OutboxMessage message;
  for (int i = 1; i <= 12; ++i) {
    v1::DeliveryAttempt attempt;
    attempt.set_code(i);
    AddAttempt(attempt, message);
  }
  EXPECT_EQ(message.attempt_count(), 12);
  ASSERT_EQ(message.attempts_size(), 10);
  EXPECT_EQ(message.attempts(0).code(), 3);
  EXPECT_EQ(message.attempts(9).code(), 12);
}

class LanesTest : public ::testing::Test {
 protected:
  static Lane LaneTo(const std::string& destination, const std::string& tenant = "acme") {
    return {.channel = v1::Invitation::CHANNEL_WEBHOOK, .tenant = TenantId(tenant), .destination = destination};
  }
  void Enter(const Lane& lane, int times) {
    for (int i = 0; i < times; ++i) lanes_.Enter(lane);
  }
  void Fail(const Lane& lane) {
    lanes_.Enter(lane);
    lanes_.Leave(lane, Lanes::Reply::kNone, now_);
  }

  absl::Time now_ = mysql::testing::TestStart();
  Lanes lanes_{{},
               {.in_all = 10, .per_tenant = 6, .per_destination = 4},
               {.in_all = 10, .per_tenant = 10, .per_destination = 10}};
};

TEST_F(LanesTest, BoundsDestinationTenantAndChannel) {
  EXPECT_EQ(lanes_.Free(LaneTo("a"), now_), 4);
  Enter(LaneTo("a"), 4);
  EXPECT_EQ(lanes_.Free(LaneTo("a"), now_), 0);
  EXPECT_EQ(lanes_.Free(LaneTo("a", "other"), now_), 0) << "a destination is one, whoever calls it";
  EXPECT_EQ(lanes_.Free(LaneTo("b"), now_), 2);
  EXPECT_EQ(lanes_.Free(LaneTo("b", "other"), now_), 4);
  Enter(LaneTo("b", "other"), 4);
  EXPECT_EQ(lanes_.Free(LaneTo("c", "third"), now_), 2);
  Lane sms = LaneTo("a");
  sms.channel = v1::Invitation::CHANNEL_SMS;
  EXPECT_EQ(lanes_.Free(sms, now_), 10) << "channels do not share";
  lanes_.Leave(LaneTo("a"), Lanes::Reply::kSome, now_);
  EXPECT_EQ(lanes_.Free(LaneTo("a"), now_), 1);
}

TEST_F(LanesTest, LetsSilentDestinationsRest) {
  for (int i = 0; i < Lanes::kMaxSilence; ++i) {
    EXPECT_GT(lanes_.Free(LaneTo("a"), now_), 0);
    Fail(LaneTo("a"));
  }
  EXPECT_EQ(lanes_.Free(LaneTo("a"), now_), 0);
  EXPECT_EQ(lanes_.Free(LaneTo("b"), now_), 4);
  now_ += absl::Seconds(5);
  EXPECT_EQ(lanes_.Free(LaneTo("a"), now_), 1) << "one tries";
  Fail(LaneTo("a"));
  now_ += absl::Seconds(9);
  EXPECT_EQ(lanes_.Free(LaneTo("a"), now_), 0);
  for (int i = 0; i < 20; ++i) {
    now_ += Lanes::kMaxRest;
    EXPECT_EQ(lanes_.Free(LaneTo("a"), now_), 1);
    Fail(LaneTo("a"));
  }
  now_ += Lanes::kMaxRest;
  lanes_.Enter(LaneTo("a"));
  lanes_.Leave(LaneTo("a"), Lanes::Reply::kSome, now_);
  EXPECT_EQ(lanes_.Free(LaneTo("a"), now_), 4);
}

}  // namespace
}  // namespace canvass::distribution
