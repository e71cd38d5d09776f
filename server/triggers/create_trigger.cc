#include "server/triggers/create_trigger.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/triggers/trigger.h"

namespace canvass::triggers {
namespace {

// `existing` if it says the same as `content`.
absl::StatusOr<v1::Trigger> SameOrTaken(const TenantScope& scope, const TriggerId& id, const v1::Trigger& existing,
                                        const v1::Trigger& content) {
  CANVASS_ASSIGN_OR_RETURN(const v1::Trigger stored, NormalizeTrigger(scope, existing));
  if (stored.SerializeAsString() == content.SerializeAsString()) return existing;
  return Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_RESOURCE_EXISTS,
               absl::StrCat("trigger '", id.value(), "' exists with other content; change it with UpdateTrigger"));
}

absl::StatusOr<v1::Trigger> CreateOnce(TriggerStore& triggers, const Clock& clock, const TenantScope& scope,
                                       const TriggerId& id, const v1::Trigger& content, bool write) {
  v1::Trigger result;
  CANVASS_RETURN_IF_ERROR(triggers.database().Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const std::optional<v1::Trigger> existing, triggers.Lock(tx, scope, id));
    if (existing.has_value()) {
      CANVASS_ASSIGN_OR_RETURN(result, SameOrTaken(scope, id, *existing, content));
      return absl::OkStatus();
    }
    CANVASS_RETURN_IF_ERROR(triggers.LockSegment(tx, scope, content));
    if (!write) {
      result = content;
      result.set_name(ResourceName(scope.tenant(), {"triggers", id.value()}));
      result.set_state(v1::Trigger::STATE_ACTIVE);
      return absl::OkStatus();
    }
    CANVASS_ASSIGN_OR_RETURN(result, triggers.Insert(tx, scope, id, content, clock.Now()));
    return absl::OkStatus();
  }));
  return result;
}

}  // namespace

absl::StatusOr<v1::Trigger> CreateTrigger(TriggerStore& triggers, TriggerCatalog& catalog,
                                          surveys::SurveyCatalog& surveys, const Clock& clock, const TenantScope& scope,
                                          const v1::CreateTriggerRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_RETURN_IF_ERROR(CheckChosenId("trigger_id", request.trigger_id()));
  CANVASS_ASSIGN_OR_RETURN(const v1::Trigger content, NormalizeTrigger(scope, request.trigger()));
  CANVASS_RETURN_IF_ERROR(surveys.Status(scope, SurveyOf(content)).status());
  const TriggerId id(request.trigger_id());
  absl::StatusOr<v1::Trigger> trigger = CreateOnce(triggers, clock, scope, id, content, !request.validate_only());
  // Somebody else created it between our look and our insert: now it is there to be compared with.
  if (mysql::IsDuplicateKey(trigger.status())) {
    trigger = CreateOnce(triggers, clock, scope, id, content, !request.validate_only());
  }
  catalog.Forget(scope);
  return trigger;
}

}  // namespace canvass::triggers
