#include "server/rpc/admission.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"

namespace canvass::rpc {
namespace {

bool IsSuspended(const tenants::Principal& caller) {
  return caller.key.has_value() && caller.key->tenant_state != v1::Tenant::STATE_ACTIVE;
}

absl::Status CheckTenantState(const tenants::Principal& caller, const MethodPolicy& policy) {
  if (!IsSuspended(caller) || policy.tenant_states == TenantStates::kActiveOrSuspended) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_TENANT_SUSPENDED,
               "the tenant is suspended: reads work, writes do not, until the operator resumes it");
}

absl::Status CheckCaller(const tenants::Principal& caller, const MethodPolicy& policy) {
  if (policy.callers.Includes(caller.caller())) return absl::OkStatus();
  const std::string who = caller.key.has_value() ? v1::ApiKey::Role_Name(caller.key->role) : "the operator";
  return Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_PERMISSION_DENIED,
               absl::StrCat(who, " may not call ", policy.method.substr(1)));
}

}  // namespace

absl::Status CheckAdmission(const tenants::Principal& caller, const MethodPolicy& policy) {
  CANVASS_RETURN_IF_ERROR(CheckTenantState(caller, policy));
  return CheckCaller(caller, policy);
}

absl::Status CheckStreamAdmission(const tenants::Principal& caller, const MethodPolicy& policy) {
  CANVASS_RETURN_IF_ERROR(CheckAdmission(caller, policy));
  if (!IsSuspended(caller)) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_TENANT_SUSPENDED,
               "the tenant is suspended: nothing is pushed until the operator resumes it; lists work");
}

absl::StatusOr<TenantScope> AdmitTenant(tenants::Authenticator& authenticator, absl::string_view method,
                                        absl::string_view authorization) {
  CANVASS_ASSIGN_OR_RETURN(const tenants::Principal caller, authenticator.Authenticate(authorization));
  CANVASS_RETURN_IF_ERROR(CheckAdmission(caller, *FindMethodPolicy(method)));
  return caller.key->scope;
}

}  // namespace canvass::rpc
