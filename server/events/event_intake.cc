#include "server/events/event_intake.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/contacts/contact.h"
#include "server/events/publish_events.h"

namespace canvass::events {
namespace {

constexpr absl::Duration kRetryAfter = absl::Seconds(1);

absl::Status Overloaded() {
  return RetryLater(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_OVERLOADED,
                    "too many events wait to be written; this one was not taken: send it again in a moment",
                    kRetryAfter);
}

absl::Status ShuttingDown() {
  return RetryLater(absl::StatusCode::kUnavailable, v1::ERROR_REASON_SHUTTING_DOWN,
                    "the server is stopping; the event was not taken: send it again", kRetryAfter);
}

// Spread evenly, and the same for all of a customer's events.
int LineOf(const std::string& subject, int lines) {
  return static_cast<int>(absl::HashOf(subject) % static_cast<std::size_t>(lines));
}

// Whether `request` would change a contact that events before it in the batch were to be judged by as it is. Adds its
// own customers to `seen`.
bool ChangesWhatWasSeen(const TenantScope& scope, const v1::StreamEventsRequest& request,
                        absl::flat_hash_set<std::string>& seen) {
  bool changes = false;
  if (request.has_contact()) {
    const absl::StatusOr<ContactId> id = contacts::ParseContactName(scope, "name", request.contact().name());
    // A bad name changes nobody.
    changes = id.ok() && !seen.insert(id->value()).second;
  }
  seen.insert(request.event().subject());
  return changes;
}

}  // namespace

EventIntake::EventIntake(const EventIntakeOptions& options, EventStore& events, triggers::Decider& decider,
                         const Clock& clock, Random& random)
    : options_(options), events_(events), decider_(decider), clock_(clock), random_(random) {
  absl::MutexLock lock(&threads_mutex_);
  for (int i = 0; i < options.writers; ++i) threads_.emplace_back([this] { Serve(); });
}

EventIntake::~EventIntake() { Drain(); }

void EventIntake::Drain() {
  {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  absl::MutexLock lock(&threads_mutex_);
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void EventIntake::Submit(const TenantScope& scope, v1::StreamEventsRequest request, absl::Time deadline, Done done) {
  const std::size_t bytes = request.ByteSizeLong();
  absl::Status refusal;
  {
    absl::MutexLock lock(&mutex_);
    if (closed_) {
      refusal = ShuttingDown();
    } else if (queued_ >= options_.max_queued || queued_bytes_ + bytes > options_.max_queued_bytes) {
      refusal = Overloaded();
    } else {
      ++queued_;
      queued_bytes_ += bytes;
      const Turn turn(scope.tenant(), LineOf(request.event().subject(), options_.writers));
      Line& line = lines_[turn];
      if (line.items.empty() && !line.busy) ready_.push_back(turn);
      line.items.push_back({.scope = scope,
                            .request = std::move(request),
                            .bytes = bytes,
                            .deadline = deadline,
                            .done = std::move(done)});
      return;
    }
  }
  done(std::move(refusal));
}

void EventIntake::Serve() {
  Turn turn;
  for (Batch batch = Take(turn); !batch.empty(); batch = Take(turn)) {
    Write(std::move(batch));
    Finish(turn);
  }
}

EventIntake::Batch EventIntake::Take(Turn& turn) {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &EventIntake::HasWork));
  if (ready_.empty()) return {};
  turn = ready_.front();
  ready_.pop_front();
  Line& line = lines_[turn];
  line.busy = true;
  return TakeFrom(line);
}

EventIntake::Batch EventIntake::TakeFrom(Line& line) {
  Batch batch;
  // Contacts are changed before any event of a batch is judged. So that each event is judged by what was said before
  // it, a change of a customer whose events are in the batch waits for the next one.
  absl::flat_hash_set<std::string> seen;
  while (!line.items.empty() && batch.size() < options_.max_batch) {
    Item& next = line.items.front();
    if (ChangesWhatWasSeen(next.scope, next.request, seen) && !batch.empty()) break;
    --queued_;
    queued_bytes_ -= next.bytes;
    batch.push_back(std::move(next));
    line.items.pop_front();
  }
  return batch;
}

void EventIntake::Finish(const Turn& turn) {
  absl::MutexLock lock(&mutex_);
  const auto line = lines_.find(turn);
  line->second.busy = false;
  if (line->second.items.empty()) {
    lines_.erase(line);
  } else {
    ready_.push_back(turn);
  }
}

void EventIntake::Write(Batch batch) {
  const absl::Time now = clock_.Now();
  v1::PublishEventsRequest request;
  request.set_parent(ResourceName(batch.front().scope.tenant(), {}));
  absl::Time deadline = absl::InfinitePast();
  std::vector<Item*> items;                       // in the order of request.events
  absl::flat_hash_map<int, std::size_t> changes;  // by their place in request.contacts, the place of the item
  for (Item& item : batch) {
    if (item.deadline <= now) continue;
    deadline = std::max(deadline, item.deadline);
    *request.add_events() = std::move(*item.request.mutable_event());
    if (item.request.has_contact()) {
      changes[request.contacts_size()] = items.size();
      *request.add_contacts() = std::move(*item.request.mutable_contact());
    }
    items.push_back(&item);
  }
  absl::StatusOr<v1::PublishEventsResponse> response;
  if (!items.empty()) {
    response = PublishEvents(events_, decider_, clock_, random_, batch.front().scope, request, deadline);
  }
  std::vector<v1::StreamEventsResponse> answers(items.size());
  if (response.ok()) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      answers[i].mutable_result()->Swap(response->mutable_results(static_cast<int>(i)));
    }
    for (v1::ContactProblem& problem : *response->mutable_contact_problems()) {
      answers[changes.at(problem.index())].mutable_contact_problem()->Swap(problem.mutable_problem());
    }
  }
  std::size_t next = 0;
  for (Item& item : batch) {
    if (next == items.size() || items[next] != &item) {
      item.done(absl::DeadlineExceededError("the event waited too long and was not taken: send it again"));
    } else if (response.ok()) {
      item.done(std::move(answers[next++]));
    } else {
      ++next;
      item.done(response.status());
    }
  }
}

}  // namespace canvass::events
