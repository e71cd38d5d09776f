// OperationService.GetOperation, ListOperations and CancelOperation.
// Thread-safe; all block.
#ifndef CANVASS_SERVER_OPERATIONS_GET_OPERATION_H_
#define CANVASS_SERVER_OPERATIONS_GET_OPERATION_H_

#include "absl/status/statusor.h"
#include "canvass/v1/operation_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/operations/operation_store.h"

namespace canvass::operations {

// NotFound (OPERATION_NOT_FOUND) if there is none.
absl::StatusOr<v1::Operation> GetOperation(OperationStore& operations, const TenantScope& scope,
                                           const v1::GetOperationRequest& request);

// InvalidArgument (INVALID_FIELD, INVALID_PAGE_TOKEN) for a bad page.
absl::StatusOr<v1::ListOperationsResponse> ListOperations(OperationStore& operations, const TenantScope& scope,
                                                          const v1::ListOperationsRequest& request);

// NotFound (OPERATION_NOT_FOUND) if there is none.
absl::StatusOr<v1::Operation> CancelOperation(OperationStore& operations, const Clock& clock, const TenantScope& scope,
                                              const v1::CancelOperationRequest& request);

}  // namespace canvass::operations

#endif  // CANVASS_SERVER_OPERATIONS_GET_OPERATION_H_
