// Lists of options that comparisons can tell apart; see field_values.h.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_FLOW_LIST_VALUES_H_
#define CANVASS_SERVER_SURVEYS_FLOW_LIST_VALUES_H_

#include "canvass/v1/question.pb.h"
#include "server/surveys/flow/field_values.h"

namespace canvass::surveys {

// Of answers to a multiple choice or ranking. Incomplete where many options are asked for.
FieldValues ListValuesOf(const v1::Question& question, Comparisons comparisons);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_FLOW_LIST_VALUES_H_
