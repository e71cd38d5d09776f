#include "server/responses/submitting/submit_many.h"

#include <atomic>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"

namespace canvass::responses {
namespace {

// Whether it is the server that failed, not the response.
bool IsServers(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kPermissionDenied:
      return false;
    default:
      return true;
  }
}

void SetOutcome(absl::StatusOr<v1::SubmitResponseResponse> answer, v1::SubmissionOutcome& outcome) {
  if (answer.ok()) {
    outcome.mutable_result()->Swap(&*answer);
  } else {
    *outcome.mutable_problem() = ProblemOf(answer.status());
  }
}

// Waits for the answers of a batch. Each writes an outcome of its own; the last one gives all of them to the call.
class Gathering {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<v1::BatchSubmitResponsesResponse>)>;

  Gathering(int count, Done done) : missing_(count), done_(std::move(done)) {
    for (int i = 0; i < count; ++i) response_.add_outcomes();
  }

  void Take(int place, absl::StatusOr<v1::SubmitResponseResponse> answer) {
    SetOutcome(std::move(answer), *response_.mutable_outcomes(place));
    if (missing_.fetch_sub(1, std::memory_order_acq_rel) == 1) done_(std::move(response_));
  }

 private:
  v1::BatchSubmitResponsesResponse response_;
  std::atomic<int> missing_;
  Done done_;
};

}  // namespace

void BatchSubmitResponses(ResponseIntake& intake, const TenantScope& scope, v1::BatchSubmitResponsesRequest request,
                          absl::Time deadline,
                          absl::AnyInvocable<void(absl::StatusOr<v1::BatchSubmitResponsesResponse>)> done) {
  if (absl::Status parent = CheckParent(scope, request.parent()); !parent.ok()) return done(std::move(parent));
  const int count = request.requests_size();
  if (count == 0 || count > kMaxSubmissions) {
    return done(FieldError(v1::ERROR_REASON_INVALID_FIELD, "requests",
                           absl::StrCat("has ", count, " elements; it takes 1 to ", kMaxSubmissions)));
  }
  auto gathering = std::make_shared<Gathering>(count, std::move(done));
  for (int i = 0; i < count; ++i) {
    v1::SubmitResponseRequest& submission = *request.mutable_requests(i);
    if (submission.parent().empty()) submission.set_parent(request.parent());
    intake.Submit(
        scope, std::move(submission), deadline,
        [gathering, i](absl::StatusOr<v1::SubmitResponseResponse> answer) { gathering->Take(i, std::move(answer)); });
  }
}

void StreamResponse(ResponseIntake& intake, const TenantScope& scope, v1::StreamResponsesRequest request,
                    absl::Time deadline, absl::AnyInvocable<void(absl::StatusOr<v1::StreamResponsesResponse>)> done) {
  v1::SubmitResponseRequest& submission = *request.mutable_submission();
  if (submission.parent().empty()) submission.set_parent(absl::StrCat("tenants/", scope.tenant().value()));
  intake.Submit(scope, std::move(submission), deadline,
                [done = std::move(done)](absl::StatusOr<v1::SubmitResponseResponse> answer) mutable {
                  if (!answer.ok() && IsServers(answer.status())) return done(answer.status());
                  v1::StreamResponsesResponse response;
                  SetOutcome(std::move(answer), *response.mutable_outcome());
                  done(std::move(response));
                });
}

}  // namespace canvass::responses
