#include "server/distribution/list_pending_invitations.h"

#include <string>
#include <utility>
#include <vector>

#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::distribution {

absl::StatusOr<v1::ListPendingInvitationsResponse> ListPendingInvitations(
    InAppChannel& channel, const TenantScope& scope, const v1::ListPendingInvitationsRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(std::string contact, ParseChild(scope, "contacts", "contact", request.contact()));
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::Invitation> pending, channel.Pending(scope, ContactId(std::move(contact))));
  v1::ListPendingInvitationsResponse response;
  for (v1::Invitation& invitation : pending) *response.add_invitations() = std::move(invitation);
  return response;
}

}  // namespace canvass::distribution
