// Waits for a long operation, with its progress on standard error. Ctrl-C gives the operation up, a second one leaves.
#ifndef CANVASS_CLIENT_CLI_OPERATIONS_FOLLOW_OPERATION_H_
#define CANVASS_CLIENT_CLI_OPERATIONS_FOLLOW_OPERATION_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/operation.pb.h"
#include "client/cli/session.h"

namespace canvass::cli {

// `operation` as it is when it has succeeded. Its error if it failed; NotGood if it was cancelled. `label` stands in
// front of the progress.
absl::StatusOr<v1::Operation> FollowOperation(Session& session, v1::Operation operation, absl::string_view label);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OPERATIONS_FOLLOW_OPERATION_H_
