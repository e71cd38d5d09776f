// Submissions that wait for a thread: a queue with bounds, from which threads take batches.
//
//   queue.Push(std::move(submission));            // on any thread; never blocks
//   while (auto batch = queue.Take(); !batch.empty()) …
//
// Thread-safe.
#ifndef CANVASS_SERVER_RESPONSES_SUBMISSION_QUEUE_H_
#define CANVASS_SERVER_RESPONSES_SUBMISSION_QUEUE_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
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
  // How long the first of a batch waits for others.
  absl::Duration hold_time = absl::ZeroDuration();
};

class SubmissionQueue {
 public:
  explicit SubmissionQueue(const QueueLimits& limits) : limits_(limits) {}

  // Answers the submission at once if it cannot be taken: ResourceExhausted (OVERLOADED) if the queue is full,
  // Unavailable (SHUTTING_DOWN) after Close.
  void Push(std::unique_ptr<Submission> submission);

  // Waits for submissions and returns the next batch, in the order in which they came. Empty once the queue is closed and
  // everything has been taken.
  std::vector<std::unique_ptr<Submission>> Take();

  // From now on nothing is added. May be called again.
  void Close();

 private:
  bool BatchIsReady() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<std::unique_ptr<Submission>> TakeLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const QueueLimits limits_;
  absl::Mutex mutex_;
  absl::CondVar work_;
  std::deque<std::unique_ptr<Submission>> queue_ ABSL_GUARDED_BY(mutex_);
  std::size_t queued_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

// Unavailable (SHUTTING_DOWN): what a call gets that comes while the server stops.
absl::Status ShuttingDown();

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_SUBMISSION_QUEUE_H_
