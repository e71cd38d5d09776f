// The start_time and end_time of a request, each of which may be absent.
//
//   CANVASS_ASSIGN_OR_RETURN(const TimeRange range, ReadTimeRange(request));
//
// Pure.
#ifndef CANVASS_SERVER_BASE_AIP_TIME_RANGE_H_
#define CANVASS_SERVER_BASE_AIP_TIME_RANGE_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"

namespace canvass {

// At or after `start` and before `end`.
struct TimeRange {
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();
};

// Adds a violation for each of the two that is there and is no time.
template <typename Request>
void CheckTimeRange(const Request& request, Violations& violations) {
  constexpr absl::string_view kNoTime = "is not a time of the years 1 to 9999";
  if (request.has_start_time() && !IsValid(request.start_time())) violations.Add("start_time", kNoTime);
  if (request.has_end_time() && !IsValid(request.end_time())) violations.Add("end_time", kNoTime);
}

// What the two say; what is absent sets no limit. InvalidArgument (INVALID_FIELD).
template <typename Request>
absl::StatusOr<TimeRange> ReadTimeRange(const Request& request) {
  Violations violations;
  CheckTimeRange(request, violations);
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELD));
  TimeRange range;
  if (request.has_start_time()) range.start = FromProto(request.start_time());
  if (request.has_end_time()) range.end = FromProto(request.end_time());
  return range;
}

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_AIP_TIME_RANGE_H_
