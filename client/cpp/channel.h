// The connection under a Client: TLS, the retry policy of the contract, quick reconnection, room for large pages.
//
// Thread-safe: a channel is.
#ifndef CANVASS_CLIENT_CPP_CHANNEL_H_
#define CANVASS_CLIENT_CPP_CHANNEL_H_

#include <grpcpp/channel.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cpp/options.h"

namespace canvass::client {

// Makes the channel; it connects with the first call. InvalidArgument if the address or a TLS option is wrong, NotFound
// or PermissionDenied if a file of TlsOptions cannot be read.
absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const ClientOptions& options);

// Whether `value` can be sent as metadata: visible ASCII. gRPC ends the process over anything else. InvalidArgument,
// which names `what` and not the value.
absl::Status CheckMetadataValue(absl::string_view what, absl::string_view value);

}  // namespace canvass::client

#endif  // CANVASS_CLIENT_CPP_CHANNEL_H_
