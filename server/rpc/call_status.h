// How a call's outcome is told to its caller.
#ifndef CANVASS_SERVER_RPC_CALL_STATUS_H_
#define CANVASS_SERVER_RPC_CALL_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace canvass::rpc {

// What the caller may see of `status`: a fault of the server becomes Internal with the request id to quote, everything
// else passes. A status without a reason gets the one that suits its code, so that every error carries one.
absl::Status MaskFault(const absl::Status& status, absl::string_view request_id);

// True if MaskFault() hides `status`: log it, it is a fault.
bool IsFault(const absl::Status& status);

// `status` with its payloads as google.rpc.Status in the details (grpc-status-details-bin). Clients refuse trailers
// beyond 8 KiB as a whole, so a long message is cut, and of very many field violations the last are left out.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_CALL_STATUS_H_
