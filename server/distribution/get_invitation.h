// InvitationService.GetInvitation and ListInvitations. Neither shows a token: it is a secret of the respondent.
// Thread-safe; both block.
#ifndef CANVASS_SERVER_DISTRIBUTION_GET_INVITATION_H_
#define CANVASS_SERVER_DISTRIBUTION_GET_INVITATION_H_

#include "absl/status/statusor.h"
#include "canvass/v1/invitation_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/invitation_store.h"

namespace canvass::distribution {

// NotFound (INVITATION_NOT_FOUND) if there is none.
absl::StatusOr<v1::Invitation> GetInvitation(InvitationStore& invitations, const TenantScope& scope,
                                             const v1::GetInvitationRequest& request);

// InvalidArgument (INVALID_FIELD, INVALID_PAGE_TOKEN) for a bad page.
absl::StatusOr<v1::ListInvitationsResponse> ListInvitations(InvitationStore& invitations, const TenantScope& scope,
                                                            const v1::ListInvitationsRequest& request);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_GET_INVITATION_H_
