// canvass event: what happened to customers.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/event.pb.h"
#include "client/charts/number_text.h"
#include "client/cli/bulk.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/assignments.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/output/message_json.h"
#include "client/cli/paging.h"
#include "client/cpp/status.h"
#include "nlohmann/json.hpp"

namespace canvass::cli {
namespace {

Columns<v1::Event> EventColumns() {
  return {
      {{"EVENT"}, [](const v1::Event& e) { return ShortName(e.name()); }},
      {{"TIME"}, [](const v1::Event& e) { return TimeText(e.time()); }},
      {{"TYPE"}, [](const v1::Event& e) { return e.type(); }},
      {{"SUBJECT"}, [](const v1::Event& e) { return e.subject(); }},
      {{"SOURCE"}, [](const v1::Event& e) { return e.source(); }},
      {{"ID"}, [](const v1::Event& e) { return e.id(); }},
      {{.title = "DATA", .fit = Fit::kCut}, [](const v1::Event& e) { return ToJson(e.data()).dump(); }},
  };
}

struct EventFlags {
  std::string name;
  std::vector<std::string> files;
  std::string type;
  std::string subject;
  std::string source;
  std::string id;
  std::string time;
  std::vector<std::string> data;
  bool dry_run = false;
  std::string start;
  std::string end;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<EventFlags>;

// What became of the events of a run, beside what BulkRun counts.
struct Tally {
  std::int64_t duplicates = 0;
  std::int64_t invitations = 0;
};

absl::Status SendBatch(Session& session, const std::string& tenant, std::vector<Document<v1::Event>>& batch,
                       BulkRun& run, Tally& tally) {
  v1::PublishEventsRequest request;
  request.set_parent(tenant);
  for (Document<v1::Event>& document : batch) *request.add_events() = std::move(document.message);
  const auto response = session.Call(&client::Events::PublishEvents, request);
  if (!response.ok()) return response.status();
  for (int i = 0; i < response->results_size() && i < static_cast<int>(batch.size()); ++i) {
    const v1::EventResult& result = response->results(i);
    tally.invitations += result.invitations();
    if (result.outcome() == v1::EventResult::OUTCOME_DUPLICATE) ++tally.duplicates;
    if (result.outcome() == v1::EventResult::OUTCOME_REFUSED) {
      run.Refuse(result.problem(), batch[static_cast<std::size_t>(i)].locations);
    } else {
      run.Accept(1);
    }
  }
  return absl::OkStatus();
}

absl::Status PublishFiles(Session& session, const EventFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  BulkRun run(session, "events", flags.files);
  Tally tally;
  const auto send = [&](std::vector<Document<v1::Event>>& batch) {
    return SendBatch(session, *tenant, batch, run, tally);
  };
  absl::Status status = run.Send<v1::Event>(ReadEvent, flags.dry_run, send);
  session.out().Note(flags.dry_run ? absl::StrCat(charts::CountText(run.accepted()), " events read")
                                   : absl::StrCat(charts::CountText(run.accepted() - tally.duplicates), " new, ",
                                                  charts::CountText(tally.duplicates), " known already, ",
                                                  charts::CountText(tally.invitations), " invitations"));
  return status;
}

absl::Status PublishOne(Session& session, const EventFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  absl::StatusOr<Node> data = ParseAssignments("--data", flags.data);
  if (!data.ok()) return data.status();
  Node document = {.kind = Node::Kind::kMap, .line = 1};
  AddText(document, "source", flags.source);
  AddText(document, "id", flags.id);
  AddText(document, "type", flags.type);
  AddText(document, "subject", flags.subject);
  const std::string now = absl::FormatTime(absl::RFC3339_full, session.Now(), absl::UTCTimeZone());
  AddText(document, "time", flags.time.empty() ? now : flags.time);
  document.members.push_back({.key = "data", .line = 1, .value = *std::move(data)});
  auto event = ReadEvent(document, {.source = "command line", .tenant = *tenant});
  if (!event.ok()) return event.status();
  v1::PublishEventsRequest request;
  request.set_parent(*tenant);
  *request.add_events() = std::move(event->message);
  const auto response = session.Call(&client::Events::PublishEvents, request);
  if (!response.ok()) return response.status();
  const v1::EventResult& result = response->results(0);
  if (result.outcome() == v1::EventResult::OUTCOME_REFUSED) return client::FromProblem(result.problem());
  session.out().Note(absl::StrCat(result.outcome() == v1::EventResult::OUTCOME_DUPLICATE ? "known already" : "accepted",
                                  ", ", result.invitations(), " invitations"));
  if (session.out().format() == Format::kName) {
    session.out().PrintText(absl::StrCat(result.event(), "\n"));
    return absl::OkStatus();
  }
  return session.out().PrintAs(result, absl::StrCat(ShortName(result.event()), "\n"));
}

absl::Status Publish(Session& session, const EventFlags& flags) {
  const bool by_flags = !flags.type.empty() || !flags.subject.empty() || !flags.id.empty();
  if (!flags.files.empty() && by_flags) return UsageError("give an event by flags or a file, not both");
  if (!flags.files.empty()) return PublishFiles(session, flags);
  if (flags.type.empty() || flags.subject.empty() || flags.id.empty()) {
    return UsageError("give a file, or one event by --type, --subject and --id");
  }
  if (flags.dry_run) return UsageError("--dry-run goes with a file");
  return PublishOne(session, flags);
}

absl::Status Get(Session& session, const EventFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("events", flags.name);
  if (!name.ok()) return name.status();
  v1::GetEventRequest request;
  request.set_name(*name);
  const auto event = session.Call(&client::Events::GetEvent, request);
  return event.ok() ? session.out().PrintOne(*event, EventColumns()) : event.status();
}

absl::Status List(Session& session, const EventFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListEventsRequest request;
  request.set_parent(*tenant);
  request.set_subject(flags.subject);
  absl::Status status = ReadTimeRange(flags.start, flags.end, request);
  if (!status.ok()) return status;
  const auto events =
      ListAll(session, &client::Events::ListEvents, request, &v1::ListEventsResponse::events, flags.limit);
  return events.ok() ? session.out().PrintList(*events, EventColumns()) : events.status();
}

}  // namespace

void AddEventCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("event", "What happened to customers");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const EventFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<EventFlags>();

  CLI::App& publish = add("publish", "Publish an event, or all of a file", Publish, flags);
  AddFiles(publish, flags->files, "Events as NDJSON or YAML (source, id, type, subject, time, data)");
  publish.add_option("--type", flags->type, "What happened, for example order.delivered");
  publish.add_option("--subject", flags->subject, "The customer: a contact's external id");
  publish.add_option("--id", flags->id, "Unique within the source; a repeated event is recognised by it");
  publish.add_option("--source", flags->source, "Which system says so")->default_val("canvass-cli");
  publish.add_option("--time", flags->time, "When it happened; now if not given");
  publish.add_option("--data", flags->data, "A fact, key=value; values are YAML")->allow_extra_args(false);
  publish.add_flag("--dry-run", flags->dry_run, "Read the files, send nothing");

  add("get", "Show an event", Get, flags).add_option("event", flags->name, "Its name, from list")->required();

  CLI::App& list = add("list", "List events, the latest first", List, flags);
  list.add_option("--subject", flags->subject, "Only this customer's");
  list.add_option("--start", flags->start, "Only those at or after this time");
  list.add_option("--end", flags->end, "Only those before this time");
  AddLimit(list, flags->limit);
}

}  // namespace canvass::cli
