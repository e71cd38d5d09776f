// ResponseService.GetResponse. Thread-safe; blocks.
#ifndef CANVASS_SERVER_RESPONSES_READING_GET_RESPONSE_H_
#define CANVASS_SERVER_RESPONSES_READING_GET_RESPONSE_H_

#include "absl/status/statusor.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/response_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/responses/response_store.h"

namespace canvass::responses {

// NotFound (RESPONSE_NOT_FOUND), InvalidArgument (INVALID_RESOURCE_NAME) for a name of another form.
absl::StatusOr<v1::Response> GetResponse(ResponseStore& store, const TenantScope& scope,
                                         const v1::GetResponseRequest& request);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_READING_GET_RESPONSE_H_
