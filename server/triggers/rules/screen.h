// Whether an event is one for a trigger at all: what can be said of it by facts alone, and so can be said again later
// by the same function. Rules in the order of Trigger: active, loop guard, survey open, segment, condition, sample.
//
//   const v1::Decision::Reason reason = Screen(trigger, {.tenant = …, .event = …, .facts = …, .survey = …});
//   if (reason != v1::Decision::REASON_QUALIFIED) … skipped; on reading: SkipText(trigger, reason, subject) …
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_TRIGGERS_RULES_SCREEN_H_
#define CANVASS_SERVER_TRIGGERS_RULES_SCREEN_H_

#include <google/protobuf/struct.pb.h>

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "canvass/v1/decision.pb.h"
#include "canvass/v1/decision_service.pb.h"
#include "canvass/v1/event.pb.h"
#include "canvass/v1/segment.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/ids.h"
#include "server/surveys/survey_store.h"
#include "server/triggers/trigger_catalog.h"

namespace canvass::triggers {

// A survey as a trigger sees it. `version` is null unless it is published.
struct AskedSurvey {
  surveys::SurveyStatus status;
  std::shared_ptr<const v1::SurveyVersion> version = nullptr;
  // `nps`, `csat` or `ces`, the type of its first such question; empty if it has none.
  std::string metric = {};
  // Whether it has as many responses as it takes.
  bool is_full = false;
};

// What a trigger judges: one event of one customer. Nothing is owned.
struct Subject {
  const TenantId* tenant;
  const ContactId* contact;
  const v1::Event* event;
  const google::protobuf::Struct* facts;  // as FactsOf made them
};

// When an invitation that `trigger` makes of `event` is due, quiet hours aside.
absl::Time DueTime(const ActiveTrigger& trigger, const v1::Event& event);

// QUALIFIED, or the reason of the first rule that does not hold. `segment` is the trigger's; null if it names none, or
// one that is not there, in which nobody is.
v1::Decision::Reason Screen(const ActiveTrigger& trigger, const AskedSurvey& survey, const v1::Segment* segment,
                            const Subject& subject);

// Why an event was skipped for `reason`, one of those that Screen returns, with the values that decided. `trigger` is
// the revision that judged.
std::string SkipText(const ActiveTrigger& trigger, v1::Decision::Reason reason, const Subject& subject);

// What a refusal with `reason` comes to: SUPPRESSED where the customer is protected, by his own wish or by a limit;
// else SKIPPED.
v1::Decision::Outcome OutcomeOf(v1::Decision::Reason reason);

// The rule that decides with `reason`; RULE_SEND for those of sending alone.
v1::RuleFinding::Rule RuleOf(v1::Decision::Reason reason);

// What `rule` saw when it let the customer be asked.
std::string PassedText(const ActiveTrigger& trigger, v1::RuleFinding::Rule rule, const Subject& subject);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_RULES_SCREEN_H_
