// Texts that comparisons can tell apart; see field_values.h.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_FLOW_TEXT_VALUES_H_
#define CANVASS_SERVER_SURVEYS_FLOW_TEXT_VALUES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "canvass/v1/condition.pb.h"
#include "server/surveys/flow/field_values.h"

namespace canvass::surveys {

struct TextValues {
  std::vector<std::string> texts;
  bool complete = true;
};

// The empty text may be among them; there is always one that is not.
TextValues TextValuesOf(Comparisons comparisons);

// True if `compare` asks for more than one text alone: = or != with a star, or `:` with anything but `*`.
bool IsWild(const v1::Comparison& compare);

// The text that `compare` is about, without its stars and the escapes of stars.
std::string LiteralOf(const v1::Comparison& compare);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_FLOW_TEXT_VALUES_H_
