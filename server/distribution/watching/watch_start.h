// Where a stream of changes starts, as the request for it says.
//
//   CANVASS_ASSIGN_OR_RETURN(const std::optional<ChangePosition> start,
//                            WatchStart<ChangePosition>(request, ParseResumeToken));
//
// Pure.
#ifndef CANVASS_SERVER_DISTRIBUTION_WATCHING_WATCH_START_H_
#define CANVASS_SERVER_DISTRIBUTION_WATCHING_WATCH_START_H_

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"

namespace canvass::distribution {

// The position of `request.resume_token`, the one before all of `request.start_time`, or none: from now on.
// InvalidArgument (INVALID_FIELD) at start_time, and what `parse_token` says.
template <typename Position, typename Request>
absl::StatusOr<std::optional<Position>> WatchStart(
    const Request& request, absl::FunctionRef<absl::StatusOr<Position>(const std::string& token)> parse_token) {
  if (request.has_start_time() && !request.resume_token().empty()) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "start_time", "is not for a stream that is resumed");
  }
  if (!request.resume_token().empty()) {
    CANVASS_ASSIGN_OR_RETURN(Position position, parse_token(request.resume_token()));
    return std::optional<Position>(std::move(position));
  }
  if (!request.has_start_time()) return std::nullopt;
  if (!IsValid(request.start_time())) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "start_time", "is not a time of the years 1 to 9999");
  }
  return Position{.change_time = std::max(FromProto(request.start_time()), absl::UnixEpoch())};
}

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_WATCHING_WATCH_START_H_
