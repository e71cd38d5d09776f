#include "server/distribution/links/create_survey_link.h"

#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/links/survey_link.h"

namespace canvass::distribution {

absl::StatusOr<v1::SurveyLink> CreateSurveyLink(SurveyLinkStore& links, const SurveyLinkAddresses& addresses,
                                                surveys::SurveyCatalog& surveys, const Clock& clock,
                                                const TenantScope& scope, const v1::CreateSurveyLinkRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_RETURN_IF_ERROR(CheckChosenId("survey_link_id", request.survey_link_id()));
  CANVASS_ASSIGN_OR_RETURN(const v1::SurveyLink content, NormalizeSurveyLink(scope, request.survey_link()));
  CANVASS_RETURN_IF_ERROR(surveys.Status(scope, SurveyOf(content)).status());
  CANVASS_ASSIGN_OR_RETURN(v1::SurveyLink link,
                           links.Create(scope, SurveyLinkId(request.survey_link_id()), content, clock.Now()));
  link.set_url(addresses.Of(scope, link));
  return link;
}

}  // namespace canvass::distribution
