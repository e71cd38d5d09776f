// SuppressionService.ListSuppressions.
#ifndef CANVASS_SERVER_CONTACTS_SUPPRESSIONS_LIST_SUPPRESSIONS_H_
#define CANVASS_SERVER_CONTACTS_SUPPRESSIONS_LIST_SUPPRESSIONS_H_

#include "absl/status/statusor.h"
#include "canvass/v1/suppression_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/suppression_store.h"

namespace canvass::contacts {

// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_PAGE_TOKEN; INVALID_FIELD also if both an address and a contact are
// given); errors of mysql::Database.
absl::StatusOr<v1::ListSuppressionsResponse> ListSuppressions(SuppressionStore& suppressions, const TenantScope& scope,
                                                              const v1::ListSuppressionsRequest& request);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_SUPPRESSIONS_LIST_SUPPRESSIONS_H_
