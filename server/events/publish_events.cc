#include "server/events/publish_events.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/events/event.h"

namespace canvass::events {
namespace {

constexpr int kMaxEvents = 1000;
// How often a call is run whose commit may or may not have happened.
constexpr int kMaxAttempts = 3;

// The valid events of a call, each under its key once.
struct Batch {
  std::vector<PreparedEvent> prepared;                  // in the order of the request
  std::vector<int> position;                            // of prepared[i] in the request
  std::vector<const PreparedEvent*> first;              // the first of every key, sorted by key
  absl::flat_hash_map<Uuid, const PreparedEvent*> own;  // the same by key
};

// What one run of the transaction found.
struct Outcome {
  absl::flat_hash_map<Uuid, StoredEvent> known;  // stored by other calls
  absl::flat_hash_map<Uuid, int> invitations;    // of the events that are this call's own
};

void SetProblem(const absl::Status& status, v1::EventResult& result) {
  result.set_outcome(v1::EventResult::OUTCOME_REFUSED);
  v1::Problem& problem = *result.mutable_problem();
  problem.set_code(static_cast<int>(status.code()));
  problem.set_reason(ReasonOf(status));
  problem.set_message(std::string(status.message()));
  for (const FieldViolation& violation : ViolationsOf(status)) {
    v1::FieldViolation& row = *problem.add_violations();
    row.set_field(violation.field);
    row.set_description(violation.description);
  }
}

absl::Status ReusedId(const v1::Event& event) {
  return Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_EVENT_ID_REUSED,
               absl::StrCat("id '", event.id(), "' of source '", event.source(),
                            "' was used before with other content; give every event an id of its own"));
}

absl::Status CheckCount(int count) {
  if (count >= 1 && count <= kMaxEvents) return absl::OkStatus();
  return FieldError(v1::ERROR_REASON_INVALID_FIELD, "events",
                    absl::StrCat(count, " events; a call takes 1 to ", kMaxEvents));
}

// Validates every event; the bad ones get their results at once.
Batch Prepare(const v1::PublishEventsRequest& request, absl::Time now, v1::PublishEventsResponse& response) {
  Batch batch;
  batch.prepared.reserve(static_cast<std::size_t>(request.events_size()));
  for (int i = 0; i < request.events_size(); ++i) {
    v1::EventResult& result = *response.add_results();
    const absl::Status valid = ValidateEvent(request.events(i), now);
    if (valid.ok()) {
      batch.prepared.push_back(PrepareEvent(request.events(i)));
      batch.position.push_back(i);
    } else {
      SetProblem(valid, result);
    }
  }
  for (const PreparedEvent& event : batch.prepared) {
    if (batch.own.emplace(event.key, &event).second) batch.first.push_back(&event);
  }
  std::sort(batch.first.begin(), batch.first.end(),
            [](const PreparedEvent* a, const PreparedEvent* b) { return a->key < b->key; });
  return batch;
}

absl::StatusOr<triggers::DecisionPlan> PlanFor(triggers::Decider& decider, const TenantScope& scope,
                                               const Batch& batch) {
  absl::flat_hash_set<absl::string_view> types;
  for (const PreparedEvent* event : batch.first) types.insert(event->event.type());
  return decider.Plan(scope, std::vector<absl::string_view>(types.begin(), types.end()));
}

// A call's attempts to bring its batch into the database.
class Publication {
 public:
  Publication(EventStore& events, triggers::Decider& decider, const Clock& clock, Random& random,
              const TenantScope& scope, const Batch& batch, const triggers::DecisionPlan& plan)
      : events_(events), decider_(decider), clock_(clock), random_(random), scope_(scope), batch_(batch), plan_(plan) {}

  absl::StatusOr<Outcome> Run(absl::Time deadline) {
    absl::Status status;
    for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
      id_ = Uuid::V7(clock_.Now(), random_);
      status = events_.database().Write(scope_, [&](mysql::Transaction& tx) { return RunOnce(tx); }, deadline);
      if (status.ok()) {
        decided_.cells.MarkCommitted();
        return std::move(outcome_);
      }
      if (!mysql::CommitUnknown(status)) return status;
      // If that commit is still landing, the next INSERT waits for it, and then finds our own events.
      earlier_ids_.insert(id_);
    }
    return status;
  }

 private:
  absl::Status RunOnce(mysql::Transaction& tx) {
    outcome_ = Outcome();
    const absl::Time now = clock_.Now();
    CANVASS_ASSIGN_OR_RETURN(outcome_.known, events_.InsertNew(tx, scope_, batch_.first, id_, now));
    CANVASS_RETURN_IF_ERROR(TakeLanded(tx));
    std::vector<triggers::NewEvent> fresh;
    for (const PreparedEvent* event : batch_.first) {
      const bool is_new = !outcome_.known.contains(event->key) && !outcome_.invitations.contains(event->key);
      if (is_new) fresh.push_back({.key = event->key, .event = &event->event});
    }
    CANVASS_ASSIGN_OR_RETURN(decided_, decider_.Decide(tx, scope_, plan_, fresh));
    for (std::size_t i = 0; i < fresh.size(); ++i) outcome_.invitations[fresh[i].key] = decided_.invitations[i];
    return absl::OkStatus();
  }

  // Events that an earlier attempt of this call has stored are this call's own, decided on already.
  absl::Status TakeLanded(mysql::Transaction& tx) {
    if (earlier_ids_.empty()) return absl::OkStatus();
    std::vector<Uuid> landed;
    for (const auto& [key, stored] : outcome_.known) {
      if (earlier_ids_.contains(stored.batch)) landed.push_back(key);
    }
    CANVASS_ASSIGN_OR_RETURN(const auto counts, decider_.CountInvitations(tx, scope_, landed));
    for (const Uuid& key : landed) {
      const auto count = counts.find(key);
      outcome_.invitations[key] = count == counts.end() ? 0 : count->second;
      outcome_.known.erase(key);
    }
    return absl::OkStatus();
  }

  EventStore& events_;
  triggers::Decider& decider_;
  const Clock& clock_;
  Random& random_;
  const TenantScope& scope_;
  const Batch& batch_;
  const triggers::DecisionPlan& plan_;
  Uuid id_;
  absl::flat_hash_set<Uuid> earlier_ids_;
  Outcome outcome_;
  triggers::Decided decided_;
};

void FillResults(const TenantScope& scope, const Batch& batch, const Outcome& outcome,
                 v1::PublishEventsResponse& response) {
  for (std::size_t i = 0; i < batch.prepared.size(); ++i) {
    const PreparedEvent& event = batch.prepared[i];
    v1::EventResult& result = *response.mutable_results(batch.position[i]);
    const PreparedEvent* own = batch.own.at(event.key);
    const auto known = outcome.known.find(event.key);
    const std::string& stored = known == outcome.known.end() ? own->content_digest : known->second.content_digest;
    if (event.content_digest != stored) {
      SetProblem(ReusedId(event.event), result);
      continue;
    }
    result.set_event(EventName(scope, event.key));
    if (known == outcome.known.end() && own == &event) {
      result.set_outcome(v1::EventResult::OUTCOME_ACCEPTED);
      result.set_invitations(outcome.invitations.at(event.key));
    } else {
      result.set_outcome(v1::EventResult::OUTCOME_DUPLICATE);
    }
  }
}

}  // namespace

absl::StatusOr<v1::PublishEventsResponse> PublishEvents(EventStore& events, triggers::Decider& decider,
                                                        const Clock& clock, Random& random, const TenantScope& scope,
                                                        const v1::PublishEventsRequest& request, absl::Time deadline) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_RETURN_IF_ERROR(CheckCount(request.events_size()));
  v1::PublishEventsResponse response;
  const Batch batch = Prepare(request, clock.Now(), response);
  if (batch.first.empty()) return response;
  CANVASS_ASSIGN_OR_RETURN(const triggers::DecisionPlan plan, PlanFor(decider, scope, batch));
  Publication publication(events, decider, clock, random, scope, batch, plan);
  CANVASS_ASSIGN_OR_RETURN(const Outcome outcome, publication.Run(deadline));
  FillResults(scope, batch, outcome, response);
  return response;
}

}  // namespace canvass::events
