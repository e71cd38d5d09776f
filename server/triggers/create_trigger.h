// TriggerService.CreateTrigger.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_TRIGGERS_CREATE_TRIGGER_H_
#define CANVASS_SERVER_TRIGGERS_CREATE_TRIGGER_H_

#include "absl/status/statusor.h"
#include "canvass/v1/trigger_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/survey_catalog.h"
#include "server/triggers/trigger_catalog.h"
#include "server/triggers/trigger_store.h"

namespace canvass::triggers {

// Creates an active trigger and returns it; the same content again returns what is there.
// InvalidArgument (INVALID_IDENTIFIER, INVALID_TRIGGER, INVALID_CONDITION), NotFound (SURVEY_NOT_FOUND,
// SEGMENT_NOT_FOUND), AlreadyExists (RESOURCE_EXISTS) if the id is taken by other content.
absl::StatusOr<v1::Trigger> CreateTrigger(TriggerStore& triggers, TriggerCatalog& catalog,
                                          surveys::SurveyCatalog& surveys, const Clock& clock, const TenantScope& scope,
                                          const v1::CreateTriggerRequest& request);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_CREATE_TRIGGER_H_
