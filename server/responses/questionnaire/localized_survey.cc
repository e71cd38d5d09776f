#include "server/responses/questionnaire/localized_survey.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "server/surveys/texts/each_text.h"
#include "server/surveys/texts/expected_duration.h"
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

std::shared_ptr<const LocalizedSurvey> InLanguage(std::shared_ptr<const v1::SurveyVersion> version,
                                                  std::string language) {
  auto survey = std::make_shared<LocalizedSurvey>();
  survey->definition = surveys::InLanguage(version->definition(), language);
  survey->personal = HasShuffledOptions(survey->definition) || HasPipes(survey->definition);
  const std::vector<bool> all(survey->definition.questions_size(), true);
  survey->expected_duration = surveys::ExpectedDuration(survey->definition, all, language);
  survey->language = std::move(language);
  survey->version = std::move(version);
  return survey;
}

}  // namespace

std::shared_ptr<const LocalizedSurvey> Localize(std::shared_ptr<const v1::SurveyVersion> version,
                                                absl::string_view wanted) {
  std::string language = surveys::ChooseLanguage(version->definition(), wanted);
  return InLanguage(std::move(version), std::move(language));
}

std::shared_ptr<const LocalizedSurvey> LocalizedSurveys::Get(std::shared_ptr<const v1::SurveyVersion> version,
                                                             absl::string_view wanted) {
  std::string language = surveys::ChooseLanguage(version->definition(), wanted);
  const Key key(version->name(), language);
  {
    absl::MutexLock lock(&mutex_);
    if (auto* cached = cache_.Get(key)) return *cached;
  }
  auto survey = InLanguage(std::move(version), std::move(language));
  absl::MutexLock lock(&mutex_);
  cache_.Put(key, survey, survey->definition.ByteSizeLong());
  return survey;
}

}  // namespace canvass::responses
