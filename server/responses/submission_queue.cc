#include "server/responses/submission_queue.h"

#include <utility>

#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"

namespace canvass::responses {
namespace {

constexpr absl::Duration kRetryAfter = absl::Seconds(1);

absl::Status Overloaded() {
  return RetryLater(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_OVERLOADED,
                    "too many responses wait to be written; this one was not taken: send it again in a moment",
                    kRetryAfter);
}

}  // namespace

absl::Status ShuttingDown() {
  return RetryLater(absl::StatusCode::kUnavailable, v1::ERROR_REASON_SHUTTING_DOWN,
                    "the server is stopping; the response was not taken: send it again", kRetryAfter);
}

void SubmissionQueue::Push(std::unique_ptr<Submission> submission) {
  absl::Status refusal;
  {
    absl::MutexLock lock(&mutex_);
    if (closed_) {
      refusal = ShuttingDown();
    } else if (queue_.size() >= limits_.max_queued || queued_bytes_ + submission->bytes > limits_.max_queued_bytes) {
      refusal = Overloaded();
    } else {
      queued_bytes_ += submission->bytes;
      queue_.push_back(std::move(submission));
      work_.Signal();
      return;
    }
  }
  submission->Answer(std::move(refusal));
}

void SubmissionQueue::Serve(absl::FunctionRef<void(Batch)> work) {
  for (Batch batch = Take(); !batch.empty(); batch = Take()) {
    work(std::move(batch));
    absl::MutexLock lock(&mutex_);
    --busy_threads_;
  }
}

SubmissionQueue::Batch SubmissionQueue::Take() {
  absl::MutexLock lock(&mutex_);
  while (true) {
    while (queue_.empty()) {
      if (closed_) return {};
      work_.Wait(&mutex_);
    }
    if (limits_.hold_time > absl::ZeroDuration() && !EnoughForABatch()) {
      mutex_.AwaitWithTimeout(absl::Condition(this, &SubmissionQueue::EnoughForABatch), limits_.hold_time);
    }
    // Another thread may have been faster.
    if (queue_.empty()) continue;
    ++busy_threads_;
    return TakeBatch();
  }
}

void SubmissionQueue::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  work_.SignalAll();
}

// Small batches cost the database more for each response than large ones. While another thread keeps it busy there is
// time to let a larger one gather; once nobody does, there is not.
bool SubmissionQueue::EnoughForABatch() const {
  return queue_.empty() || busy_threads_ == 0 || closed_ || queue_.size() >= limits_.max_batch ||
         queued_bytes_ >= limits_.max_batch_bytes;
}

SubmissionQueue::Batch SubmissionQueue::TakeBatch() {
  Batch batch;
  std::size_t bytes = 0;
  while (!queue_.empty() && batch.size() < limits_.max_batch) {
    if (!batch.empty() && bytes + queue_.front()->bytes > limits_.max_batch_bytes) break;
    bytes += queue_.front()->bytes;
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  queued_bytes_ -= bytes;
  return batch;
}

}  // namespace canvass::responses
