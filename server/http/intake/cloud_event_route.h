// POST /v1/events: CloudEvents in structured, batch and binary mode.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_HTTP_INTAKE_CLOUD_EVENT_ROUTE_H_
#define CANVASS_SERVER_HTTP_INTAKE_CLOUD_EVENT_ROUTE_H_

#include <string>

#include "absl/status/status.h"
#include "server/http/intake/intake.h"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace canvass::http {

// Answers 200 with the results. A single event that is refused is an error of the call; in a batch it is a result.
// Errors as events::PublishEvents; InvalidArgument (MALFORMED_MESSAGE, INVALID_EVENT); Unimplemented
// (MALFORMED_MESSAGE) for a media type that is not taken.
absl::Status TakeCloudEvents(const IntakeParts& parts, const httplib::Request& request, const std::string& body,
                             httplib::Response& response);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_INTAKE_CLOUD_EVENT_ROUTE_H_
