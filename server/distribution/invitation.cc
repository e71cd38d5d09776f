#include "server/distribution/invitation.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::distribution {
namespace {

absl::Status NotFound(absl::string_view id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_INVITATION_NOT_FOUND,
               absl::StrCat("invitation '", id, "' does not exist; list them with ListInvitations"));
}

}  // namespace

absl::StatusOr<Uuid> ParseInvitationName(const TenantScope& scope, absl::string_view field, absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(const std::string text, ParseChild(scope, "invitations", field, name));
  absl::StatusOr<Uuid> id = Uuid::Parse(text);
  // We name invitations, so an id of another form is one that we never gave.
  if (!id.ok()) return NotFound(EncodeSegment(text));
  return id;
}

absl::Status InvitationNotFound(const Uuid& id) { return NotFound(id.ToString()); }

Progress Show(v1::Invitation& invitation, absl::Time time) {
  if (invitation.state() != v1::Invitation::STATE_SCHEDULED) return {};
  invitation.set_state(v1::Invitation::STATE_DELIVERED);
  *invitation.mutable_deliver_time() = ToProto(time);
  return {.delivered = true};
}

Progress Dismiss(v1::Invitation& invitation, absl::Time time) {
  Progress progress = Show(invitation, time);
  if (invitation.state() != v1::Invitation::STATE_DELIVERED) return progress;
  invitation.set_state(v1::Invitation::STATE_DISMISSED);
  *invitation.mutable_answer_time() = ToProto(time);
  progress.dismissed = true;
  return progress;
}

}  // namespace canvass::distribution
