// Names of responses: tenants/{tenant}/responses/{response}. Pure.
#ifndef CANVASS_SERVER_RESPONSES_RESPONSE_NAME_H_
#define CANVASS_SERVER_RESPONSES_RESPONSE_NAME_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/response.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"

namespace canvass::responses {

// The id in `name`, which stands at `field`. InvalidArgument (INVALID_RESOURCE_NAME); NotFound (RESOURCE_NOT_FOUND for
// another tenant's, RESPONSE_NOT_FOUND for an id that no response can have).
absl::StatusOr<Uuid> ParseResponseName(const TenantScope& scope, absl::string_view field, const std::string& name);

// The id in the name of a respondent at `response.contact`; empty if there is no name. InvalidArgument
// (INVALID_RESOURCE_NAME); NotFound for another tenant's.
absl::StatusOr<ContactId> ParseContactName(const TenantScope& scope, const std::string& name);

// The id of a response that was read from the store.
Uuid IdOf(const v1::Response& response);

// NotFound (RESPONSE_NOT_FOUND).
absl::Status NoSuchResponse(absl::string_view id);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_RESPONSE_NAME_H_
