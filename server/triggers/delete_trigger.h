// TriggerService.DeleteTrigger. Decisions and invitations of the trigger stay.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_TRIGGERS_DELETE_TRIGGER_H_
#define CANVASS_SERVER_TRIGGERS_DELETE_TRIGGER_H_

#include "absl/status/statusor.h"
#include "canvass/v1/trigger_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/triggers/trigger_catalog.h"
#include "server/triggers/trigger_store.h"

namespace canvass::triggers {

// NotFound (TRIGGER_NOT_FOUND) if there is none.
absl::StatusOr<v1::DeleteTriggerResponse> DeleteTrigger(TriggerStore& triggers, TriggerCatalog& catalog,
                                                        const TenantScope& scope,
                                                        const v1::DeleteTriggerRequest& request);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_DELETE_TRIGGER_H_
