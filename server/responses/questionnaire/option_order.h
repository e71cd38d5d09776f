// The order in which a respondent sees options: shuffled so that nobody's place favours an option, and yet always alike
// for one respondent.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_OPTION_ORDER_H_
#define CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_OPTION_ORDER_H_

#include "absl/strings/string_view.h"
#include "canvass/v1/question.pb.h"

namespace canvass::responses {

// Shuffles the options of `question`, or the rows of a matrix, if its order says so; pinned ones keep their places. The
// same seed gives the same order in every process and release. An empty seed leaves the order as written.
void OrderOptions(absl::string_view seed, v1::Question& question);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_QUESTIONNAIRE_OPTION_ORDER_H_
