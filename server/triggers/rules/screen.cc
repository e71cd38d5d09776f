#include "server/triggers/rules/screen.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/conditions/condition.h"
#include "server/triggers/rules/quiet_hours.h"
#include "server/triggers/rules/sample.h"
#include "server/triggers/rules/wording.h"

namespace canvass::triggers {
namespace {

using v1::Decision;
using v1::RuleFinding;

// What events of Canvass's own have as their source.
constexpr absl::string_view kOwnSource = "canvass:";

Decision::Reason CheckSurvey(const AskedSurvey& survey, absl::Time due) {
  if (survey.status.IsClosedAt(due)) return Decision::REASON_SURVEY_CLOSED;
  if (survey.status.state != v1::Survey::STATE_PUBLISHED) return Decision::REASON_SURVEY_NOT_PUBLISHED;
  return survey.is_full ? Decision::REASON_QUOTA_FULL : Decision::REASON_QUALIFIED;
}

double PointOf(const ActiveTrigger& trigger, const Subject& subject) {
  return SamplePoint(*subject.tenant, trigger.id, *subject.contact);
}

absl::string_view SegmentId(const ActiveTrigger& trigger) { return LastSegment(trigger.trigger.segment()); }

std::string SampleText(const ActiveTrigger& trigger, const Subject& subject) {
  return absl::StrFormat("the customer stands at %.4f of 1, and the sample ends at %.4g", PointOf(trigger, subject),
                         trigger.trigger.sample_rate());
}

std::string PassedSample(const ActiveTrigger& trigger, const Subject& subject) {
  return trigger.trigger.has_sample_rate() ? absl::StrCat("In the sample: ", SampleText(trigger, subject), ".")
                                           : "The trigger asks all customers.";
}

std::string PassedQuietHours(const ActiveTrigger& trigger) {
  return trigger.trigger.has_quiet_hours() ? absl::StrCat("Not due in the trigger's quiet hours, ",
                                                          QuietHoursText(trigger.trigger.quiet_hours()), ".")
                                           : "Not due in quiet hours of the contact policy.";
}

}  // namespace

absl::Time DueTime(const ActiveTrigger& trigger, const v1::Event& event) {
  return FromProto(event.time()) + trigger.delay;
}

Decision::Reason Screen(const ActiveTrigger& trigger, const AskedSurvey& survey, const v1::Segment* segment,
                        const Subject& subject) {
  const v1::Trigger& rule = trigger.trigger;
  if (rule.state() == v1::Trigger::STATE_PAUSED) return Decision::REASON_TRIGGER_PAUSED;
  if (!subject.event->cause().empty() || absl::StartsWith(subject.event->source(), kOwnSource)) {
    return Decision::REASON_LOOP_GUARD;
  }
  const Decision::Reason open = CheckSurvey(survey, DueTime(trigger, *subject.event));
  if (open != Decision::REASON_QUALIFIED) return open;
  if (!rule.segment().empty() && (segment == nullptr || !conditions::Evaluate(segment->condition(), *subject.facts))) {
    return Decision::REASON_NOT_IN_SEGMENT;
  }
  if (rule.has_condition() && !conditions::Evaluate(rule.condition(), *subject.facts)) {
    return Decision::REASON_CONDITION_FALSE;
  }
  if (rule.has_sample_rate() && PointOf(trigger, subject) >= rule.sample_rate()) return Decision::REASON_SAMPLED_OUT;
  return Decision::REASON_QUALIFIED;
}

std::string SkipText(const ActiveTrigger& trigger, Decision::Reason reason, const Subject& subject) {
  const std::string survey = absl::StrCat("Survey '", trigger.survey.value(), "' ");
  switch (reason) {
    case Decision::REASON_TRIGGER_PAUSED:
      return absl::StrCat("Trigger '", trigger.id.value(), "' was paused.");
    case Decision::REASON_LOOP_GUARD:
      return subject.event->cause().empty() ? absl::StrCat("The event comes from Canvass itself: its source is '",
                                                           Quote(subject.event->source(), 100), "'.")
                                            : absl::StrCat("The event is an effect of Canvass itself: its cause is '",
                                                           Quote(subject.event->cause(), 100), "'.");
    case Decision::REASON_SURVEY_CLOSED:
      return absl::StrCat(survey, "was closed, or closes before ", TimeText(DueTime(trigger, *subject.event)),
                          ", when it would be asked.");
    case Decision::REASON_SURVEY_NOT_PUBLISHED:
      return absl::StrCat(survey, "had no published version.");
    case Decision::REASON_QUOTA_FULL:
      return absl::StrCat(survey, "had as many responses as it takes.");
    case Decision::REASON_NOT_IN_SEGMENT:
      return absl::StrCat("The customer was not in segment '", SegmentId(trigger), "'.");
    case Decision::REASON_CONDITION_FALSE:
      return absl::StrCat("The condition was false: ", Quote(trigger.condition_text), ". ",
                          ValuesText(trigger.fields, *subject.facts));
    case Decision::REASON_SAMPLED_OUT:
      return absl::StrCat("Not in the sample: ", SampleText(trigger, subject), ".");
    default:
      return absl::StrCat("Skipped: ", Decision::Reason_Name(reason), ".");
  }
}

Decision::Outcome OutcomeOf(Decision::Reason reason) {
  const bool is_protected = reason == Decision::REASON_OPTED_OUT || reason == Decision::REASON_DAILY_LIMIT ||
                            reason == Decision::REASON_FREQUENCY_CAP;
  return is_protected ? Decision::OUTCOME_SUPPRESSED : Decision::OUTCOME_SKIPPED;
}

RuleFinding::Rule RuleOf(Decision::Reason reason) {
  switch (reason) {
    case Decision::REASON_TRIGGER_PAUSED:
      return RuleFinding::RULE_TRIGGER_ACTIVE;
    case Decision::REASON_LOOP_GUARD:
      return RuleFinding::RULE_LOOP_GUARD;
    case Decision::REASON_SURVEY_CLOSED:
    case Decision::REASON_SURVEY_NOT_PUBLISHED:
    case Decision::REASON_QUOTA_FULL:
      return RuleFinding::RULE_SURVEY_OPEN;
    case Decision::REASON_NOT_IN_SEGMENT:
      return RuleFinding::RULE_SEGMENT;
    case Decision::REASON_CONDITION_FALSE:
      return RuleFinding::RULE_CONDITION;
    case Decision::REASON_SAMPLED_OUT:
      return RuleFinding::RULE_SAMPLE;
    case Decision::REASON_OPTED_OUT:
    case Decision::REASON_NO_ADDRESS:
      return RuleFinding::RULE_CHANNEL;
    case Decision::REASON_EXPIRED:
      return RuleFinding::RULE_LATENESS;
    case Decision::REASON_QUIET_HOURS:
      return RuleFinding::RULE_QUIET_HOURS;
    case Decision::REASON_DAILY_LIMIT:
      return RuleFinding::RULE_DAILY_LIMIT;
    case Decision::REASON_FREQUENCY_CAP:
      return RuleFinding::RULE_FREQUENCY_CAP;
    default:
      return RuleFinding::RULE_SEND;
  }
}

std::string PassedText(const ActiveTrigger& trigger, RuleFinding::Rule rule, const Subject& subject) {
  switch (rule) {
    case RuleFinding::RULE_TRIGGER_ACTIVE:
      return absl::StrCat("Trigger '", trigger.id.value(), "' was active.");
    case RuleFinding::RULE_LOOP_GUARD:
      return absl::StrCat("The event came from '", Quote(subject.event->source(), 100), "' and has no cause.");
    case RuleFinding::RULE_SURVEY_OPEN:
      return absl::StrCat("Survey '", trigger.survey.value(), "' takes answers at ",
                          TimeText(DueTime(trigger, *subject.event)), ".");
    case RuleFinding::RULE_SEGMENT:
      return trigger.trigger.segment().empty()
                 ? "The trigger names no segment."
                 : absl::StrCat("The customer was in segment '", SegmentId(trigger), "'.");
    case RuleFinding::RULE_CONDITION:
      return trigger.condition_text.empty() ? "The trigger has no condition."
                                            : absl::StrCat("The condition held: ", Quote(trigger.condition_text), ". ",
                                                           ValuesText(trigger.fields, *subject.facts));
    case RuleFinding::RULE_SAMPLE:
      return PassedSample(trigger, subject);
    case RuleFinding::RULE_CHANNEL:
      return "There was a channel on which the customer may be asked.";
    case RuleFinding::RULE_LATENESS:
      return absl::StrCat("Due ", TimeText(DueTime(trigger, *subject.event)), ", ",
                          trigger.max_lateness == absl::InfiniteDuration()
                              ? "with no limit to being late."
                              : absl::StrCat("at most ", DurationText(trigger.max_lateness), " late."));
    case RuleFinding::RULE_QUIET_HOURS:
      return PassedQuietHours(trigger);
    case RuleFinding::RULE_DAILY_LIMIT:
      return trigger.trigger.daily_limit() > 0
                 ? absl::StrCat("The trigger's limit of ", trigger.trigger.daily_limit(), " a day was not used up.")
                 : "The trigger has no limit for a day.";
    case RuleFinding::RULE_FREQUENCY_CAP:
      return "No frequency cap forbade it.";
    default:
      return "Nothing stood against it when it was due.";
  }
}

}  // namespace canvass::triggers
