// canvass operation: long-running work.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/operation.pb.h"
#include "canvass/v1/operation_service.pb.h"
#include "client/charts/number_text.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/operations/backtest_view.h"
#include "client/cli/paging.h"

namespace canvass::cli {
namespace {

std::string ProgressText(const v1::Operation& operation) {
  if (operation.progress().total() == 0) return "";
  return absl::StrCat(charts::CountText(operation.progress().done()), "/",
                      charts::CountText(operation.progress().total()));
}

Columns<v1::Operation> OperationColumns() {
  return {
      {{"OPERATION"}, [](const v1::Operation& o) { return ShortName(o.name()); }},
      {{"STATE"}, [](const v1::Operation& o) { return EnumText(*v1::Operation::State_descriptor(), o.state()); }},
      {{"METHOD"}, [](const v1::Operation& o) { return o.method(); }},
      {{"TARGET"}, [](const v1::Operation& o) { return ShortName(o.target()); }},
      {{"PROGRESS", Align::kRight}, ProgressText},
      {{"CREATED"}, [](const v1::Operation& o) { return TimeText(o.create_time()); }},
      {{"FINISHED"}, [](const v1::Operation& o) { return TimeText(o.finish_time()); }},
      {{.title = "ERROR", .fit = Fit::kCut}, [](const v1::Operation& o) { return o.error().message(); }},
  };
}

struct OperationFlags {
  std::string id;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<OperationFlags>;

absl::Status List(Session& session, const OperationFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListOperationsRequest request;
  request.set_parent(*tenant);
  const auto operations = ListAll(session, &client::Operations::ListOperations, request,
                                  &v1::ListOperationsResponse::operations, flags.limit);
  return operations.ok() ? session.out().PrintList(*operations, OperationColumns()) : operations.status();
}

absl::Status Get(Session& session, const OperationFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("operations", flags.id);
  if (!name.ok()) return name.status();
  v1::GetOperationRequest request;
  request.set_name(*name);
  const auto operation = session.Call(&client::Operations::GetOperation, request);
  if (!operation.ok()) return operation.status();
  absl::Status status = session.out().PrintOne(*operation, OperationColumns());
  if (status.ok() && session.out().format() == Format::kTable && operation->has_backtest()) {
    session.out().PrintText(absl::StrCat("\n", BacktestText(operation->backtest(), session.out().terminal())));
  }
  return status;
}

absl::Status Cancel(Session& session, const OperationFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("operations", flags.id);
  if (!name.ok()) return name.status();
  v1::CancelOperationRequest request;
  request.set_name(*name);
  const auto operation = session.Call(&client::Operations::CancelOperation, request);
  if (!operation.ok()) return operation.status();
  const bool finished =
      operation->state() == v1::Operation::STATE_SUCCEEDED || operation->state() == v1::Operation::STATE_FAILED;
  if (finished) session.out().Note(absl::StrCat("operation ", ShortName(*name), " had finished; it stays as it is"));
  return session.out().PrintOne(*operation, OperationColumns());
}

}  // namespace

void AddOperationCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("operation", "Long-running work: how far it is, what it found");
  auto flags = std::make_shared<OperationFlags>();
  const auto add = [&](const char* name, const char* description,
                       absl::Status (*run)(Session&, const OperationFlags&)) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  AddLimit(add("list", "List operations, the latest first", List), flags->limit);
  add("get", "Show an operation and its result", Get).add_option("operation", flags->id, "Its id")->required();
  add("cancel", "Give a running operation up", Cancel).add_option("operation", flags->id, "Its id")->required();
}

}  // namespace canvass::cli
