// The address that opens a survey link, `https://…/s/cvl_…`.
//
//   const SurveyLinkAddresses addresses(tokens, urls);
//   link.set_url(addresses.Of(scope, link));
//
// Thread-safe: it never changes. Tokens and urls must outlive it.
#ifndef CANVASS_SERVER_DISTRIBUTION_LINKS_SURVEY_LINK_ADDRESS_H_
#define CANVASS_SERVER_DISTRIBUTION_LINKS_SURVEY_LINK_ADDRESS_H_

#include <string>

#include "canvass/v1/survey_link.pb.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/links/survey_link_token.h"
#include "server/distribution/page_urls.h"

namespace canvass::distribution {

class SurveyLinkAddresses {
 public:
  SurveyLinkAddresses(const SurveyLinkTokens& tokens, const PageUrls& urls) : tokens_(tokens), urls_(urls) {}

  // Of a stored link.
  std::string Of(const TenantScope& scope, const v1::SurveyLink& link) const;

 private:
  const SurveyLinkTokens& tokens_;
  const PageUrls& urls_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_LINKS_SURVEY_LINK_ADDRESS_H_
