// ResponseService.GetResponse and ListResponses. Thread-safe; they block.
#ifndef CANVASS_SERVER_RESPONSES_GET_RESPONSE_H_
#define CANVASS_SERVER_RESPONSES_GET_RESPONSE_H_

#include "absl/status/statusor.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/response_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/responses/response_store.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::responses {

// NotFound (RESPONSE_NOT_FOUND), InvalidArgument (INVALID_RESOURCE_NAME) for a name of another form.
absl::StatusOr<v1::Response> GetResponse(ResponseStore& store, const TenantScope& scope,
                                         const v1::GetResponseRequest& request);

// NotFound (SURVEY_NOT_FOUND); InvalidArgument (INVALID_FIELD, INVALID_RESOURCE_NAME, INVALID_PAGE_TOKEN).
absl::StatusOr<v1::ListResponsesResponse> ListResponses(ResponseStore& store, surveys::SurveyCatalog& catalog,
                                                        const TenantScope& scope,
                                                        const v1::ListResponsesRequest& request);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_GET_RESPONSE_H_
