#include "server/surveys/version_name.h"

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::surveys {

absl::StatusOr<VersionName> ParseVersionName(const TenantScope& scope, absl::string_view field,
                                             absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                           ParseResourceName(scope, {"surveys", "versions"}, field, name));
  int version = 0;
  if (!ParseVersionNumber(ids[1], version)) {
    return FieldError(v1::ERROR_REASON_INVALID_RESOURCE_NAME, field, "must end with the version's number, from 1");
  }
  return VersionName{.survey = SurveyId(ids[0]), .version = version};
}

bool ParseVersionNumber(absl::string_view text, int& number) {
  return absl::SimpleAtoi(text, &number) && number > 0 && absl::StrCat(number) == text;
}

}  // namespace canvass::surveys
