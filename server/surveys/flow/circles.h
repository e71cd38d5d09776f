// Calculated values that refer to each other in a circle.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_FLOW_CIRCLES_H_
#define CANVASS_SERVER_SURVEYS_FLOW_CIRCLES_H_

#include <vector>

#include "server/surveys/flow/definition_map.h"

namespace canvass::surveys {

// Which values each value refers to, directly.
std::vector<std::vector<int>> ValueReferences(const DefinitionMap& map);

// Circles in `references`, each as short as can be and beginning with its first value: {0, 2} is 0 -> 2 -> 0. One for
// every value that is the first of some circle.
std::vector<std::vector<int>> CirclesIn(const std::vector<std::vector<int>>& references);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_FLOW_CIRCLES_H_
