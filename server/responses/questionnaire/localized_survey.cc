#include "server/responses/questionnaire/localized_survey.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "server/surveys/texts/each_text.h"
#include "server/surveys/texts/languages.h"

namespace canvass::responses {
namespace {

bool HasShuffledOptions(const v1::SurveyDefinition& definition) {
  return std::any_of(definition.questions().begin(), definition.questions().end(), [](const v1::Question& question) {
    return question.single_choice().order() == v1::OPTION_ORDER_SHUFFLED ||
           question.multiple_choice().order() == v1::OPTION_ORDER_SHUFFLED ||
           question.ranking().order() == v1::OPTION_ORDER_SHUFFLED ||
           question.matrix().order() == v1::OPTION_ORDER_SHUFFLED;
  });
}

bool HasPipes(const v1::SurveyDefinition& definition) {
  bool found = false;
  surveys::ForEachText(definition, [&](absl::string_view, const surveys::TextMap& text) {
    for (const auto& [language, value] : text) found = found || absl::StrContains(value, "{{");
  });
  return found;
}

}  // namespace

LocalizedSurvey::LocalizedSurvey(std::shared_ptr<const v1::SurveyVersion> its_version, std::string its_language)
    : version(std::move(its_version)),
      language(std::move(its_language)),
      definition(surveys::InLanguage(version->definition(), language)),
      personal(HasShuffledOptions(definition) || HasPipes(definition)),
      pages(surveys::PagesOf(definition)),
      durations(definition, language),
      expected_duration(durations.Of(std::vector<bool>(definition.questions_size(), true))) {}

std::shared_ptr<const LocalizedSurvey> Localize(std::shared_ptr<const v1::SurveyVersion> version,
                                                absl::string_view wanted) {
  std::string language = surveys::ChooseLanguage(version->definition(), wanted);
  return std::make_shared<const LocalizedSurvey>(std::move(version), std::move(language));
}

std::shared_ptr<const LocalizedSurvey> LocalizedSurveys::Get(std::shared_ptr<const v1::SurveyVersion> version,
                                                             absl::string_view wanted) {
  std::string language = surveys::ChooseLanguage(version->definition(), wanted);
  const Key key(version->name(), language);
  {
    absl::MutexLock lock(&mutex_);
    if (auto* cached = cache_.Get(key)) return *cached;
  }
  auto survey = std::make_shared<const LocalizedSurvey>(std::move(version), std::move(language));
  absl::MutexLock lock(&mutex_);
  cache_.Put(key, survey, survey->definition.ByteSizeLong());
  return survey;
}

}  // namespace canvass::responses
