// canvass key: what programs present to act for a tenant.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/api_key.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/exit_code.h"
#include "client/cli/paging.h"

namespace canvass::cli {
namespace {

std::string RoleText(const v1::ApiKey& key) { return EnumText(*v1::ApiKey::Role_descriptor(), key.role()); }

Columns<v1::ApiKey> KeyColumns() {
  return {
      {{"KEY"}, [](const v1::ApiKey& k) { return ShortName(k.name()); }},
      {{.title = "NAME", .fit = Fit::kCut}, [](const v1::ApiKey& k) { return k.display_name(); }},
      {{"ROLE"}, RoleText},
      {{"CREATED"}, [](const v1::ApiKey& k) { return TimeText(k.create_time()); }},
      {{"EXPIRES"}, [](const v1::ApiKey& k) { return TimeText(k.expire_time()); }},
      {{"REVOKED"}, [](const v1::ApiKey& k) { return TimeText(k.revoke_time()); }},
  };
}

struct KeyFlags {
  std::string id;
  std::string display_name;
  std::string role;
  std::string expires;
  std::string overlap;
  std::string save_context;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<KeyFlags>;

// "90d" from now, or a time.
absl::StatusOr<absl::Time> ParseExpiry(absl::string_view text, absl::Time now) {
  if (const auto duration = ParseDuration(text); duration.ok()) return now + *duration;
  absl::StatusOr<absl::Time> time = ParseTime(text);
  if (!time.ok()) return UsageError(absl::StrCat("--expires: ", time.status().message(), ", or 90d from now"));
  return time;
}

absl::Status SaveContext(Session& session, const std::string& name, const std::string& credential) {
  absl::StatusOr<ContextFile> contexts = session.Contexts();
  if (!contexts.ok()) return contexts.status();
  const absl::StatusOr<const Connection*> connection = session.connection();
  if (!connection.ok()) return connection.status();
  Context context = {.name = name, .address = (*connection)->options.address, .credential = credential};
  context.ca_file = (*connection)->options.tls.ca_file;
  contexts->Put(std::move(context));
  if (contexts->current.empty()) contexts->current = name;
  absl::Status status = session.SaveContexts(*contexts);
  if (!status.ok()) return status;
  session.out().Note(
      absl::StrCat("saved as context '", name, "'; use it with --context ", name, " or canvass context use ", name));
  return absl::OkStatus();
}

// Shows a credential for the only time: the bare text, so that it can be piped into a file, or the whole answer.
absl::Status Deliver(Session& session, const KeyFlags& flags, const v1::ApiKey& key, const std::string& credential,
                     const google::protobuf::Message& response) {
  session.out().Note(absl::StrCat("key ", ShortName(key.name()), " (", RoleText(key), ") is ready"));
  if (!flags.save_context.empty()) {
    absl::Status status = SaveContext(session, flags.save_context, credential);
    if (status.ok()) return status;
    // It must not be lost because a file cannot be written.
    session.Report(status, nullptr);
  }
  session.out().Note("keep this credential now: it is shown this once (next time: --save-context NAME)");
  const std::string line = absl::StrCat(credential, "\n");
  if (session.out().format() != Format::kName) return session.out().PrintAs(response, line);
  // A name alone would lose it.
  session.out().PrintText(line);
  return absl::OkStatus();
}

absl::Status Create(Session& session, const KeyFlags& flags) {
  v1::CreateApiKeyRequest request;
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  request.set_parent(*tenant);
  const auto role = ParseEnum(*v1::ApiKey::Role_descriptor(), flags.role);
  if (!role.ok()) return UsageError(absl::StrCat("--role: ", role.status().message()));
  request.mutable_api_key()->set_role(static_cast<v1::ApiKey::Role>((*role)->number()));
  request.mutable_api_key()->set_display_name(flags.display_name);
  if (!flags.expires.empty()) {
    const absl::StatusOr<absl::Time> time = ParseExpiry(flags.expires, session.Now());
    if (!time.ok()) return time.status();
    request.mutable_api_key()->mutable_expire_time()->set_seconds(absl::ToUnixSeconds(*time));
  }
  const auto response = session.Call(&client::ApiKeys::CreateApiKey, request);
  if (!response.ok()) return response.status();
  return Deliver(session, flags, response->api_key(), response->credential(), *response);
}

absl::Status Get(Session& session, const KeyFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("apiKeys", flags.id);
  if (!name.ok()) return name.status();
  v1::GetApiKeyRequest request;
  request.set_name(*name);
  const auto key = session.Call(&client::ApiKeys::GetApiKey, request);
  return key.ok() ? session.out().PrintOne(*key, KeyColumns()) : key.status();
}

absl::Status List(Session& session, const KeyFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListApiKeysRequest request;
  request.set_parent(*tenant);
  const auto keys =
      ListAll(session, &client::ApiKeys::ListApiKeys, request, &v1::ListApiKeysResponse::api_keys, flags.limit);
  return keys.ok() ? session.out().PrintList(*keys, KeyColumns()) : keys.status();
}

absl::Status Rotate(Session& session, const KeyFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("apiKeys", flags.id);
  if (!name.ok()) return name.status();
  v1::RotateApiKeyRequest request;
  request.set_name(*name);
  if (!flags.overlap.empty()) {
    const absl::StatusOr<absl::Duration> overlap = ParseDuration(flags.overlap);
    if (!overlap.ok()) return UsageError(absl::StrCat("--overlap: ", overlap.status().message()));
    request.mutable_overlap()->set_seconds(absl::ToInt64Seconds(*overlap));
  }
  const auto response = session.Call(&client::ApiKeys::RotateApiKey, request);
  if (!response.ok()) return response.status();
  session.out().Note(absl::StrCat("the old key ", ShortName(response->replaced_api_key().name()), " works until ",
                                  TimeText(response->replaced_api_key().expire_time())));
  return Deliver(session, flags, response->api_key(), response->credential(), *response);
}

absl::Status Revoke(Session& session, const KeyFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("apiKeys", flags.id);
  if (!name.ok()) return name.status();
  absl::Status status = session.Confirm(absl::StrCat("End key ", ShortName(*name), " now, for good?"));
  if (!status.ok()) return status;
  v1::RevokeApiKeyRequest request;
  request.set_name(*name);
  const auto key = session.Call(&client::ApiKeys::RevokeApiKey, request);
  return key.ok() ? session.out().PrintOne(*key, KeyColumns()) : key.status();
}

}  // namespace

void AddKeyCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("key", "API keys of a tenant");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const KeyFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<KeyFlags>();
  const char* save = "Keep the credential in this context instead of printing it";

  CLI::App& create = add("create", "Make a key and show its credential, for the only time", Create, flags);
  create.add_option("--role", flags->role, "What it may do")
      ->required()
      ->check(CLI::IsMember(EnumTexts(*v1::ApiKey::Role_descriptor())));
  create.add_option("--display-name", flags->display_name, "For people");
  create.add_option("--expires", flags->expires, "When it ends: 90d from now, or a time");
  create.add_option("--save-context", flags->save_context, save);

  add("get", "Show a key, without its secret", Get, flags).add_option("key", flags->id, "Its id")->required();
  AddLimit(add("list", "List keys, revoked ones included", List, flags), flags->limit);

  CLI::App& rotate = add("rotate", "Make a key's successor; both work for a while", Rotate, flags);
  rotate.add_option("key", flags->id, "The key to replace")->required();
  rotate.add_option("--overlap", flags->overlap, "How long the old one goes on working; 24h if not given");
  rotate.add_option("--save-context", flags->save_context, save);

  add("revoke", "End a key now", Revoke, flags).add_option("key", flags->id, "Its id")->required();
}

}  // namespace canvass::cli
