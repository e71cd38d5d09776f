// Takes in events one by one, for streams: what comes at the same time shares a transaction, up to the size of a
// PublishEvents call. A tenant's events stand in a few lines, a customer's always in the same; while one batch of a
// line is being written the next one gathers, so batches grow with the load, and a lone event does not wait.
//
//   EventIntake intake(options, events, decider, clock, random);
//   intake.Submit(scope, std::move(request), deadline, [](absl::StatusOr<v1::StreamEventsResponse> answer) { … });
//   intake.Drain();
//
// A customer's events are decided in the order in which they were submitted; tenants do not wait for each other.
// Thread-safe; Submit never blocks. Answers come on a thread of the intake and must not block it, or, where
// nothing was taken, at once.
#ifndef CANVASS_SERVER_EVENTS_EVENT_INTAKE_H_
#define CANVASS_SERVER_EVENTS_EVENT_INTAKE_H_

#include <cstddef>
#include <deque>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "canvass/v1/event_service.pb.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/events/event_store.h"
#include "server/triggers/decide.h"

namespace canvass::events {

struct EventIntakeOptions {
  // How many batches are written at once, and how many lines a tenant's events stand in.
  int writers = 2;
  // What may wait, of all tenants.
  std::size_t max_queued = 50'000;
  std::size_t max_queued_bytes = std::size_t{128} << 20;
  // What is written at once, at most 1,000.
  std::size_t max_batch = 500;
};

class EventIntake {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<v1::StreamEventsResponse>)>;

  // Starts the writers. Everything must outlive it.
  EventIntake(const EventIntakeOptions& options, EventStore& events, triggers::Decider& decider, const Clock& clock,
              Random& random);
  // Drains.
  ~EventIntake();
  EventIntake(const EventIntake&) = delete;
  EventIntake& operator=(const EventIntake&) = delete;

  // Answers with the event's result once it is durable. ResourceExhausted (OVERLOADED) if too much waits, Unavailable
  // (SHUTTING_DOWN) after Drain, DeadlineExceeded, otherwise the errors of PublishEvents, for all that shared the
  // transaction: sending them again tells.
  void Submit(const TenantScope& scope, v1::StreamEventsRequest request, absl::Time deadline, Done done);

  // Finishes everything that was submitted, then stops the writers. May be called again.
  void Drain();

 private:
  struct Item {
    TenantScope scope;
    v1::StreamEventsRequest request;
    std::size_t bytes;
    absl::Time deadline;
    Done done;
  };
  // Whose turn: a tenant and one of its lines.
  using Turn = std::pair<TenantId, int>;
  // What waits there. `busy` while a writer has a batch of it.
  struct Line {
    std::deque<Item> items;
    bool busy = false;
  };
  using Batch = std::vector<Item>;

  void Serve();
  // Waits for somebody's turn; an empty batch at the end.
  Batch Take(Turn& turn);
  Batch TakeFrom(Line& line) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Finish(const Turn& turn);
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !ready_.empty() || (closed_ && lines_.empty()); }
  void Write(Batch batch);

  const EventIntakeOptions options_;
  EventStore& events_;
  triggers::Decider& decider_;
  const Clock& clock_;
  Random& random_;
  absl::Mutex mutex_;
  // Only those of which something waits or is being written.
  absl::flat_hash_map<Turn, Line> lines_ ABSL_GUARDED_BY(mutex_);
  // Those with something to be taken, in turn.
  std::deque<Turn> ready_ ABSL_GUARDED_BY(mutex_);
  std::size_t queued_ ABSL_GUARDED_BY(mutex_) = 0;
  std::size_t queued_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Mutex threads_mutex_;
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(threads_mutex_);
};

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_EVENT_INTAKE_H_
