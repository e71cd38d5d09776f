#include "client/cli/connection.h"

#include <cerrno>
#include <fstream>
#include <system_error>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/cli/documents/nearest.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/exit_code.h"
#include "client/cli/names.h"

namespace canvass::cli {
namespace {

// The flag, else the variable; empty if neither is set.
std::string FlagOr(const std::string& flag, const Environment& environment, const char* variable) {
  return flag.empty() ? environment(variable).value_or("") : flag;
}

absl::StatusOr<Context> ChooseContext(const ConnectionFlags& flags, const Environment& environment,
                                      const ContextFile& contexts) {
  const std::string named = FlagOr(flags.context, environment, "CANVASS_CONTEXT");
  const std::string name = named.empty() ? contexts.current : named;
  if (name.empty()) return Context();
  const Context* context = contexts.Find(name);
  if (context != nullptr) return *context;
  std::vector<std::string> names;
  for (const Context& one : contexts.contexts) names.push_back(one.name);
  return UsageError(absl::StrCat("there is no context '", name, "'", Suggestion(name, names)));
}

absl::Status ChooseCredential(const ConnectionFlags& flags, const Environment& environment, const Context& context,
                              Connection& connection) {
  const auto from_file = [&](const std::string& path, std::string source) -> absl::Status {
    absl::StatusOr<std::string> key = ReadKeyFile(path);
    if (!key.ok()) return key.status();
    connection.options.credential = *std::move(key);
    connection.credential_source = std::move(source);
    return absl::OkStatus();
  };
  if (!flags.key_file.empty()) return from_file(flags.key_file, flags.key_file);
  if (const std::string key = environment("CANVASS_KEY").value_or(""); !key.empty()) {
    connection.options.credential = std::string(absl::StripAsciiWhitespace(key));
    connection.credential_source = "CANVASS_KEY";
    return absl::OkStatus();
  }
  if (const std::string file = environment("CANVASS_KEY_FILE").value_or(""); !file.empty()) {
    return from_file(file, absl::StrCat(file, " (CANVASS_KEY_FILE)"));
  }
  if (context.credential.empty() && context.credential_file.empty()) return absl::OkStatus();
  if (!context.address.empty() && context.address != connection.options.address) {
    connection.note = absl::StrCat("the key of context '", context.name, "' is for ", context.address,
                                   " and is not sent to ", connection.options.address);
    return absl::OkStatus();
  }
  std::string source = absl::StrCat("context '", context.name, "'");
  if (!context.credential_file.empty()) return from_file(context.credential_file, std::move(source));
  connection.options.credential = context.credential;
  connection.credential_source = std::move(source);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Connection> ResolveConnection(const ConnectionFlags& flags, const Environment& environment,
                                             const ContextFile& contexts) {
  const absl::StatusOr<Context> context = ChooseContext(flags, environment, contexts);
  if (!context.ok()) return context.status();
  Connection connection;
  connection.context = context->name;
  const std::string address = FlagOr(flags.address, environment, "CANVASS_ADDRESS");
  if (!address.empty()) {
    connection.options.address = address;
  } else if (!context->address.empty()) {
    connection.options.address = context->address;
  }
  const std::string tenant = FlagOr(flags.tenant, environment, "CANVASS_TENANT");
  connection.tenant = TenantName(tenant.empty() ? context->tenant : tenant);
  connection.options.tls = {
      .ca_file = context->ca_file, .certificate_file = context->certificate_file, .key_file = context->key_file};
  if (!flags.timeout.empty()) {
    const absl::StatusOr<absl::Duration> timeout = ParseDuration(flags.timeout);
    if (!timeout.ok()) return UsageError(absl::StrCat("--timeout: ", timeout.status().message()));
    connection.options.timeout = *timeout;
  }
  absl::Status status = ChooseCredential(flags, environment, *context, connection);
  if (!status.ok()) return status;
  return connection;
}

absl::StatusOr<std::string> ReadKeyFile(const std::string& path) {
  std::ifstream file(path);
  const int error = errno;
  if (!file)
    return UsageError(absl::StrCat("cannot read the key in ", path, ": ", std::generic_category().message(error)));
  std::string key;
  std::getline(file, key);
  key = std::string(absl::StripAsciiWhitespace(key));
  if (key.empty()) return UsageError(absl::StrCat("there is no key in ", path));
  return key;
}

}  // namespace canvass::cli
