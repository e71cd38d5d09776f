// The calculated values of a survey: numbers and texts worked out from answers and facts.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_LOGIC_CALCULATED_VALUES_H_
#define CANVASS_SERVER_SURVEYS_LOGIC_CALCULATED_VALUES_H_

#include <google/protobuf/struct.pb.h>

#include "canvass/v1/survey.pb.h"

namespace canvass::surveys {

// Works out all values in their order and puts them into `facts` as the object `value`, in place of what stood there.
// Values that cannot be worked out are absent.
void Calculate(const v1::SurveyDefinition& definition, google::protobuf::Struct& facts);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_LOGIC_CALCULATED_VALUES_H_
