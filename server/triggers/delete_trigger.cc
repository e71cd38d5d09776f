#include "server/triggers/delete_trigger.h"

#include "server/base/status_macros.h"
#include "server/triggers/trigger.h"

namespace canvass::triggers {

absl::StatusOr<v1::DeleteTriggerResponse> DeleteTrigger(TriggerStore& triggers, TriggerCatalog& catalog,
                                                        const TenantScope& scope,
                                                        const v1::DeleteTriggerRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const TriggerId id, ParseTriggerName(scope, "name", request.name()));
  const absl::Status status = triggers.Delete(scope, id);
  catalog.Forget(scope);
  CANVASS_RETURN_IF_ERROR(status);
  return v1::DeleteTriggerResponse();
}

}  // namespace canvass::triggers
