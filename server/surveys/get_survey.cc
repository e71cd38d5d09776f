#include "server/surveys/get_survey.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/aip/page_token.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::surveys {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;

}  // namespace

absl::StatusOr<v1::Survey> GetSurvey(SurveyStore& store, const TenantScope& scope,
                                     const v1::GetSurveyRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(std::string id, ParseChild(scope, "surveys", "name", request.name()));
  return store.Get(scope, SurveyId(std::move(id)));
}

absl::StatusOr<v1::ListSurveysResponse> ListSurveys(SurveyStore& store, const TenantScope& scope,
                                                    const v1::ListSurveysRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int page_size, PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  const Archived archived = request.show_archived() ? Archived::kShow : Archived::kHide;
  const std::string list = absl::StrCat("ListSurveys show_archived=", request.show_archived());
  CANVASS_ASSIGN_OR_RETURN(const std::string after, DecodePageToken(list, request.page_token()));
  if (!after.empty() && !CheckChosenId("page_token", after).ok()) return InvalidPageToken();
  CANVASS_ASSIGN_OR_RETURN(SurveyPage page, store.List(scope, archived, after, page_size));
  v1::ListSurveysResponse response;
  for (v1::Survey& survey : page.surveys) *response.add_surveys() = std::move(survey);
  if (page.more) {
    CANVASS_ASSIGN_OR_RETURN(const std::string last,
                             ParseChild(scope, "surveys", "name", response.surveys().rbegin()->name()));
    response.set_next_page_token(EncodePageToken(list, last));
  }
  return response;
}

}  // namespace canvass::surveys
