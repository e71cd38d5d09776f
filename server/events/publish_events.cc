#include "server/events/publish_events.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact.h"
#include "server/contacts/contact_store.h"
#include "server/events/event.h"

namespace canvass::events {
namespace {

constexpr int kMaxEvents = 1000;
constexpr int kMaxContacts = 1000;
// How often a call is run whose commit may or may not have happened.
constexpr std::size_t kMaxUnknown = 3;
// How often at all. Each run leaves out what others have committed meanwhile, so a second or third is the exception.
constexpr int kMaxRuns = 20;

// The valid events of a call, each under its key once.
struct Batch {
  std::vector<PreparedEvent> prepared;                  // in the order of the request
  std::vector<int> position;                            // of prepared[i] in the request
  std::vector<const PreparedEvent*> first;              // the first of every key, sorted by key
  absl::flat_hash_map<Uuid, const PreparedEvent*> own;  // the same by key
};

// The contacts of a call that can be changed.
struct ContactChanges {
  std::vector<contacts::ContactWrite> writes;
  std::vector<int> position;  // of writes[i] in the request
};

// What one run of the transaction found.
struct Outcome {
  absl::flat_hash_map<Uuid, StoredEvent> known;  // stored by other calls
  absl::flat_hash_map<Uuid, int> invitations;    // of the events that are this call's own
  std::vector<absl::Status> contacts;            // what became of each change
};

void Refuse(const absl::Status& status, v1::EventResult& result) {
  result.set_outcome(v1::EventResult::OUTCOME_REFUSED);
  *result.mutable_problem() = ProblemOf(status);
}

absl::Status ReusedId(const v1::Event& event) {
  return Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_EVENT_ID_REUSED,
               absl::StrCat("id '", event.id(), "' of source '", event.source(),
                            "' was used before with other content; give every event an id of its own"));
}

absl::Status SameEventsElsewhere() {
  return Error(absl::StatusCode::kAborted, v1::ERROR_REASON_CONFLICT,
               "other publishers send the same events at the same time; try again");
}

absl::Status CheckCounts(const v1::PublishEventsRequest& request) {
  if (request.events_size() < 1 || request.events_size() > kMaxEvents) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "events",
                      absl::StrCat(request.events_size(), " events; a call takes 1 to ", kMaxEvents));
  }
  if (request.contacts_size() > kMaxContacts) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "contacts",
                      absl::StrCat(request.contacts_size(), " contacts; a call takes at most ", kMaxContacts));
  }
  return absl::OkStatus();
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
      Refuse(valid, result);
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

void AddContactProblem(int index, const absl::Status& status, v1::PublishEventsResponse& response) {
  v1::ContactProblem& problem = *response.add_contact_problems();
  problem.set_index(index);
  *problem.mutable_problem() = ProblemOf(status);
}

// Parses every contact's name; the bad ones get their problems at once.
ContactChanges PrepareContacts(const TenantScope& scope, const v1::PublishEventsRequest& request,
                               v1::PublishEventsResponse& response) {
  ContactChanges changes;
  for (int i = 0; i < request.contacts_size(); ++i) {
    const v1::Contact& contact = request.contacts(i);
    absl::StatusOr<ContactId> id = contacts::ParseContactName(scope, "name", contact.name());
    if (!id.ok()) {
      AddContactProblem(i, id.status(), response);
      continue;
    }
    changes.writes.push_back({.id = *std::move(id), .contact = &contact});
    changes.position.push_back(i);
  }
  return changes;
}

using Round = std::vector<const PreparedEvent*>;

// The events in rounds that are judged one behind the other. One round, unless conditions look at the history of a
// customer with several events: what the earlier ones led to is history for the later ones. By key within each.
std::vector<Round> RoundsOf(const triggers::DecisionPlan& plan, const Batch& batch) {
  Round by_time = batch.first;
  std::stable_sort(by_time.begin(), by_time.end(), [](const PreparedEvent* a, const PreparedEvent* b) {
    return FromProto(a->event.time()) < FromProto(b->event.time());
  });
  absl::flat_hash_map<const PreparedEvent*, std::size_t> round_of;
  absl::flat_hash_map<absl::string_view, std::size_t> seen;
  std::vector<Round> rounds(1);
  for (const PreparedEvent* event : by_time) {
    const bool looks_back = plan.triggers->LooksAtHistory(event->event.type());
    const std::size_t round = looks_back ? seen[event->event.subject()]++ : 0;
    round_of[event] = round;
    if (round >= rounds.size()) rounds.resize(round + 1);
  }
  for (const PreparedEvent* event : batch.first) rounds[round_of[event]].push_back(event);
  return rounds;
}

// A call's runs at bringing its batch into the database.
class Publication {
 public:
  Publication(EventStore& events, triggers::Decider& decider, const Clock& clock, Random& random,
              const TenantScope& scope, const Batch& batch, const ContactChanges& contacts,
              const triggers::DecisionPlan& plan)
      : events_(events),
        decider_(decider),
        clock_(clock),
        random_(random),
        scope_(scope),
        contacts_(contacts),
        plan_(plan),
        rounds_(RoundsOf(plan, batch)),
        look_first_(events.meets_known()) {}

  absl::StatusOr<Outcome> Run(absl::Time deadline) {
    absl::Status status;
    for (int run = 0; run < kMaxRuns && earlier_ids_.size() < kMaxUnknown; ++run) {
      id_ = Uuid::V7(clock_.Now(), random_);
      status = events_.database().Write(scope_, [&](mysql::Transaction& tx) { return RunOnce(tx); }, deadline);
      if (status.ok()) {
        for (const metrics::CellBatch& cells : cells_) cells.MarkCommitted();
        return std::move(outcome_);
      }
      if (mysql::CommitUnknown(status)) {
        // If that commit is still landing, the next run's INSERT waits for it.
        earlier_ids_.insert(id_);
      } else if (!mysql::IsDuplicateKey(status)) {
        return status;
      }
      // Whoever stored one of the events has committed: the next run finds it.
      look_first_ = true;
      events_.set_meets_known(true);
    }
    return mysql::IsDuplicateKey(status) ? SameEventsElsewhere() : status;
  }

 private:
  absl::Status RunOnce(mysql::Transaction& tx) {
    outcome_ = Outcome();
    cells_.clear();
    if (!contacts_.writes.empty()) {
      CANVASS_ASSIGN_OR_RETURN(contacts::AppliedChanges applied,
                               decider_.contacts().ApplyChanges(tx, scope_, contacts_.writes, clock_.Now()));
      outcome_.contacts = std::move(applied.statuses);
    }
    for (const Round& round : rounds_) CANVASS_RETURN_IF_ERROR(RunRound(tx, round));
    return absl::OkStatus();
  }

  // Decided before they are inserted, since what was refused goes into their rows.
  absl::Status RunRound(mysql::Transaction& tx, const Round& round) {
    CANVASS_ASSIGN_OR_RETURN(const Round fresh, LeaveOutKnown(tx, round));
    std::vector<triggers::NewEvent> events;
    for (const PreparedEvent* event : fresh) events.push_back({.key = event->key, .event = &event->event});
    CANVASS_ASSIGN_OR_RETURN(triggers::Judged judged, decider_.Judge(tx, scope_, plan_, events));
    CANVASS_ASSIGN_OR_RETURN(triggers::Decided decided,
                             decider_.Decide(tx, scope_, plan_, absl::MakeSpan(judged.events)));
    std::vector<EventRow> rows;
    rows.reserve(fresh.size());
    triggers::VerdictPacker packer;
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      triggers::JudgedEvent& one = judged.events[i];
      rows.push_back({.event = fresh[i], .contact = one.customer->id, .verdicts = packer.Pack(one)});
      outcome_.invitations[fresh[i]->key] = decided.invitations[fresh[i]->key];
    }
    cells_.push_back(std::move(decided.cells));
    return events_.Insert(tx, scope_, rows, id_, clock_.Now());
  }

  // Those of `round` that are not stored yet, or all of it where the INSERT is to tell. Of the others, those that an
  // earlier run of this call has stored are its own, decided on already; the rest are others'.
  absl::StatusOr<Round> LeaveOutKnown(mysql::Transaction& tx, const Round& round) {
    if (!look_first_) return round;
    std::vector<Uuid> keys;
    for (const PreparedEvent* event : round) keys.push_back(event->key);
    CANVASS_ASSIGN_OR_RETURN(const auto known, events_.Find(tx, scope_, keys));
    events_.set_meets_known(!known.empty());
    std::vector<Uuid> landed;
    for (const auto& [key, stored] : known) {
      if (earlier_ids_.contains(stored.batch)) {
        landed.push_back(key);
      } else {
        outcome_.known.emplace(key, stored);
      }
    }
    CANVASS_ASSIGN_OR_RETURN(const auto counts, decider_.CountInvitations(tx, scope_, landed));
    for (const Uuid& key : landed) {
      const auto count = counts.find(key);
      outcome_.invitations[key] = count == counts.end() ? 0 : count->second;
    }
    Round fresh = round;
    std::erase_if(fresh, [&](const PreparedEvent* event) { return known.contains(event->key); });
    return fresh;
  }

  EventStore& events_;
  triggers::Decider& decider_;
  const Clock& clock_;
  Random& random_;
  const TenantScope& scope_;
  const ContactChanges& contacts_;
  const triggers::DecisionPlan& plan_;
  const std::vector<Round> rounds_;
  bool look_first_;
  Uuid id_;
  absl::flat_hash_set<Uuid> earlier_ids_;
  Outcome outcome_;
  std::vector<metrics::CellBatch> cells_;
};

void FillContactProblems(const ContactChanges& contacts, const Outcome& outcome, v1::PublishEventsResponse& response) {
  for (std::size_t i = 0; i < outcome.contacts.size(); ++i) {
    if (!outcome.contacts[i].ok()) AddContactProblem(contacts.position[i], outcome.contacts[i], response);
  }
  std::sort(response.mutable_contact_problems()->begin(), response.mutable_contact_problems()->end(),
            [](const v1::ContactProblem& a, const v1::ContactProblem& b) { return a.index() < b.index(); });
}

void FillResults(const TenantScope& scope, const Batch& batch, const Outcome& outcome,
                 v1::PublishEventsResponse& response) {
  for (std::size_t i = 0; i < batch.prepared.size(); ++i) {
    const PreparedEvent& event = batch.prepared[i];
    v1::EventResult& result = *response.mutable_results(batch.position[i]);
    const PreparedEvent* own = batch.own.at(event.key);
    const auto known = outcome.known.find(event.key);
    const std::string& stored = known == outcome.known.end() ? own->content_digest : known->second.content_digest;
    if (event.content_digest != stored) {
      Refuse(ReusedId(event.event), result);
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
  CANVASS_RETURN_IF_ERROR(CheckCounts(request));
  v1::PublishEventsResponse response;
  const Batch batch = Prepare(request, clock.Now(), response);
  const ContactChanges contacts = PrepareContacts(scope, request, response);
  if (batch.first.empty() && contacts.writes.empty()) return response;
  CANVASS_ASSIGN_OR_RETURN(const triggers::DecisionPlan plan, PlanFor(decider, scope, batch));
  Publication publication(events, decider, clock, random, scope, batch, contacts, plan);
  CANVASS_ASSIGN_OR_RETURN(const Outcome outcome, publication.Run(deadline));
  FillResults(scope, batch, outcome, response);
  FillContactProblems(contacts, outcome, response);
  return response;
}

}  // namespace canvass::events
