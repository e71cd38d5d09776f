// InvitationService.CreateInvitation: one customer is asked by hand. In one transaction the customer's clocks move, the
// invitation and its message are stored and counted, as a Decider does it for events; there is no decision.
#ifndef CANVASS_SERVER_TRIGGERS_INVITING_CREATE_INVITATION_H_
#define CANVASS_SERVER_TRIGGERS_INVITING_CREATE_INVITATION_H_

#include "absl/status/statusor.h"
#include "canvass/v1/invitation_service.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/contact_store.h"
#include "server/contacts/suppression_store.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/invitation_token.h"
#include "server/distribution/outbox/outbox_store.h"
#include "server/distribution/page_urls.h"
#include "server/metrics/dimension_cache.h"
#include "server/triggers/plan.h"

namespace canvass::triggers {

// What it works with; all outlive the calls.
struct InvitingRooms {
  PlanSources sources;
  contacts::ContactStore& contacts;
  contacts::SuppressionStore& suppressions;
  distribution::InvitationStore& invitations;
  distribution::OutboxStore& outbox;
  metrics::DimensionCache& dimensions;
  const distribution::InvitationTokens& tokens;
  const distribution::PageUrls& urls;
  const Clock& clock;
  Random& random;
};

// Returns the invitation with its token and url; with a request_id that was used before the one that it made, as it is
// now. Errors as the contract says them. Thread-safe; blocks.
absl::StatusOr<v1::Invitation> CreateInvitation(const InvitingRooms& rooms, const TenantScope& scope,
                                                const v1::CreateInvitationRequest& request);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_INVITING_CREATE_INVITATION_H_
