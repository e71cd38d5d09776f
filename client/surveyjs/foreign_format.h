// What a document is that is no SurveyJS definition.
//
// Pure; thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_FOREIGN_FORMAT_H_
#define CANVASS_CLIENT_SURVEYJS_FOREIGN_FORMAT_H_

#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace canvass::surveyjs {

// InvalidArgument with what `document`, which is not JSON, seems to be, and what can be done; Ok if nothing is known.
absl::Status RefuseForeignText(absl::string_view document);

// The same for JSON that is not that of a SurveyJS definition.
absl::Status RefuseForeignJson(const nlohmann::json& document);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_FOREIGN_FORMAT_H_
