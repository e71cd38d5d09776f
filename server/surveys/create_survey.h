// SurveyService.CreateSurvey.
#ifndef CANVASS_SERVER_SURVEYS_CREATE_SURVEY_H_
#define CANVASS_SERVER_SURVEYS_CREATE_SURVEY_H_

#include "absl/status/statusor.h"
#include "canvass/v1/survey_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/survey_store.h"

namespace canvass::surveys {

// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_IDENTIFIER, INVALID_SURVEY); AlreadyExists (RESOURCE_EXISTS); errors
// of mysql::Database.
absl::StatusOr<v1::Survey> CreateSurvey(SurveyStore& store, const Clock& clock, const TenantScope& scope,
                                        const v1::CreateSurveyRequest& request);

// What Create would return for `content` at `now`, without a word of the database: a draft with an etag to come.
v1::Survey DraftOf(const TenantScope& scope, const SurveyId& id, const v1::Survey& content, absl::Time now);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_CREATE_SURVEY_H_
