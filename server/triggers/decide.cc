#include "server/triggers/decide.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/outbox/settlement.h"
#include "server/distribution/stage_slot.h"
#include "server/triggers/decisions/refusal_counts.h"
#include "server/triggers/limits/asked_history.h"
#include "server/triggers/limits/reserved_limits.h"
#include "server/triggers/rules/asking.h"

namespace canvass::triggers {
namespace {

using distribution::DecisionRecord;
using distribution::NewInvitation;
using distribution::NewMessage;

// One event and one of the triggers that take it up, on the way to a decision.
struct Case {
  JudgedEvent* event;
  Asking asking;
  Verdict verdict = {};
  std::optional<Uuid> invitation = std::nullopt;
};

using Suppressions = absl::flat_hash_map<const Customer*, std::vector<v1::Suppression>>;

// The cases of all events in the order in which they are decided.
std::vector<Case> CasesOf(absl::Span<JudgedEvent> events, const Suppressions& suppressions) {
  std::vector<JudgedEvent*> sorted;
  for (JudgedEvent& event : events) {
    if (!event.taken_up.empty()) sorted.push_back(&event);
  }
  std::sort(sorted.begin(), sorted.end(), [](const JudgedEvent* a, const JudgedEvent* b) {
    const absl::Time a_time = FromProto(a->event.event->time());
    const absl::Time b_time = FromProto(b->event.event->time());
    return std::tie(a_time, a->event.key) < std::tie(b_time, b->event.key);
  });
  std::vector<Case> cases;
  for (JudgedEvent* event : sorted) {
    for (const TakenUp& taken_up : event->taken_up) {
      cases.push_back({.event = event,
                       .asking = {.trigger = taken_up.trigger,
                                  .survey = taken_up.survey,
                                  .contact_id = &event->customer->id,
                                  .contact = &event->customer->contact,
                                  .suppressions = suppressions.at(event->customer),
                                  .due = DueTime(*taken_up.trigger, *event->event.event)}});
    }
  }
  return cases;
}

// The suppressions of the customers whose events were taken up.
absl::StatusOr<Suppressions> FindSuppressions(contacts::SuppressionStore& store, mysql::Transaction& tx,
                                              const TenantScope& scope, absl::Span<const JudgedEvent> events) {
  absl::flat_hash_set<const Customer*> distinct;
  for (const JudgedEvent& event : events) {
    if (!event.taken_up.empty()) distinct.insert(event.customer);
  }
  const std::vector<const Customer*> customers(distinct.begin(), distinct.end());
  std::vector<const v1::Contact*> contacts;
  for (const Customer* customer : customers) contacts.push_back(&customer->contact);
  CANVASS_ASSIGN_OR_RETURN(auto found, store.FindMany(tx, scope, contacts));
  Suppressions suppressions;
  for (std::size_t i = 0; i < customers.size(); ++i) suppressions[customers[i]] = std::move(found[i]);
  return suppressions;
}

// Decides on all cases that can be decided by the limits. Reserves them first.
absl::Status ApplyLimits(mysql::Transaction& tx, const TenantScope& scope, const DecisionPlan& plan, const Terms& terms,
                         absl::Span<Case> cases) {
  std::vector<const Asking*> asking;
  for (const Case& one : cases) {
    if (one.verdict.Asks()) asking.push_back(&one.asking);
  }
  CANVASS_ASSIGN_OR_RETURN(ReservedLimits limits,
                           ReservedLimits::Reserve(tx, scope, plan.settings->policy, asking, plan.metrics));
  for (Case& one : cases) {
    if (one.verdict.Asks()) one.verdict = HoldToLimits(terms, one.asking, limits, std::move(one.verdict));
  }
  return limits.Write(tx, scope);
}

NewInvitation InvitationFor(const TenantId& tenant, const Case& one, absl::Time now) {
  const ActiveTrigger& trigger = *one.asking.trigger;
  NewInvitation invitation{.id = *one.invitation,
                           .survey = trigger.survey,
                           .survey_version = one.asking.survey->status.published_version,
                           .contact = one.event->customer->id,
                           .schedule_time = one.asking.due};
  // What became due in the past, because its event came late or is imported, can be answered from now on.
  invitation.expire_time = std::max(one.asking.due, now) + trigger.lifetime;
  v1::Invitation& content = invitation.content;
  content.set_trigger(ResourceName(tenant, {"triggers", trigger.id.value()}));
  content.set_event(ResourceName(tenant, {"events", one.event->event.key.ToString()}));
  content.set_channel(one.asking.channel);
  *content.mutable_facts() = *one.event->facts;
  content.mutable_facts()->mutable_fields()->erase("history");
  *content.mutable_create_time() = ToProto(now);
  return invitation;
}

DecisionRecord RecordOf(const Case& one, absl::Time now) {
  DecisionRecord record{.key = {.event = one.event->event.key, .trigger = one.asking.trigger->id},
                        .contact = one.event->customer->id,
                        .invitation = one.invitation};
  v1::Decision& decision = record.decision;
  decision.set_outcome(one.verdict.outcome);
  decision.set_reason(one.verdict.reason);
  decision.set_explanation(one.verdict.explanation);
  if (one.verdict.next_eligible_time.has_value()) {
    *decision.mutable_next_eligible_time() = ToProto(*one.verdict.next_eligible_time);
  }
  *decision.mutable_event_time() = one.event->event.event->time();
  *decision.mutable_decide_time() = ToProto(now);
  decision.set_trigger_revision(one.asking.trigger->revision);
  return record;
}

// What can still change has rows of its own: the decisions that led to invitations.
std::vector<DecisionRecord> RecordsOf(absl::Span<const Case> cases, absl::Time now) {
  std::vector<DecisionRecord> records;
  for (const Case& one : cases) {
    if (one.verdict.Asks()) records.push_back(RecordOf(one, now));
  }
  std::sort(records.begin(), records.end(), [](const DecisionRecord& a, const DecisionRecord& b) {
    return std::tie(a.key.event, a.key.trigger) < std::tie(b.key.event, b.key.trigger);
  });
  return records;
}

// What is written for the cases that ask.
struct Asked {
  std::vector<NewInvitation> invitations;
  std::vector<NewMessage> messages;
};

Asked AskFor(const TenantScope& scope, absl::Span<Case> cases, absl::Time now, Random& random, Decided& decided) {
  Asked asked;
  for (Case& one : cases) {
    if (!one.verdict.Asks()) continue;
    one.invitation = Uuid::V7(now, random);
    asked.invitations.push_back(InvitationFor(scope.tenant(), one, now));
    decided.cells.AddStage(scope, one.asking.trigger->survey, one.asking.survey->version->definition(),
                           asked.invitations.back().content, metrics::InvitationStage::kScheduled, one.asking.due);
    ++decided.invitations[one.event->event.key];
    if (!distribution::IsSentOn(one.asking.channel)) continue;
    asked.messages.push_back({.id = Uuid::V7(now, random),
                              .invitation = *one.invitation,
                              .contact = one.event->customer->id,
                              .channel = one.asking.channel,
                              .attempt_time = one.asking.due});
  }
  const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
  std::sort(asked.invitations.begin(), asked.invitations.end(), by_id);
  std::sort(asked.messages.begin(), asked.messages.end(), by_id);
  return asked;
}

// The others are final, and go to what their events' facts refused.
void AddRefusals(absl::Span<Case> cases) {
  for (Case& one : cases) {
    if (one.verdict.Asks()) continue;
    one.event->refusals.push_back({.trigger = one.asking.trigger,
                                   .reason = one.verdict.reason,
                                   .explanation = std::move(one.verdict.explanation),
                                   .next_eligible_time = one.verdict.next_eligible_time});
  }
}

RefusalCounts CountRefusals(absl::Span<const JudgedEvent> events) {
  RefusalCounts counts;
  for (const JudgedEvent& event : events) {
    const absl::Time time = FromProto(event.event.event->time());
    for (const Refusal& refusal : event.refusals) counts.Add(refusal.trigger->id, time, refusal.reason);
  }
  return counts;
}

}  // namespace

absl::StatusOr<Judged> Decider::Judge(mysql::Transaction& tx, const TenantScope& scope, const DecisionPlan& plan,
                                      absl::Span<const NewEvent> events) const {
  std::vector<ContactId> subjects;
  subjects.reserve(events.size());
  for (const NewEvent& event : events) subjects.emplace_back(event.event->subject());
  CANVASS_ASSIGN_OR_RETURN(const auto contacts, rooms_.contacts.GetMany(tx, scope, subjects));
  absl::flat_hash_set<ContactId> with_history;
  for (const NewEvent& event : events) {
    if (!plan.triggers->LooksAtHistory(event.event->type())) continue;
    const auto known = contacts.find(ContactId(event.event->subject()));
    with_history.emplace(known == contacts.end() ? event.event->subject() : known->second.external_id());
  }
  CANVASS_ASSIGN_OR_RETURN(const auto history,
                           ReadHistory(tx, scope, std::vector<ContactId>(with_history.begin(), with_history.end())));
  return JudgeEvents(plan, scope.tenant(), events, contacts, history);
}

absl::StatusOr<Decided> Decider::Decide(mysql::Transaction& tx, const TenantScope& scope, const DecisionPlan& plan,
                                        absl::Span<JudgedEvent> events) const {
  Decided decided{.invitations = {}, .cells = metrics::CellBatch(&rooms_.dimensions)};
  const absl::Time now = clock_.Now();
  const Terms terms{.settings = plan.settings.get(), .time_zone = scope.time_zone(), .now = now};
  CANVASS_ASSIGN_OR_RETURN(const Suppressions suppressions, FindSuppressions(rooms_.suppressions, tx, scope, events));
  std::vector<Case> cases = CasesOf(events, suppressions);
  for (Case& one : cases) one.verdict = PlanAsking(terms, one.asking);
  CANVASS_RETURN_IF_ERROR(ApplyLimits(tx, scope, plan, terms, absl::MakeSpan(cases)));
  AddRefusals(absl::MakeSpan(cases));
  const Asked asked = AskFor(scope, absl::MakeSpan(cases), now, random_, decided);
  CANVASS_RETURN_IF_ERROR(rooms_.decisions.Insert(tx, scope, RecordsOf(cases, now)));
  CANVASS_RETURN_IF_ERROR(rooms_.invitations.Insert(tx, scope, asked.invitations));
  CANVASS_RETURN_IF_ERROR(rooms_.outbox.Insert(tx, scope, asked.messages, now));
  // The counts last: they are what publishers share most, and their rows stay locked until the commit.
  CANVASS_RETURN_IF_ERROR(CountRefusals(events).Write(tx, scope, distribution::StageSlot()));
  CANVASS_RETURN_IF_ERROR(decided.cells.Write(tx, distribution::StageSlot()));
  return decided;
}

}  // namespace canvass::triggers
