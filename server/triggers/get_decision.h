// DecisionService: GetDecision, ListDecisions, CountDecisions.
// Thread-safe; all block.
#ifndef CANVASS_SERVER_TRIGGERS_GET_DECISION_H_
#define CANVASS_SERVER_TRIGGERS_GET_DECISION_H_

#include "absl/status/statusor.h"
#include "canvass/v1/decision_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"

namespace canvass::triggers {

// NotFound (DECISION_NOT_FOUND) if none was taken.
absl::StatusOr<v1::Decision> GetDecision(distribution::DecisionStore& decisions, const TenantScope& scope,
                                         const v1::GetDecisionRequest& request);

// InvalidArgument (INVALID_FIELD) if neither trigger nor contact is given or the page is bad, (INVALID_PAGE_TOKEN).
absl::StatusOr<v1::ListDecisionsResponse> ListDecisions(distribution::DecisionStore& decisions,
                                                        const TenantScope& scope,
                                                        const v1::ListDecisionsRequest& request);

// InvalidArgument (INVALID_FIELD) for a time that is none.
absl::StatusOr<v1::CountDecisionsResponse> CountDecisions(distribution::DecisionStore& decisions,
                                                          const TenantScope& scope,
                                                          const v1::CountDecisionsRequest& request);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_GET_DECISION_H_
