// What the texts and languages of a definition may be.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_DEFINITION_TEXT_RULES_H_
#define CANVASS_SERVER_SURVEYS_DEFINITION_TEXT_RULES_H_

#include <cstddef>
#include <string>

#include "canvass/v1/survey.pb.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/texts/each_text.h"

namespace canvass::surveys {

inline constexpr std::size_t kMaxTextCharacters = 5000;

// default_language and languages.
void CheckLanguages(const v1::SurveyDefinition& definition, Faults& faults);

// Checks the texts of one definition.
class TextRules {
 public:
  enum class Presence { kRequired, kOptional };

  // `definition` and `faults` must outlive the rules.
  TextRules(const v1::SurveyDefinition& definition, Faults& faults);

  // Languages, lengths, and that there is a text in the default language: always, or once there is any.
  void Check(const std::string& path, const TextMap& text, Presence presence) const;

 private:
  const std::string& default_language_;
  const bool default_is_tag_;
  Faults& faults_;
};

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_DEFINITION_TEXT_RULES_H_
