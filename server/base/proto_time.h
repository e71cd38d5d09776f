// Conversions between absl's time types and protobuf's, and the database's microseconds.
#ifndef CANVASS_SERVER_BASE_PROTO_TIME_H_
#define CANVASS_SERVER_BASE_PROTO_TIME_H_

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace canvass {

// Both truncate to microseconds: what the database keeps is what a caller reads back.
google::protobuf::Timestamp ToProto(absl::Time time);
google::protobuf::Duration ToProto(absl::Duration duration);
absl::Time FromProto(const google::protobuf::Timestamp& time);
absl::Duration FromProto(const google::protobuf::Duration& duration);

// Whether a message from a caller is within what its type documents: a time of the years 1 to 9999 with 0 to
// 999,999,999 nanoseconds, a duration of at most 10,000 years whose parts have one sign.
bool IsValid(const google::protobuf::Timestamp& time);
bool IsValid(const google::protobuf::Duration& duration);

// The civil day on which `time` falls in `zone`, as days since 1970-01-01.
int64_t LocalDay(absl::Time time, const absl::TimeZone& zone);
absl::CivilDay DayFromNumber(int64_t day);
int64_t NumberFromDay(absl::CivilDay day);

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_PROTO_TIME_H_
