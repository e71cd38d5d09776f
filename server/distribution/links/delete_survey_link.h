// SurveyLinkService.DeleteSurveyLink. Answers given through the link stay.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_DISTRIBUTION_LINKS_DELETE_SURVEY_LINK_H_
#define CANVASS_SERVER_DISTRIBUTION_LINKS_DELETE_SURVEY_LINK_H_

#include "absl/status/statusor.h"
#include "canvass/v1/survey_link_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/links/survey_link_store.h"

namespace canvass::distribution {

// NotFound (SURVEY_LINK_NOT_FOUND) if there is none.
absl::StatusOr<v1::DeleteSurveyLinkResponse> DeleteSurveyLink(SurveyLinkStore& links, const TenantScope& scope,
                                                              const v1::DeleteSurveyLinkRequest& request);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_LINKS_DELETE_SURVEY_LINK_H_
