#include "server/surveys/versions/diff_survey_versions.h"

#include <utility>

#include "server/base/status_macros.h"
#include "server/surveys/versions/definition_name.h"
#include "server/surveys/versions/series_comparison.h"
#include "server/surveys/versions/survey_diff.h"

namespace canvass::surveys {

absl::StatusOr<v1::DiffSurveyVersionsResponse> DiffSurveyVersions(SurveyStore& store, const TenantScope& scope,
                                                                  const v1::DiffSurveyVersionsRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const DefinitionName base_name, ParseDefinitionName(scope, "base", request.base()));
  CANVASS_ASSIGN_OR_RETURN(const DefinitionName target_name, ParseDefinitionName(scope, "target", request.target()));
  CANVASS_ASSIGN_OR_RETURN(v1::SurveyDefinition base, ReadDefinition(store, scope, base_name));
  CANVASS_ASSIGN_OR_RETURN(v1::SurveyDefinition target, ReadDefinition(store, scope, target_name));
  base = WithDefaults(std::move(base));
  target = WithDefaults(std::move(target));
  v1::DiffSurveyVersionsResponse response;
  for (v1::SurveyChange& change : DiffDefinitions(base, target)) *response.add_changes() = std::move(change);
  for (v1::SeriesComparison& series : CompareSeries(base, target)) *response.add_series() = std::move(series);
  return response;
}

}  // namespace canvass::surveys
