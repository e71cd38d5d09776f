// A survey version in one language, ready to be shown, and the cache of them.
//
//   LocalizedSurveys surveys(max_bytes);
//   std::shared_ptr<const LocalizedSurvey> survey = surveys.Get(version, "pt-BR");
//
// A LocalizedSurvey never changes. The cache is thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_LOCALIZED_SURVEY_H_
#define CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_LOCALIZED_SURVEY_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "canvass/v1/survey.pb.h"
#include "server/surveys/logic/pages.h"
#include "server/surveys/lru_cache.h"
#include "server/surveys/texts/expected_duration.h"

namespace canvass::responses {

struct LocalizedSurvey {
  LocalizedSurvey(std::shared_ptr<const v1::SurveyVersion> version, std::string language);
  LocalizedSurvey(const LocalizedSurvey&) = delete;
  LocalizedSurvey& operator=(const LocalizedSurvey&) = delete;

  // What was published, in all its languages.
  const std::shared_ptr<const v1::SurveyVersion> version;
  const std::string language;
  // The definition with the texts of that language alone.
  const v1::SurveyDefinition definition;
  // False if every respondent reads the same: no pipes, nothing shuffled.
  const bool personal;
  // Of `definition`.
  const std::vector<surveys::PageRange> pages;
  const surveys::QuestionDurations durations;
  // Of all questions.
  const absl::Duration expected_duration;
};

// `version` in the language on offer that is nearest to `wanted`.
std::shared_ptr<const LocalizedSurvey> Localize(std::shared_ptr<const v1::SurveyVersion> version,
                                                absl::string_view wanted);

class LocalizedSurveys {
 public:
  // `max_bytes` counts definitions as they are serialized; in memory they are a few times that.
  explicit LocalizedSurveys(std::size_t max_bytes) : cache_(max_bytes) {}

  // Localize, from memory where it was asked before.
  std::shared_ptr<const LocalizedSurvey> Get(std::shared_ptr<const v1::SurveyVersion> version,
                                             absl::string_view wanted);

 private:
  using Key = std::pair<std::string, std::string>;  // the version's name, which holds the tenant, and the language

  absl::Mutex mutex_;
  surveys::LruCache<Key, std::shared_ptr<const LocalizedSurvey>> cache_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_LOCALIZED_SURVEY_H_
