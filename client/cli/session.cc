#include "client/cli/session.h"

#include "absl/strings/str_cat.h"
#include "client/cli/exit_code.h"
#include "client/cpp/build_facts.h"

namespace canvass::cli {
namespace {

// How long work on a file waits for a server that is away.
constexpr absl::Duration kPatience = absl::Minutes(5);

}  // namespace

absl::StatusOr<const Connection*> Session::connection() {
  if (connection_.has_value()) return &*connection_;
  const absl::StatusOr<ContextFile> contexts = Contexts();
  if (!contexts.ok()) return contexts.status();
  absl::StatusOr<Connection> connection = ResolveConnection(options_.connection, options_.environment, *contexts);
  if (!connection.ok()) return connection.status();
  connection_ = *std::move(connection);
  if (!connection_->note.empty()) out_.Note(connection_->note);
  return &*connection_;
}

absl::StatusOr<client::Client*> Session::Connect() {
  if (client_ != nullptr) return client_.get();
  const absl::StatusOr<const Connection*> resolved = connection();
  if (!resolved.ok()) return resolved.status();
  client::ClientOptions options = (*resolved)->options;
  options.user_agent = absl::StrCat("canvass/", client::Version());
  options.retry.max_retries = patient_ ? options.retry.max_retries : 0;
  if (patient_ && options_.connection.timeout.empty()) options.timeout = kPatience;
  absl::StatusOr<std::unique_ptr<client::Client>> client = client::Client::Create(std::move(options));
  // What it refuses are the options: the address, the credential, a file.
  if (!client.ok()) return UsageError(client.status().message());
  client_ = *std::move(client);
  return client_.get();
}

void Session::BePatient() {
  patient_ = true;
  client_.reset();
}

absl::StatusOr<std::string> Session::Tenant() {
  const absl::StatusOr<const Connection*> resolved = connection();
  if (!resolved.ok()) return resolved.status();
  return (*resolved)->tenant;
}

absl::StatusOr<std::string> Session::Name(absl::string_view collection, absl::string_view id) {
  const absl::StatusOr<std::string> tenant = Tenant();
  if (!tenant.ok()) return tenant.status();
  return FullName(*tenant, collection, id);
}

absl::Status Session::Confirm(absl::string_view question) {
  if (options_.yes) return absl::OkStatus();
  if (!out_.terminal().stdin_is_terminal) {
    return UsageError(absl::StrCat(question, " Nobody can be asked here; say --yes"));
  }
  return cli::Confirm(question) ? absl::OkStatus() : UsageError("not confirmed; nothing was done");
}

absl::StatusOr<ContextFile> Session::Contexts() {
  const absl::StatusOr<std::string> path = ContextsPath(options_.environment);
  // Without a home there are no contexts, which only matters to who wants one.
  if (!path.ok()) return ContextFile();
  return LoadContexts(*path);
}

absl::Status Session::SaveContexts(const ContextFile& file) {
  const absl::StatusOr<std::string> path = ContextsPath(options_.environment);
  return path.ok() ? cli::SaveContexts(*path, file) : path.status();
}

void Session::Report(const absl::Status& status, const Locations* locations) {
  out_.Tell(ErrorText(status, MakeErrorContext(locations), out_.terminal().err));
}

std::string Session::RenderError(const absl::Status& status) const {
  return ErrorText(status, MakeErrorContext(locations_.has_value() ? &*locations_ : nullptr), out_.terminal().err);
}

ErrorContext Session::MakeErrorContext(const Locations* locations) const {
  ErrorContext context = {.locations = locations};
  if (connection_.has_value()) {
    context.address = connection_->options.address;
    context.credential_source = connection_->credential_source;
  }
  return context;
}

}  // namespace canvass::cli
