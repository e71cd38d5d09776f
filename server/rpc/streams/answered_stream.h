// A stream in both directions whose messages are answered one by one, in the order in which they came: the handler
// takes each as it is read and answers whenever it can. So many, or so many bytes of them, may be unanswered; then
// nothing more is read, and the client feels it by gRPC's flow control.
//
// The first message that is answered with an error ends the stream with it, behind the answers to all before; what came
// behind it may have been done. OpenStreams ends it behind the answers to all that was read. Thread-safe. Lives until
// gRPC and the last unanswered message are done with it.
#ifndef CANVASS_SERVER_RPC_STREAMS_ANSWERED_STREAM_H_
#define CANVASS_SERVER_RPC_STREAMS_ANSWERED_STREAM_H_

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/rpc/call.h"
#include "server/rpc/streams/checked_stream.h"

namespace canvass::rpc {

class OpenStreams;

class AnsweredStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                             public CheckedStream,
                             public std::enable_shared_from_this<AnsweredStream> {
 public:
  static constexpr std::size_t kMaxUnanswered = 1000;
  static constexpr std::size_t kMaxUnansweredBytes = std::size_t{512} << 10;

  // Both must outlive the stream.
  static AnsweredStream* Make(const StreamHandler& handler, OpenStreams& streams);

  // Reads on, for a call that was admitted.
  void Begin(CallPtr call);

  void End(absl::Status status) override;
  void CutOffIfLate() override;

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  AnsweredStream(const StreamHandler& handler, OpenStreams& streams) : handler_(handler), streams_(streams) {}

  void Answer(int64_t index, absl::StatusOr<grpc::ByteBuffer> answer);
  // Nothing behind the first `count` messages that wait is answered any more; `error` is how the stream ends.
  void CutOff(std::size_t count, absl::Status error) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Starts what can be started: the next write, the next read, or the end.
  void Advance();

  const StreamHandler& handler_;
  OpenStreams& streams_;
  std::shared_ptr<AnsweredStream> self_;  // until OnDone
  std::optional<CallFacts> facts_;
  grpc::ByteBuffer incoming_;
  grpc::ByteBuffer outgoing_;

  absl::Mutex mutex_;
  CallPtr call_ ABSL_GUARDED_BY(mutex_);
  // A message that was read.
  struct Unanswered {
    std::size_t bytes = 0;
    std::optional<grpc::ByteBuffer> answer;
  };

  // What waits for its answer or to be written; first_ is the place of the first one in the stream.
  std::deque<Unanswered> unanswered_ ABSL_GUARDED_BY(mutex_);
  std::size_t unanswered_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t first_ ABSL_GUARDED_BY(mutex_) = 0;
  // Messages from here on are not answered.
  int64_t limit_ ABSL_GUARDED_BY(mutex_) = std::numeric_limits<int64_t>::max();
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;  // a read, and handing over what it brought
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;  // nothing more is read
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  // Which write was under way when a stream that was ended was looked at; -1 if none.
  int64_t late_write_ ABSL_GUARDED_BY(mutex_) = -1;
};

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_STREAMS_ANSWERED_STREAM_H_
