// The rules of a response's times. Pure; thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_VALIDATION_RESPONSE_TIMES_H_
#define CANVASS_SERVER_RESPONSES_VALIDATION_RESPONSE_TIMES_H_

#include "absl/time/time.h"
#include "canvass/v1/response.pb.h"
#include "server/base/error.h"

namespace canvass::responses {

// How far behind the server's clock a respondent's device may be ahead of it.
inline constexpr absl::Duration kMaxClockSkew = absl::Minutes(10);

// Adds a violation for a start or answer time that is no time of the years 1 to 9999, for an answer that comes from
// further in the future than clocks differ, and for a start behind the answer.
void CheckTimes(const v1::Response& response, absl::Time now, Violations& violations);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_VALIDATION_RESPONSE_TIMES_H_
