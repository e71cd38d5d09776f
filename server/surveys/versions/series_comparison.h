// What becomes of each question's metrics from one definition to another.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_VERSIONS_SERIES_COMPARISON_H_
#define CANVASS_SERVER_SURVEYS_VERSIONS_SERIES_COMPARISON_H_

#include <vector>

#include "canvass/v1/survey.pb.h"
#include "canvass/v1/survey_service.pb.h"

namespace canvass::surveys {

// Every question that takes answers, in the order of `target`, then those of `base` alone. Both have their defaults
// written out (see survey_diff.h).
//
// A question is reworded if what is read on it changed, what it accepts, or who is shown it: its own condition, that of
// its page, and the ways that lead past it.
std::vector<v1::SeriesComparison> CompareSeries(const v1::SurveyDefinition& base, const v1::SurveyDefinition& target);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_VERSIONS_SERIES_COMPARISON_H_
