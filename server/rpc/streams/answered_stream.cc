#include "server/rpc/streams/answered_stream.h"

#include <utility>

#include "server/rpc/streams/open_streams.h"

namespace canvass::rpc {

AnsweredStream* AnsweredStream::Make(const StreamHandler& handler, OpenStreams& streams) {
  std::shared_ptr<AnsweredStream> stream(new AnsweredStream(handler, streams));
  stream->self_ = stream;
  return stream.get();
}

void AnsweredStream::Begin(CallPtr call) {
  facts_ = CallFacts{.scope = call->scope(), .deadline = call->deadline()};
  Remember(*call);
  // Once call_ is set, another thread may end the stream, which takes it off the list: so it is on it before.
  const std::shared_ptr<AnsweredStream> alive = shared_from_this();
  streams_.Add(alive);
  {
    absl::MutexLock lock(&mutex_);
    call_ = std::move(call);
  }
  Advance();
}

void AnsweredStream::End(absl::Status status) {
  {
    absl::MutexLock lock(&mutex_);
    // Who has said all gets the last answers.
    if (!ended_) error_ = std::move(status);
    ended_ = true;
  }
  Advance();
}

void AnsweredStream::CutOffIfLate() {
  absl::MutexLock lock(&mutex_);
  if (!ended_ || call_ == nullptr) return;
  if (writing_ && late_write_ == first_) call_->TryCancel();
  late_write_ = writing_ ? first_ : -1;
}

void AnsweredStream::OnReadDone(bool ok) {
  std::optional<int64_t> index;
  {
    absl::MutexLock lock(&mutex_);
    if (ok && !ended_) {
      index = first_ + static_cast<int64_t>(unanswered_.size());
      unanswered_.push_back({.bytes = incoming_.Length(), .answer = std::nullopt});
      unanswered_bytes_ += unanswered_.back().bytes;
    }
    ended_ = ended_ || !ok;
  }
  if (index.has_value()) {
    handler_(*facts_, incoming_, [stream = shared_from_this(), index](absl::StatusOr<grpc::ByteBuffer> answer) {
      stream->Answer(*index, std::move(answer));
    });
  }
  {
    absl::MutexLock lock(&mutex_);
    reading_ = false;  // only now may the next one be read into incoming_
  }
  Advance();
}

void AnsweredStream::Answer(int64_t index, absl::StatusOr<grpc::ByteBuffer> answer) {
  {
    absl::MutexLock lock(&mutex_);
    if (index >= limit_) return;
    const auto place = static_cast<std::size_t>(index - first_);
    if (answer.ok()) {
      unanswered_[place].answer = *std::move(answer);
    } else {
      CutOff(place, std::move(answer).status());
    }
  }
  Advance();
}

void AnsweredStream::OnWriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    unanswered_bytes_ -= unanswered_.front().bytes;
    unanswered_.pop_front();
    ++first_;
    if (!ok) CutOff(0, absl::CancelledError("the caller is gone"));
  }
  Advance();
}

void AnsweredStream::OnCancel() {
  {
    absl::MutexLock lock(&mutex_);
    if (!finished_) CutOff(writing_ ? 1 : 0, absl::CancelledError("the caller gave up"));
  }
  Advance();
}

void AnsweredStream::OnDone() {
  streams_.Remove(shared_from_this());
  self_.reset();
}

void AnsweredStream::CutOff(std::size_t count, absl::Status error) {
  unanswered_.resize(count);
  limit_ = first_ + static_cast<int64_t>(count);
  error_ = std::move(error);
  ended_ = true;
}

void AnsweredStream::Advance() {
  bool read = false;
  bool write = false;
  CallPtr done;
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    if (call_ == nullptr) return;  // not admitted yet, or finished
    if (!writing_ && !unanswered_.empty() && unanswered_.front().answer.has_value()) {
      outgoing_ = *std::move(unanswered_.front().answer);
      writing_ = write = true;
    } else if (ended_ && unanswered_.empty() && !writing_) {
      finished_ = true;
      done = std::move(call_);
      status = error_;
    }
    const bool full = unanswered_.size() >= kMaxUnanswered || unanswered_bytes_ >= kMaxUnansweredBytes;
    if (!ended_ && !reading_ && !full) reading_ = read = true;
  }
  if (write) StartWrite(&outgoing_);
  if (read) StartRead(&incoming_);
  if (done != nullptr) Call::Finish(std::move(done), status);
}

}  // namespace canvass::rpc
