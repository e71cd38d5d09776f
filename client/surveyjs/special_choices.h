// The choices that SurveyJS has ready-made beside those of a question's own list.
//
// A plain table; thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_SPECIAL_CHOICES_H_
#define CANVASS_CLIENT_SURVEYJS_SPECIAL_CHOICES_H_

#include <array>

#include "absl/strings/string_view.h"

namespace canvass::surveyjs {

struct SpecialChoice {
  absl::string_view value;     // of the answer, which is the option's key here
  absl::string_view flag;      // the property that shows it
  absl::string_view old_flag;  // what that was called before
  absl::string_view text;      // the property that says it in other words
  absl::string_view english;   // what it says without
};

// In the order in which SurveyJS shows them, behind all others.
inline constexpr std::array<SpecialChoice, 4> kSpecialChoices = {{
    {"none", "showNoneItem", "hasNone", "noneText", "None"},
    {"refused", "showRefuseItem", "hasRefuse", "refuseText", "Refuse to answer"},
    {"dontknow", "showDontKnowItem", "hasDontKnow", "dontKnowText", "Don't know"},
    {"other", "showOtherItem", "hasOther", "otherText", "Other (describe)"},
}};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_SPECIAL_CHOICES_H_
