// What a trigger makes of one event, and how it explains that to people. Pure. Thread-safe.
//
//   Verdict verdict = JudgeEvent(trigger, status, facts);   // everything but frequency caps
//   if (verdict.Qualifies()) … look at the clocks, then perhaps verdict = Capped(…) …
#ifndef CANVASS_SERVER_TRIGGERS_VERDICT_H_
#define CANVASS_SERVER_TRIGGERS_VERDICT_H_

#include <google/protobuf/struct.pb.h>

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "canvass/v1/contact.pb.h"
#include "canvass/v1/decision.pb.h"
#include "canvass/v1/event.pb.h"
#include "server/surveys/survey_store.h"
#include "server/triggers/trigger_catalog.h"

namespace canvass::triggers {

struct Verdict {
  v1::Decision::Outcome outcome = v1::Decision::OUTCOME_UNSPECIFIED;
  v1::Decision::Reason reason = v1::Decision::REASON_UNSPECIFIED;
  std::string explanation;
  std::optional<absl::Time> next_eligible_time;

  bool Qualifies() const { return reason == v1::Decision::REASON_QUALIFIED; }
};

// Judges by all that does not depend on what else the customer was asked, in this order: the trigger's state, its
// condition, the survey's state, and whether it is still open when it would be asked.
Verdict JudgeEvent(const ActiveTrigger& trigger, const surveys::SurveyStatus& survey,
                   const google::protobuf::Struct& facts, absl::Time due);

// The verdict where `cap` forbids to ask at `due`, because of a survey due at `other`. `latest` is the
// latest one that the cap counts.
Verdict Capped(const ActiveTrigger& trigger, const v1::FrequencyCap& cap, absl::Time due, absl::Time other,
               absl::Time latest);

// The facts of an event for conditions, invitations and breakdowns: its data with `type` and `id`, and the contact's
// attributes with `language`. `contact` may be null.
google::protobuf::Struct FactsOf(const v1::Event& event, const v1::Contact* contact);

// "30 days", "1 hour 30 minutes": the two largest units that are not zero.
std::string DurationText(absl::Duration duration);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_VERDICT_H_
