#include "server/responses/submit_response.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/responses/drafts/partial_response_id.h"
#include "server/responses/response.h"
#include "server/responses/response_name.h"

namespace canvass::responses {
namespace {

// What a submission takes beside its content, roughly.
constexpr std::size_t kFixedBytes = 1024;

// Which published version is asked without an invitation or draft, 0 if there is none to ask.
int AskedVersion(const Submission& submission, const surveys::SurveyStatus& status) {
  const bool named_elsewhere = submission.invitation.has_value() || submission.draft.has_value();
  const bool asked = !named_elsewhere && status.IsOpenAt(submission.create_time);
  return asked ? status.published_version : 0;
}

// Whether the survey took answers when the call came.
absl::Status CheckState(const Submission& submission, const surveys::SurveyStatus& status) {
  if (status.IsOpenAt(submission.create_time)) return absl::OkStatus();
  const std::string& survey = submission.survey.value();
  if (status.state == v1::Survey::STATE_CLOSED || status.state == v1::Survey::STATE_ARCHIVED) {
    return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_CLOSED,
                 absl::StrCat("survey '", survey, "' is closed and takes no more answers"));
  }
  if (status.state != v1::Survey::STATE_PUBLISHED) {
    return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_NOT_PUBLISHED,
                 absl::StrCat("survey '", survey, "' has no published version yet"));
  }
  return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_CLOSED,
               absl::StrCat("survey '", survey, "' took answers until ",
                            absl::FormatTime(status.close_time, absl::UTCTimeZone()), " and takes no more"));
}

// What validate_only gets for what can be stored as far as it was checked.
v1::SubmitResponseResponse Checked(const Submission& submission) {
  v1::SubmitResponseResponse result;
  if (submission.version != nullptr) result.set_survey_version(submission.version->version());
  result.mutable_hidden_answers()->Assign(submission.hidden_answers.begin(), submission.hidden_answers.end());
  return result;
}

// Takes the caller's content: what identifies it, what is counted, and what is stored beside it.
void TakeContent(v1::SubmitResponseRequest& request, absl::Time now, Submission& submission) {
  v1::Response& content = submission.content;
  content.Swap(request.mutable_response());
  content.clear_name();
  ClearOutputFields(content);
  submission.content_digest = ContentDigest(content);
  submission.bytes = kFixedBytes + content.ByteSizeLong();
  submission.asked_version = content.survey_version();
  content.clear_survey();
  content.clear_survey_version();
  content.clear_contact();
  if (!content.has_answer_time()) *content.mutable_answer_time() = ToProto(now);
  if (submission.draft.has_value()) submission.sent = content;
}

}  // namespace

ResponseIntake::ResponseIntake(const ResponseOptions& options, const IntakeRooms& rooms, Clock& clock, Random& random)
    : options_(options),
      rooms_(rooms),
      clock_(clock),
      random_(random),
      writer_(rooms.database,
              BatchRooms{.responses = rooms.responses,
                         .invitations = rooms.invitations,
                         .decisions = rooms.decisions,
                         .catalog = rooms.catalog,
                         .dimensions = rooms.dimensions},
              clock),
      coalescer_(options, writer_),
      unresolved_({.max_queued = options.max_resolving,
                   .max_queued_bytes = options.max_queued_bytes,
                   .max_batch = 1,
                   .max_batch_bytes = options.max_batch_bytes}) {
  absl::MutexLock lock(&mutex_);
  for (int i = 0; i < options_.resolvers; ++i) {
    resolvers_.emplace_back([this] {
      unresolved_.Serve([this](SubmissionQueue::Batch batch) { ContinueFromDatabase(std::move(batch.front())); });
    });
  }
}

ResponseIntake::~ResponseIntake() { Drain(); }

void ResponseIntake::Drain() {
  unresolved_.Close();
  {
    absl::MutexLock lock(&mutex_);
    for (std::thread& resolver : resolvers_) resolver.join();
    resolvers_.clear();
  }
  // Last, since the resolvers add to it.
  coalescer_.Drain();
}

void ResponseIntake::Submit(const TenantScope& scope, v1::SubmitResponseRequest request, absl::Time deadline,
                            SubmitDone done, MissingFields missing_hidden) {
  auto submission = std::make_unique<Submission>(scope);
  submission->missing_hidden = missing_hidden;
  submission->done = std::move(done);
  submission->create_time = clock_.Now();
  submission->deadline = std::min(deadline, submission->create_time + options_.max_wait);
  if (absl::Status status = Prepare(request, *submission); !status.ok()) {
    submission->Answer(std::move(status));
    return;
  }
  submission = ContinueFromMemory(std::move(submission));
  if (submission != nullptr) unresolved_.Push(std::move(submission));
}

absl::Status ResponseIntake::Prepare(v1::SubmitResponseRequest& request, Submission& submission) const {
  CANVASS_RETURN_IF_ERROR(CheckParent(submission.scope, request.parent()));
  if (!request.has_response() && !request.complete_partial()) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "response", "is required");
  }
  CANVASS_RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  submission.id = Uuid::V7(submission.create_time, random_);
  CANVASS_ASSIGN_OR_RETURN(submission.contact, ParseContactName(submission.scope, request.response().contact()));
  if (!request.invitation_token().empty()) {
    CANVASS_RETURN_IF_ERROR(ReadInvitation(request, submission));
    submission.single_use_key = SingleUseKeyOf(*submission.invitation);
    if (request.complete_partial()) submission.draft = submission.invitation;
  } else {
    if (request.response().survey().empty()) {
      return FieldError(v1::ERROR_REASON_INVALID_FIELD, "response.survey", "is required without an invitation_token");
    }
    CANVASS_ASSIGN_OR_RETURN(std::string survey,
                             ParseChild(submission.scope, "surveys", "response.survey", request.response().survey()));
    submission.survey = SurveyId(std::move(survey));
    submission.single_use_key =
        request.request_id().empty() ? submission.id.bytes() : SingleUseKeyOf(request.request_id());
    if (request.complete_partial()) {
      if (!submission.Repeatable()) {
        return FieldError(v1::ERROR_REASON_INVALID_FIELD, "request_id",
                          "is required with complete_partial: it tells which partial response");
      }
      submission.draft = DraftOf(request.request_id());
    }
  }
  submission.validate_only = request.validate_only();
  TakeContent(request, submission.create_time, submission);
  return absl::OkStatus();
}

absl::Status ResponseIntake::ReadInvitation(const v1::SubmitResponseRequest& request, Submission& submission) const {
  CANVASS_ASSIGN_OR_RETURN(distribution::TokenClaims claims, rooms_.tokens.Verify(request.invitation_token()));
  if (claims.tenant != submission.scope.tenant()) {
    return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_INVITATION_NOT_FOUND,
                 "invitation_token: the invitation does not exist");
  }
  if (const std::string& name = request.response().survey(); !name.empty()) {
    CANVASS_ASSIGN_OR_RETURN(std::string survey, ParseChild(submission.scope, "surveys", "response.survey", name));
    if (SurveyId(std::move(survey)) != claims.survey) {
      return FieldError(v1::ERROR_REASON_INVITATION_TOKEN_INVALID, "invitation_token",
                        "is for another survey than response.survey");
    }
  }
  if (claims.expire_time <= submission.create_time) {
    submission.refusal =
        Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_INVITATION_EXPIRED,
              absl::StrCat("the invitation expired at ", absl::FormatTime(claims.expire_time, absl::UTCTimeZone())));
  }
  submission.survey = std::move(claims.survey);
  submission.invitation = std::move(claims.invitation);
  return absl::OkStatus();
}

std::unique_ptr<Submission> ResponseIntake::ContinueFromMemory(std::unique_ptr<Submission> submission) {
  const std::optional<surveys::SurveyStatus> status =
      rooms_.catalog.CachedStatus(submission->scope, submission->survey);
  if (!status.has_value()) return submission;
  std::shared_ptr<const v1::SurveyVersion> version;
  if (const int asked = AskedVersion(*submission, *status); asked != 0) {
    auto cached = rooms_.catalog.CachedVersion(submission->scope, submission->survey, asked);
    if (!cached.has_value()) return submission;
    version = *std::move(cached);
  }
  Continue(std::move(submission), *status, std::move(version));
  return nullptr;
}

void ResponseIntake::ContinueFromDatabase(std::unique_ptr<Submission> submission) {
  const absl::StatusOr<surveys::SurveyStatus> status = rooms_.catalog.Status(submission->scope, submission->survey);
  if (!status.ok()) return submission->Answer(status.status());
  std::shared_ptr<const v1::SurveyVersion> version;
  if (const int asked = AskedVersion(*submission, *status); asked != 0) {
    auto read = rooms_.catalog.Version(submission->scope, submission->survey, asked);
    if (!read.ok()) return submission->Answer(read.status());
    version = *std::move(read);
  }
  Continue(std::move(submission), *status, std::move(version));
}

void ResponseIntake::Continue(std::unique_ptr<Submission> submission, const surveys::SurveyStatus& status,
                              std::shared_ptr<const v1::SurveyVersion> version) {
  // The survey can have changed since the first call of a repeated one, which must hear of the first result all the
  // same: what may have been right then is refused only once it is known not to be stored.
  if (submission->refusal.ok()) submission->refusal = CheckState(*submission, status);
  submission->max_responses = status.max_responses;
  bool definite = status.state == v1::Survey::STATE_DRAFT;
  if (version != nullptr) {
    const int asked = submission->asked_version;
    Violations violations;
    if (asked != 0 && asked != version->version()) {
      violations.Add("response.survey_version",
                     absl::StrCat(asked, " is not the published version, ", version->version(),
                                  "; earlier versions are answered through their invitations"));
    }
    const ResponseContext context = {.now = clock_.Now(), .missing_hidden = submission->missing_hidden};
    Outcome outcome = Validate(version->definition(), context, submission->content, violations);
    submission->refusal = violations.ToStatus(v1::ERROR_REASON_INVALID_RESPONSE);
    if (violations.empty()) submission->Accept(std::move(outcome));
    definite = asked == version->version() || version->version() == 1;
    if (submission->content.channel() == v1::Invitation::CHANNEL_UNSPECIFIED) {
      submission->content.set_channel(v1::Invitation::CHANNEL_LINK);
    }
    submission->version = std::move(version);
  }
  if (submission->validate_only && submission->refusal.ok()) return submission->Answer(Checked(*submission));
  if (!submission->refusal.ok() && (definite || submission->validate_only || !submission->Repeatable())) {
    absl::Status refusal = std::move(submission->refusal);
    submission->Answer(std::move(refusal));
    return;
  }
  coalescer_.Add(std::move(submission));
}

}  // namespace canvass::responses
