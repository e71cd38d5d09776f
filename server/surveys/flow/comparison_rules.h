// Comparisons that can never be true, because no answer or hidden field is like that: an option that there is not, a
// score off the scale, text where there are numbers.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_FLOW_COMPARISON_RULES_H_
#define CANVASS_SERVER_SURVEYS_FLOW_COMPARISON_RULES_H_

#include <optional>
#include <string>

#include "canvass/v1/condition.pb.h"
#include "server/surveys/flow/definition_map.h"

namespace canvass::surveys {

// What is wrong with `compare`, whose field DefinitionMap finds no fault with; nullopt if it can be true. A comparison
// by != with an option that does not exist is at fault, too.
std::optional<std::string> ComparisonFault(const DefinitionMap& map, const v1::Comparison& compare);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_FLOW_COMPARISON_RULES_H_
