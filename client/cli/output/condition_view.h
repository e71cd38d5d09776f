// A condition as the AIP-160 text that means it, for tables and files.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_OUTPUT_CONDITION_VIEW_H_
#define CANVASS_CLIENT_CLI_OUTPUT_CONDITION_VIEW_H_

#include <optional>
#include <string>

#include "canvass/v1/condition.pb.h"

namespace canvass::cli {

// For people. Empty for a condition that is always true because there is none.
std::string ConditionText(const v1::Condition& condition);

// The text that the server reads as this very condition; nothing where there is none, as for a list of a single
// condition.
std::optional<std::string> ExactConditionText(const v1::Condition& condition);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OUTPUT_CONDITION_VIEW_H_
