#include "server/distribution/links/get_survey_link.h"

#include <string>
#include <utility>
#include <vector>

#include "server/base/aip/page_token.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/links/survey_link.h"

namespace canvass::distribution {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;
constexpr absl::string_view kList = "ListSurveyLinks";

}  // namespace

absl::StatusOr<v1::SurveyLink> GetSurveyLink(SurveyLinkStore& links, const SurveyLinkAddresses& addresses,
                                             const TenantScope& scope, const v1::GetSurveyLinkRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const SurveyLinkId id, ParseSurveyLinkName(scope, request.name()));
  CANVASS_ASSIGN_OR_RETURN(v1::SurveyLink link, links.Get(scope, id));
  link.set_url(addresses.Of(scope, link));
  return link;
}

absl::StatusOr<v1::ListSurveyLinksResponse> ListSurveyLinks(SurveyLinkStore& links,
                                                            const SurveyLinkAddresses& addresses,
                                                            const TenantScope& scope,
                                                            const v1::ListSurveyLinksRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  CANVASS_ASSIGN_OR_RETURN(std::string after, DecodePageToken(kList, request.page_token()));
  if (!after.empty() && !CheckChosenId("page_token", after).ok()) return InvalidPageToken();
  // One more than asked for tells whether there is another page.
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::SurveyLink> page,
                           links.List(scope, SurveyLinkId(std::move(after)), size + 1));
  v1::ListSurveyLinksResponse response;
  if (page.size() > static_cast<std::size_t>(size)) {
    page.pop_back();
    response.set_next_page_token(EncodePageToken(kList, IdOf(page.back()).value()));
  }
  for (v1::SurveyLink& link : page) {
    link.set_url(addresses.Of(scope, link));
    *response.add_survey_links() = std::move(link);
  }
  return response;
}

}  // namespace canvass::distribution
