// The rules of triggers: what is a good one, and what it means where a field was left at its default.
//
//   CANVASS_ASSIGN_OR_RETURN(v1::Trigger content, NormalizeTrigger(scope, request.trigger()));
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_TRIGGERS_TRIGGER_H_
#define CANVASS_SERVER_TRIGGERS_TRIGGER_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/trigger.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::triggers {

// How long after its event an invitation may be due, and how long it can be answered from then on.
inline constexpr absl::Duration kMaxDelay = absl::Hours(24 * 90);
inline constexpr absl::Duration kMinLifetime = absl::Minutes(1);
inline constexpr absl::Duration kMaxLifetime = absl::Hours(24 * 365);
inline constexpr absl::Duration kDefaultLifetime = absl::Hours(24 * 30);

// The content of `trigger` as it is stored: name and output fields cleared, defaults filled in, condition texts
// replaced by their structure. Two triggers of the same content give equal messages.
//
// InvalidArgument (INVALID_TRIGGER) with every violation at its path below `trigger`; (INVALID_CONDITION) if the
// condition alone is bad; (INVALID_RESOURCE_NAME) or NotFound for the names of survey and segment. Whether they exist
// is not checked.
absl::StatusOr<v1::Trigger> NormalizeTrigger(const TenantScope& scope, const v1::Trigger& trigger);

// The survey of a normalized trigger.
SurveyId SurveyOf(const v1::Trigger& trigger);

// The id in `tenants/{tenant}/triggers/{trigger}`. InvalidArgument (INVALID_RESOURCE_NAME) if the name is of another
// shape; NotFound if it is another tenant's, or the id is none that a trigger can have.
absl::StatusOr<TriggerId> ParseTriggerName(const TenantScope& scope, absl::string_view field, absl::string_view name);

// NotFound, TRIGGER_NOT_FOUND.
absl::Status TriggerNotFound(const TriggerId& id);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_TRIGGER_H_
