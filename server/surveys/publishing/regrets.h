// What can be published but is likely to be regretted: the warnings of CheckSurvey.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_PUBLISHING_REGRETS_H_
#define CANVASS_SERVER_SURVEYS_PUBLISHING_REGRETS_H_

#include "canvass/v1/survey.pb.h"
#include "server/base/error.h"

namespace canvass::surveys {

// Adds warnings at paths that start with `definition`, at most Violations::kMaxReported: languages that texts have but
// the survey does not offer, pipes without a fallback whose fact may be absent, routes behind one that is always taken,
// and terms of aggregates that are never numbers. `definition` keeps its limits (CheckForPublish).
void FindRegrets(const v1::SurveyDefinition& definition, Violations& warnings);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_PUBLISHING_REGRETS_H_
