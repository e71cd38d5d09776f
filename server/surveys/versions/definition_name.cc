#include "server/surveys/versions/definition_name.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::surveys {

std::optional<int> ParseVersionNumber(absl::string_view text) {
  int number = 0;
  if (!absl::SimpleAtoi(text, &number) || number <= 0 || absl::StrCat(number) != text) return std::nullopt;
  return number;
}

absl::StatusOr<DefinitionName> ParseDefinitionName(const TenantScope& scope, absl::string_view field,
                                                   absl::string_view name) {
  if (!absl::StrContains(name, "/versions/")) {
    CANVASS_ASSIGN_OR_RETURN(std::string survey, ParseChild(scope, "surveys", field, name));
    return DefinitionName{.survey = SurveyId(std::move(survey))};
  }
  return ParseVersionName(scope, field, name);
}

absl::StatusOr<DefinitionName> ParseVersionName(const TenantScope& scope, absl::string_view field,
                                                absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(std::vector<std::string> ids,
                           ParseResourceName(scope, {"surveys", "versions"}, field, name));
  const std::optional<int> version = ParseVersionNumber(ids[1]);
  if (!version.has_value()) {
    return FieldError(v1::ERROR_REASON_INVALID_RESOURCE_NAME, field, "must end with the version's number, from 1");
  }
  return DefinitionName{.survey = SurveyId(std::move(ids[0])), .version = *version};
}

absl::StatusOr<v1::SurveyDefinition> ReadDefinition(SurveyStore& store, const TenantScope& scope,
                                                    const DefinitionName& name) {
  if (name.version == 0) {
    CANVASS_ASSIGN_OR_RETURN(v1::Survey survey, store.Get(scope, name.survey));
    return std::move(*survey.mutable_definition());
  }
  CANVASS_ASSIGN_OR_RETURN(v1::SurveyVersion version, store.GetVersion(scope, name.survey, name.version));
  return std::move(*version.mutable_definition());
}

}  // namespace canvass::surveys
