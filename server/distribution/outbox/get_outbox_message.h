// OutboxService.GetOutboxMessage and ListOutboxMessages. Thread-safe; both block.
#ifndef CANVASS_SERVER_DISTRIBUTION_OUTBOX_GET_OUTBOX_MESSAGE_H_
#define CANVASS_SERVER_DISTRIBUTION_OUTBOX_GET_OUTBOX_MESSAGE_H_

#include "absl/status/statusor.h"
#include "canvass/v1/outbox_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/outbox/outbox_store.h"

namespace canvass::distribution {

// NotFound (OUTBOX_MESSAGE_NOT_FOUND) if there is none.
absl::StatusOr<v1::OutboxMessage> GetOutboxMessage(OutboxStore& outbox, const TenantScope& scope,
                                                   const v1::GetOutboxMessageRequest& request);

// InvalidArgument (INVALID_FIELD, INVALID_PAGE_TOKEN) for a bad page or a state that there is not, NotFound for another
// tenant's invitation.
absl::StatusOr<v1::ListOutboxMessagesResponse> ListOutboxMessages(OutboxStore& outbox, const TenantScope& scope,
                                                                  const v1::ListOutboxMessagesRequest& request);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_OUTBOX_GET_OUTBOX_MESSAGE_H_
