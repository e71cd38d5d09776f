// InvitationService.ListPendingInvitations: what is due for one customer in the app, with tokens.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_DISTRIBUTION_LIST_PENDING_INVITATIONS_H_
#define CANVASS_SERVER_DISTRIBUTION_LIST_PENDING_INVITATIONS_H_

#include "absl/status/statusor.h"
#include "canvass/v1/invitation_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/channels/in_app.h"

namespace canvass::distribution {

// InvalidArgument if `contact` is not a contact's name, NotFound if it is another tenant's. A customer who is not known
// has nothing pending.
absl::StatusOr<v1::ListPendingInvitationsResponse> ListPendingInvitations(
    InAppChannel& channel, const TenantScope& scope, const v1::ListPendingInvitationsRequest& request);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_LIST_PENDING_INVITATIONS_H_
