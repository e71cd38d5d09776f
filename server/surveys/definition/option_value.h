// The number under which metrics count an option.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_DEFINITION_OPTION_VALUE_H_
#define CANVASS_SERVER_SURVEYS_DEFINITION_OPTION_VALUE_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace canvass::surveys {

// 31 bits of a hash of the option's key (FNV-1a), never negative, the same in every version, process and release. That
// two options of one question have different ones is a rule of every definition.
int32_t OptionValue(absl::string_view option_key);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_DEFINITION_OPTION_VALUE_H_
