#include "client/cli/sending/explanation.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "canvass/v1/decision_service.pb.h"
#include "client/cli/documents/scalars.h"

namespace canvass::cli {
namespace {

// A line a rule, uncut: the reason is what was asked for.
std::string ExplanationText(const v1::ExplainDecisionResponse& explained) {
  const v1::Decision& decision = explained.decision();
  std::string text = absl::StrCat(EnumText(*v1::Decision::Outcome_descriptor(), decision.outcome()), " (",
                                  EnumText(*v1::Decision::Reason_descriptor(), decision.reason()), ")\n");
  for (const v1::RuleFinding& finding : explained.findings()) {
    absl::StrAppendFormat(&text, "  %-3s  %-14s  %s\n", finding.passed() ? "yes" : "no",
                          EnumText(*v1::RuleFinding::Rule_descriptor(), finding.rule()), finding.detail());
  }
  return text;
}

}  // namespace

absl::Status PrintExplanation(Session& session, const std::string& decision) {
  v1::ExplainDecisionRequest request;
  request.set_name(decision);
  const auto explained = session.Call(&client::Decisions::ExplainDecision, request);
  if (!explained.ok()) return explained.status();
  return session.out().PrintAs(*explained, ExplanationText(*explained));
}

}  // namespace canvass::cli
