// TriggerService.GetTrigger and ListTriggers.
// Thread-safe; both block.
#ifndef CANVASS_SERVER_TRIGGERS_GET_TRIGGER_H_
#define CANVASS_SERVER_TRIGGERS_GET_TRIGGER_H_

#include "absl/status/statusor.h"
#include "canvass/v1/trigger_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/triggers/trigger_store.h"

namespace canvass::triggers {

// NotFound (TRIGGER_NOT_FOUND) if there is none.
absl::StatusOr<v1::Trigger> GetTrigger(TriggerStore& triggers, const TenantScope& scope,
                                       const v1::GetTriggerRequest& request);

// InvalidArgument (INVALID_FIELD, INVALID_PAGE_TOKEN) for a bad page.
absl::StatusOr<v1::ListTriggersResponse> ListTriggers(TriggerStore& triggers, const TenantScope& scope,
                                                      const v1::ListTriggersRequest& request);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_GET_TRIGGER_H_
