#include "server/base/proto_time.h"

namespace canvass {
namespace {

constexpr int64_t kFirstSecond = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253402300799;   // 9999-12-31T23:59:59Z
constexpr int64_t kMaxDurationSeconds = 315576000000;
constexpr int kMaxNanos = 999999999;

}  // namespace

google::protobuf::Timestamp ToProto(absl::Time time) {
  const absl::Duration since_epoch = absl::Floor(time - absl::UnixEpoch(), absl::Microseconds(1));
  const absl::Duration seconds = absl::Floor(since_epoch, absl::Seconds(1));
  google::protobuf::Timestamp proto;
  proto.set_seconds(absl::ToInt64Seconds(seconds));
  proto.set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(since_epoch - seconds)));
  return proto;
}

google::protobuf::Duration ToProto(absl::Duration duration) {
  const absl::Duration whole = absl::Trunc(duration, absl::Microseconds(1));
  const absl::Duration seconds = absl::Trunc(whole, absl::Seconds(1));
  google::protobuf::Duration proto;
  proto.set_seconds(absl::ToInt64Seconds(seconds));
  proto.set_nanos(static_cast<int>(absl::ToInt64Nanoseconds(whole - seconds)));
  return proto;
}

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::UnixEpoch() + absl::Seconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

absl::Duration FromProto(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

bool IsValid(const google::protobuf::Timestamp& time) {
  return time.seconds() >= kFirstSecond && time.seconds() <= kLastSecond && time.nanos() >= 0 &&
         time.nanos() <= kMaxNanos;
}

bool IsValid(const google::protobuf::Duration& duration) {
  const bool one_sign =
      duration.seconds() == 0 || duration.nanos() == 0 || (duration.seconds() < 0) == (duration.nanos() < 0);
  return one_sign && duration.seconds() >= -kMaxDurationSeconds && duration.seconds() <= kMaxDurationSeconds &&
         duration.nanos() >= -kMaxNanos && duration.nanos() <= kMaxNanos;
}

int64_t LocalDay(absl::Time time, const absl::TimeZone& zone) { return NumberFromDay(absl::ToCivilDay(time, zone)); }

absl::CivilDay DayFromNumber(int64_t day) { return absl::CivilDay(1970, 1, 1) + day; }

int64_t NumberFromDay(absl::CivilDay day) { return day - absl::CivilDay(1970, 1, 1); }

}  // namespace canvass
