#include "server/distribution/links/survey_link_address.h"

#include "server/base/proto_time.h"
#include "server/distribution/links/survey_link.h"

namespace canvass::distribution {

std::string SurveyLinkAddresses::Of(const TenantScope& scope, const v1::SurveyLink& link) const {
  return urls_.Survey(
      tokens_.Sign({.tenant = scope.tenant(), .link = IdOf(link), .create_time = FromProto(link.create_time())}));
}

}  // namespace canvass::distribution
