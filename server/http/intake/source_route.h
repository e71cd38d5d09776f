// POST /v1/sources/{tenant}/{source}: calls of other systems' webhooks.
//
// Such systems send again what is not answered by 2xx, some give up for good after a while. So a genuine call is
// answered 2xx whatever it says: 200 if one of its events is stored, else 202 with the reasons. What sending again, or
// setting up anew, could mend is an error. Thread-safe; blocks.
#ifndef CANVASS_SERVER_HTTP_INTAKE_SOURCE_ROUTE_H_
#define CANVASS_SERVER_HTTP_INTAKE_SOURCE_ROUTE_H_

#include <string>

#include "absl/status/status.h"
#include "server/http/intake/intake.h"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace canvass::http {

// `request` matched a path of two parts: tenant and source.
// NotFound (EVENT_SOURCE_NOT_FOUND), whichever of them does not exist; Unauthenticated as events::VerifySignature;
// FailedPrecondition (TENANT_SUSPENDED); InvalidArgument (MALFORMED_MESSAGE); else as events::PublishEvents.
absl::Status TakeWebhook(const IntakeParts& parts, const httplib::Request& request, const std::string& body,
                         httplib::Response& response);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_INTAKE_SOURCE_ROUTE_H_
