#include "server/distribution/links/survey_link.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/conditions/facts.h"

namespace canvass::distribution {
namespace {

constexpr std::size_t kMaxFactsBytes = 8 * 1024;

void CheckContent(const v1::SurveyLink& link, Violations& violations) {
  CheckDisplayName("survey_link.display_name", link.display_name(), violations);
  if (!v1::SurveyLink::Use_IsValid(link.use())) {
    violations.Add("survey_link.use",
                   absl::StrCat(static_cast<int>(link.use()), " is none of USE_ONCE, USE_MANY and USE_KIOSK"));
  }
  conditions::CheckFacts("survey_link.facts", link.facts(), {.max_bytes = kMaxFactsBytes}, violations);
  if (!IsValid(link.expire_time())) {
    violations.Add("survey_link.expire_time", "is not a time of the years 1 to 9999");
  }
}

}  // namespace

absl::StatusOr<v1::SurveyLink> NormalizeSurveyLink(const TenantScope& scope, const v1::SurveyLink& link) {
  if (link.survey().empty()) {
    return FieldError(v1::ERROR_REASON_INVALID_SURVEY_LINK, "survey_link.survey", "is required");
  }
  CANVASS_ASSIGN_OR_RETURN(const std::string survey, ParseChild(scope, "surveys", "survey_link.survey", link.survey()));
  Violations violations;
  CheckContent(link, violations);
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_SURVEY_LINK));
  v1::SurveyLink content = link;
  content.clear_name();
  content.clear_url();
  content.clear_used();
  content.clear_create_time();
  content.clear_etag();
  if (content.use() == v1::SurveyLink::USE_UNSPECIFIED) content.set_use(v1::SurveyLink::USE_MANY);
  content.set_survey(ResourceName(scope.tenant(), {"surveys", survey}));
  return content;
}

SurveyId SurveyOf(const v1::SurveyLink& link) { return SurveyId(std::string(LastSegment(link.survey()))); }

absl::StatusOr<SurveyLinkId> ParseSurveyLinkName(const TenantScope& scope, absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(std::string id, ParseChild(scope, "surveyLinks", "name", name));
  // What cannot be an id is not there; the column, which is ASCII, could not even be compared with it.
  if (!CheckChosenId("name", id).ok()) return SurveyLinkNotFound(SurveyLinkId(id));
  return SurveyLinkId(std::move(id));
}

SurveyLinkId IdOf(const v1::SurveyLink& link) { return SurveyLinkId(std::string(LastSegment(link.name()))); }

absl::Status SurveyLinkNotFound(const SurveyLinkId& id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SURVEY_LINK_NOT_FOUND,
               absl::StrCat("survey link '", Shorten(id.value(), 100), "' does not exist"));
}

}  // namespace canvass::distribution
