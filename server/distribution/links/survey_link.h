// The rules of survey links: what is a good one, and what it means where a field was left at its default.
//
//   CANVASS_ASSIGN_OR_RETURN(v1::SurveyLink content, NormalizeSurveyLink(scope, request.survey_link()));
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_LINKS_SURVEY_LINK_H_
#define CANVASS_SERVER_DISTRIBUTION_LINKS_SURVEY_LINK_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/survey_link.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/links/survey_link_token.h"

namespace canvass::distribution {

// The content of `link` as it is stored: name and output fields cleared, `use` filled in, `survey` with the tenant's
// own name.
//
// InvalidArgument (INVALID_SURVEY_LINK) with every violation at its path below `survey_link`; (INVALID_RESOURCE_NAME)
// or NotFound for the survey's name. Whether the survey exists is not checked.
absl::StatusOr<v1::SurveyLink> NormalizeSurveyLink(const TenantScope& scope, const v1::SurveyLink& link);

// The survey of a normalized link.
SurveyId SurveyOf(const v1::SurveyLink& link);

// The id in `tenants/{tenant}/surveyLinks/{link}`. InvalidArgument (INVALID_RESOURCE_NAME) if the name is of another
// shape; NotFound if it is another tenant's, or the id is none that a link can have.
absl::StatusOr<SurveyLinkId> ParseSurveyLinkName(const TenantScope& scope, absl::string_view name);

// The id within the name of a stored link.
SurveyLinkId IdOf(const v1::SurveyLink& link);

// NotFound, SURVEY_LINK_NOT_FOUND.
absl::Status SurveyLinkNotFound(const SurveyLinkId& id);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_LINKS_SURVEY_LINK_H_
