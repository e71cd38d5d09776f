// ResponseService.ListResponses. Thread-safe; blocks.
#ifndef CANVASS_SERVER_RESPONSES_READING_LIST_RESPONSES_H_
#define CANVASS_SERVER_RESPONSES_READING_LIST_RESPONSES_H_

#include "absl/status/statusor.h"
#include "canvass/v1/response_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/responses/response_store.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::responses {

// How many responses one call looks at while its filter lets none pass.
inline constexpr int kMaxExamined = 10'000;

// NotFound (SURVEY_NOT_FOUND); InvalidArgument (INVALID_FIELD, INVALID_RESOURCE_NAME, INVALID_CONDITION,
// INVALID_PAGE_TOKEN).
absl::StatusOr<v1::ListResponsesResponse> ListResponses(ResponseStore& store, surveys::SurveyCatalog& catalog,
                                                        const TenantScope& scope,
                                                        const v1::ListResponsesRequest& request);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_READING_LIST_RESPONSES_H_
