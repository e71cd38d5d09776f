// SuppressionService.CreateSuppression and DeleteSuppression.
#ifndef CANVASS_SERVER_CONTACTS_SUPPRESSIONS_CREATE_SUPPRESSION_H_
#define CANVASS_SERVER_CONTACTS_SUPPRESSIONS_CREATE_SUPPRESSION_H_

#include "absl/status/statusor.h"
#include "canvass/v1/suppression_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/suppression_store.h"

namespace canvass::contacts {

// What is there already is returned as it is.
// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_SUPPRESSION); errors of mysql::Database.
absl::StatusOr<v1::Suppression> CreateSuppression(SuppressionStore& suppressions, const Clock& clock,
                                                  const TenantScope& scope,
                                                  const v1::CreateSuppressionRequest& request);

// InvalidArgument (INVALID_RESOURCE_NAME); NotFound (SUPPRESSION_NOT_FOUND); errors of mysql::Database.
absl::StatusOr<v1::DeleteSuppressionResponse> DeleteSuppression(SuppressionStore& suppressions,
                                                                const TenantScope& scope,
                                                                const v1::DeleteSuppressionRequest& request);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_SUPPRESSIONS_CREATE_SUPPRESSION_H_
