// What respondents read who cannot answer, or cannot any more.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_TEXTS_LATE_MESSAGE_H_
#define CANVASS_SERVER_SURVEYS_TEXTS_LATE_MESSAGE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "canvass/v1/questionnaire.pb.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::surveys {

// The survey's closed_text for who is too late, if it has one; else a sentence in `language` if it is Czech, French,
// German, Polish, Slovak, Slovene or Spanish, and in English otherwise. Empty for AVAILABILITY_OPEN.
std::string LateMessage(const v1::SurveyDefinition& definition, absl::string_view language,
                        v1::Questionnaire::Availability availability);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_TEXTS_LATE_MESSAGE_H_
