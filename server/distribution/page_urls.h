// The addresses of what the HTTP port serves to people and to providers, as messages and answers quote them. The one
// place that knows their shape beside the routes themselves.
//
//   PageUrls urls("https://feedback.example.com");
//   urls.Survey(token);         // https://feedback.example.com/s/cvi_…
//
// Thread-safe: it never changes.
#ifndef CANVASS_SERVER_DISTRIBUTION_PAGE_URLS_H_
#define CANVASS_SERVER_DISTRIBUTION_PAGE_URLS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/base/ids.h"

namespace canvass::distribution {

class PageUrls {
 public:
  // Where the pages are seen from outside, `https://host` with an optional port and path; a `/` at its end is dropped.
  explicit PageUrls(absl::string_view base);

  // The respondent's page: of an invitation (`cvi_…`) or a survey link (`cvl_…`).
  std::string Survey(absl::string_view token) const;
  // The same with one answer preselected. Opening it records nothing.
  std::string SurveyWithScore(absl::string_view token, absl::string_view question, int score) const;
  // Where a customer unsubscribes; see UnsubscribeTokens.
  std::string Unsubscribe(absl::string_view token) const;
  // Where the provider of text messages reports what became of one.
  std::string SmsStatus(const TenantId& tenant, const Uuid& message) const;

 private:
  std::string base_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_PAGE_URLS_H_
