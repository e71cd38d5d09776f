#include "server/triggers/pause_trigger.h"

#include <optional>
#include <utility>

#include "server/base/status_macros.h"
#include "server/triggers/trigger.h"

namespace canvass::triggers {
namespace {

absl::StatusOr<v1::Trigger> SetState(TriggerStore& triggers, TriggerCatalog& catalog, const Clock& clock,
                                     const TenantScope& scope, const TriggerId& id, v1::Trigger::State state) {
  v1::Trigger result;
  const absl::Status status = triggers.database().Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(std::optional<v1::Trigger> stored, triggers.Lock(tx, scope, id));
    if (!stored.has_value()) return TriggerNotFound(id);
    result = *std::move(stored);
    if (result.state() == state) return absl::OkStatus();
    result.set_state(state);
    CANVASS_ASSIGN_OR_RETURN(result, triggers.Update(tx, scope, id, result, clock.Now()));
    return absl::OkStatus();
  });
  catalog.Forget(scope);
  CANVASS_RETURN_IF_ERROR(status);
  return result;
}

}  // namespace

absl::StatusOr<v1::Trigger> PauseTrigger(TriggerStore& triggers, TriggerCatalog& catalog, const Clock& clock,
                                         const TenantScope& scope, const v1::PauseTriggerRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const TriggerId id, ParseTriggerName(scope, "name", request.name()));
  return SetState(triggers, catalog, clock, scope, id, v1::Trigger::STATE_PAUSED);
}

absl::StatusOr<v1::Trigger> ResumeTrigger(TriggerStore& triggers, TriggerCatalog& catalog, const Clock& clock,
                                          const TenantScope& scope, const v1::ResumeTriggerRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const TriggerId id, ParseTriggerName(scope, "name", request.name()));
  return SetState(triggers, catalog, clock, scope, id, v1::Trigger::STATE_ACTIVE);
}

}  // namespace canvass::triggers
