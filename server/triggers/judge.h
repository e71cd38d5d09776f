// Judges a batch of events by all that facts can say: which triggers refuse each, which take it up. Pure; what follows
// for those that take it up is in decide.h, and by itself in rules/asking.h.
//
//   Judged judged = JudgeEvents(plan, tenant, events, contacts, history);
//   … decide, which adds refusals …
//   VerdictPacker packer;
//   packer.Pack(judged.events[i]) …                   // what the row of event i keeps
#ifndef CANVASS_SERVER_TRIGGERS_JUDGE_H_
#define CANVASS_SERVER_TRIGGERS_JUDGE_H_

#include <google/protobuf/struct.pb.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/contact.pb.h"
#include "canvass/v1/decision.pb.h"
#include "canvass/v1/event.pb.h"
#include "server/base/ids.h"
#include "server/triggers/plan.h"
#include "server/triggers/rules/facts.h"
#include "server/triggers/rules/screen.h"
#include "server/triggers/trigger_catalog.h"

namespace canvass::triggers {

// An event of the batch. `event` outlives the call.
struct NewEvent {
  Uuid key;
  const v1::Event* event;
};

// The customer of an event. One of whom nothing is known is a contact of its id alone.
struct Customer {
  ContactId id;  // the kept one's, where the event's subject was merged into another
  v1::Contact contact;
};

// A trigger that does not ask about an event. What facts alone refuse has no explanation: SkipText makes it of them.
struct Refusal {
  const ActiveTrigger* trigger;
  v1::Decision::Reason reason;
  std::string explanation = {};
  std::optional<absl::Time> next_eligible_time = std::nullopt;
};

// A trigger that takes an event up.
struct TakenUp {
  const ActiveTrigger* trigger;
  const AskedSurvey* survey;
};

struct JudgedEvent {
  NewEvent event;
  const Customer* customer = nullptr;
  std::vector<Refusal> refusals;
  std::vector<TakenUp> taken_up;  // in the order in which they are asked
  // As CustomerFacts made them. Null if there is no trigger of the event's type.
  std::unique_ptr<google::protobuf::Struct> customer_facts;
  // As FactsOf made them. Null if no trigger took it up.
  std::unique_ptr<const google::protobuf::Struct> facts;
};

// The batch, in its order. Points into the plan, which must outlive it.
struct Judged {
  absl::flat_hash_map<ContactId, std::unique_ptr<const Customer>> customers;  // by the events' subjects
  std::vector<JudgedEvent> events;
};

// `contacts` by the events' subjects, where they are known; `history` by the contacts' own ids.
Judged JudgeEvents(const DecisionPlan& plan, const TenantId& tenant, absl::Span<const NewEvent> events,
                   const absl::flat_hash_map<ContactId, v1::Contact>& contacts,
                   const absl::flat_hash_map<ContactId, std::vector<PastInvitation>>& history);

// Packs what the rows of a batch's events keep. Not thread-safe; the plan must outlive it.
class VerdictPacker {
 public:
  // A stored.v1.EventVerdicts of the customer's facts, which it takes out of `event`, and the refusals; empty if there
  // is no trigger of the event's type.
  std::string Pack(JudgedEvent& event);

 private:
  // What a trigger that refuses by facts alone leaves is the same for all events.
  absl::flat_hash_map<std::pair<const ActiveTrigger*, v1::Decision::Reason>, std::string> by_facts_;
};

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_JUDGE_H_
