#include "server/operations/operation.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/log.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::operations {
namespace {

absl::Status NotFound(absl::string_view id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_OPERATION_NOT_FOUND,
               absl::StrCat("operation '", id, "' does not exist; list them with ListOperations"));
}

bool IsFault(const absl::Status& error) {
  return error.code() == absl::StatusCode::kInternal || error.code() == absl::StatusCode::kUnknown;
}

}  // namespace

absl::StatusOr<Uuid> ParseOperationName(const TenantScope& scope, absl::string_view field, absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(const std::string text, ParseChild(scope, "operations", field, name));
  absl::StatusOr<Uuid> id = Uuid::Parse(text);
  // We name operations, so an id of another form is one that we never gave.
  if (!id.ok()) return NotFound(EncodeSegment(text));
  return id;
}

absl::Status OperationNotFound(const Uuid& id) { return NotFound(id.ToString()); }

absl::Status TooManyOperations() {
  return Error(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_QUOTA_EXCEEDED,
               absl::StrCat(kMaxRunning,
                            " operations of the tenant are running, and no more may at a time; wait until "
                            "one is finished, or give one up with CancelOperation"));
}

v1::Problem ProblemOf(const absl::Status& error, const Uuid& id) {
  v1::Problem problem = canvass::ProblemOf(error);
  if (!IsFault(error)) return problem;
  Log(LogLevel::kError, "operation failed", {{"operation", id.ToString()}, {"error", std::string(error.message())}});
  problem.set_code(static_cast<int>(absl::StatusCode::kInternal));
  problem.set_reason(v1::ERROR_REASON_INTERNAL);
  problem.set_message(absl::StrCat("a fault of the server; tell its operator of operation ", id.ToString()));
  return problem;
}

}  // namespace canvass::operations
