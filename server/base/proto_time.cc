#include "server/base/proto_time.h"

namespace canvass {

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

int64_t LocalDay(absl::Time time, const absl::TimeZone& zone) {
  return NumberFromDay(absl::ToCivilDay(time, zone));
}

absl::CivilDay DayFromNumber(int64_t day) { return absl::CivilDay(1970, 1, 1) + day; }

int64_t NumberFromDay(absl::CivilDay day) { return day - absl::CivilDay(1970, 1, 1); }

}  // namespace canvass
