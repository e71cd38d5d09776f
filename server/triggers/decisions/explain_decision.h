// DecisionService.ExplainDecision: why a customer was (not) asked, rule by rule. What the rules saw is worked out again
// from the trigger's revision and the facts of that moment; what decided was written down then.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_TRIGGERS_DECISIONS_EXPLAIN_DECISION_H_
#define CANVASS_SERVER_TRIGGERS_DECISIONS_EXPLAIN_DECISION_H_

#include "absl/status/statusor.h"
#include "canvass/v1/decision_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"
#include "server/triggers/trigger_store.h"

namespace canvass::triggers {

// NotFound (DECISION_NOT_FOUND) if none was taken.
absl::StatusOr<v1::ExplainDecisionResponse> ExplainDecision(distribution::DecisionStore& decisions,
                                                            TriggerStore& triggers, const TenantScope& scope,
                                                            const v1::ExplainDecisionRequest& request);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_DECISIONS_EXPLAIN_DECISION_H_
