#include "server/contacts/suppressions/create_suppression.h"

#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/contacts/suppressions/suppression.h"

namespace canvass::contacts {

absl::StatusOr<v1::Suppression> CreateSuppression(SuppressionStore& suppressions, const Clock& clock,
                                                  const TenantScope& scope,
                                                  const v1::CreateSuppressionRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const v1::Suppression suppression, NormalizeSuppression(scope, request.suppression()));
  return suppressions.Add(scope, suppression, clock.Now());
}

absl::StatusOr<v1::DeleteSuppressionResponse> DeleteSuppression(SuppressionStore& suppressions,
                                                                const TenantScope& scope,
                                                                const v1::DeleteSuppressionRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const SuppressionKey key, ParseSuppressionName(scope, "name", request.name()));
  CANVASS_RETURN_IF_ERROR(suppressions.Delete(scope, key));
  return v1::DeleteSuppressionResponse();
}

}  // namespace canvass::contacts
