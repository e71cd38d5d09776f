// Who may make a call: the policy's word on a caller that has been authenticated. The same for calls over gRPC and over
// HTTP.
#ifndef CANVASS_SERVER_RPC_ADMISSION_H_
#define CANVASS_SERVER_RPC_ADMISSION_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/tenant_scope.h"
#include "server/rpc/method_policy.h"
#include "tenants/authenticator.h"
#include "tenants/principal.h"

namespace canvass::rpc {

// FailedPrecondition (TENANT_SUSPENDED) for writes of a suspended tenant; PermissionDenied (PERMISSION_DENIED) if the
// policy does not name the caller. Pure.
absl::Status CheckAdmission(const tenants::Principal& caller, const MethodPolicy& policy);

// As CheckAdmission, for streams that go on for hours: even to read, they need a tenant that is active.
absl::Status CheckStreamAdmission(const tenants::Principal& caller, const MethodPolicy& policy);

// Authenticates `authorization` ("Bearer …") and admits it to `method`, which must have a policy and be none of the
// operator's: whose tenant may it write for? Blocks where the key has to be read. Errors as CheckAdmission and
// Authenticator::Authenticate.
absl::StatusOr<TenantScope> AdmitTenant(tenants::Authenticator& authenticator, absl::string_view method,
                                        absl::string_view authorization);

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_ADMISSION_H_
