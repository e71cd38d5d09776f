// The open streams of one kind on this server, and the thread that looks what there is to be pushed: for all that wait
// at once, at every interval, and for a stream that was just opened or served without delay. A stream whose reader is
// slow does not wait for anything, so nothing is looked up for it.
//
//   PushDesk<v1::Tick, TickState> desk({.interval = …, .max_per_tenant = …}, clock, [](auto streams) {
//     for (const auto& stream : streams) stream->found = NextTicks(stream->scope, stream->state);
//   });
//   CANVASS_ASSIGN_OR_RETURN(auto source, desk.Open(scope, TickState()));
//
// Thread-safe. Must outlive its sources.
#ifndef CANVASS_SERVER_DISTRIBUTION_WATCHING_PUSH_DESK_H_
#define CANVASS_SERVER_DISTRIBUTION_WATCHING_PUSH_DESK_H_

#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/base/clock.h"
#include "server/base/error.h"
#include "server/base/ids.h"
#include "server/base/push_source.h"
#include "server/base/tenant_scope.h"

namespace canvass::distribution {

struct PushDeskOptions {
  absl::Duration interval;
  // RESOURCE_EXHAUSTED beyond.
  int max_per_tenant;
};

template <typename Message, typename State>
class PushDesk {
 public:
  // What the looking function works with; of the desk's thread alone.
  struct Stream {
    TenantScope scope;
    State state;
    // What it found: an error ends the stream, unless it is one that passes.
    absl::StatusOr<std::vector<Message>> found = std::vector<Message>();
    // There is more to look at: do not wait for the interval.
    bool again = false;
    // There is nothing to come any more: the stream ends behind what was found.
    bool over = false;
  };
  using Look = absl::AnyInvocable<void(absl::Span<Stream* const>)>;

  PushDesk(const PushDeskOptions& options, const Clock& clock, Look look)
      : options_(options), clock_(clock), look_(std::move(look)), thread_([this] { Serve(); }) {}
  ~PushDesk();
  PushDesk(const PushDesk&) = delete;
  PushDesk& operator=(const PushDesk&) = delete;

  // Never blocks. ResourceExhausted (OVERLOADED).
  absl::StatusOr<std::unique_ptr<PushSource<Message>>> Open(const TenantScope& scope, State state);

 private:
  using Done = typename PushSource<Message>::Done;
  struct Entry {
    Stream stream;
    // All below under the desk's mutex. Set while the stream waits.
    Done done = nullptr;
    bool eager = true;
  };
  using EntryPtr = std::shared_ptr<Entry>;

  class Source final : public PushSource<Message> {
   public:
    Source(PushDesk& desk, EntryPtr entry) : desk_(desk), entry_(std::move(entry)) {}
    ~Source() override { desk_.Close(entry_); }
    void Next(Done done) override { desk_.Wait(*entry_, std::move(done)); }

   private:
    PushDesk& desk_;
    const EntryPtr entry_;
  };

  void Serve();
  // Waits for streams to be looked at; none at the end.
  std::vector<EntryPtr> Take();
  void Settle(Entry& entry);
  void Wait(Entry& entry, Done done);
  void Close(const EntryPtr& entry);
  static bool Passes(const absl::Status& status);

  const PushDeskOptions options_;
  const Clock& clock_;
  Look look_;
  absl::Mutex mutex_;
  absl::CondVar wake_;
  absl::flat_hash_set<EntryPtr> entries_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<TenantId, int> counts_ ABSL_GUARDED_BY(mutex_);
  absl::Time next_round_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

template <typename Message, typename State>
PushDesk<Message, State>::~PushDesk() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    wake_.SignalAll();
  }
  thread_.join();
}

template <typename Message, typename State>
absl::StatusOr<std::unique_ptr<PushSource<Message>>> PushDesk<Message, State>::Open(const TenantScope& scope,
                                                                                    State state) {
  auto entry = std::make_shared<Entry>(Entry{.stream = {.scope = scope, .state = std::move(state)}});
  {
    absl::MutexLock lock(&mutex_);
    int& count = counts_[scope.tenant()];
    if (count >= options_.max_per_tenant) {
      return RetryLater(
          absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_OVERLOADED,
          absl::StrCat("the tenant has ", count, " such streams open on this server, which is the limit; ",
                       "end those that are not needed"),
          absl::Seconds(10));
    }
    ++count;
    entries_.insert(entry);
  }
  return std::make_unique<Source>(*this, std::move(entry));
}

template <typename Message, typename State>
void PushDesk<Message, State>::Serve() {
  while (true) {
    const std::vector<EntryPtr> taken = Take();
    if (taken.empty()) return;
    std::vector<Stream*> streams;
    for (const EntryPtr& entry : taken) {
      entry->stream.found = std::vector<Message>();
      entry->stream.again = false;
      streams.push_back(&entry->stream);
    }
    look_(streams);
    for (const EntryPtr& entry : taken) Settle(*entry);
  }
}

template <typename Message, typename State>
std::vector<typename PushDesk<Message, State>::EntryPtr> PushDesk<Message, State>::Take() {
  std::vector<EntryPtr> taken;
  absl::MutexLock lock(&mutex_);
  while (!stopping_) {
    const absl::Time now = clock_.Now();
    const bool all = now >= next_round_;
    if (all) next_round_ = now + options_.interval;
    for (const EntryPtr& entry : entries_) {
      if (entry->done != nullptr && (all || entry->eager)) taken.push_back(entry);
    }
    if (!taken.empty()) return taken;
    wake_.WaitWithTimeout(&mutex_, next_round_ - now);
  }
  return {};
}

template <typename Message, typename State>
void PushDesk<Message, State>::Settle(Entry& entry) {
  Done done = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    entry.eager = entry.stream.again && entry.stream.found.ok();
    const bool idle = entry.stream.found.ok() ? entry.stream.found->empty() && !entry.stream.over
                                              : Passes(entry.stream.found.status());
    if (idle || entry.done == nullptr) return;
    entry.eager = true;
    std::swap(done, entry.done);
  }
  done(std::move(entry.stream.found));
}

template <typename Message, typename State>
void PushDesk<Message, State>::Wait(Entry& entry, Done done) {
  absl::MutexLock lock(&mutex_);
  entry.done = std::move(done);
  if (entry.eager) wake_.Signal();
}

template <typename Message, typename State>
void PushDesk<Message, State>::Close(const EntryPtr& entry) {
  Done dropped = nullptr;  // ends outside the lock
  absl::MutexLock lock(&mutex_);
  std::swap(dropped, entry->done);
  entries_.erase(entry);
  const auto count = counts_.find(entry->stream.scope.tenant());
  if (--count->second == 0) counts_.erase(count);
}

// The database is away for a moment: the next look gives what this one could not.
template <typename Message, typename State>
bool PushDesk<Message, State>::Passes(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsAborted(status) ||
         absl::IsResourceExhausted(status);
}

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_WATCHING_PUSH_DESK_H_
