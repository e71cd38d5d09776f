// canvass decision: why a customer was or was not asked.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/decision.pb.h"
#include "client/charts/number_text.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/exit_code.h"
#include "client/cli/paging.h"
#include "client/cli/sending/explanation.h"
#include "client/cli/sending/watch_decisions.h"

namespace canvass::cli {
namespace {

std::string OutcomeText(v1::Decision::Outcome outcome) {
  return EnumText(*v1::Decision::Outcome_descriptor(), outcome);
}
std::string ReasonText(v1::Decision::Reason reason) { return EnumText(*v1::Decision::Reason_descriptor(), reason); }

// "tenants/acme/events/e1/decisions/t" → "e1".
std::string EventOf(const v1::Decision& decision) {
  const std::size_t end = decision.name().rfind("/decisions/");
  return end == std::string::npos ? "" : ShortName(decision.name().substr(0, end));
}

Columns<v1::Decision> DecisionColumns() {
  return {
      {{"EVENT TIME"}, [](const v1::Decision& d) { return TimeText(d.event_time()); }},
      {{"TRIGGER"}, [](const v1::Decision& d) { return ShortName(d.trigger()); }},
      {{"CONTACT"}, [](const v1::Decision& d) { return ShortName(d.contact()); }},
      {{"OUTCOME"}, [](const v1::Decision& d) { return OutcomeText(d.outcome()); }},
      {{"REASON"}, [](const v1::Decision& d) { return ReasonText(d.reason()); }},
      {{"EVENT"}, EventOf},
      {{"NEXT ELIGIBLE"}, [](const v1::Decision& d) { return TimeText(d.next_eligible_time()); }},
      {{.title = "EXPLANATION", .fit = Fit::kCut}, [](const v1::Decision& d) { return d.explanation(); }},
  };
}

Columns<v1::DecisionCount> CountColumns() {
  return {
      {{"TRIGGER"}, [](const v1::DecisionCount& c) { return ShortName(c.trigger()); }},
      {{"OUTCOME"}, [](const v1::DecisionCount& c) { return OutcomeText(c.outcome()); }},
      {{"REASON"}, [](const v1::DecisionCount& c) { return ReasonText(c.reason()); }},
      {{"COUNT", Align::kRight}, [](const v1::DecisionCount& c) { return charts::CountText(c.count()); }},
  };
}

struct DecisionFlags {
  std::string event;
  std::string trigger;
  std::string contact;
  std::string start;
  std::string end;
  std::string since;
  bool from_start = false;
  bool include_skipped = false;
  std::vector<std::string> outcomes;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<DecisionFlags>;

absl::Status List(Session& session, const DecisionFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  if (flags.trigger.empty() && flags.contact.empty()) return UsageError("give --trigger or --contact");
  v1::ListDecisionsRequest request;
  request.set_parent(*tenant);
  if (!flags.trigger.empty()) request.set_trigger(FullName(*tenant, "triggers", flags.trigger));
  if (!flags.contact.empty()) request.set_contact(FullName(*tenant, "contacts", flags.contact));
  const auto decisions =
      ListAll(session, &client::Decisions::ListDecisions, request, &v1::ListDecisionsResponse::decisions, flags.limit);
  return decisions.ok() ? session.out().PrintList(*decisions, DecisionColumns()) : decisions.status();
}

absl::Status Count(Session& session, const DecisionFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::CountDecisionsRequest request;
  request.set_parent(*tenant);
  if (!flags.trigger.empty()) request.set_trigger(FullName(*tenant, "triggers", flags.trigger));
  absl::Status status = ReadTimeRange(flags.start, flags.end, request);
  if (!status.ok()) return status;
  const auto response = session.Call(&client::Decisions::CountDecisions, request);
  if (!response.ok()) return response.status();
  const std::vector<v1::DecisionCount> counts(response->counts().begin(), response->counts().end());
  return session.out().PrintList(counts, CountColumns());
}

absl::StatusOr<std::string> DecisionName(Session& session, const DecisionFlags& flags) {
  const absl::StatusOr<std::string> event = session.Name("events", flags.event);
  if (!event.ok()) return event.status();
  if (absl::StrContains(*event, "/decisions/")) return *event;
  if (flags.trigger.empty()) return UsageError("give the event and the trigger, or the decision's full name");
  return absl::StrCat(*event, "/decisions/", ShortName(flags.trigger));
}

absl::Status Explain(Session& session, const DecisionFlags& flags) {
  const absl::StatusOr<std::string> name = DecisionName(session, flags);
  return name.ok() ? PrintExplanation(session, *name) : name.status();
}

absl::Status Get(Session& session, const DecisionFlags& flags) {
  const absl::StatusOr<std::string> name = DecisionName(session, flags);
  if (!name.ok()) return name.status();
  v1::GetDecisionRequest request;
  request.set_name(*name);
  const auto decision = session.Call(&client::Decisions::GetDecision, request);
  return decision.ok() ? session.out().PrintOne(*decision, DecisionColumns()) : decision.status();
}

absl::Status Watch(Session& session, const DecisionFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::WatchDecisionsRequest request;
  request.set_parent(*tenant);
  if (!flags.trigger.empty()) request.set_trigger(FullName(*tenant, "triggers", flags.trigger));
  for (const std::string& outcome : flags.outcomes) {
    const auto value = ParseEnum(*v1::Decision::Outcome_descriptor(), outcome);
    if (!value.ok()) return UsageError(absl::StrCat("--outcome: ", value.status().message()));
    request.add_outcomes(static_cast<v1::Decision::Outcome>((*value)->number()));
  }
  request.set_include_skipped(flags.include_skipped);
  if (flags.from_start) request.mutable_start_time()->set_seconds(0);
  if (!flags.since.empty()) {
    const absl::StatusOr<absl::Duration> since = ParseDuration(flags.since);
    if (!since.ok()) return UsageError(absl::StrCat("--since: ", since.status().message()));
    request.mutable_start_time()->set_seconds(absl::ToUnixSeconds(session.Now() - *since));
  }
  return WatchDecisions(session, std::move(request));
}

}  // namespace

void AddDecisionCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("decision", "Why customers were or were not asked");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const DecisionFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<DecisionFlags>();

  CLI::App& list = add("list", "List the decisions of a trigger or about a customer, the latest first", List, flags);
  list.add_option("--trigger", flags->trigger, "Of this trigger");
  list.add_option("--contact", flags->contact, "About this customer");
  AddLimit(list, flags->limit);

  CLI::App& count = add("count", "Count decisions by trigger, outcome and reason", Count, flags);
  count.add_option("--trigger", flags->trigger, "Only this trigger's");
  count.add_option("--start", flags->start, "Only events at or after this time");
  count.add_option("--end", flags->end, "Only events before this time");

  CLI::App& watch = add("watch", "Print decisions as they are taken and changed, until Ctrl-C", Watch, flags);
  watch.add_option("--trigger", flags->trigger, "Only this trigger's");
  watch.add_option("--outcome", flags->outcomes, "Only these: scheduled, sent, failed, …");
  watch.add_flag("--include-skipped", flags->include_skipped, "Also what the facts alone decided: condition false, …");
  CLI::Option* from_start = watch.add_flag("--from-start", flags->from_start, "Everything there is first");
  watch.add_option("--since", flags->since, "What was decided or changed since so long ago first, for example 1h")
      ->excludes(from_start);

  const auto with_names = [&](CLI::App& verb) {
    verb.add_option("event", flags->event, "The event, or the decision's full name")->required();
    verb.add_option("trigger", flags->trigger, "The trigger");
  };
  with_names(add("get", "Show a decision", Get, flags));
  with_names(add("explain", "Say rule by rule why a customer was or was not asked", Explain, flags));
}

}  // namespace canvass::cli
