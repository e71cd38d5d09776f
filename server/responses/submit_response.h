// ResponseService.SubmitResponse, the one handler that does not block: it checks what it can on the caller's thread and
// hands the response to the WriteCoalescer; the call is answered from there, after the commit. Calls that wait hold no
// thread.
//
//   ResponseIntake intake(options, database, rooms, clock, random);
//   intake.Submit(scope, std::move(request), deadline, [](absl::StatusOr<v1::SubmitResponseResponse> result) { … });
//   intake.Drain();
//
// Thread-safe. What it is made with must outlive it.
#ifndef CANVASS_SERVER_RESPONSES_SUBMIT_RESPONSE_H_
#define CANVASS_SERVER_RESPONSES_SUBMIT_RESPONSE_H_

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "canvass/v1/response_service.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/invitation_token.h"
#include "server/metrics/dimension_cache.h"
#include "server/mysql/database.h"
#include "server/responses/batch_writer.h"
#include "server/responses/response_options.h"
#include "server/responses/response_store.h"
#include "server/responses/submission.h"
#include "server/responses/submission_queue.h"
#include "server/responses/write_coalescer.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::responses {

// What the intake works with.
struct IntakeRooms {
  mysql::Database& database;
  ResponseStore& responses;
  surveys::SurveyCatalog& catalog;
  const distribution::InvitationTokens& tokens;
  distribution::InvitationStore& invitations;
  distribution::DecisionStore& decisions;
  metrics::DimensionCache& dimensions;
};

class ResponseIntake {
 public:
  // Starts the threads.
  ResponseIntake(const ResponseOptions& options, const IntakeRooms& rooms, Clock& clock, Random& random);
  // Drains.
  ~ResponseIntake();
  ResponseIntake(const ResponseIntake&) = delete;
  ResponseIntake& operator=(const ResponseIntake&) = delete;

  // Stores the response and calls `done` with the result, on another thread or before it returns. Never blocks.
  //
  // Ok: the response and the metrics it counts in are durable. Errors, each with its reason: InvalidArgument for a
  // request that breaks its rules (INVALID_RESPONSE with every violation, INVALID_FIELD, INVALID_RESOURCE_NAME,
  // INVITATION_TOKEN_INVALID); NotFound (SURVEY_NOT_FOUND, INVITATION_NOT_FOUND, RESOURCE_NOT_FOUND);
  // FailedPrecondition (SURVEY_NOT_PUBLISHED, SURVEY_CLOSED, QUOTA_FULL, INVITATION_EXPIRED, INVITATION_NOT_OPEN);
  // AlreadyExists (INVITATION_ANSWERED, REQUEST_ID_REUSED); ResourceExhausted (OVERLOADED); DeadlineExceeded;
  // Unavailable (SHUTTING_DOWN, DATABASE_UNAVAILABLE, and OUTCOME_UNKNOWN, the only one after which the response may be
  // stored).
  // `missing_hidden` says whether required hidden fields may be missing.
  void Submit(const TenantScope& scope, v1::SubmitResponseRequest request, absl::Time deadline, SubmitDone done,
              MissingFields missing_hidden = MissingFields::kRefused);

  // Finishes what was submitted, then stops the threads; what comes later is answered SHUTTING_DOWN. May be called
  // again.
  void Drain();

 private:
  // Reads the request, without its survey.
  absl::Status Prepare(v1::SubmitResponseRequest& request, Submission& submission) const;
  absl::Status ReadInvitation(const v1::SubmitResponseRequest& request, Submission& submission) const;
  // Goes on with what the survey is now and the version that is asked, null where it does not matter.
  void Continue(std::unique_ptr<Submission> submission, const surveys::SurveyStatus& status,
                std::shared_ptr<const v1::SurveyVersion> version);
  // Goes on from memory; hands the submission back if that does not suffice.
  std::unique_ptr<Submission> ContinueFromMemory(std::unique_ptr<Submission> submission);
  void ContinueFromDatabase(std::unique_ptr<Submission> submission);

  const ResponseOptions options_;
  const IntakeRooms rooms_;
  Clock& clock_;
  Random& random_;
  BatchWriter writer_;
  WriteCoalescer coalescer_;

  // What waits for its survey to be read.
  SubmissionQueue unresolved_;
  absl::Mutex mutex_;
  std::vector<std::thread> resolvers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_SUBMIT_RESPONSE_H_
