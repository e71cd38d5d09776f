// What every save of a definition checks: its structure and the limits that survey.proto and question.proto document.
// References may still be incomplete; publishing/check_for_publish.h looks at these.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_DEFINITION_CHECK_DEFINITION_H_
#define CANVASS_SERVER_SURVEYS_DEFINITION_CHECK_DEFINITION_H_

#include "canvass/v1/survey.pb.h"
#include "server/base/error.h"

namespace canvass::surveys {

// Adds every violation, in the order of the definition, at paths such as `definition.questions[3].csat.points`, until
// there are Violations::kMaxReported. Brings all conditions into the structured form in which they are stored; those
// that are at fault are IsUnusable afterwards. Bounded work whatever the definition is. Returns whether the whole was
// looked at and keeps its limits of bytes and items, so that further checks are bounded, too.
bool CheckDefinition(v1::SurveyDefinition& definition, Violations& violations);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_DEFINITION_CHECK_DEFINITION_H_
