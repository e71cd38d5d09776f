// Whether a definition can be published: what every save checks, and that it works as a whole. What this accepts, no
// respondent gets stuck in.
//
//   Violations violations;
//   CheckForPublish(*survey.mutable_definition(), violations);
//   CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_SURVEY));
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_PUBLISHING_CHECK_FOR_PUBLISH_H_
#define CANVASS_SERVER_SURVEYS_PUBLISHING_CHECK_FOR_PUBLISH_H_

#include "canvass/v1/survey.pb.h"
#include "server/base/error.h"

namespace canvass::surveys {

// Adds every violation until there are Violations::kMaxReported, at paths that start with `definition`: first what
// CheckDefinition finds, then references that lead nowhere or ask for what is not known yet, circles of values,
// comparisons that can never be true, required questions that nobody can answer, pipes and missing translations, and
// last questions and endings that nobody can reach. Brings all conditions into the structured form in which they are
// stored. Bounded work whatever the definition is. Returns whether the definition keeps its limits of bytes and items.
bool CheckForPublish(v1::SurveyDefinition& definition, Violations& violations);
// The same, on a copy.
bool CheckForPublish(const v1::SurveyDefinition& definition, Violations& violations);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_PUBLISHING_CHECK_FOR_PUBLISH_H_
