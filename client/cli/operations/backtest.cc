#include "client/cli/operations/backtest.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/trigger_service.pb.h"
#include "client/cli/documents/load.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/exit_code.h"
#include "client/cli/operations/backtest_view.h"
#include "client/cli/operations/follow_operation.h"

namespace canvass::cli {
namespace {

struct BacktestFlags {
  std::string trigger;
  std::vector<std::string> files;
  std::string since;
  std::string until;
  std::string compare_with;
};

void SetTime(absl::Time time, google::protobuf::Timestamp& field) { field.set_seconds(absl::ToUnixSeconds(time)); }

// --since is a time, or how long before --until.
absl::Status ReadRange(const Session& session, const BacktestFlags& flags, v1::BacktestTriggerRequest& request) {
  if (!flags.until.empty()) {
    absl::Status status = ReadTimeFlag("--until", flags.until, *request.mutable_end_time());
    if (!status.ok()) return status;
  }
  if (flags.since.empty()) return absl::OkStatus();
  const absl::StatusOr<absl::Duration> span = ParseDuration(flags.since);
  if (!span.ok()) {
    absl::Status status = ReadTimeFlag("--since", flags.since, *request.mutable_start_time());
    return status.ok() ? status : UsageError(absl::StrCat(status.message(), "; or how long back, as in 30d"));
  }
  if (!request.has_end_time()) SetTime(session.Now(), *request.mutable_end_time());
  SetTime(absl::FromUnixSeconds(request.end_time().seconds()) - *span, *request.mutable_start_time());
  return absl::OkStatus();
}

absl::Status ReadRule(Session& session, const BacktestFlags& flags, const std::string& tenant,
                      v1::BacktestTriggerRequest& request) {
  if (flags.files.empty() && flags.trigger.empty()) return UsageError("give a trigger's id, or -f with a file");
  if (!flags.files.empty() && !flags.trigger.empty()) {
    return UsageError("give a trigger's id or -f with a file, not both; what -f is compared with is said by --compare");
  }
  if (!flags.compare_with.empty()) request.set_compare_with(FullName(tenant, "triggers", flags.compare_with));
  if (flags.files.empty()) {
    request.set_name(FullName(tenant, "triggers", flags.trigger));
    return absl::OkStatus();
  }
  auto documents = LoadAll<v1::Trigger>(flags.files, tenant, ReadTrigger);
  if (!documents.ok()) return documents.status();
  if (documents->size() != 1) return UsageError(absl::StrCat(documents->size(), " triggers; a backtest takes one"));
  session.SetLocations(std::move(documents->front().locations));
  *request.mutable_trigger() = std::move(documents->front().message);
  return absl::OkStatus();
}

absl::Status Backtest(Session& session, const BacktestFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::BacktestTriggerRequest request;
  request.set_parent(*tenant);
  absl::Status status = ReadRule(session, flags, *tenant, request);
  if (status.ok()) status = ReadRange(session, flags, request);
  if (!status.ok()) return status;
  absl::StatusOr<v1::Operation> operation = session.Call(&client::Triggers::BacktestTrigger, request);
  if (!operation.ok()) return operation.status();
  operation = FollowOperation(session, *std::move(operation), "events");
  if (!operation.ok()) return operation.status();
  const v1::BacktestResult& result = operation->backtest();
  return session.out().PrintAs(result, BacktestText(result, session.out().terminal()));
}

}  // namespace

void AddBacktest(CommandSet& commands, CLI::App& noun) {
  auto flags = std::make_shared<BacktestFlags>();
  CLI::App& verb = commands.AddVerb(noun, "backtest", "Try a trigger on past events; nothing is sent",
                                    [flags](Session& session) { return Backtest(session, *flags); });
  verb.add_option("trigger", flags->trigger, "The id of a saved one");
  AddFiles(verb, flags->files, "One that is not saved; compared with the saved one of its id");
  verb.add_option("--since", flags->since, "Events from this time on, or how long back: 30d, the default");
  verb.add_option("--until", flags->until, "Events before this time; default: now");
  verb.add_option("--compare", flags->compare_with, "The saved trigger to compare with");
}

}  // namespace canvass::cli
