// What texts refer to and which translations are there: the pipes of every text, and the languages on offer.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_FLOW_TEXT_REFERENCES_H_
#define CANVASS_SERVER_SURVEYS_FLOW_TEXT_REFERENCES_H_

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/flow/definition_map.h"
#include "server/surveys/texts/pipes.h"

namespace canvass::surveys {

// Pipes that are not closed, or that refer to what does not exist or is not known when the text is read.
void CheckPipes(const DefinitionMap& map, Faults& faults);

// Calls `visit` for every pipe of every text, in the order of texts and languages. `path` is that of the text in one
// language and starts with `definition`; `horizon` is what is known when it is read.
void ForEachPipe(const DefinitionMap& map,
                 absl::FunctionRef<void(absl::string_view path, Horizon horizon, const Pipe& pipe)> visit);

// Texts that lack a language on offer.
void CheckTranslations(const v1::SurveyDefinition& definition, Faults& faults);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_FLOW_TEXT_REFERENCES_H_
