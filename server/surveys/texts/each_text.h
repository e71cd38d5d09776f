// Every text of a survey with its path: what is translated, checked, piped and reported language by language.
//
//   ForEachText(definition, [&](absl::string_view path, const TextMap& text) { … });   "questions[2].help"
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_TEXTS_EACH_TEXT_H_
#define CANVASS_SERVER_SURVEYS_TEXTS_EACH_TEXT_H_

#include <google/protobuf/map.h>

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::surveys {

// Texts by language.
using TextMap = google::protobuf::Map<std::string, std::string>;

// Calls `visit` for every map of texts, empty ones, too, in the order in which respondents meet them. Paths start below
// the definition.
void ForEachText(const v1::SurveyDefinition& definition,
                 absl::FunctionRef<void(absl::string_view path, const TextMap& text)> visit);
void ForEachText(v1::SurveyDefinition& definition,
                 absl::FunctionRef<void(absl::string_view path, TextMap& text)> visit);

// The same for one question; paths start below it.
void ForEachText(v1::Question& question, absl::FunctionRef<void(absl::string_view path, TextMap& text)> visit);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_TEXTS_EACH_TEXT_H_
