// InvitationService.AcknowledgeInvitation: the app showed the invitation, or the customer closed it. In one transaction
// the invitation moves on, its decision becomes SENT, and the stages are counted.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_DISTRIBUTION_ACKNOWLEDGE_INVITATION_H_
#define CANVASS_SERVER_DISTRIBUTION_ACKNOWLEDGE_INVITATION_H_

#include "absl/status/statusor.h"
#include "canvass/v1/invitation_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/invitation_store.h"
#include "server/metrics/dimension_cache.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::distribution {

// Returns the invitation as it is afterwards, without a token. Saying the same again, or later, changes nothing; SHOWN
// after DISMISSED and anything after the answer change nothing either. DISMISSED without SHOWN before counts as both.
//
// InvalidArgument (INVALID_FIELD) for a missing action or a time more than 10 minutes ahead, NotFound
// (INVITATION_NOT_FOUND), FailedPrecondition (INVITATION_NOT_OPEN) if it is not due yet by the server's clock.
absl::StatusOr<v1::Invitation> AcknowledgeInvitation(InvitationStore& invitations, DecisionStore& decisions,
                                                     surveys::SurveyCatalog& surveys,
                                                     metrics::DimensionCache& dimensions, const Clock& clock,
                                                     const TenantScope& scope,
                                                     const v1::AcknowledgeInvitationRequest& request);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_ACKNOWLEDGE_INVITATION_H_
