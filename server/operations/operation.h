// The rules of operations: their names, and what callers are told of them.
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_OPERATIONS_OPERATION_H_
#define CANVASS_SERVER_OPERATIONS_OPERATION_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"

namespace canvass::operations {

// How many of a tenant's operations run at a time.
inline constexpr int kMaxRunning = 3;
// How long finished ones are kept.
inline constexpr absl::Duration kKept = absl::Hours(24 * 7);
// How often one is begun. More often means that it ends its servers.
inline constexpr int kMaxBegins = 10;

// The id in `tenants/{tenant}/operations/{operation}`. InvalidArgument (INVALID_RESOURCE_NAME) if the name is of
// another shape; NotFound if it is another tenant's or its id is none of ours.
absl::StatusOr<Uuid> ParseOperationName(const TenantScope& scope, absl::string_view field, absl::string_view name);

// NotFound, OPERATION_NOT_FOUND.
absl::Status OperationNotFound(const Uuid& id);

// ResourceExhausted, QUOTA_EXCEEDED: kMaxRunning of them are running.
absl::Status TooManyOperations();

// What `error`, not ok, looks like to callers. Faults of the server are not told, but logged with the operation's `id`.
v1::Problem ProblemOf(const absl::Status& error, const Uuid& id);

}  // namespace canvass::operations

#endif  // CANVASS_SERVER_OPERATIONS_OPERATION_H_
