#include "server/distribution/links/delete_survey_link.h"

#include "server/base/status_macros.h"
#include "server/distribution/links/survey_link.h"

namespace canvass::distribution {

absl::StatusOr<v1::DeleteSurveyLinkResponse> DeleteSurveyLink(SurveyLinkStore& links, const TenantScope& scope,
                                                              const v1::DeleteSurveyLinkRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const SurveyLinkId id, ParseSurveyLinkName(scope, request.name()));
  CANVASS_RETURN_IF_ERROR(links.Delete(scope, id));
  return v1::DeleteSurveyLinkResponse();
}

}  // namespace canvass::distribution
