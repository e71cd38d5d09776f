// A source of messages as the bytes that a PushedStream writes. Thread-safe if the source is.
#ifndef CANVASS_SERVER_RPC_STREAMS_ENCODED_SOURCE_H_
#define CANVASS_SERVER_RPC_STREAMS_ENCODED_SOURCE_H_

#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/push_source.h"
#include "server/base/status_macros.h"
#include "server/rpc/message_codec.h"

namespace canvass::rpc {

template <typename Message>
class EncodedSource final : public PushSource<grpc::ByteBuffer> {
 public:
  explicit EncodedSource(std::unique_ptr<PushSource<Message>> source) : source_(std::move(source)) {}

  void Next(Done done) override {
    source_->Next([done = std::move(done)](const absl::StatusOr<std::vector<Message>>& messages) mutable {
      done(Encode(messages));
    });
  }

 private:
  static absl::StatusOr<std::vector<grpc::ByteBuffer>> Encode(const absl::StatusOr<std::vector<Message>>& messages) {
    CANVASS_RETURN_IF_ERROR(messages.status());
    std::vector<grpc::ByteBuffer> encoded(messages->size());
    for (std::size_t i = 0; i < messages->size(); ++i) {
      CANVASS_RETURN_IF_ERROR(EncodeMessage((*messages)[i], encoded[i]));
    }
    return encoded;
  }

  const std::unique_ptr<PushSource<Message>> source_;
};

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_STREAMS_ENCODED_SOURCE_H_
