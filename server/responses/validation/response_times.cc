#include "server/responses/validation/response_times.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/base/proto_time.h"

namespace canvass::responses {
namespace {

// What google.protobuf.Timestamp may hold: the years 1 to 9999.
constexpr int64_t kMinTimestampSeconds = -62'135'596'800;
constexpr int64_t kMaxTimestampSeconds = 253'402'300'799;
constexpr int32_t kNanosPerSecond = 1'000'000'000;

// True if `time` is a time at all.
bool CheckTimestamp(absl::string_view field, const google::protobuf::Timestamp& time, Violations& violations) {
  if (time.seconds() >= kMinTimestampSeconds && time.seconds() <= kMaxTimestampSeconds && time.nanos() >= 0 &&
      time.nanos() < kNanosPerSecond) {
    return true;
  }
  violations.Add(field,
                 absl::StrCat(time.seconds(), " s and ", time.nanos(), " ns are not a time of the years 1 to 9999"));
  return false;
}

}  // namespace

void CheckTimes(const v1::Response& response, absl::Time now, Violations& violations) {
  absl::Time latest_start = now + kMaxClockSkew;
  if (response.has_answer_time() && CheckTimestamp("response.answer_time", response.answer_time(), violations)) {
    const absl::Time answer_time = FromProto(response.answer_time());
    if (answer_time > now + kMaxClockSkew) {
      violations.Add("response.answer_time", absl::StrCat(absl::FormatTime(answer_time, absl::UTCTimeZone()),
                                                          " is more than 10 minutes in the future"));
    }
    latest_start = std::min(latest_start, answer_time);
  }
  if (response.has_start_time() && CheckTimestamp("response.start_time", response.start_time(), violations)) {
    const absl::Time start_time = FromProto(response.start_time());
    if (start_time <= latest_start) return;
    violations.Add("response.start_time",
                   absl::StrCat(absl::FormatTime(start_time, absl::UTCTimeZone()), " is later than the answer"));
  }
}

}  // namespace canvass::responses
