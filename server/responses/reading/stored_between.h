// The start_time and end_time of a request for stored responses.
#ifndef CANVASS_SERVER_RESPONSES_READING_STORED_BETWEEN_H_
#define CANVASS_SERVER_RESPONSES_READING_STORED_BETWEEN_H_

#include "absl/status/statusor.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/responses/response_store.h"

namespace canvass::responses {

// The range that `request` says. InvalidArgument (INVALID_FIELD).
template <typename Request>
absl::StatusOr<ResponseRange> StoredBetween(const Request& request) {
  ResponseRange range;
  Violations violations;
  if (request.has_start_time()) {
    if (!IsValid(request.start_time())) violations.Add("start_time", "is not a time of the years 1 to 9999");
    range.start = FromProto(request.start_time());
  }
  if (request.has_end_time()) {
    if (!IsValid(request.end_time())) violations.Add("end_time", "is not a time of the years 1 to 9999");
    range.end = FromProto(request.end_time());
  }
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELD));
  return range;
}

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_READING_STORED_BETWEEN_H_
