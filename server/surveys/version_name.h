// Names of surveys and of their versions.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_VERSION_NAME_H_
#define CANVASS_SERVER_SURVEYS_VERSION_NAME_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"

namespace canvass::surveys {

struct VersionName {
  SurveyId survey;
  int version = 0;
};

// Reads `tenants/{tenant}/surveys/{survey}/versions/{version}`. InvalidArgument (INVALID_RESOURCE_NAME) at `field`;
// NotFound for another tenant's.
absl::StatusOr<VersionName> ParseVersionName(const TenantScope& scope, absl::string_view field,
                                             absl::string_view name);

// Reads a version's number as names have it: from 1, without sign or leading zeros. False if `text` is no such number.
bool ParseVersionNumber(absl::string_view text, int& number);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_VERSION_NAME_H_
