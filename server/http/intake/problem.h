// Errors as problem details (RFC 9457): `type`, `title`, `status`, `detail`, the stable `reason` of errors.proto and
// every field violation. The HTTP status is that of google.rpc.Code. Pure. Thread-safe.
#ifndef CANVASS_SERVER_HTTP_INTAKE_PROBLEM_H_
#define CANVASS_SERVER_HTTP_INTAKE_PROBLEM_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "absl/status/status.h"
#include "canvass/v1/errors.pb.h"

namespace httplib {
struct Response;
}

namespace canvass::http {

// 400 for INVALID_ARGUMENT and so on.
int HttpStatus(absl::StatusCode code);

// A refused item in the terms of a refused call, and the other way round.
v1::Problem ToProblem(const absl::Status& status);

// What a caller reads. `http_status` 0 takes that of the problem's code.
nlohmann::ordered_json ProblemJson(const v1::Problem& problem, int http_status = 0);

// True if `status` is a fault of the server, of which a caller reads nothing but `fault_id`.
bool IsFault(const absl::Status& status);

// Answers with `status`, an error, as application/problem+json; with Retry-After where trying again makes sense.
void AnswerProblem(const absl::Status& status, const std::string& fault_id, httplib::Response& response,
                   int http_status = 0);

// JSON text of anything, also of strings that are not UTF-8.
std::string Dump(const nlohmann::ordered_json& json);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_INTAKE_PROBLEM_H_
