// Reads the JSON of SurveyJS (surveyjs.io) into a survey definition.
//
//   absl::StatusOr<surveyjs::Imported> imported = surveyjs::Import(ReadFile("survey.json"));
//   for (const surveyjs::Note& note : imported->notes) std::cerr << note.path << ": " << note.message << "\n";
//
// Pages, panels, questions, texts in all languages, choices, visibleIf, triggers and completion pages are carried over
// as far as a definition can say them. Whatever cannot is named in the notes; nothing is left out in silence. If a
// condition cannot be carried over, what depends on it is shown to everybody. The result is a definition that
// PublishSurvey takes unless a note says otherwise.
//
// Names that are not keys become keys (`First Name` becomes `first_name`), in conditions and texts, too.
//
// The document is untrusted: its size and depth are limited, and nothing in it is executed. Pure; thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_SURVEYJS_IMPORT_H_
#define CANVASS_CLIENT_SURVEYJS_SURVEYJS_IMPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"
#include "client/surveyjs/note.h"

namespace canvass::surveyjs {

struct Imported {
  v1::SurveyDefinition definition;
  // The survey's title in its default language, at most 200 characters; `Imported survey` if it has none.
  std::string display_name;
  std::vector<Note> notes;
};

// InvalidArgument if `json` is not a SurveyJS document, with what it seems to be (Qualtrics, LimeSurvey, QTI, Triple-S,
// answers of a SurveyJS survey, …) and what can be done; or if none of its questions can be carried over, with the
// reason for each.
absl::StatusOr<Imported> Import(absl::string_view json);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_SURVEYJS_IMPORT_H_
