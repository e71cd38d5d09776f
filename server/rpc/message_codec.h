// Messages from and to the bytes of a call. Methods are registered raw, so that bad bytes get a precise answer instead
// of gRPC's INTERNAL.
#ifndef CANVASS_SERVER_RPC_MESSAGE_CODEC_H_
#define CANVASS_SERVER_RPC_MESSAGE_CODEC_H_

#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstddef>

#include "absl/status/status.h"

namespace canvass::rpc {

// The largest request that is decoded.
inline constexpr std::size_t kMaxMessageBytes = 4 * 1024 * 1024;
// What the transport must let through (ServerBuilder::SetMaxReceiveMessageSize), so that we can say so ourselves.
inline constexpr std::size_t kMaxTransportMessageBytes = 16 * 1024 * 1024;

// Parses `bytes` into `message`. ResourceExhausted (MESSAGE_TOO_LARGE); InvalidArgument (MALFORMED_MESSAGE), with the
// path of the field if a string is not UTF-8.
absl::Status DecodeMessage(const grpc::ByteBuffer& bytes, google::protobuf::Message& message);

// Serializes `message`. Internal if it cannot be, which a string that is not UTF-8 would cause.
absl::Status EncodeMessage(const google::protobuf::Message& message, grpc::ByteBuffer& bytes);

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_MESSAGE_CODEC_H_
