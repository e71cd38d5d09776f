// ResponseService.BatchSubmitResponses and StreamResponses: many responses in one call, each stored or refused by
// itself. They go the way of SubmitResponse, so those of one call share transactions with each other and with
// everybody's.
//
// Thread-safe. Never block; `done` is called once, on any thread, then or later.
#ifndef CANVASS_SERVER_RESPONSES_SUBMITTING_SUBMIT_MANY_H_
#define CANVASS_SERVER_RESPONSES_SUBMITTING_SUBMIT_MANY_H_

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/response_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/responses/submit_response.h"

namespace canvass::responses {

inline constexpr int kMaxSubmissions = 1000;
// In one message of a stream.
inline constexpr int kMaxStreamed = 100;

// Gives one outcome per request. InvalidArgument (INVALID_FIELD) if there are none or more than kMaxSubmissions;
// NotFound for another tenant's `parent`. `intake` outlives what was given to it.
void BatchSubmitResponses(ResponseIntake& intake, const TenantScope& scope, v1::BatchSubmitResponsesRequest request,
                          absl::Time deadline,
                          absl::AnyInvocable<void(absl::StatusOr<v1::BatchSubmitResponsesResponse>)> done);

// One message of a stream. What is wrong with a response is its outcome; that the server cannot go on, or does not know
// whether one is stored, is an error, with which the stream ends.
void StreamResponses(ResponseIntake& intake, const TenantScope& scope, v1::StreamResponsesRequest request,
                     absl::Time deadline, absl::AnyInvocable<void(absl::StatusOr<v1::StreamResponsesResponse>)> done);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_SUBMITTING_SUBMIT_MANY_H_
