#include "server/distribution/page_urls.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace canvass::distribution {

PageUrls::PageUrls(absl::string_view base) : base_(absl::StripSuffix(base, "/")) {}

// Tokens and keys of questions have only characters that may stand in an address.
std::string PageUrls::Survey(absl::string_view token) const { return absl::StrCat(base_, "/s/", token); }

std::string PageUrls::SurveyWithScore(absl::string_view token, absl::string_view question, int score) const {
  return absl::StrCat(Survey(token), "?", question, "=", score);
}

std::string PageUrls::Unsubscribe(absl::string_view token) const { return absl::StrCat(base_, "/u/", token); }

std::string PageUrls::SmsStatus(const TenantId& tenant, const Uuid& message) const {
  return absl::StrCat(base_, "/v1/sms/", tenant.value(), "/status?message=", message.ToString());
}

}  // namespace canvass::distribution
