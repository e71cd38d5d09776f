// SurveyLinkService.GetSurveyLink and ListSurveyLinks.
// Thread-safe; both block.
#ifndef CANVASS_SERVER_DISTRIBUTION_LINKS_GET_SURVEY_LINK_H_
#define CANVASS_SERVER_DISTRIBUTION_LINKS_GET_SURVEY_LINK_H_

#include "absl/status/statusor.h"
#include "canvass/v1/survey_link_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/links/survey_link_address.h"
#include "server/distribution/links/survey_link_store.h"

namespace canvass::distribution {

// NotFound (SURVEY_LINK_NOT_FOUND) if there is none.
absl::StatusOr<v1::SurveyLink> GetSurveyLink(SurveyLinkStore& links, const SurveyLinkAddresses& addresses,
                                             const TenantScope& scope, const v1::GetSurveyLinkRequest& request);

// InvalidArgument (INVALID_FIELD, INVALID_PAGE_TOKEN) for a bad page.
absl::StatusOr<v1::ListSurveyLinksResponse> ListSurveyLinks(SurveyLinkStore& links,
                                                            const SurveyLinkAddresses& addresses,
                                                            const TenantScope& scope,
                                                            const v1::ListSurveyLinksRequest& request);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_LINKS_GET_SURVEY_LINK_H_
