#include "server/http/intake/intake.h"

#include <httplib.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/ids.h"
#include "server/base/log.h"
#include "server/http/intake/cloud_event_route.h"
#include "server/http/intake/feedback_route.h"
#include "server/http/intake/problem.h"
#include "server/http/intake/request_body.h"
#include "server/http/intake/source_route.h"

namespace canvass::http {
namespace {

constexpr char kEvents[] = "/v1/events";
// Ids have at most 63 characters.
constexpr char kSources[] = R"(/v1/sources/([^/]{1,63})/([^/]{1,63}))";

constexpr char kSmsStatus[] = R"(/v1/sms/([^/]{1,63})/status)";
constexpr char kBounces[] = R"(/v1/mail/([^/]{1,63})/bounces)";

using Route = absl::Status (*)(const IntakeParts& parts, const httplib::Request& request, const std::string& body,
                               httplib::Response& response);

// The HTTP status where it is not that of the code.
int StatusFor(const absl::Status& status) {
  switch (ReasonOf(status)) {
    case v1::ERROR_REASON_MESSAGE_TOO_LARGE:
      return 413;
    case v1::ERROR_REASON_MALFORMED_MESSAGE:
      return absl::IsUnimplemented(status) ? 415 : 0;
    default:
      return 0;
  }
}

void Answer(const IntakeParts& parts, const absl::Status& status, httplib::Response& response) {
  std::string fault_id;
  if (IsFault(status)) {
    fault_id = Uuid::V7(parts.clock.Now(), parts.random).ToString();
    Log(LogLevel::kError, "taking in a call over HTTP failed", {{"request", fault_id}, {"error", status.ToString()}});
  }
  // What RFC 9110 asks of every 401.
  if (absl::IsUnauthenticated(status)) response.set_header("WWW-Authenticate", "Bearer");
  AnswerProblem(status, fault_id, response, StatusFor(status));
}

void Serve(const IntakeParts& parts, Route route, const httplib::Request& request, httplib::Response& response,
           const httplib::ContentReader& reader) {
  const absl::StatusOr<std::string> body = ReadBody(reader, response);
  if (!body.ok()) {
    Answer(parts, body.status(), response);
    AnswerAndClose(response);
    return;
  }
  const absl::Status status = route(parts, request, *body, response);
  if (!status.ok()) Answer(parts, status, response);
}

void RefuseMethod(const httplib::Request&, httplib::Response& response) {
  response.set_header("Allow", "POST");
  AnswerProblem(Error(absl::StatusCode::kUnimplemented, v1::ERROR_REASON_NOT_IMPLEMENTED,
                      "this address takes POST alone; read over gRPC"),
                "", response, 405);
}

}  // namespace

void AddRoutes(httplib::Server& server, const IntakeParts& parts) {
  const auto shared = std::make_shared<const IntakeParts>(parts);
  const auto post = [&](const char* path, Route route) {
    server.Post(path, [shared, route](const httplib::Request& request, httplib::Response& response,
                                      const httplib::ContentReader& reader) {
      Serve(*shared, route, request, response, reader);
    });
    server.Get(path, RefuseMethod);
  };
  post(kEvents, TakeCloudEvents);
  post(kSources, TakeWebhook);
  post(kSmsStatus, TakeSmsStatus);
  post(kBounces, TakeBounce);
}

}  // namespace canvass::http
