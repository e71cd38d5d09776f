#include "server/triggers/decisions/explain_decision.h"

#include <optional>
#include <string>
#include <utility>

#include "server/base/status_macros.h"
#include "server/triggers/decisions/decision_reader.h"
#include "server/triggers/decisions/get_decision.h"
#include "server/triggers/decisions/stored_judgement.h"
#include "server/triggers/rules/screen.h"
#include "server/triggers/trigger_catalog.h"

namespace canvass::triggers {
namespace {

using v1::Decision;
using v1::RuleFinding;

// The rule that decided. Where there is an invitation, all rules of the event let the customer be asked, and whatever
// stood against it was found when it was to be sent.
RuleFinding::Rule DecidingRule(const Decision& decision) {
  return decision.invitation().empty() ? RuleOf(decision.reason()) : RuleFinding::RULE_SEND;
}

bool WasAsked(const Decision& decision) {
  return decision.outcome() == Decision::OUTCOME_SCHEDULED || decision.outcome() == Decision::OUTCOME_DEFERRED ||
         decision.outcome() == Decision::OUTCOME_SENT;
}

void AddFinding(RuleFinding::Rule rule, bool passed, std::string detail, v1::ExplainDecisionResponse& response) {
  RuleFinding& finding = *response.add_findings();
  finding.set_rule(rule);
  finding.set_passed(passed);
  finding.set_detail(std::move(detail));
}

// What `rule`, which let the customer be asked, saw: put off by quiet hours is let be asked, too.
std::string Passed(const ActiveTrigger& trigger, RuleFinding::Rule rule, const Subject& subject,
                   const Decision& decision) {
  if (rule == RuleFinding::RULE_QUIET_HOURS && decision.reason() == Decision::REASON_QUIET_HOURS) {
    return decision.explanation();
  }
  return PassedText(trigger, rule, subject);
}

void AddFindings(const ActiveTrigger& trigger, const Subject& subject, v1::ExplainDecisionResponse& response) {
  const Decision& decision = response.decision();
  const RuleFinding::Rule deciding = DecidingRule(decision);
  for (int i = RuleFinding::RULE_TRIGGER_ACTIVE; i < deciding; ++i) {
    const auto rule = static_cast<RuleFinding::Rule>(i);
    AddFinding(rule, true, Passed(trigger, rule, subject, decision), response);
  }
  if (deciding != RuleFinding::RULE_SEND) return AddFinding(deciding, false, decision.explanation(), response);
  // Nothing was to be sent yet where the decision is still the first one.
  const bool waits =
      decision.outcome() == Decision::OUTCOME_SCHEDULED || decision.outcome() == Decision::OUTCOME_DEFERRED;
  if (!waits) AddFinding(deciding, WasAsked(decision), decision.explanation(), response);
}

}  // namespace

absl::StatusOr<v1::ExplainDecisionResponse> ExplainDecision(distribution::DecisionStore& decisions,
                                                            TriggerStore& triggers, const TenantScope& scope,
                                                            const v1::ExplainDecisionRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const distribution::DecisionKey key, ParseDecisionName(scope, request.name()));
  v1::ExplainDecisionResponse response;
  CANVASS_ASSIGN_OR_RETURN(*response.mutable_decision(), DecisionReader(decisions, triggers).Get(scope, key));
  CANVASS_ASSIGN_OR_RETURN(const std::optional<StoredJudgement> judgement,
                           FindJudgement(triggers.database(), scope, key.event));
  // Events are kept for a time only; without one there is still the decision.
  if (!judgement.has_value()) return response;
  *response.mutable_facts() = judgement->Facts();
  const RevisionKey revision{.trigger = key.trigger, .revision = response.decision().trigger_revision()};
  CANVASS_ASSIGN_OR_RETURN(Revisions revisions, triggers.GetRevisions(scope, {revision}));
  const auto found = revisions.find(revision);
  if (found == revisions.end()) return response;
  AddFindings(Unpack(std::move(found->second), revision.revision),
              {.tenant = &scope.tenant(),
               .contact = &judgement->contact,
               .event = &judgement->event,
               .facts = &response.facts()},
              response);
  return response;
}

}  // namespace canvass::triggers
