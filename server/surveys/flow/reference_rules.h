// That everything a definition refers to exists and is known in time: the fields of conditions, calculated values,
// pipes and breakdowns, the targets of routes, where pages start, the endings of quotas.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_FLOW_REFERENCE_RULES_H_
#define CANVASS_SERVER_SURVEYS_FLOW_REFERENCE_RULES_H_

#include <google/protobuf/message.h>

#include "absl/container/flat_hash_set.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/flow/definition_map.h"

namespace canvass::surveys {

// The parts of a definition that faults were found with, so that nothing is concluded from them: conditions, routes,
// values and pages.
using Broken = absl::flat_hash_set<const google::protobuf::Message*>;

// Adds every fault. Paths start with `definition`. Returns the parts that are broken, of which CheckDefinition's
// unusable conditions are some.
Broken CheckReferences(const DefinitionMap& map, Faults& faults);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_FLOW_REFERENCE_RULES_H_
