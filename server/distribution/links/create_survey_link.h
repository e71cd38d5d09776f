// SurveyLinkService.CreateSurveyLink.
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_DISTRIBUTION_LINKS_CREATE_SURVEY_LINK_H_
#define CANVASS_SERVER_DISTRIBUTION_LINKS_CREATE_SURVEY_LINK_H_

#include "absl/status/statusor.h"
#include "canvass/v1/survey_link_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/links/survey_link_address.h"
#include "server/distribution/links/survey_link_store.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::distribution {

// Creates a link and returns it; the same content again returns what is there.
// InvalidArgument (INVALID_IDENTIFIER, INVALID_SURVEY_LINK, INVALID_RESOURCE_NAME), NotFound (SURVEY_NOT_FOUND),
// AlreadyExists (RESOURCE_EXISTS) if the id is taken by other content.
absl::StatusOr<v1::SurveyLink> CreateSurveyLink(SurveyLinkStore& links, const SurveyLinkAddresses& addresses,
                                                surveys::SurveyCatalog& surveys, const Clock& clock,
                                                const TenantScope& scope, const v1::CreateSurveyLinkRequest& request);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_LINKS_CREATE_SURVEY_LINK_H_
