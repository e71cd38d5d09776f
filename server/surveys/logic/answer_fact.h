// An answer as conditions, calculated values and pipes read it.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_LOGIC_ANSWER_FACT_H_
#define CANVASS_SERVER_SURVEYS_LOGIC_ANSWER_FACT_H_

#include <google/protobuf/struct.pb.h>

#include <optional>

#include "canvass/v1/response.pb.h"

namespace canvass::surveys {

// Scores and numbers as numbers; an option, text or date as text; options as a list of their keys; a matrix as an
// object of columns by row; consent as a boolean. Nothing for an answer that was dismissed or says nothing.
std::optional<google::protobuf::Value> AnswerFact(const v1::Answer& answer);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_LOGIC_ANSWER_FACT_H_
