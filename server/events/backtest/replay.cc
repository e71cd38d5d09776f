#include "server/events/backtest/replay.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "server/base/proto_time.h"
#include "server/triggers/rules/facts.h"

namespace canvass::events {
namespace {

bool LooksAtContact(const triggers::ActiveTrigger& trigger) {
  return !trigger.trigger.segment().empty() ||
         std::any_of(trigger.fields.begin(), trigger.fields.end(),
                     [](const std::string& field) { return absl::StartsWith(field, "contact."); });
}

// One that is gone had no priority.
int PriorityOf(const triggers::TenantTriggers& triggers, const TriggerId& id) {
  const triggers::ActiveTrigger* found = triggers.Find(id);
  return found == nullptr ? 0 : found->trigger.priority();
}

}  // namespace

Replay::Replay(const ReplaySetting& setting, triggers::ActiveTrigger trigger, triggers::AskedSurvey survey,
               const v1::Segment* segment, const OtherAsks& others)
    : setting_(setting),
      trigger_(std::move(trigger)),
      survey_(std::move(survey)),
      segment_(segment),
      others_(others),
      looks_at_history_(triggers::LooksAtHistory(trigger_)),
      looks_at_contact_(LooksAtContact(trigger_)) {
  const int priority = trigger_.trigger.priority();
  for (const TriggerId& other : others.triggers()) {
    const int of_other = PriorityOf(*setting_.triggers, other);
    comes_first_.push_back(std::tie(priority, other) < std::tie(of_other, trigger_.id));
  }
}

v1::Decision::Reason Replay::Screen(const PastEvent& event, const CustomerState& state) const {
  if (looks_at_history_) {
    std::vector<triggers::PastInvitation> past;
    for (const absl::Time due : state.asked) past.push_back({.schedule_time = due, .answer_time = std::nullopt});
    for (const OtherAsk& other : others_.Of(*event.customer)) {
      past.push_back({.schedule_time = other.due, .answer_time = other.answer_time});
    }
    *(*event.facts->mutable_fields())["history"].mutable_struct_value() = triggers::HistoryFacts(past, event.time);
  }
  const triggers::Subject subject{
      .tenant = setting_.tenant, .contact = event.customer, .event = event.event, .facts = event.facts};
  return triggers::Screen(trigger_, survey_, segment_, subject);
}

void Replay::Meet(const v1::Contact& contact, absl::Span<const v1::Suppression> suppressions,
                  CustomerState& state) const {
  triggers::Verdict refusal;
  state.known = true;
  state.reach.channel = triggers::ChooseChannel(triggers::ChannelsOf(trigger_.trigger.channels()), *setting_.settings,
                                                contact, suppressions, &refusal);
  state.reach.outcome = refusal.outcome;
  state.reach.reason = refusal.reason;
}

Replayed Replay::Decide(const PastEvent& event, CustomerState& state) {
  if (state.reach.channel == v1::Invitation::CHANNEL_UNSPECIFIED) return state.reach;
  const triggers::Terms terms{
      .settings = setting_.settings, .time_zone = setting_.time_zone, .now = event.receive_time};
  triggers::Asking asking{.trigger = &trigger_,
                          .survey = &survey_,
                          .contact_id = event.customer,
                          .contact = event.zone,
                          .suppressions = {},
                          .due = event.time + trigger_.delay,
                          .channel = state.reach.channel};
  triggers::Verdict verdict = triggers::PlanTime(terms, asking);
  if (verdict.Asks()) {
    deciding_ = &state;
    place_ = {.time = event.time, .key = event.key};
    verdict = triggers::HoldToLimits(terms, asking, *this, std::move(verdict));
    deciding_ = nullptr;
  }
  Replayed replayed{.outcome = verdict.outcome, .reason = verdict.reason};
  if (replayed.Asks()) replayed.channel = asking.channel;
  return replayed;
}

// All of a trigger's own invitations move the same clocks of a customer: one survey, one channel.
std::optional<absl::Time> Replay::WithinInterval(const ContactId& contact, absl::string_view clock, absl::Time due,
                                                 absl::Duration interval) const {
  std::optional<absl::Time> within;
  if (!deciding_->asked.empty() && absl::AbsDuration(due - deciding_->asked.back()) < interval) {
    within = deciding_->asked.back();
  }
  for (const OtherAsk& other : others_.Of(contact)) {
    if (absl::AbsDuration(due - other.due) < interval && CameBefore(other) && others_.CountsOn(other, clock)) {
      within = std::max(within.value_or(other.due), other.due);
    }
  }
  return within;
}

// Only explanations say it, and a replay gives none.
std::optional<absl::Time> Replay::Latest(const ContactId& contact, absl::string_view clock) const {
  return std::nullopt;
}

int64_t Replay::DueOn(const TriggerId& trigger, int64_t day) const {
  const auto own = due_on_.find(day);
  const int64_t count = own == due_on_.end() ? 0 : own->second;
  if (!trigger.empty()) return count;
  const absl::Span<const OtherAsk> others = others_.DueOn(day);
  const auto end =
      std::partition_point(others.begin(), others.end(), [&](const OtherAsk& other) { return other.event < place_; });
  const auto of_same = [&](const OtherAsk& other) { return other.event == place_ && CameBefore(other); };
  return count + (end - others.begin()) + std::count_if(end, others.end(), of_same);
}

void Replay::Ask(const ContactId& contact, absl::Span<const std::string> clocks, absl::Time due,
                 const TriggerId& trigger, int64_t day) {
  // Events come in the order of their times and quiet hours keep that order, so the last one is the latest.
  if (!looks_at_history_) deciding_->asked.clear();
  deciding_->asked.push_back(due);
  ++due_on_[day];
}

bool Replay::CameBefore(const OtherAsk& other) const {
  return other.event < place_ || (other.event == place_ && comes_first_[other.trigger]);
}

}  // namespace canvass::events
