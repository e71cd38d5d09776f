// TriggerService.UpdateTrigger.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_TRIGGERS_UPDATE_TRIGGER_H_
#define CANVASS_SERVER_TRIGGERS_UPDATE_TRIGGER_H_

#include "absl/status/statusor.h"
#include "canvass/v1/trigger_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/survey_catalog.h"
#include "server/triggers/trigger_catalog.h"
#include "server/triggers/trigger_store.h"

namespace canvass::triggers {

// Changes the fields of the mask and returns the trigger; with allow_missing creates it, then with every field.
// InvalidArgument (INVALID_TRIGGER, INVALID_CONDITION, INVALID_FIELD_MASK), NotFound (TRIGGER_NOT_FOUND,
// SURVEY_NOT_FOUND, SEGMENT_NOT_FOUND), Aborted (ETAG_MISMATCH).
absl::StatusOr<v1::Trigger> UpdateTrigger(TriggerStore& triggers, TriggerCatalog& catalog,
                                          surveys::SurveyCatalog& surveys, const Clock& clock, const TenantScope& scope,
                                          const v1::UpdateTriggerRequest& request);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_UPDATE_TRIGGER_H_
