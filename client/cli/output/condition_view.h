// A condition as the AIP-160 text that means it, for tables.
//
// Thread-safe: a pure function.
#ifndef CANVASS_CLIENT_CLI_OUTPUT_CONDITION_VIEW_H_
#define CANVASS_CLIENT_CLI_OUTPUT_CONDITION_VIEW_H_

#include <string>

#include "canvass/v1/condition.pb.h"

namespace canvass::cli {

// Empty for a condition that is always true because there is none.
std::string ConditionText(const v1::Condition& condition);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OUTPUT_CONDITION_VIEW_H_
