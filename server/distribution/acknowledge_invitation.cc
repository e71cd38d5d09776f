#include "server/distribution/acknowledge_invitation.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/invitation.h"
#include "server/distribution/stage_slot.h"
#include "server/metrics/cell_batch.h"

namespace canvass::distribution {
namespace {

constexpr absl::Duration kMaxAhead = absl::Minutes(10);

using Action = v1::AcknowledgeInvitationRequest;

// When it happened, by the request or else by the clock.
absl::StatusOr<absl::Time> CheckRequest(const v1::AcknowledgeInvitationRequest& request, absl::Time now) {
  Violations violations;
  if (request.action() != Action::ACTION_SHOWN && request.action() != Action::ACTION_DISMISSED) {
    violations.Add("action", "must be ACTION_SHOWN or ACTION_DISMISSED");
  }
  absl::Time time = now;
  if (request.has_time()) {
    if (!IsValid(request.time())) violations.Add("time", "is not a time of the years 1 to 9999");
    time = FromProto(request.time());
    if (time > now + kMaxAhead) violations.Add("time", "is more than 10 minutes in the future; check the clock");
  }
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELD));
  return time;
}

absl::Status CheckDue(const InvitationRecord& record, absl::Time now) {
  const absl::Time due = FromProto(record.invitation.schedule_time());
  if (now >= due) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_INVITATION_NOT_OPEN,
               absl::StrCat("invitation '", record.id.ToString(), "' is not due before ",
                            absl::FormatTime(absl::RFC3339_full, due, absl::UTCTimeZone())));
}

Progress Apply(v1::AcknowledgeInvitationRequest::Action action, absl::Time time, v1::Invitation& invitation) {
  return action == Action::ACTION_SHOWN ? Show(invitation, time) : Dismiss(invitation, time);
}

// Writes what has become of a locked invitation. `progress` is what the acknowledgement changed.
absl::Status WriteProgress(mysql::Transaction& tx, const TenantScope& scope, const InvitationRecord& record,
                           Progress progress, InvitationStore& invitations, DecisionStore& decisions) {
  CANVASS_RETURN_IF_ERROR(invitations.UpdateState(tx, scope, record));
  const std::optional<DecisionKey> decision = DecisionOf(record.invitation);
  if (!progress.delivered || !decision.has_value()) return absl::OkStatus();
  return decisions.MarkSent(tx, {{.tenant = scope.tenant(), .key = *decision}});
}

}  // namespace

absl::StatusOr<v1::Invitation> AcknowledgeInvitation(InvitationStore& invitations, DecisionStore& decisions,
                                                     surveys::SurveyCatalog& surveys,
                                                     metrics::DimensionCache& dimensions, const Clock& clock,
                                                     const TenantScope& scope,
                                                     const v1::AcknowledgeInvitationRequest& request) {
  const absl::Time now = clock.Now();
  CANVASS_ASSIGN_OR_RETURN(const Uuid id, ParseInvitationName(scope, "name", request.name()));
  CANVASS_ASSIGN_OR_RETURN(const absl::Time time, CheckRequest(request, now));
  CANVASS_ASSIGN_OR_RETURN(InvitationRecord record, invitations.Get(scope, id));
  CANVASS_RETURN_IF_ERROR(CheckDue(record, now));
  v1::Invitation changed = record.invitation;
  if (!Apply(request.action(), time, changed).any()) return changed;
  // Read before the transaction, which should not wait for another connection while it holds locks.
  CANVASS_ASSIGN_OR_RETURN(const std::shared_ptr<const v1::SurveyVersion> version,
                           surveys.Version(scope, record.survey, record.survey_version));

  metrics::CellBatch cells(&dimensions);
  CANVASS_RETURN_IF_ERROR(invitations.database().Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    cells = metrics::CellBatch(&dimensions);  // forgets what an earlier, undone run has put in
    CANVASS_ASSIGN_OR_RETURN(auto locked, invitations.LockMany(tx, scope, {id}));
    const auto found = locked.find(id);
    if (found == locked.end()) return InvitationNotFound(id);
    record = std::move(found->second);
    const Progress progress = Apply(request.action(), time, record.invitation);
    if (!progress.any()) return absl::OkStatus();
    CANVASS_RETURN_IF_ERROR(WriteProgress(tx, scope, record, progress, invitations, decisions));
    const absl::Time delivered = FromProto(record.invitation.deliver_time());
    for (const auto& [reached, stage] : {std::pair(progress.delivered, metrics::InvitationStage::kDelivered),
                                         std::pair(progress.dismissed, metrics::InvitationStage::kDismissed)}) {
      if (reached) cells.AddStage(scope, record.survey, version->definition(), record.invitation, stage, delivered);
    }
    return cells.Write(tx, StageSlot());
  }));
  cells.MarkCommitted();
  return std::move(record.invitation);
}

}  // namespace canvass::distribution
