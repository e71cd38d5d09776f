// DecisionService: GetDecision, ListDecisions, CountDecisions.
// Thread-safe; all block.
#ifndef CANVASS_SERVER_TRIGGERS_DECISIONS_GET_DECISION_H_
#define CANVASS_SERVER_TRIGGERS_DECISIONS_GET_DECISION_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/decision_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"
#include "server/triggers/trigger_store.h"

namespace canvass::triggers {

// The key in `tenants/{tenant}/events/{event}/decisions/{trigger}`. NotFound (DECISION_NOT_FOUND) if its ids are of
// forms that no decision has; errors as ParseResourceName.
absl::StatusOr<distribution::DecisionKey> ParseDecisionName(const TenantScope& scope, absl::string_view name);

// NotFound (DECISION_NOT_FOUND) if none was taken.
absl::StatusOr<v1::Decision> GetDecision(distribution::DecisionStore& decisions, TriggerStore& triggers,
                                         const TenantScope& scope, const v1::GetDecisionRequest& request);

// InvalidArgument (INVALID_FIELD) if neither trigger nor contact is given or the page is bad, (INVALID_PAGE_TOKEN).
absl::StatusOr<v1::ListDecisionsResponse> ListDecisions(distribution::DecisionStore& decisions, TriggerStore& triggers,
                                                        const TenantScope& scope,
                                                        const v1::ListDecisionsRequest& request);

// InvalidArgument (INVALID_FIELD) for a time that is none.
absl::StatusOr<v1::CountDecisionsResponse> CountDecisions(distribution::DecisionStore& decisions,
                                                          TriggerStore& triggers, const TenantScope& scope,
                                                          const v1::CountDecisionsRequest& request);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_DECISIONS_GET_DECISION_H_
