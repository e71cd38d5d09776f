#include "server/responses/drafts/save_partial_response.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/ids.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/responses/drafts/partial_response_id.h"
#include "server/responses/response.h"
#include "server/responses/response_name.h"

namespace canvass::responses {
namespace {

using v1::Questionnaire;

// As long as the visit of a survey link.
constexpr absl::Duration kKeep = absl::Hours(30 * 24);
constexpr int kMaxCleared = 200;

// Which draft is meant.
struct DraftKey {
  Uuid draft;
  // What its response is stored under once.
  std::string single_use_key;
  // What the invitation's token says; absent without one.
  std::optional<distribution::TokenClaims> invitation = std::nullopt;
};

absl::StatusOr<DraftKey> KeyOf(const PartialRooms& rooms, const TenantScope& scope, const std::string& token,
                               const std::string& request_id) {
  if (token.empty()) {
    CANVASS_RETURN_IF_ERROR(CheckRequestId(request_id));
    if (request_id.empty()) {
      return FieldError(v1::ERROR_REASON_INVALID_FIELD, "request_id", "is required without an invitation_token");
    }
    return DraftKey{.draft = DraftOf(request_id), .single_use_key = SingleUseKeyOf(request_id)};
  }
  CANVASS_ASSIGN_OR_RETURN(distribution::TokenClaims claims, rooms.tokens.Verify(token));
  if (claims.tenant != scope.tenant()) {
    return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_INVITATION_NOT_FOUND,
                 "invitation_token: the invitation does not exist");
  }
  DraftKey key{.draft = claims.invitation, .single_use_key = SingleUseKeyOf(claims.invitation)};
  key.invitation = std::move(claims);
  return key;
}

absl::Status AlreadyStored(const DraftKey& key) {
  if (key.invitation.has_value()) {
    return Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_INVITATION_ANSWERED,
                 "the invitation was answered; there is nothing more to save");
  }
  return Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_REQUEST_ID_REUSED,
               "the response of this request_id is stored; there is nothing more to save");
}

absl::Status CheckAvailable(Questionnaire::Availability availability, const DraftKey& key) {
  switch (availability) {
    case Questionnaire::AVAILABILITY_CLOSED:
      return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_CLOSED,
                   "the survey is closed and takes no more answers");
    case Questionnaire::AVAILABILITY_EXPIRED:
      return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_INVITATION_EXPIRED,
                   "the invitation has expired");
    case Questionnaire::AVAILABILITY_NOT_OPEN:
      return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_INVITATION_NOT_OPEN,
                   "the invitation was dismissed, or is not due yet");
    case Questionnaire::AVAILABILITY_ANSWERED:
      return AlreadyStored(key);
    default:
      return absl::OkStatus();
  }
}

// tenants/acme/surveys/nps, of which tenants/acme/surveys/nps/versions/3 is a version.
std::string SurveyOf(const v1::SurveyVersion& version) {
  const absl::string_view name = version.name();
  return std::string(name.substr(0, name.rfind("/versions/")));
}

// Which version the saved answers are to: that of the invitation, else the one that was saved for first.
absl::StatusOr<v1::QuestionnaireContext> ContextOf(const TenantScope& scope, const DraftKey& key,
                                                   const v1::SavePartialResponseRequest& request,
                                                   const v1::Response& saved) {
  v1::QuestionnaireContext context;
  const std::string& survey = request.response().survey();
  std::string survey_id;
  if (!survey.empty()) {
    CANVASS_ASSIGN_OR_RETURN(survey_id, ParseChild(scope, "surveys", "response.survey", survey));
  }
  if (key.invitation.has_value()) {
    if (!survey.empty() && survey_id != key.invitation->survey.value()) {
      return FieldError(v1::ERROR_REASON_INVITATION_TOKEN_INVALID, "invitation_token",
                        "is for another survey than response.survey");
    }
    context.set_invitation_token(request.invitation_token());
  } else if (saved.survey_version() != 0) {
    if (!survey.empty() && survey_id != LastSegment(saved.survey())) {
      return FieldError(v1::ERROR_REASON_INVALID_FIELD, "response.survey",
                        absl::StrCat("is another one than before under this request_id, ", saved.survey()));
    }
    context.set_survey_version(absl::StrCat(saved.survey(), "/versions/", saved.survey_version()));
  } else if (!survey.empty()) {
    context.set_survey(survey);
  } else {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "response.survey", "is required without an invitation_token");
  }
  return context;
}

absl::Status CheckSave(const Respondent& respondent, absl::Time now, const v1::SavePartialResponseRequest& request) {
  const v1::SurveyVersion& version = *respondent.survey->version;
  const v1::SurveyDefinition& definition = version.definition();
  Violations violations;
  if (const int asked = request.response().survey_version(); asked != 0 && asked != version.version()) {
    violations.Add("response.survey_version",
                   absl::StrCat(asked, " is not the version that is answered, ", version.version()));
  }
  const ResponseContext context = {
      .now = now,
      .invitation_facts = respondent.invitation == nullptr ? nullptr : &respondent.invitation->invitation.facts(),
      .missing_hidden = MissingFields::kAllowed};
  CheckPart(definition, context, request.response(), violations);
  if (request.revision() < 0) {
    violations.Add("revision", absl::StrCat(request.revision(), " is not 0 or more"));
  }
  if (request.cleared_questions_size() > kMaxCleared) {
    violations.Add("cleared_questions", absl::StrCat("has ", request.cleared_questions_size(),
                                                     " items, of which it may have ", kMaxCleared));
  }
  for (int i = 0; i < request.cleared_questions_size() && i < kMaxCleared; ++i) {
    CheckQuestionKey(definition, request.cleared_questions(i), absl::StrCat("cleared_questions[", i, "]"), violations);
  }
  return violations.ToStatus(v1::ERROR_REASON_INVALID_RESPONSE);
}

// Whether the response of a draft that was just begun is stored already. Who completes one deletes the draft under the
// same lock, so a save that comes behind finds none and begins another, which is taken back here.
absl::StatusOr<bool> IsStored(const PartialRooms& rooms, const TenantScope& scope, const DraftKey& key) {
  bool is_stored = false;
  CANVASS_RETURN_IF_ERROR(rooms.responses.database().Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const auto stored, rooms.responses.FindByKeys(tx, scope, {key.single_use_key}));
    is_stored = !stored.empty();
    return is_stored ? DraftStore::DeleteMany(tx, scope, {key.draft}) : absl::OkStatus();
  }));
  return is_stored;
}

v1::PartialResponse Shown(Draft draft) {
  v1::PartialResponse shown;
  shown.mutable_response()->Swap(&draft.content);
  shown.set_revision(draft.revision);
  *shown.mutable_update_time() = ToProto(draft.update_time);
  *shown.mutable_expire_time() = ToProto(draft.expire_time);
  shown.mutable_answer_revisions()->insert(draft.answer_revisions.begin(), draft.answer_revisions.end());
  return shown;
}

}  // namespace

absl::StatusOr<v1::PartialResponse> SavePartialResponse(const PartialRooms& rooms, const TenantScope& scope,
                                                        v1::SavePartialResponseRequest request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const DraftKey key, KeyOf(rooms, scope, request.invitation_token(), request.request_id()));
  CANVASS_RETURN_IF_ERROR(ParseContactName(scope, request.response().contact()).status());
  ClearOutputFields(*request.mutable_response());
  // A draft with an answer time is a response that was handed in.
  request.mutable_response()->clear_answer_time();
  const absl::Time now = rooms.clock.Now();
  CANVASS_ASSIGN_OR_RETURN(const Draft before, rooms.drafts.Get(scope, key.draft, now));
  CANVASS_ASSIGN_OR_RETURN(const v1::QuestionnaireContext context, ContextOf(scope, key, request, before.content));
  CANVASS_ASSIGN_OR_RETURN(const Respondent respondent, rooms.respondents.Resolve(scope, context));
  CANVASS_RETURN_IF_ERROR(CheckAvailable(respondent.availability, key));
  const v1::SurveyVersion& version = *respondent.survey->version;
  CANVASS_RETURN_IF_ERROR(CheckSave(respondent, now, request));
  const absl::Time keep_until = key.invitation.has_value() ? key.invitation->expire_time : now + kKeep;
  bool is_new = false;
  CANVASS_ASSIGN_OR_RETURN(Draft draft, rooms.drafts.Change(scope, key.draft, now, keep_until, [&](Draft& changed) {
    is_new = !changed.IsSaved();
    AddSave(request, changed);
    changed.content.set_survey(SurveyOf(version));
    changed.content.set_survey_version(version.version());
  }));
  bool is_stored = draft.content.has_answer_time();
  if (!is_stored && is_new) {
    CANVASS_ASSIGN_OR_RETURN(is_stored, IsStored(rooms, scope, key));
  }
  if (is_stored) return AlreadyStored(key);
  return Shown(std::move(draft));
}

absl::StatusOr<v1::PartialResponse> GetPartialResponse(const PartialRooms& rooms, const TenantScope& scope,
                                                       const v1::GetPartialResponseRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const DraftKey key, KeyOf(rooms, scope, request.invitation_token(), request.request_id()));
  CANVASS_ASSIGN_OR_RETURN(Draft draft, rooms.drafts.Get(scope, key.draft, rooms.clock.Now()));
  if (!draft.IsSaved() || draft.content.has_answer_time()) {
    return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_PARTIAL_RESPONSE_NOT_FOUND,
                 "nothing is saved of this response, or it was completed");
  }
  return Shown(std::move(draft));
}

}  // namespace canvass::responses
