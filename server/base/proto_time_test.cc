#include "server/base/proto_time.h"

#include <gtest/gtest.h>

#include "server/base/clock.h"

namespace canvass {
namespace {

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

TEST(ProtoTimeTest, ATimestampKeepsMicroseconds) {
  const absl::Time time = absl::FromUnixNanos(1'700'000'000'123'456'789);
  const google::protobuf::Timestamp proto = ToProto(time);
  EXPECT_EQ(proto.seconds(), 1'700'000'000);
  EXPECT_EQ(proto.nanos(), 123'456'000);
  EXPECT_EQ(FromProto(proto), absl::FromUnixMicros(1'700'000'000'123'456));
  EXPECT_EQ(ToProto(FromProto(proto)).SerializeAsString(), proto.SerializeAsString());
}

TEST(ProtoTimeTest, BeforeTheEpochNanosStayPositive) {
  const google::protobuf::Timestamp proto = ToProto(absl::FromUnixMicros(-1));
  EXPECT_EQ(proto.seconds(), -1);
  EXPECT_EQ(proto.nanos(), 999'999'000);
  EXPECT_EQ(FromProto(proto), absl::FromUnixMicros(-1));
}

TEST(ProtoTimeTest, DurationsHaveOneSign) {
  const google::protobuf::Duration proto = ToProto(absl::Milliseconds(-1500));
  EXPECT_EQ(proto.seconds(), -1);
  EXPECT_EQ(proto.nanos(), -500'000'000);
  EXPECT_EQ(FromProto(proto), absl::Milliseconds(-1500));
  EXPECT_EQ(FromProto(ToProto(absl::Hours(72) + absl::Microseconds(7))), absl::Hours(72) + absl::Microseconds(7));
  EXPECT_EQ(FromProto(ToProto(absl::ZeroDuration())), absl::ZeroDuration());
}

TEST(ProtoTimeTest, ADayStartsAtMidnightOfTheZone) {
  const absl::Time time = absl::FromCivil(absl::CivilMinute(2025, 3, 1, 23, 30), absl::UTCTimeZone());
  EXPECT_EQ(DayFromNumber(LocalDay(time, absl::UTCTimeZone())), absl::CivilDay(2025, 3, 1));
  EXPECT_EQ(DayFromNumber(LocalDay(time, Zone("Europe/Paris"))), absl::CivilDay(2025, 3, 2));
  EXPECT_EQ(DayFromNumber(LocalDay(time, Zone("America/Los_Angeles"))), absl::CivilDay(2025, 3, 1));
}

TEST(ProtoTimeTest, DaysOfTwentyThreeAndTwentyFiveHoursAreDays) {
  const absl::TimeZone paris = Zone("Europe/Paris");
  for (const absl::CivilDay day : {absl::CivilDay(2025, 3, 30), absl::CivilDay(2025, 10, 26)}) {
    const absl::Time midnight = absl::FromCivil(day, paris);
    const absl::Time next = absl::FromCivil(day + 1, paris);
    EXPECT_NE(next - midnight, absl::Hours(24));
    EXPECT_EQ(LocalDay(midnight, paris), NumberFromDay(day));
    EXPECT_EQ(LocalDay(next - absl::Microseconds(1), paris), NumberFromDay(day));
    EXPECT_EQ(LocalDay(next, paris), NumberFromDay(day) + 1);
  }
}

TEST(ProtoTimeTest, DaysAreCountedFromTheEpoch) {
  EXPECT_EQ(NumberFromDay(absl::CivilDay(1970, 1, 1)), 0);
  EXPECT_EQ(NumberFromDay(absl::CivilDay(1969, 12, 31)), -1);
  EXPECT_EQ(LocalDay(absl::FromUnixMicros(-1), absl::UTCTimeZone()), -1);
  EXPECT_EQ(DayFromNumber(20000), absl::CivilDay(2024, 10, 4));
}

TEST(ManualClockTest, StandsStillUntilItIsMoved) {
  ManualClock clock(absl::UnixEpoch());
  EXPECT_EQ(clock.Now(), absl::UnixEpoch());
  clock.Advance(absl::Seconds(5));
  clock.Sleep(absl::Seconds(1));
  EXPECT_EQ(clock.Now(), absl::UnixEpoch() + absl::Seconds(6));
}

TEST(SystemClockTest, GoesOn) {
  SystemClock clock;
  const absl::Time start = clock.Now();
  clock.Sleep(absl::Milliseconds(5));
  EXPECT_GE(clock.Now() - start, absl::Milliseconds(4));
}

}  // namespace
}  // namespace canvass
