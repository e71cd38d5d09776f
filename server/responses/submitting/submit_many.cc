#include "server/responses/submitting/submit_many.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
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

// Waits for the answers of several submissions. Each writes an outcome of its own; the last one gives all of them to
// the call.
template <typename Response>
class Gathering {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<Response>)>;

  Gathering(int count, Done done) : missing_(count), done_(std::move(done)) {
    for (int i = 0; i < count; ++i) response_.add_outcomes();
  }

  void Take(int place, absl::StatusOr<v1::SubmitResponseResponse> answer) {
    SetOutcome(std::move(answer), *response_.mutable_outcomes(place));
    Leave();
  }

  // The server cannot go on: this is the answer to all of them.
  void Fail(absl::Status status) {
    {
      absl::MutexLock lock(&mutex_);
      failure_.Update(std::move(status));
    }
    Leave();
  }

 private:
  void Leave() {
    if (missing_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    absl::MutexLock lock(&mutex_);
    if (failure_.ok()) {
      done_(std::move(response_));
    } else {
      done_(failure_);
    }
  }

  Response response_;
  std::atomic<int> missing_;
  absl::Mutex mutex_;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  Done done_;
};

absl::Status CheckCount(absl::string_view field, int count, int most) {
  if (count >= 1 && count <= most) return absl::OkStatus();
  return FieldError(v1::ERROR_REASON_INVALID_FIELD, field,
                    absl::StrCat("has ", count, " elements; it takes 1 to ", most));
}

}  // namespace

void BatchSubmitResponses(ResponseIntake& intake, const TenantScope& scope, v1::BatchSubmitResponsesRequest request,
                          absl::Time deadline,
                          absl::AnyInvocable<void(absl::StatusOr<v1::BatchSubmitResponsesResponse>)> done) {
  if (absl::Status parent = CheckParent(scope, request.parent()); !parent.ok()) return done(std::move(parent));
  const int count = request.requests_size();
  if (absl::Status status = CheckCount("requests", count, kMaxSubmissions); !status.ok()) {
    return done(std::move(status));
  }
  auto gathering = std::make_shared<Gathering<v1::BatchSubmitResponsesResponse>>(count, std::move(done));
  for (int i = 0; i < count; ++i) {
    v1::SubmitResponseRequest& submission = *request.mutable_requests(i);
    if (submission.parent().empty()) submission.set_parent(request.parent());
    intake.Submit(
        scope, std::move(submission), deadline,
        [gathering, i](absl::StatusOr<v1::SubmitResponseResponse> answer) { gathering->Take(i, std::move(answer)); });
  }
}

void StreamResponses(ResponseIntake& intake, const TenantScope& scope, v1::StreamResponsesRequest request,
                     absl::Time deadline, absl::AnyInvocable<void(absl::StatusOr<v1::StreamResponsesResponse>)> done) {
  const int count = request.submissions_size();
  if (absl::Status status = CheckCount("submissions", count, kMaxStreamed); !status.ok()) {
    return done(std::move(status));
  }
  const std::string parent = ResourceName(scope.tenant());
  auto gathering = std::make_shared<Gathering<v1::StreamResponsesResponse>>(count, std::move(done));
  for (int i = 0; i < count; ++i) {
    v1::SubmitResponseRequest& submission = *request.mutable_submissions(i);
    if (submission.parent().empty()) submission.set_parent(parent);
    intake.Submit(scope, std::move(submission), deadline,
                  [gathering, i](absl::StatusOr<v1::SubmitResponseResponse> answer) {
                    if (!answer.ok() && IsServers(answer.status())) return gathering->Fail(answer.status());
                    gathering->Take(i, std::move(answer));
                  });
  }
}

}  // namespace canvass::responses
