// What a command works with: the connection, made when it is first needed, names, output and questions to the user.
//
//   absl::StatusOr<v1::Survey> survey = session.Call(&client::Surveys::GetSurvey, request);
//   if (!survey.ok()) return survey.status();
//   return session.out().PrintOne(*survey, kColumns);
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_CLI_SESSION_H_
#define CANVASS_CLIENT_CLI_SESSION_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/cli/connection.h"
#include "client/cli/contexts.h"
#include "client/cli/documents/problems.h"
#include "client/cli/names.h"
#include "client/cli/output/error_text.h"
#include "client/cli/output/printer.h"
#include "client/cpp/client.h"

namespace canvass::cli {

struct SessionOptions {
  ConnectionFlags connection;
  // --yes: do not ask.
  bool yes = false;
  Environment environment;
};

class Session {
 public:
  // `now` is the clock, for progress and ages.
  Session(SessionOptions options, Printer& out, std::function<absl::Time()> now)
      : options_(std::move(options)), out_(out), now_(std::move(now)) {}

  Printer& out() { return out_; }
  absl::Time Now() const { return now_(); }

  // Calls the server once; a failure is told at once, but for the few seconds of retries that gRPC makes.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                std::type_identity_t<Request> request);

  // The client, made when it is first needed: for streams.
  absl::StatusOr<client::Client*> Connect();

  // Calls that sit out a server's restart, for long work.
  void BePatient();

  // The full name of the tenant, of what is in it, and UsageError where the connection cannot be resolved.
  absl::StatusOr<std::string> Tenant();
  absl::StatusOr<std::string> Name(absl::string_view collection, absl::string_view id);

  // Ok if the user says yes, --yes was given; UsageError if not, or if nobody can be asked.
  absl::Status Confirm(absl::string_view question);

  absl::StatusOr<const Connection*> connection();
  // What the command line says of it.
  const ConnectionFlags& connection_flags() const { return options_.connection; }
  // Reads, changes and writes the contexts.
  absl::StatusOr<ContextFile> Contexts();
  absl::Status SaveContexts(const ContextFile& file);

  // Tells of a refusal and goes on. `locations` may be nullptr.
  void Report(const absl::Status& status, const Locations* locations);
  // Remembers where the document that is about to be sent stands, for the error that may come.
  void SetLocations(Locations locations) { locations_ = std::move(locations); }
  std::string RenderError(const absl::Status& status) const;

 private:
  ErrorContext MakeErrorContext(const Locations* locations) const;

  SessionOptions options_;
  Printer& out_;
  std::function<absl::Time()> now_;
  bool patient_ = false;
  std::optional<Connection> connection_;
  std::unique_ptr<client::Client> client_;
  std::optional<Locations> locations_;
};

template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Session::Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                       std::type_identity_t<Request> request) {
  const absl::StatusOr<client::Client*> client = Connect();
  if (!client.ok()) return client.status();
  return (*client)->Call(method, std::move(request));
}

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_SESSION_H_
