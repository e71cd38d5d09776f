// Questions and endings that nobody can reach.
//
// The answers and facts that decide are tried out, as far as comparisons can tell them apart, with the one evaluator of
// logic (logic/walk.h). What cannot be tried out completely within bounds counts as reached: a survey that works is
// never refused.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_PUBLISHING_REACH_RULES_H_
#define CANVASS_SERVER_SURVEYS_PUBLISHING_REACH_RULES_H_

#include "server/surveys/definition/faults.h"
#include "server/surveys/flow/definition_map.h"
#include "server/surveys/flow/reference_rules.h"

namespace canvass::surveys {

// Adds a fault for each. Nothing is concluded from what is broken. `map` is not ambiguous.
void CheckReach(const DefinitionMap& map, const Broken& broken, Faults& faults);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_PUBLISHING_REACH_RULES_H_
