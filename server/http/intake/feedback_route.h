// POST /v1/sms/{tenant}/status and POST /v1/mail/{tenant}/bounces: what became of messages.
//
// Whoever reports can do nothing about a report that we cannot use, and would only send it again. So a genuine one is
// answered 2xx: 200 `{"outcome": "NOTED"}` or `"KNOWN"`, 202 `{"outcome": "IGNORED", "detail": …}` if nothing changed.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_HTTP_INTAKE_FEEDBACK_ROUTE_H_
#define CANVASS_SERVER_HTTP_INTAKE_FEEDBACK_ROUTE_H_

#include <string>

#include "absl/status/status.h"
#include "server/http/intake/intake.h"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace canvass::http {

// A form that the tenant's provider of text messages signed for the address that PageUrls::SmsStatus wrote.
// NotFound (RESOURCE_NOT_FOUND) if there is no such tenant or it sends no text messages; Unauthenticated
// (CREDENTIAL_MISSING, CREDENTIAL_INVALID); else as DeliveryFeedback::Take.
absl::Status TakeSmsStatus(const IntakeParts& parts, const httplib::Request& request, const std::string& body,
                           httplib::Response& response);

// A mail as it came, message/rfc822. Errors as IntakeParts::authorize; NotFound (RESOURCE_NOT_FOUND) if the key is
// another tenant's; else as DeliveryFeedback::Take.
absl::Status TakeBounce(const IntakeParts& parts, const httplib::Request& request, const std::string& body,
                        httplib::Response& response);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_INTAKE_FEEDBACK_ROUTE_H_
