#include "server/rpc/streams/pushed_stream.h"

#include <utility>

#include "server/rpc/streams/open_streams.h"

namespace canvass::rpc {

PushedStream* PushedStream::Make(OpenStreams& streams) {
  std::shared_ptr<PushedStream> stream(new PushedStream(streams));
  stream->self_ = stream;
  return stream.get();
}

void PushedStream::Begin(CallPtr call, std::unique_ptr<Source> source) {
  Remember(*call);
  // Once call_ is set, another thread may end the stream, which takes it off the list: so it is on it before.
  const std::shared_ptr<PushedStream> alive = shared_from_this();
  streams_.Add(alive);
  StartSendInitialMetadata();
  {
    absl::MutexLock lock(&mutex_);
    call_ = std::move(call);
    source_ = std::move(source);
  }
  Advance();
}

void PushedStream::End(absl::Status status) {
  {
    absl::MutexLock lock(&mutex_);
    if (!ended_) end_ = std::move(status);
    ended_ = true;
  }
  Advance();
}

void PushedStream::CutOffIfLate() {
  absl::MutexLock lock(&mutex_);
  if (!ended_ || call_ == nullptr) return;
  if (late_) call_->TryCancel();
  late_ = true;
}

void PushedStream::OnWriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok && !ended_) end_ = absl::CancelledError("the caller is gone");
    ended_ = ended_ || !ok;
  }
  Advance();
}

void PushedStream::OnCancel() { End(absl::CancelledError("the caller gave up")); }

void PushedStream::OnDone() {
  streams_.Remove(shared_from_this());
  self_.reset();
}

void PushedStream::Take(absl::StatusOr<std::vector<grpc::ByteBuffer>> messages) {
  if (!messages.ok()) return End(std::move(messages).status());
  if (messages->empty()) return End(absl::OkStatus());
  {
    absl::MutexLock lock(&mutex_);
    asking_ = false;
    for (grpc::ByteBuffer& message : *messages) waiting_.push_back(std::move(message));
  }
  Advance();
}

void PushedStream::Advance() {
  bool write = false;
  std::shared_ptr<Source> asked;
  std::shared_ptr<Source> dropped;
  CallPtr done;
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    if (call_ == nullptr || writing_) return;  // not admitted yet, or finished, or busy
    if (ended_) {
      done = std::move(call_);
      dropped = std::move(source_);
      status = end_;
    } else if (!waiting_.empty()) {
      outgoing_ = std::move(waiting_.front());
      waiting_.pop_front();
      writing_ = write = true;
    } else if (!asking_) {
      asking_ = true;
      asked = source_;
    }
  }
  if (write) StartWrite(&outgoing_);
  if (asked != nullptr)
    asked->Next([stream = shared_from_this()](auto messages) { stream->Take(std::move(messages)); });
  if (done == nullptr) return;
  dropped.reset();
  Call::Finish(std::move(done), status);
}

}  // namespace canvass::rpc
