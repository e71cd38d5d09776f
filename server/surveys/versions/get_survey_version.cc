#include "server/surveys/versions/get_survey_version.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/aip/page_token.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/surveys/versions/definition_name.h"

namespace canvass::surveys {
namespace {

constexpr int kDefaultPageSize = 20;
constexpr int kMaxPageSize = 100;

}  // namespace

absl::StatusOr<v1::SurveyVersion> GetSurveyVersion(SurveyStore& store, const TenantScope& scope,
                                                   const v1::GetSurveyVersionRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const DefinitionName name, ParseVersionName(scope, "name", request.name()));
  return store.GetVersion(scope, name.survey, name.version);
}

absl::StatusOr<v1::ListSurveyVersionsResponse> ListSurveyVersions(SurveyStore& store, const TenantScope& scope,
                                                                  const v1::ListSurveyVersionsRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(std::string survey, ParseChild(scope, "surveys", "parent", request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int page_size, PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  const std::string list = absl::StrCat("ListSurveyVersions ", survey);
  CANVASS_ASSIGN_OR_RETURN(const std::string position, DecodePageToken(list, request.page_token()));
  const std::optional<int> before = position.empty() ? std::numeric_limits<int>::max() : ParseVersionNumber(position);
  if (!before.has_value()) return InvalidPageToken();
  CANVASS_ASSIGN_OR_RETURN(VersionPage page,
                           store.ListVersions(scope, SurveyId(std::move(survey)), *before, page_size));
  v1::ListSurveyVersionsResponse response;
  for (v1::SurveyVersion& version : page.versions) *response.add_survey_versions() = std::move(version);
  if (page.more) {
    const int last = response.survey_versions().rbegin()->version();
    response.set_next_page_token(EncodePageToken(list, absl::StrCat(last)));
  }
  return response;
}

}  // namespace canvass::surveys
