#include "server/triggers/update_trigger.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "server/base/aip/field_mask.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/triggers/trigger.h"

namespace canvass::triggers {
namespace {

constexpr absl::string_view kFields[] = {"display_name", "event_type",     "condition",   "survey",
                                         "delay",        "frequency_caps", "channels",    "invitation_lifetime",
                                         "segment",      "sample_rate",    "quiet_hours", "priority",
                                         "reminders",    "daily_limit",    "max_lateness"};

absl::Status CheckEtag(absl::string_view sent, absl::string_view current) {
  if (sent.empty() || sent == current) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH,
               "trigger.etag is not the current one: somebody else changed the trigger; read it again, then change it");
}

// The trigger as it is after the update of what is stored.
absl::StatusOr<v1::Trigger> Changed(const TenantScope& scope, const v1::Trigger& stored,
                                    const v1::UpdateTriggerRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckEtag(request.trigger().etag(), stored.etag()));
  v1::Trigger merged = stored;
  CANVASS_RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), kFields, request.trigger(), merged));
  CANVASS_ASSIGN_OR_RETURN(v1::Trigger changed, NormalizeTrigger(scope, merged));
  changed.set_name(stored.name());
  changed.set_state(stored.state());
  *changed.mutable_create_time() = stored.create_time();
  *changed.mutable_update_time() = stored.update_time();
  changed.set_etag(stored.etag());
  return changed;
}

// The trigger that allow_missing creates: all of the request's content, whatever the mask names (AIP-134).
absl::StatusOr<v1::Trigger> Missing(const TenantScope& scope, const TriggerId& id,
                                    const v1::UpdateTriggerRequest& request) {
  if (!request.allow_missing()) return TriggerNotFound(id);
  CANVASS_RETURN_IF_ERROR(CheckEtag(request.trigger().etag(), ""));
  CANVASS_ASSIGN_OR_RETURN(v1::Trigger content, NormalizeTrigger(scope, request.trigger()));
  content.set_name(ResourceName(scope.tenant(), {"triggers", id.value()}));
  content.set_state(v1::Trigger::STATE_ACTIVE);
  return content;
}

absl::StatusOr<v1::Trigger> UpdateOnce(TriggerStore& triggers, const Clock& clock, const TenantScope& scope,
                                       const TriggerId& id, const v1::UpdateTriggerRequest& request) {
  v1::Trigger result;
  CANVASS_RETURN_IF_ERROR(triggers.database().Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const std::optional<v1::Trigger> stored, triggers.Lock(tx, scope, id));
    CANVASS_ASSIGN_OR_RETURN(result,
                             stored.has_value() ? Changed(scope, *stored, request) : Missing(scope, id, request));
    CANVASS_RETURN_IF_ERROR(triggers.LockSegment(tx, scope, result));
    if (request.validate_only()) return absl::OkStatus();
    const absl::Time now = clock.Now();
    CANVASS_ASSIGN_OR_RETURN(result, stored.has_value() ? triggers.Update(tx, scope, id, result, now)
                                                        : triggers.Insert(tx, scope, id, result, now));
    return absl::OkStatus();
  }));
  return result;
}

// NotFound if the update names a survey that does not exist. Before the transaction: the catalog reads on its own.
absl::Status CheckSurvey(surveys::SurveyCatalog& surveys, const TenantScope& scope,
                         const v1::UpdateTriggerRequest& request) {
  v1::Trigger named;
  CANVASS_RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), kFields, request.trigger(), named));
  if (request.allow_missing()) named.set_survey(request.trigger().survey());
  if (named.survey().empty()) return absl::OkStatus();  // unchanged, or refused as missing
  v1::Trigger probe;
  probe.set_event_type("any");
  probe.set_survey(named.survey());
  CANVASS_ASSIGN_OR_RETURN(probe, NormalizeTrigger(scope, probe));
  return surveys.Status(scope, SurveyOf(probe)).status();
}

}  // namespace

absl::StatusOr<v1::Trigger> UpdateTrigger(TriggerStore& triggers, TriggerCatalog& catalog,
                                          surveys::SurveyCatalog& surveys, const Clock& clock, const TenantScope& scope,
                                          const v1::UpdateTriggerRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const TriggerId id, ParseTriggerName(scope, "trigger.name", request.trigger().name()));
  CANVASS_RETURN_IF_ERROR(CheckSurvey(surveys, scope, request));
  absl::StatusOr<v1::Trigger> trigger = UpdateOnce(triggers, clock, scope, id, request);
  // Somebody else created it between our look and our insert: now it is there to be updated.
  if (mysql::IsDuplicateKey(trigger.status())) trigger = UpdateOnce(triggers, clock, scope, id, request);
  catalog.Forget(scope);
  return trigger;
}

}  // namespace canvass::triggers
