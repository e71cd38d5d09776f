// Writes a survey definition as the JSON of SurveyJS (surveyjs.io).
//
//   absl::StatusOr<surveyjs::Exported> exported = surveyjs::Export(survey.definition(), survey.display_name());
//
// Questions, pages, texts in all languages, conditions, routes, endings and calculated values are written in SurveyJS's
// own words; what it has none for is named in the notes. Import(Export(d)) is d up to what the notes name.
//
// Pure; thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_SURVEYJS_EXPORT_H_
#define CANVASS_CLIENT_SURVEYJS_SURVEYJS_EXPORT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"
#include "client/surveyjs/note.h"

namespace canvass::surveyjs {

struct Exported {
  // Indented by two blanks.
  std::string json;
  std::vector<Note> notes;
};

// InvalidArgument if the definition has no question or no default language.
absl::StatusOr<Exported> Export(const v1::SurveyDefinition& definition, absl::string_view display_name);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_SURVEYJS_EXPORT_H_
