#include "client/surveyjs/reading/languages.h"

#include <array>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/surveyjs/expression/loose_values.h"
#include "client/surveyjs/reading/properties.h"

namespace canvass::surveyjs {
namespace {

using nlohmann::json;

constexpr absl::string_view kEnglish = "en";
constexpr std::size_t kMaxOtherLanguages = 48;
// SurveyJS names these two after countries.
constexpr std::array<std::pair<absl::string_view, absl::string_view>, 2> kByCountry = {{{"ua", "uk"}, {"rs", "sr"}}};
constexpr std::array<absl::string_view, 17> kTexts = {"title",
                                                      "description",
                                                      "html",
                                                      "text",
                                                      "completedHtml",
                                                      "labelTrue",
                                                      "labelFalse",
                                                      "otherText",
                                                      "noneText",
                                                      "altText",
                                                      "refuseText",
                                                      "minRateDescription",
                                                      "maxRateDescription",
                                                      "placeholder",
                                                      "startSurveyText",
                                                      "pageNextText",
                                                      "completeText"};

bool IsLetters(absl::string_view subtag) {
  return absl::c_all_of(subtag, [](char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); });
}

bool IsRegion(absl::string_view subtag) {
  const bool digits = absl::c_all_of(subtag, [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
  return (subtag.size() == 2 && IsLetters(subtag)) || (subtag.size() == 3 && digits);
}

bool IsVariant(absl::string_view subtag) {
  return (subtag.size() >= 5 && subtag.size() <= 8) ||
         (subtag.size() == 4 && absl::ascii_isdigit(static_cast<unsigned char>(subtag[0])));
}

// How texts stand to the document's locale.
struct Coverage {
  int with_locale = 0;
  int without_locale = 0;
};

void CountTexts(const json& value, const std::string& locale, Coverage& coverage) {
  if (value.is_object()) {
    for (const auto& [name, inner] : value.items()) {
      if (!absl::c_linear_search(kTexts, name)) {
        CountTexts(inner, locale, coverage);
      } else if (inner.is_string() && !IsEmpty(inner)) {
        ++coverage.without_locale;
      } else if (inner.is_object()) {
        ++(FindProperty(inner, locale) != nullptr ? coverage.with_locale : coverage.without_locale);
      }
    }
  } else if (value.is_array()) {
    for (const json& inner : value) CountTexts(inner, locale, coverage);
  }
}

void CollectLanguages(const json& value, std::set<std::string>& languages) {
  if (value.is_array()) {
    for (const json& inner : value) CollectLanguages(inner, languages);
  }
  if (!value.is_object()) return;
  for (const auto& [name, inner] : value.items()) {
    if (!absl::c_linear_search(kTexts, name) || !inner.is_object()) {
      CollectLanguages(inner, languages);
      continue;
    }
    for (const auto& [locale, text] : inner.items()) {
      const std::string tag = locale == "default" ? "" : TagOfLocale(locale);
      if (!tag.empty() && text.is_string() && languages.size() < kMaxOtherLanguages) languages.insert(tag);
    }
  }
}

}  // namespace

std::set<std::string> OtherLanguages(const json& document, const DocumentLanguages& languages) {
  std::set<std::string> others;
  CollectLanguages(document, others);
  others.erase(languages.default_language);
  if (languages.plain_language != languages.default_language) others.insert(languages.plain_language);
  return others;
}

DocumentLanguages LanguagesOf(const json& document, Report& report) {
  const json* property = FindProperty(document, "locale");
  const std::string locale = property == nullptr ? "" : LooseText(*property);
  const std::string tag = TagOfLocale(locale);
  if (!locale.empty() && tag.empty()) report.Add("locale", absl::StrCat(Quoted(locale), " is no language: left out"));
  if (tag.empty() || tag == kEnglish) return {std::string(kEnglish), std::string(kEnglish)};
  Coverage coverage;
  CountTexts(document, locale, coverage);
  if (coverage.with_locale == 0) return {tag, tag};
  if (coverage.without_locale == 0) return {tag, std::string(kEnglish)};
  report.Add("locale", absl::StrCat(coverage.without_locale, " texts have no ", locale,
                                    ": the default language is en, which every text has"));
  return {std::string(kEnglish), std::string(kEnglish)};
}

std::string TagOfLocale(absl::string_view locale) {
  for (const auto& [country, language] : kByCountry) {
    if (locale == country) return std::string(language);
  }
  std::vector<std::string> subtags = absl::StrSplit(absl::AsciiStrToLower(locale), '-');
  for (const std::string& subtag : subtags) {
    if (!absl::c_all_of(subtag, [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); })) return "";
  }
  if (!IsLetters(subtags[0]) || subtags[0].size() < 2 || subtags[0].size() > 3 || locale.size() > 35) return "";
  std::size_t at = 1;
  if (at < subtags.size() && subtags[at].size() == 4 && !IsVariant(subtags[at])) {
    subtags[at][0] = absl::ascii_toupper(static_cast<unsigned char>(subtags[at][0]));
    ++at;
  }
  if (at < subtags.size() && IsRegion(subtags[at])) {
    absl::AsciiStrToUpper(&subtags[at]);
    ++at;
  }
  while (at < subtags.size() && IsVariant(subtags[at])) ++at;
  return at == subtags.size() ? absl::StrJoin(subtags, "-") : "";
}

std::string LocaleOfTag(absl::string_view tag) {
  for (const auto& [country, language] : kByCountry) {
    if (tag == language) return std::string(country);
  }
  return absl::AsciiStrToLower(tag);
}

}  // namespace canvass::surveyjs
