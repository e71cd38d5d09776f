// The rules of invitations: how they are named and how they move on.
//
//   SCHEDULED ──shown──▶ DELIVERED ──answered──▶ ANSWERED
//       └──────closed───────▶┴──closed──▶ DISMISSED
//
// What was sent and comes back leaves DELIVERED again: for SCHEDULED on the next channel, or for CANCELLED.
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_INVITATION_H_
#define CANVASS_SERVER_DISTRIBUTION_INVITATION_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/invitation.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"

namespace canvass::distribution {

// The id in `tenants/{tenant}/invitations/{invitation}`. InvalidArgument (INVALID_RESOURCE_NAME) if the name is of
// another shape, NotFound if it is another tenant's or its id is none of ours.
absl::StatusOr<Uuid> ParseInvitationName(const TenantScope& scope, absl::string_view field, absl::string_view name);

// NotFound, INVITATION_NOT_FOUND.
absl::Status InvitationNotFound(const Uuid& id);

// Which stages an invitation reached by one acknowledgement.
struct Progress {
  bool delivered = false;
  bool dismissed = false;
  bool any() const { return delivered || dismissed; }
};

// Moves `invitation` on, as its channel says that it was shown at `time`. Nothing if that is known already.
Progress Show(v1::Invitation& invitation, absl::Time time);
// The same for "the customer closed it", which it must have been shown for. Nothing if it was closed or answered.
Progress Dismiss(v1::Invitation& invitation, absl::Time time);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_INVITATION_H_
