// canvass trigger: the rules by which customers are asked.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "canvass/v1/trigger.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/load.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/operations/backtest.h"
#include "client/cli/output/condition_view.h"
#include "client/cli/paging.h"
#include "client/cli/sending/explanation.h"
#include "google/protobuf/util/message_differencer.h"

namespace canvass::cli {
namespace {

std::string CapText(const v1::FrequencyCap& cap) {
  const std::string scope = EnumText(*v1::FrequencyCap::Scope_descriptor(), cap.scope());
  return absl::StrCat("1 in ", SpanText(cap.interval()), " per ", scope.empty() ? "survey" : scope);
}

std::string CapsText(const v1::Trigger& trigger) {
  return absl::StrJoin(trigger.frequency_caps(), ", ",
                       [](std::string* text, const v1::FrequencyCap& cap) { absl::StrAppend(text, CapText(cap)); });
}

std::string ChannelsText(const v1::Trigger& trigger) {
  return absl::StrJoin(trigger.channels(), ", ", [](std::string* text, int channel) {
    absl::StrAppend(text, EnumText(*v1::Invitation::Channel_descriptor(), channel));
  });
}

Columns<v1::Trigger> TriggerColumns() {
  return {
      {{"TRIGGER"}, [](const v1::Trigger& t) { return ShortName(t.name()); }},
      {{"STATE"}, [](const v1::Trigger& t) { return EnumText(*v1::Trigger::State_descriptor(), t.state()); }},
      {{"EVENT TYPE"}, [](const v1::Trigger& t) { return t.event_type(); }},
      {{.title = "CONDITION", .fit = Fit::kCut}, [](const v1::Trigger& t) { return ConditionText(t.condition()); }},
      {{"SURVEY"}, [](const v1::Trigger& t) { return ShortName(t.survey()); }},
      {{"DELAY"}, [](const v1::Trigger& t) { return SpanText(t.delay()); }},
      {{"CAPS"}, CapsText},
      {{"CHANNELS"}, ChannelsText},
  };
}

struct TriggerFlags {
  std::string id;
  std::string contact;
  std::vector<std::string> files;
  bool dry_run = false;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<TriggerFlags>;

// Whether two states of a trigger differ in what people write.
bool SameContent(v1::Trigger a, v1::Trigger b) {
  for (v1::Trigger* trigger : {&a, &b}) {
    trigger->clear_etag();
    trigger->clear_update_time();
  }
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

absl::StatusOr<v1::Trigger> ApplyOne(Session& session, const v1::Trigger& wanted, bool dry_run, std::string& outcome) {
  v1::GetTriggerRequest get;
  get.set_name(wanted.name());
  const absl::StatusOr<v1::Trigger> before = session.Call(&client::Triggers::GetTrigger, get);
  if (!before.ok() && before.status().code() != absl::StatusCode::kNotFound) return before.status();
  v1::UpdateTriggerRequest request;
  *request.mutable_trigger() = wanted;
  request.set_allow_missing(true);
  request.set_validate_only(dry_run);
  absl::StatusOr<v1::Trigger> after = session.Call(&client::Triggers::UpdateTrigger, request);
  if (!after.ok()) return after.status();
  outcome = !before.ok() ? "created" : SameContent(*before, *after) ? "unchanged" : "updated";
  if (dry_run) outcome += " (dry run)";
  return after;
}

absl::Status Apply(Session& session, const TriggerFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  auto documents = LoadAll<v1::Trigger>(flags.files, *tenant, ReadTrigger);
  if (!documents.ok()) return documents.status();
  std::vector<v1::Trigger> applied;
  for (Document<v1::Trigger>& document : *documents) {
    session.SetLocations(std::move(document.locations));
    std::string outcome;
    absl::StatusOr<v1::Trigger> trigger = ApplyOne(session, document.message, flags.dry_run, outcome);
    if (!trigger.ok()) return trigger.status();
    session.out().Note(absl::StrCat("trigger ", ShortName(trigger->name()), " ", outcome));
    applied.push_back(*std::move(trigger));
  }
  if (session.out().format() == Format::kTable) return absl::OkStatus();
  return session.out().PrintList(applied, TriggerColumns());
}

absl::Status Get(Session& session, const TriggerFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("triggers", flags.id);
  if (!name.ok()) return name.status();
  v1::GetTriggerRequest request;
  request.set_name(*name);
  const auto trigger = session.Call(&client::Triggers::GetTrigger, request);
  return trigger.ok() ? session.out().PrintOne(*trigger, TriggerColumns()) : trigger.status();
}

absl::Status List(Session& session, const TriggerFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListTriggersRequest request;
  request.set_parent(*tenant);
  const auto triggers =
      ListAll(session, &client::Triggers::ListTriggers, request, &v1::ListTriggersResponse::triggers, flags.limit);
  return triggers.ok() ? session.out().PrintList(*triggers, TriggerColumns()) : triggers.status();
}

absl::Status Pause(Session& session, const TriggerFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("triggers", flags.id);
  if (!name.ok()) return name.status();
  v1::PauseTriggerRequest request;
  request.set_name(*name);
  const auto trigger = session.Call(&client::Triggers::PauseTrigger, request);
  return trigger.ok() ? session.out().PrintOne(*trigger, TriggerColumns()) : trigger.status();
}

absl::Status Resume(Session& session, const TriggerFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("triggers", flags.id);
  if (!name.ok()) return name.status();
  v1::ResumeTriggerRequest request;
  request.set_name(*name);
  const auto trigger = session.Call(&client::Triggers::ResumeTrigger, request);
  return trigger.ok() ? session.out().PrintOne(*trigger, TriggerColumns()) : trigger.status();
}

// The latest decision about a customer.
absl::Status Explain(Session& session, const TriggerFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListDecisionsRequest request;
  request.set_parent(*tenant);
  request.set_trigger(FullName(*tenant, "triggers", flags.id));
  request.set_contact(FullName(*tenant, "contacts", flags.contact));
  request.set_page_size(1);
  const auto latest = session.Call(&client::Decisions::ListDecisions, request);
  if (!latest.ok()) return latest.status();
  if (latest->decisions().empty()) {
    return absl::NotFoundError(absl::StrCat("trigger '", flags.id, "' never decided about '", flags.contact,
                                            "': no event of its type came for this customer"));
  }
  return PrintExplanation(session, latest->decisions(0).name());
}

absl::Status Delete(Session& session, const TriggerFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("triggers", flags.id);
  if (!name.ok()) return name.status();
  absl::Status status = session.Confirm(absl::StrCat("Delete trigger ", ShortName(*name), "?"));
  if (!status.ok()) return status;
  v1::DeleteTriggerRequest request;
  request.set_name(*name);
  const auto response = session.Call(&client::Triggers::DeleteTrigger, request);
  if (!response.ok()) return response.status();
  session.out().Note(absl::StrCat("trigger ", ShortName(*name), " deleted"));
  return absl::OkStatus();
}

}  // namespace

void AddTriggerCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("trigger", "The rules by which customers are asked");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const TriggerFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<TriggerFlags>();

  CLI::App& apply = add("apply", "Create or change triggers from YAML or JSON", Apply, flags);
  AddFiles(apply, flags->files, "The triggers")->required();
  apply.add_flag("--dry-run", flags->dry_run, "Let the server check everything, write nothing");
  apply.footer(
      "The file has the fields of a trigger:\n"
      "  id: after-delivery\n"
      "  event_type: order.delivered\n"
      "  condition: event.total > 50 AND contact.country = \"FR\"   # AIP-160; or all/any/not/compare\n"
      "  survey: post-purchase\n"
      "  delay: 24h\n"
      "  channels: [email, in_app]\n"
      "  quiet_hours: {start: \"21:00\", end: \"08:00\", days: [sunday]}\n"
      "  frequency_caps:\n"
      "    - {interval: 30d, scope: survey}                         # or contact, metric, channel");

  const auto with_id = [&](CLI::App& verb) { verb.add_option("trigger", flags->id, "Its id")->required(); };
  with_id(add("get", "Show a trigger", Get, flags));
  AddLimit(add("list", "List triggers", List, flags), flags->limit);
  AddBacktest(commands, noun);
  CLI::App& explain = add("explain", "Say why it did or did not ask a customer the last time", Explain, flags);
  with_id(explain);
  explain.add_option("contact", flags->contact, "The customer")->required();
  with_id(add("pause", "Ask nobody until it is resumed", Pause, flags));
  with_id(add("resume", "End a pause", Resume, flags));
  with_id(add("delete", "Delete a trigger; its decisions and invitations stay", Delete, flags));
}

}  // namespace canvass::cli
