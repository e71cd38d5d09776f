// ResponseService.UpdateResponse, ExcludeResponse, IncludeResponse and DeleteResponse: what staff changes about a
// response that was taken. Thread-safe; they block.
#ifndef CANVASS_SERVER_RESPONSES_CHANGING_UPDATE_RESPONSE_H_
#define CANVASS_SERVER_RESPONSES_CHANGING_UPDATE_RESPONSE_H_

#include "absl/status/statusor.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/response_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/responses/changing/change_response.h"

namespace canvass::responses {

// InvalidArgument (INVALID_RESPONSE with every violation, INVALID_FIELD_MASK, INVALID_RESOURCE_NAME, INVALID_FIELD);
// NotFound (RESPONSE_NOT_FOUND); Aborted (ETAG_MISMATCH).
absl::StatusOr<v1::Response> UpdateResponse(const ChangeRooms& rooms, const TenantScope& scope,
                                            const v1::UpdateResponseRequest& request);

// InvalidArgument (INVALID_FIELD, INVALID_RESOURCE_NAME); NotFound (RESPONSE_NOT_FOUND).
absl::StatusOr<v1::Response> ExcludeResponse(const ChangeRooms& rooms, const TenantScope& scope,
                                             const v1::ExcludeResponseRequest& request);

// InvalidArgument (INVALID_RESOURCE_NAME); NotFound (RESPONSE_NOT_FOUND).
absl::StatusOr<v1::Response> IncludeResponse(const ChangeRooms& rooms, const TenantScope& scope,
                                             const v1::IncludeResponseRequest& request);

// InvalidArgument (INVALID_RESOURCE_NAME); NotFound (RESPONSE_NOT_FOUND).
absl::StatusOr<v1::DeleteResponseResponse> DeleteResponse(const ChangeRooms& rooms, const TenantScope& scope,
                                                          const v1::DeleteResponseRequest& request);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_CHANGING_UPDATE_RESPONSE_H_
