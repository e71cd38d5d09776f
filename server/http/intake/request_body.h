// The bodies of calls, read whole and bounded.
#ifndef CANVASS_SERVER_HTTP_INTAKE_REQUEST_BODY_H_
#define CANVASS_SERVER_HTTP_INTAKE_REQUEST_BODY_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace httplib {
class ContentReader;
struct Response;
}  // namespace httplib

namespace canvass::http {

inline constexpr std::size_t kMaxBodyBytes = std::size_t{1} << 20;

// Reads the body of the call that `response` will answer.
// ResourceExhausted (MESSAGE_TOO_LARGE) if the body has more than kMaxBodyBytes, packed or not; InvalidArgument
// (MALFORMED_MESSAGE) if it breaks off or cannot be unpacked. After an error: AnswerAndClose.
absl::StatusOr<std::string> ReadBody(const httplib::ContentReader& reader, const httplib::Response& response);

// Turns an answer that is complete but for the sending into the last one of its connection: behind a body that was not
// read to its end there is no telling where the next request begins.
void AnswerAndClose(httplib::Response& response);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_INTAKE_REQUEST_BODY_H_
