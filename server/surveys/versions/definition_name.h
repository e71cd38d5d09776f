// Names of definitions: a survey's name stands for its draft, a version's name for what was published.
//
//   CANVASS_ASSIGN_OR_RETURN(DefinitionName name, ParseDefinitionName(scope, "source", request.source()));
//   CANVASS_ASSIGN_OR_RETURN(v1::SurveyDefinition definition, ReadDefinition(store, scope, name));
//
// Thread-safe; ReadDefinition blocks.
#ifndef CANVASS_SERVER_SURVEYS_VERSIONS_DEFINITION_NAME_H_
#define CANVASS_SERVER_SURVEYS_VERSIONS_DEFINITION_NAME_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/survey_store.h"

namespace canvass::surveys {

struct DefinitionName {
  SurveyId survey;
  int version = 0;  // 0: the draft
};

// The version that is written so at the end of a name: from 1, without sign or leading zeros; nullopt for other texts.
std::optional<int> ParseVersionNumber(absl::string_view text);

// Takes `tenants/{tenant}/surveys/{survey}`, with or without `/versions/{version}` behind.
// InvalidArgument (INVALID_RESOURCE_NAME) at `field`; NotFound if it names another tenant.
absl::StatusOr<DefinitionName> ParseDefinitionName(const TenantScope& scope, absl::string_view field,
                                                   absl::string_view name);

// The same for a version alone.
absl::StatusOr<DefinitionName> ParseVersionName(const TenantScope& scope, absl::string_view field,
                                                absl::string_view name);

// NotFound (SURVEY_NOT_FOUND); errors of mysql::Database.
absl::StatusOr<v1::SurveyDefinition> ReadDefinition(SurveyStore& store, const TenantScope& scope,
                                                    const DefinitionName& name);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_VERSIONS_DEFINITION_NAME_H_
