// Submissions that wait for a thread: a queue with bounds, from which threads take batches.
//
//   queue.Push(std::move(submission));   // on any thread; never blocks
//
//   queue.Serve([&](auto batch) { … });  // on each of the threads, until the queue is closed and empty
//
// Thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_SUBMISSION_QUEUE_H_
#define CANVASS_SERVER_RESPONSES_SUBMISSION_QUEUE_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/responses/submission.h"

namespace canvass::responses {

struct QueueLimits {
  // What may wait.
  std::size_t max_queued;
  std::size_t max_queued_bytes;
  // What is taken at once. One submission is taken however large it is.
  std::size_t max_batch;
  std::size_t max_batch_bytes;
  // How long a thread lets a batch gather as long as another thread is busy with one. A call that comes alone is taken
  // at once.
  absl::Duration hold_time = absl::ZeroDuration();
};

class SubmissionQueue {
 public:
  explicit SubmissionQueue(const QueueLimits& limits) : limits_(limits) {}

  // Answers the submission at once if it cannot be taken: ResourceExhausted (OVERLOADED) if the queue is full,
  // Unavailable (SHUTTING_DOWN) after Close.
  void Push(std::unique_ptr<Submission> submission);

  using Batch = std::vector<std::unique_ptr<Submission>>;

  // Calls `work` with one batch after the other, in the order in which the submissions came. Returns once the queue is
  // closed and everything has been taken.
  void Serve(absl::FunctionRef<void(Batch)> work);

  // From now on nothing is added. May be called again.
  void Close();

 private:
  // Waits for submissions and returns the next batch, with which a thread is then busy; an empty one at the end.
  Batch Take();
  Batch TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool EnoughForABatch() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const QueueLimits limits_;
  absl::Mutex mutex_;
  absl::CondVar work_;
  std::deque<std::unique_ptr<Submission>> queue_ ABSL_GUARDED_BY(mutex_);
  std::size_t queued_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  int busy_threads_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

// Unavailable (SHUTTING_DOWN): what a call gets that comes while the server stops.
absl::Status ShuttingDown();

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_SUBMISSION_QUEUE_H_
