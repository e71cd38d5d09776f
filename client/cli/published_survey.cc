#include "client/cli/published_survey.h"

#include "absl/strings/str_cat.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {

absl::StatusOr<v1::SurveyVersion> PublishedSurvey(Session& session, const std::string& survey, int version) {
  if (version == 0) {
    v1::GetSurveyRequest request;
    request.set_name(survey);
    const absl::StatusOr<v1::Survey> found = session.Call(&client::Surveys::GetSurvey, request);
    if (!found.ok()) return found.status();
    version = found->published_version();
  }
  if (version == 0) {
    const std::string id = ShortName(survey);
    return UsageError(absl::StrCat("survey ", id, " is not published yet; publish it: canvass survey publish ", id));
  }
  v1::GetSurveyVersionRequest request;
  request.set_name(absl::StrCat(survey, "/versions/", version));
  return session.Call(&client::Surveys::GetSurveyVersion, request);
}

}  // namespace canvass::cli
