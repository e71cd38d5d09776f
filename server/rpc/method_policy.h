// One row per RPC: who may call it, in which states of the tenant, and what it costs. The pipeline obeys the row; a
// test walks the contract and fails on an RPC without a row or a row without an RPC.
#ifndef CANVASS_SERVER_RPC_METHOD_POLICY_H_
#define CANVASS_SERVER_RPC_METHOD_POLICY_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "tenants/principal.h"

namespace canvass::rpc {

enum class Access { kRead, kWrite };
enum class TenantStates { kActive, kActiveOrSuspended };
// Whether sending the same request again has the same effect as sending it once.
enum class Idempotency { kIdempotent, kNotIdempotent };

struct MethodPolicy {
  // "/canvass.v1.TenantService/CreateTenant": text that lives as long as the program and ends in '\0'.
  absl::string_view method;
  tenants::Callers callers;
  Access access;
  TenantStates tenant_states;
  Idempotency idempotency;
  // In units of one small read.
  int quota_cost;
  // For a call that comes without one.
  absl::Duration default_deadline;
};

absl::Span<const MethodPolicy> MethodPolicies();

// The row of `method`, nullptr if there is none.
const MethodPolicy* FindMethodPolicy(absl::string_view method);

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_METHOD_POLICY_H_
