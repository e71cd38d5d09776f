// OutboxService.ReplayOutboxMessages. Thread-safe; blocks.
#ifndef CANVASS_SERVER_DISTRIBUTION_OUTBOX_REPLAY_OUTBOX_MESSAGES_H_
#define CANVASS_SERVER_DISTRIBUTION_OUTBOX_REPLAY_OUTBOX_MESSAGES_H_

#include "absl/status/statusor.h"
#include "canvass/v1/outbox_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/outbox/outbox_store.h"

namespace canvass::distribution {

// Makes messages wait for an attempt now, with a full number of attempts, and invitations that were given up with them
// wait again. Messages that do not exist, or are in another state, are not counted.
//
// InvalidArgument (INVALID_FIELD) for more than 1,000 names, for names beside times, for a state other than DEAD or
// SENT and for times that are none; NotFound for another tenant's names.
absl::StatusOr<v1::ReplayOutboxMessagesResponse> ReplayOutboxMessages(OutboxStore& outbox, InvitationStore& invitations,
                                                                      const Clock& clock, const TenantScope& scope,
                                                                      const v1::ReplayOutboxMessagesRequest& request);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_OUTBOX_REPLAY_OUTBOX_MESSAGES_H_
