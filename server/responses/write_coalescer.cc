#include "server/responses/write_coalescer.h"

namespace canvass::responses {

WriteCoalescer::WriteCoalescer(const ResponseOptions& options, BatchWriter& writer)
    : writer_(writer),
      queue_({.max_queued = options.max_queued,
              .max_queued_bytes = options.max_queued_bytes,
              .max_batch = options.max_batch,
              .max_batch_bytes = options.max_batch_bytes,
              .hold_time = options.hold_time}) {
  absl::MutexLock lock(&mutex_);
  for (int i = 0; i < options.writers; ++i) {
    threads_.emplace_back([this, slot = options.first_slot + i] {
      queue_.Serve([&](BatchWriter::Items batch) { writer_.Write(std::move(batch), slot); });
    });
  }
}

WriteCoalescer::~WriteCoalescer() { Drain(); }

void WriteCoalescer::Drain() {
  queue_.Close();
  absl::MutexLock lock(&mutex_);
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace canvass::responses
