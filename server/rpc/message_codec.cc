#include "server/rpc/message_codec.h"

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/slice.h>

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/base/error.h"
#include "server/rpc/wire_walk.h"

namespace canvass::rpc {
namespace {

absl::Status Malformed(const google::protobuf::Message& message, absl::string_view bytes) {
  const std::optional<std::string> path = FindInvalidUtf8(*message.GetDescriptor(), bytes);
  if (path.has_value()) {
    return FieldError(v1::ERROR_REASON_MALFORMED_MESSAGE, *path, "is not valid UTF-8");
  }
  return Error(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_MALFORMED_MESSAGE,
               absl::StrCat("the message is not a valid ", message.GetDescriptor()->full_name(),
                            ": its bytes are damaged, or it is nested more than 100 deep"));
}

absl::string_view View(const grpc::Slice& slice) {
  return absl::string_view(reinterpret_cast<const char*>(slice.begin()), slice.size());
}

}  // namespace

absl::Status DecodeMessage(const grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  if (bytes.Valid() && bytes.Length() > kMaxMessageBytes) {
    return Error(
        absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_MESSAGE_TOO_LARGE,
        absl::StrCat("the message has ", bytes.Length(), " bytes; at most ", kMaxMessageBytes, " are allowed"));
  }
  // A small message lies in one piece and is parsed where it lies; a large one is put together first, which costs
  // little beside parsing it.
  grpc::Slice slice;
  if (bytes.Valid() && !bytes.TrySingleSlice(&slice).ok() && !bytes.DumpToSingleSlice(&slice).ok()) {
    return Malformed(message, "");
  }
  const absl::string_view view = View(slice);
  if (message.ParseFromArray(view.data(), static_cast<int>(view.size()))) return absl::OkStatus();
  return Malformed(message, view);
}

absl::Status EncodeMessage(const google::protobuf::Message& message, grpc::ByteBuffer& bytes) {
  bool own_buffer = false;
  const grpc::Status status =
      grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(message, &bytes, &own_buffer);
  if (status.ok()) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("cannot serialize a ", message.GetDescriptor()->full_name()));
}

}  // namespace canvass::rpc
