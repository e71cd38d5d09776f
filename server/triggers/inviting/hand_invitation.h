// The rules of invitations that somebody makes by hand, without event and trigger.
//
//   CANVASS_ASSIGN_OR_RETURN(const HandInvitation wanted, ReadHandInvitation(scope, request));
//   CANVASS_ASSIGN_OR_RETURN(const HandTimes times, ReadTimes(wanted.content, now));
//   const ActiveTrigger stand_in = StandIn(wanted.survey);
//   … PlanAsking and HoldToLimits with stand_in …
//   if (!verdict.Asks()) return RefusalOf(verdict);
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_TRIGGERS_INVITING_HAND_INVITATION_H_
#define CANVASS_SERVER_TRIGGERS_INVITING_HAND_INVITATION_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/invitation.pb.h"
#include "canvass/v1/invitation_service.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/triggers/rules/asking.h"
#include "server/triggers/rules/screen.h"
#include "server/triggers/trigger_catalog.h"

namespace canvass::triggers {

// What a caller wants.
struct HandInvitation {
  SurveyId survey;
  ContactId contact;
  // What the caller decides alone, names in full and the channel filled in; output fields are left out.
  v1::Invitation content;
  bool ignores_frequency_caps = false;
  // Of the request_id, if there is one.
  std::optional<Uuid> request_key;
  // Of all of the above but the key.
  Uuid content_digest;
};

// When it is due, and until when it can be answered, if the caller says so.
struct HandTimes {
  absl::Time due;
  std::optional<absl::Time> expire;
};

// Reads what holds at any time. InvalidArgument (INVALID_INVITATION) with every violation; (INVALID_RESOURCE_NAME) or
// NotFound for the names of parent, survey and contact. Whether these exist is not checked.
absl::StatusOr<HandInvitation> ReadHandInvitation(const TenantScope& scope, const v1::CreateInvitationRequest& request);

// Reads the times of `content`. InvalidArgument (INVALID_INVITATION) if they are not within their limits at `now`.
absl::StatusOr<HandTimes> ReadTimes(const v1::Invitation& content, absl::Time now);

// FailedPrecondition (SURVEY_NOT_PUBLISHED, SURVEY_CLOSED) unless `survey` takes answers at `due`.
absl::Status CheckTakesAnswers(const SurveyId& id, const AskedSurvey& survey, absl::Time due);

// What stands for the trigger of an invitation that none made: it asks everybody, always, and has no limits of its own.
ActiveTrigger StandIn(const SurveyId& survey);

// Why a customer cannot be asked, as a status: FailedPrecondition with the reason for `refusal`.
absl::Status RefusalOf(const Verdict& refusal);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_INVITING_HAND_INVITATION_H_
