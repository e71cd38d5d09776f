#include "server/triggers/rules/asking.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/contacts/reach.h"
#include "server/triggers/rules/quiet_hours.h"
#include "server/triggers/rules/wording.h"

namespace canvass::triggers {
namespace {

using v1::Decision;

Verdict Refused(Decision::Reason reason, std::string explanation, std::optional<absl::Time> next = std::nullopt) {
  return {.outcome = OutcomeOf(reason),
          .reason = reason,
          .explanation = std::move(explanation),
          .next_eligible_time = next};
}

// Why a channel cannot be used by anybody; empty if it can.
absl::string_view Missing(v1::Invitation::Channel channel, const v1::ChannelSettings& settings) {
  switch (channel) {
    case v1::Invitation::CHANNEL_EMAIL:
      return settings.has_email() ? "" : "the tenant has no settings for email";
    case v1::Invitation::CHANNEL_SMS:
      return settings.has_sms() ? "" : "the tenant has no settings for text messages";
    case v1::Invitation::CHANNEL_WEBHOOK:
      return settings.has_webhook() ? "" : "the tenant has no settings for its webhook";
    default:
      return "";
  }
}

// "An event from … on passes again."
std::string PassesAgain(const ActiveTrigger& trigger, absl::Time from) {
  // What has no trigger was made by hand, without an event.
  return absl::StrCat(trigger.id.empty() ? " An invitation" : " An event", " from ", TimeText(from),
                      " on passes again.");
}

std::optional<Verdict> CheckLateness(const Terms& terms, const Asking& asking) {
  const absl::Duration max = asking.trigger->max_lateness;
  if (asking.due + max >= terms.now) return std::nullopt;
  return Refused(Decision::REASON_EXPIRED, absl::StrCat("Due ", TimeText(asking.due), ", but the event was taken in ",
                                                        DurationText(terms.now - asking.due),
                                                        " after that; the trigger allows ", DurationText(max), "."));
}

Verdict Qualified(const Asking& asking) {
  const char* condition = asking.trigger->condition_text.empty() ? "" : "The condition held. ";
  return {.outcome = Decision::OUTCOME_SCHEDULED,
          .reason = Decision::REASON_QUALIFIED,
          .explanation = absl::StrCat(condition, "The customer is asked survey '", asking.trigger->survey.value(),
                                      "', version ", asking.survey->status.published_version, ", ",
                                      contacts::ChannelText(asking.channel), ", from ", TimeText(asking.due), " on."),
          .next_eligible_time = std::nullopt};
}

// Puts `asking`, due in quiet hours, off to their end.
Verdict Deferred(const absl::TimeZone& zone, const std::string& quiet, absl::Time end, Asking& asking) {
  const absl::Time due = std::exchange(asking.due, end);
  if (end - due > asking.trigger->max_lateness) {
    return Refused(
        Decision::REASON_EXPIRED,
        absl::StrCat("Due ", TimeText(due, zone), ", in ", quiet, ", which end at ", TimeText(end, zone),
                     ": later than the ", DurationText(asking.trigger->max_lateness), " that the trigger allows."));
  }
  if (asking.survey->status.IsClosedAt(end)) {
    return Refused(
        Decision::REASON_SURVEY_CLOSED,
        absl::StrCat("Due ", TimeText(due, zone), ", in ", quiet, "; survey '", asking.trigger->survey.value(),
                     "' closes before their end at ", TimeText(end, zone), "."));
  }
  return {.outcome = Decision::OUTCOME_DEFERRED,
          .reason = Decision::REASON_QUIET_HOURS,
          .explanation = absl::StrCat("Due ", TimeText(due, zone), ", in ", quiet, ". The customer is asked survey '",
                                      asking.trigger->survey.value(), "', ", contacts::ChannelText(asking.channel),
                                      ", from ", TimeText(end, zone), " on."),
          .next_eligible_time = end};
}

Verdict CheckQuietHours(const Terms& terms, Asking& asking) {
  const v1::Trigger& trigger = asking.trigger->trigger;
  const v1::QuietHours* quiet = QuietHoursOf(trigger, terms.settings->policy);
  if (quiet == nullptr) return Qualified(asking);
  const absl::TimeZone zone = ZoneOr(asking.contact == nullptr ? "" : asking.contact->time_zone(), terms.time_zone);
  const std::optional<absl::Time> end = QuietUntil(*quiet, asking.due, zone);
  if (!end.has_value()) return Qualified(asking);
  const std::string text =
      absl::StrCat(trigger.has_quiet_hours() ? "quiet hours (" : "the contact policy's quiet hours (",
                   QuietHoursText(*quiet), ", ", zone.name(), ")");
  if (quiet->action() != v1::QuietHours::ACTION_SKIP) return Deferred(zone, text, *end, asking);
  const absl::Time next = *end - asking.trigger->delay;
  return Refused(Decision::REASON_QUIET_HOURS,
                 absl::StrCat("Due ", TimeText(asking.due, zone), ", in ", text, ", in which nothing is sent.",
                              PassesAgain(*asking.trigger, next)),
                 next);
}

std::optional<Verdict> CheckDay(const Asking& asking, const AskLimits& limits, int64_t day, const TriggerId& counted,
                                int limit) {
  if (limit == 0 || limits.DueOn(counted, day) < limit) return std::nullopt;
  return Refused(
      Decision::REASON_DAILY_LIMIT,
      absl::StrCat(counted.empty() ? "The contact policy allows " : "The trigger allows ", limit,
                   limit == 1 ? " invitation" : " invitations", " for ", absl::FormatCivilTime(DayFromNumber(day)),
                   ", when this one would have been due (", TimeText(asking.due), "), and they were used up."));
}

std::optional<Verdict> CheckCaps(const Terms& terms, const Asking& asking, const AskedAs& asked,
                                 const AskLimits& limits) {
  const std::vector<HeldCap> caps = CapsOf(asking.trigger->trigger, terms.settings->policy, asked);
  std::optional<Verdict> refused;
  // From when on none of the caps stands against it any more.
  absl::Time free = absl::InfinitePast();
  for (const HeldCap& cap : caps) {
    const std::optional<absl::Time> latest = limits.Latest(*asking.contact_id, cap.clock);
    if (latest.has_value()) free = std::max(free, *latest + cap.interval);
    if (refused.has_value()) continue;
    const std::optional<absl::Time> other =
        limits.WithinInterval(*asking.contact_id, cap.clock, asking.due, cap.interval);
    if (!other.has_value()) continue;
    refused = Refused(Decision::REASON_FREQUENCY_CAP,
                      absl::StrCat(CapText(cap, asked), " This one would have been due ", TimeText(asking.due), ", ",
                                   DurationText(absl::AbsDuration(asking.due - *other)),
                                   asking.due < *other ? " before" : " after", " one due ", TimeText(*other), "."));
  }
  if (!refused.has_value()) return refused;
  // Due times count; an event is due `delay` after it happened.
  refused->next_eligible_time = free - asking.trigger->delay;
  refused->explanation += PassesAgain(*asking.trigger, *refused->next_eligible_time);
  return refused;
}

}  // namespace

AskedAs AskedAsOf(const Asking& asking) {
  return {.survey = asking.trigger->survey, .metric = asking.survey->metric, .channel = asking.channel};
}

Verdict PlanAsking(const Terms& terms, Asking& asking) {
  // Somebody of whom nothing but the id is known can be asked, and can have been suppressed, too.
  static const v1::Contact* const kUnknown = new v1::Contact;
  Verdict refusal;
  asking.channel =
      ChooseChannel(ChannelsOf(asking.trigger->trigger.channels()), *terms.settings,
                    asking.contact == nullptr ? *kUnknown : *asking.contact, asking.suppressions, &refusal);
  if (asking.channel == v1::Invitation::CHANNEL_UNSPECIFIED) return refusal;
  return PlanTime(terms, asking);
}

Verdict PlanTime(const Terms& terms, Asking& asking) {
  if (std::optional<Verdict> late = CheckLateness(terms, asking); late.has_value()) return *std::move(late);
  return CheckQuietHours(terms, asking);
}

Verdict HoldToLimits(const Terms& terms, const Asking& asking, AskLimits& limits, Verdict verdict) {
  const v1::Trigger& trigger = asking.trigger->trigger;
  const int64_t day = LocalDay(asking.due, terms.time_zone);
  std::optional<Verdict> refused = CheckDay(asking, limits, day, asking.trigger->id, trigger.daily_limit());
  if (!refused.has_value()) {
    refused = CheckDay(asking, limits, day, TriggerId(), terms.settings->policy.daily_limit());
  }
  const AskedAs asked = AskedAsOf(asking);
  if (!refused.has_value()) refused = CheckCaps(terms, asking, asked, limits);
  if (refused.has_value()) return *std::move(refused);
  limits.Ask(*asking.contact_id, ClocksOf(asked), asking.due, asking.trigger->id, day);
  return verdict;
}

v1::Invitation::Channel ChooseChannel(absl::Span<const int> channels, const settings::TenantSettings& settings,
                                      const v1::Contact& contact, absl::Span<const v1::Suppression> suppressions,
                                      Verdict* refusal) {
  Decision::Reason reason = Decision::REASON_NO_ADDRESS;
  std::string explanation;
  const auto add = [&](absl::string_view why) { absl::StrAppend(&explanation, explanation.empty() ? "" : "; ", why); };
  for (const int number : channels) {
    const auto channel = static_cast<v1::Invitation::Channel>(number);
    const absl::string_view missing = Missing(channel, settings.channels);
    if (!missing.empty()) {
      add(missing);
      continue;
    }
    const contacts::Reach reach =
        contacts::ReachOn(channel, contact, suppressions, ChannelsOf(settings.policy.consent_required()));
    if (reach.usable) return channel;
    if (reach.reason == Decision::REASON_OPTED_OUT) reason = reach.reason;
    add(reach.explanation);
  }
  if (refusal != nullptr) {
    *refusal = Refused(reason, absl::StrCat("The customer cannot be asked on any of the channels: ", explanation, "."));
  }
  return v1::Invitation::CHANNEL_UNSPECIFIED;
}

absl::Span<const int> ChannelsOf(const google::protobuf::RepeatedField<int>& channels) {
  return {channels.data(), static_cast<std::size_t>(channels.size())};
}

const v1::QuietHours* QuietHoursOf(const v1::Trigger& trigger, const v1::ContactPolicy& policy) {
  if (trigger.has_quiet_hours()) return &trigger.quiet_hours();
  return policy.has_quiet_hours() ? &policy.quiet_hours() : nullptr;
}

}  // namespace canvass::triggers
