// canvass context: the servers a person works with.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/nearest.h"
#include "client/cli/exit_code.h"
#include "client/cli/output/message_json.h"
#include "client/cli/output/yaml.h"
#include "client/cpp/address.h"
#include "nlohmann/json.hpp"

namespace canvass::cli {
namespace {

struct ContextFlags {
  Context context;
  bool key_stdin = false;
  bool no_key = false;
};
using Flags = std::shared_ptr<ContextFlags>;

absl::Status NoSuchContext(const ContextFile& file, const std::string& name) {
  std::vector<std::string> names;
  for (const Context& context : file.contexts) names.push_back(context.name);
  return UsageError(absl::StrCat("there is no context '", name, "'", Suggestion(name, names)));
}

absl::Status Add(Session& session, const ContextFlags& flags) {
  Context context = flags.context;
  const ConnectionFlags& global = session.connection_flags();
  context.address = global.address;
  context.tenant = global.tenant;
  context.credential_file = global.key_file;
  if (context.address.empty()) return UsageError("say where it is: --address host:port");
  const absl::StatusOr<client::Address> address = client::ParseAddress(context.address);
  if (!address.ok()) return UsageError(address.status().message());
  absl::StatusOr<ContextFile> file = session.Contexts();
  if (!file.ok()) return file.status();
  // The key comes by standard input, hidden on a terminal, or stays in its file; never on the command line.
  const bool ask = flags.key_stdin || session.out().terminal().stdin_is_terminal;
  if (context.credential_file.empty() && !flags.no_key && ask) {
    context.credential = ReadSecret(session.out().terminal(), "API key (empty for none): ");
  }
  if (flags.key_stdin && context.credential.empty()) return UsageError("there is no key on standard input");
  if (!context.credential_file.empty()) {
    const absl::StatusOr<std::string> key = ReadKeyFile(context.credential_file);
    if (!key.ok()) return key.status();
  }
  const std::string name = context.name;
  file->Put(std::move(context));
  if (file->current.empty()) file->current = name;
  absl::Status status = session.SaveContexts(*file);
  if (!status.ok()) return status;
  session.out().Note(absl::StrCat("context ", name, " saved", file->current == name ? "; it is the current one" : ""));
  return absl::OkStatus();
}

absl::Status List(Session& session, const ContextFlags& flags) {
  const absl::StatusOr<ContextFile> file = session.Contexts();
  if (!file.ok()) return file.status();
  const Format format = session.out().format();
  Table table({{"CURRENT"}, {"CONTEXT"}, {"ADDRESS"}, {"TENANT"}, {"KEY"}});
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Context& context : file->contexts) {
    const bool current = context.name == file->current;
    const std::string key = !context.credential_file.empty() ? context.credential_file
                            : context.credential.empty()     ? "none"
                                                             : "saved";
    table.AddRow({current ? "*" : "", context.name, context.address, context.tenant, key});
    // Never the credential itself.
    list.push_back({{"name", context.name},
                    {"address", context.address},
                    {"tenant", context.tenant},
                    {"key", key},
                    {"current", current}});
    if (format == Format::kName) session.out().PrintText(absl::StrCat(context.name, "\n"));
  }
  const Terminal& terminal = session.out().terminal();
  if (format == Format::kTable) session.out().PrintText(table.Render(terminal.out, terminal.OutWidth()));
  if (format == Format::kJson) session.out().PrintText(JsonText(list));
  if (format == Format::kYaml) session.out().PrintText(YamlText(list));
  return absl::OkStatus();
}

absl::Status Use(Session& session, const ContextFlags& flags) {
  absl::StatusOr<ContextFile> file = session.Contexts();
  if (!file.ok()) return file.status();
  if (file->Find(flags.context.name) == nullptr) return NoSuchContext(*file, flags.context.name);
  file->current = flags.context.name;
  absl::Status status = session.SaveContexts(*file);
  if (status.ok()) session.out().Note(absl::StrCat("context ", flags.context.name, " is the current one"));
  return status;
}

absl::Status Remove(Session& session, const ContextFlags& flags) {
  absl::StatusOr<ContextFile> file = session.Contexts();
  if (!file.ok()) return file.status();
  const Context* context = file->Find(flags.context.name);
  if (context == nullptr) return NoSuchContext(*file, flags.context.name);
  if (!context->credential.empty()) {
    absl::Status status = session.Confirm(
        absl::StrCat("Forget context ", flags.context.name, " and its key, which cannot be shown again?"));
    if (!status.ok()) return status;
  }
  file->Remove(flags.context.name);
  absl::Status status = session.SaveContexts(*file);
  if (status.ok()) session.out().Note(absl::StrCat("context ", flags.context.name, " removed"));
  return status;
}

}  // namespace

void AddContextCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("context", "The servers you work with, each with its key");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const ContextFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<ContextFlags>();
  Context& context = flags->context;

  CLI::App& save = add("add", "Save a server and a key under a name, or change them", Add, flags);
  save.add_option("context", context.name, "Its name")->required();
  save.add_flag("--key-stdin", flags->key_stdin, "Read the key from standard input");
  save.add_flag("--no-key", flags->no_key, "Do not ask for a key");
  save.add_option("--ca-file", context.ca_file, "Authorities of the server's certificate, PEM")->type_name("FILE");
  save.add_option("--client-certificate", context.certificate_file, "Certificate to present, PEM")->type_name("FILE");
  save.add_option("--client-key", context.key_file, "Its private key, PEM")->type_name("FILE");
  save.footer(
      "With --address, and if wanted --tenant, from the global options. The key is asked for, or read from standard\n"
      "input (--key-stdin), or stays in its file (--key-file):\n"
      "  canvass context add demo --address 127.0.0.1:7443 --key-stdin < key.txt");

  add("list", "List contexts", List, flags);
  add("use", "Make a context the current one", Use, flags).add_option("context", context.name, "Its name")->required();
  add("remove", "Forget a context", Remove, flags).add_option("context", context.name, "Its name")->required();
}

}  // namespace canvass::cli
