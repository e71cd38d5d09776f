// canvass source: other companies' systems that send events by their webhooks.

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "canvass/v1/event_source.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/exit_code.h"
#include "client/cli/output/terminal.h"
#include "client/cli/paging.h"

namespace canvass::cli {
namespace {

std::string KindText(const v1::EventSource& source) {
  return EnumText(*v1::EventSource::Kind_descriptor(), source.kind());
}

Columns<v1::EventSource> SourceColumns() {
  return {
      {{"SOURCE"}, [](const v1::EventSource& s) { return ShortName(s.name()); }},
      {{"KIND"}, KindText},
      {{.title = "NAME", .fit = Fit::kCut}, [](const v1::EventSource& s) { return s.display_name(); }},
      {{"CREATED"}, [](const v1::EventSource& s) { return TimeText(s.create_time()); }},
  };
}

struct SourceFlags {
  std::string id;
  std::string kind;
  std::string display_name;
  bool new_secret = false;
  std::string secret_file;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<SourceFlags>;

// From the file, or else from the terminal or standard input: a secret on the command line would be in everybody's list
// of processes and in the shell's history.
absl::StatusOr<std::string> SecretOf(Session& session, const SourceFlags& flags) {
  if (flags.secret_file.empty()) return ReadSecret(session.out().terminal(), "The secret it signs with: ");
  std::ifstream file(flags.secret_file);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.good()) return UsageError(absl::StrCat("--secret-file: cannot read ", flags.secret_file));
  return std::string(absl::StripAsciiWhitespace(text));
}

// What the other system calls. "tenants/acme/eventSources/shop" → "/v1/sources/acme/shop"
std::string PathOf(const v1::EventSource& source) {
  const std::vector<absl::string_view> parts = absl::StrSplit(source.name(), '/');
  return parts.size() == 4 ? absl::StrCat("/v1/sources/", parts[1], "/", parts[3]) : source.name();
}

absl::Status Create(Session& session, const SourceFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  const auto kind = ParseEnum(*v1::EventSource::Kind_descriptor(), flags.kind);
  if (!kind.ok()) return UsageError(absl::StrCat("--kind: ", kind.status().message()));
  absl::StatusOr<std::string> secret = SecretOf(session, flags);
  if (!secret.ok()) return secret.status();
  v1::CreateEventSourceRequest request;
  request.set_parent(*tenant);
  request.set_event_source_id(flags.id);
  request.mutable_event_source()->set_kind(static_cast<v1::EventSource::Kind>((*kind)->number()));
  request.mutable_event_source()->set_display_name(flags.display_name);
  request.mutable_event_source()->set_secret(*std::move(secret));
  const auto source = session.Call(&client::EventSources::CreateEventSource, request);
  if (!source.ok()) return source.status();
  session.out().Note(
      absl::StrCat("let ", KindText(*source), " call ", PathOf(*source), " at the server's HTTP address"));
  return session.out().PrintOne(*source, SourceColumns());
}

absl::StatusOr<v1::EventSource> Fetch(Session& session, const SourceFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("eventSources", flags.id);
  if (!name.ok()) return name.status();
  v1::GetEventSourceRequest request;
  request.set_name(*name);
  return session.Call(&client::EventSources::GetEventSource, request);
}

absl::Status Get(Session& session, const SourceFlags& flags) {
  const absl::StatusOr<v1::EventSource> source = Fetch(session, flags);
  return source.ok() ? session.out().PrintOne(*source, SourceColumns()) : source.status();
}

absl::Status List(Session& session, const SourceFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListEventSourcesRequest request;
  request.set_parent(*tenant);
  const auto sources = ListAll(session, &client::EventSources::ListEventSources, request,
                               &v1::ListEventSourcesResponse::event_sources, flags.limit);
  return sources.ok() ? session.out().PrintList(*sources, SourceColumns()) : sources.status();
}

// What no flag names stays.
absl::Status Update(Session& session, const SourceFlags& flags) {
  const bool new_secret = flags.new_secret || !flags.secret_file.empty();
  if (!new_secret && flags.display_name.empty()) {
    return UsageError("nothing to change: give --display-name, --secret or --secret-file");
  }
  absl::StatusOr<v1::EventSource> source = Fetch(session, flags);
  if (!source.ok()) return source.status();
  if (!flags.display_name.empty()) source->set_display_name(flags.display_name);
  if (new_secret) {
    absl::StatusOr<std::string> secret = SecretOf(session, flags);
    if (!secret.ok()) return secret.status();
    // An empty one would leave the old one in force without a word.
    if (secret->empty()) return UsageError("the new secret is empty");
    source->set_secret(*std::move(secret));
  }
  v1::UpdateEventSourceRequest request;
  *request.mutable_event_source() = *std::move(source);
  const auto updated = session.Call(&client::EventSources::UpdateEventSource, request);
  return updated.ok() ? session.out().PrintOne(*updated, SourceColumns()) : updated.status();
}

absl::Status Delete(Session& session, const SourceFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("eventSources", flags.id);
  if (!name.ok()) return name.status();
  absl::Status status =
      session.Confirm(absl::StrCat("Delete event source ", ShortName(*name), "? Its calls will be refused."));
  if (!status.ok()) return status;
  v1::DeleteEventSourceRequest request;
  request.set_name(*name);
  const auto response = session.Call(&client::EventSources::DeleteEventSource, request);
  if (!response.ok()) return response.status();
  session.out().Note(absl::StrCat("event source ", ShortName(*name), " deleted; its events stay"));
  return absl::OkStatus();
}

}  // namespace

void AddSourceCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("source", "Other systems whose webhooks bring events");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const SourceFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<SourceFlags>();
  const auto with_id = [&](CLI::App& verb) { verb.add_option("source", flags->id, "Its id")->required(); };
  const char* file = "Read the secret from this file";

  CLI::App& create =
      add("create", "Take in a system's webhooks; asks for the secret, or reads it from standard input", Create, flags);
  with_id(create);
  create.add_option("--kind", flags->kind, "Whose webhooks")
      ->required()
      ->check(CLI::IsMember(EnumTexts(*v1::EventSource::Kind_descriptor())));
  create.add_option("--display-name", flags->display_name, "For people");
  create.add_option("--secret-file", flags->secret_file, file);

  with_id(add("get", "Show a source, without its secret", Get, flags));
  AddLimit(add("list", "List sources, without secrets", List, flags), flags->limit);

  CLI::App& update = add("update", "Change a source's name or secret", Update, flags);
  with_id(update);
  update.add_option("--display-name", flags->display_name, "For people");
  update.add_flag("--secret", flags->new_secret, "Ask for a new secret, or read it from standard input");
  update.add_option("--secret-file", flags->secret_file, file);

  with_id(add("delete", "Delete a source; its events stay", Delete, flags));
}

}  // namespace canvass::cli
