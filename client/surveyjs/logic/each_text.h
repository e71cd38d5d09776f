// Every text of a definition.
//
//   ForEachText(definition, [](const TextPlace& place, TextMap& text) { … });
//
// Pure; thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_LOGIC_EACH_TEXT_H_
#define CANVASS_CLIENT_SURVEYJS_LOGIC_EACH_TEXT_H_

#include "absl/functional/function_ref.h"
#include "canvass/v1/survey.pb.h"
#include "client/surveyjs/reading/text_reader.h"

namespace canvass::surveyjs {

struct TextPlace {
  // The question that it belongs to; -1: none.
  int question = -1;
  // How many questions are asked before it: it may pipe their answers.
  int asked = 0;
};

// Calls `visit` for every map of texts, empty ones, too.
void ForEachText(v1::SurveyDefinition& definition,
                 absl::FunctionRef<void(const TextPlace& place, TextMap& text)> visit);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_LOGIC_EACH_TEXT_H_
