// TriggerService.PauseTrigger and ResumeTrigger. Both change nothing where the state is right already.
// Thread-safe; both block.
#ifndef CANVASS_SERVER_TRIGGERS_PAUSE_TRIGGER_H_
#define CANVASS_SERVER_TRIGGERS_PAUSE_TRIGGER_H_

#include "absl/status/statusor.h"
#include "canvass/v1/trigger_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/triggers/trigger_catalog.h"
#include "server/triggers/trigger_store.h"

namespace canvass::triggers {

// NotFound (TRIGGER_NOT_FOUND) if there is none.
absl::StatusOr<v1::Trigger> PauseTrigger(TriggerStore& triggers, TriggerCatalog& catalog, const Clock& clock,
                                         const TenantScope& scope, const v1::PauseTriggerRequest& request);
absl::StatusOr<v1::Trigger> ResumeTrigger(TriggerStore& triggers, TriggerCatalog& catalog, const Clock& clock,
                                          const TenantScope& scope, const v1::ResumeTriggerRequest& request);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_PAUSE_TRIGGER_H_
