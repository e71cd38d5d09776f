// The calculatedValues of a SurveyJS document, as far as they are sums, means, extremes and choices by conditions:
// `{a} + 2 * {b}`, `avg({a}, {b})`, `iif({nps} >= 9, 'fan', 'other')`.
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_LOGIC_VALUES_READER_H_
#define CANVASS_CLIENT_SURVEYJS_LOGIC_VALUES_READER_H_

#include <nlohmann/json.hpp>

#include "client/surveyjs/logic/draft.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

// Adds the values of the list `values` to the draft, and their names.
void ReadValues(const nlohmann::json* values, Draft& draft, Report& report);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_LOGIC_VALUES_READER_H_
