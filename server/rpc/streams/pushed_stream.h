// A stream that the server pushes: a source gives messages, and is asked for more only when all of them were written,
// which waits for the client by gRPC's flow control.
//
// It ends when the source says so, when the client is gone, and when OpenStreams ends it: the server stops, or the
// caller may not go on. Thread-safe. Lives until gRPC and the source are done with it.
#ifndef CANVASS_SERVER_RPC_STREAMS_PUSHED_STREAM_H_
#define CANVASS_SERVER_RPC_STREAMS_PUSHED_STREAM_H_

#include <grpcpp/grpcpp.h>

#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/base/push_source.h"
#include "server/rpc/call.h"
#include "server/rpc/streams/checked_stream.h"

namespace canvass::rpc {

class OpenStreams;

class PushedStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                           public CheckedStream,
                           public std::enable_shared_from_this<PushedStream> {
 public:
  using Source = PushSource<grpc::ByteBuffer>;

  // `streams` must outlive the stream.
  static PushedStream* Make(OpenStreams& streams);

  // Pushes what `source` gives, for a call that was admitted. The client learns by the initial metadata that it began.
  void Begin(CallPtr call, std::unique_ptr<Source> source);
  // Behind the write that is under way.
  void End(absl::Status status) override;
  void CutOffIfLate() override;

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  explicit PushedStream(OpenStreams& streams) : streams_(streams) {}

  void Take(absl::StatusOr<std::vector<grpc::ByteBuffer>> messages);
  // Starts what can be started: the next write, asking for more, or the end.
  void Advance();

  OpenStreams& streams_;
  std::shared_ptr<PushedStream> self_;  // until OnDone
  grpc::ByteBuffer outgoing_;

  absl::Mutex mutex_;
  CallPtr call_ ABSL_GUARDED_BY(mutex_);  // from Begin() to the end
  std::shared_ptr<Source> source_ ABSL_GUARDED_BY(mutex_);
  std::deque<grpc::ByteBuffer> waiting_ ABSL_GUARDED_BY(mutex_);
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
  bool asking_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool late_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_STREAMS_PUSHED_STREAM_H_
