// Lets calls that come at the same time share a transaction: a bounded queue and a few writer threads, each of which
// takes what is there, up to the limits of a batch, and brings it to an end (BatchWriter). While one batch is being
// written the next one gathers, so batches grow with the load, and a lone call does not wait.
//
//   WriteCoalescer coalescer(options, writer);
//   coalescer.Add(std::move(submission));   // answered later, on a writer's thread; or now, if it cannot be taken
//   coalescer.Drain();
//
// Thread-safe. Add never blocks.
#ifndef CANVASS_SERVER_RESPONSES_WRITE_COALESCER_H_
#define CANVASS_SERVER_RESPONSES_WRITE_COALESCER_H_

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/responses/batch_writer.h"
#include "server/responses/response_options.h"
#include "server/responses/submission.h"
#include "server/responses/submission_queue.h"

namespace canvass::responses {

class WriteCoalescer {
 public:
  // Starts the writers. `writer` must outlive it.
  WriteCoalescer(const ResponseOptions& options, BatchWriter& writer);
  // Drains.
  ~WriteCoalescer();
  WriteCoalescer(const WriteCoalescer&) = delete;
  WriteCoalescer& operator=(const WriteCoalescer&) = delete;

  // Errors that are answered at once are those of SubmissionQueue::Push.
  void Add(std::unique_ptr<Submission> submission) { queue_.Push(std::move(submission)); }

  // Finishes everything that was added, then stops the writers. May be called again.
  void Drain();

 private:
  BatchWriter& writer_;
  SubmissionQueue queue_;
  absl::Mutex mutex_;
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_WRITE_COALESCER_H_
