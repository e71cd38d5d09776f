#include "server/surveys/definition/layout_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/surveys/definition/condition_rules.h"
#include "server/surveys/definition/entry_rules.h"

namespace canvass::surveys {
namespace {

constexpr int kMaxPages = 100;
constexpr int kMaxEndings = 20;
constexpr int kMaxQuotas = 50;
constexpr std::size_t kMaxUrlCharacters = 2000;
constexpr absl::string_view kHttps = "https://";

using Presence = TextRules::Presence;

void CheckRedirect(const std::string& path, const std::string& url, Faults& faults) {
  if (url.empty()) return;
  CheckPlainText(path, url, kMaxUrlCharacters, faults);
  const absl::string_view behind = absl::StartsWith(url, kHttps) ? absl::string_view(url).substr(kHttps.size()) : "";
  if (behind.substr(0, behind.find_first_of("/?#")).empty() || absl::StrContains(url, ' ')) {
    faults.Add(path, absl::StrCat(Quoted(url), " is not an address such as https://example.com/thanks"));
  }
}

}  // namespace

void CheckPages(const TextRules& texts, v1::SurveyDefinition& definition, Faults& faults) {
  faults.CheckCount("definition.pages", definition.pages_size(), 0, kMaxPages);
  Keys keys(Keys::First::kLetter, faults);
  for (int i = 0; i < std::min(definition.pages_size(), kMaxPages) && !faults.Full(); ++i) {
    const std::string path = absl::StrCat("definition.pages[", i, "]");
    v1::Page& page = *definition.mutable_pages(i);
    keys.Check(path, page.key());
    faults.CheckKeyForm(path + ".starts_with", page.starts_with());
    texts.Check(path + ".title", page.title(), Presence::kOptional);
    texts.Check(path + ".description", page.description(), Presence::kOptional);
    if (page.has_show_if()) Normalize(path + ".show_if", *page.mutable_show_if(), faults);
  }
}

void CheckEndings(const TextRules& texts, const v1::SurveyDefinition& definition, Faults& faults) {
  faults.CheckCount("definition.endings", definition.endings_size(), 0, kMaxEndings);
  Keys keys(Keys::First::kLetter, faults);
  for (int i = 0; i < std::min(definition.endings_size(), kMaxEndings) && !faults.Full(); ++i) {
    const std::string path = absl::StrCat("definition.endings[", i, "]");
    const v1::Ending& ending = definition.endings(i);
    keys.Check(path, ending.key());
    texts.Check(path + ".title", ending.title(), Presence::kRequired);
    texts.Check(path + ".text", ending.text(), Presence::kOptional);
    CheckRedirect(path + ".redirect_url", ending.redirect_url(), faults);
  }
}

void CheckQuotas(v1::SurveyDefinition& definition, Faults& faults) {
  faults.CheckCount("definition.quotas", definition.quotas_size(), 0, kMaxQuotas);
  Keys keys(Keys::First::kLetter, faults);
  for (int i = 0; i < std::min(definition.quotas_size(), kMaxQuotas) && !faults.Full(); ++i) {
    const std::string path = absl::StrCat("definition.quotas[", i, "]");
    v1::Quota& quota = *definition.mutable_quotas(i);
    keys.Check(path, quota.key());
    if (quota.limit() < 1) faults.Add(path + ".limit", absl::StrCat(quota.limit(), " is not allowed: 1 or more"));
    if (quota.has_when()) Normalize(path + ".when", *quota.mutable_when(), faults);
    if (!quota.ending().empty()) faults.CheckKeyForm(path + ".ending", quota.ending());
  }
}

}  // namespace canvass::surveys
