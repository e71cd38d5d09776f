#include "tests/bench/backtest_bench.h"

#include <algorithm>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "canvass/stored/v1/event_verdicts.pb.h"
#include "canvass/v1/operation_service.pb.h"
#include "canvass/v1/trigger_service.pb.h"
#include "client/cpp/client.h"
#include "server/base/ids.h"
#include "server/base/random.h"
#include "server/base/status_macros.h"
#include "server/mysql/value.h"

namespace canvass::bench {
namespace {

constexpr char kType[] = "bench.replayed";
constexpr int kRowsPerStatement = 256;
constexpr int kScanChunk = 4000;
// Within the last 30 days, which a backtest takes unless told, also while it waits its turn.
constexpr absl::Duration kRange = absl::Hours(24 * 30 - 1);
// What a backtest of a million events may take.
constexpr double kEventsPerSecondBar = 1'000'000 / 60.0;

v1::Event MakeEvent(int64_t n, absl::Time time, int64_t customers) {
  v1::Event event;
  event.set_source("/bench");
  event.set_id(absl::StrCat("replayed-", n));
  event.set_type(kType);
  event.set_subject(absl::StrCat("customer-", n * 7919 % customers));
  event.mutable_time()->set_seconds(absl::ToUnixSeconds(time));
  auto& data = *event.mutable_data()->mutable_fields();
  data["total"].set_number_value(static_cast<double>(n * 31 % 200));
  data["country"].set_string_value(n % 3 == 0 ? "FR" : "CZ");
  data["carrier"].set_string_value("Parcels and more");
  data["returned"].set_bool_value(n % 50 == 0);
  data["items"].set_number_value(static_cast<double>(n % 7));
  return event;
}

// The facts with which an event is stored where a trigger of its type looked at it.
std::string Verdicts(int64_t n) {
  stored::v1::EventVerdicts verdicts;
  auto& contact = *(*verdicts.mutable_facts()->mutable_fields())["contact"].mutable_struct_value()->mutable_fields();
  contact["plan"].set_string_value(n % 2 == 0 ? "premium" : "basic");
  contact["city"].set_string_value("Brno");
  contact["language"].set_string_value("cs");
  stored::v1::Refusal& refusal = *verdicts.add_refused();
  refusal.set_trigger("in-force");
  refusal.set_revision(1);
  refusal.set_reason(2);
  return verdicts.SerializeAsString();
}

// Spread over the range, in the order of their times; keys are as scattered as digests are.
absl::Status InsertEvents(mysql::Connection& connection, const BacktestLoad& load, const std::string& tenant,
                          absl::Time start) {
  std::string sql =
      "INSERT INTO events (tenant_id, event_key, type, contact_id, event_time, receive_time, content_digest, batch_id, "
      "payload, verdicts) VALUES ";
  for (int i = 0; i < kRowsPerStatement; ++i) absl::StrAppend(&sql, i == 0 ? "" : ",", "(?,?,?,?,?,?,?,?,?,?)");
  SecureRandom random;
  const std::string batch = random.Bytes(16);
  for (int64_t first = 0; first < load.events; first += kRowsPerStatement) {
    mysql::Params params;
    for (int64_t n = first; n < first + kRowsPerStatement; ++n) {
      const absl::Time time = start + kRange * n / (load.events + kRowsPerStatement);
      const v1::Event event = MakeEvent(n, time, load.customers);
      params.Add(tenant).Add(Uuid::FromBytes(random.Bytes(16))).Add(kType).Add(event.subject());
      params.Add(time).Add(time).Add(random.Bytes(16)).Add(batch).Add(event.SerializeAsString()).Add(Verdicts(n));
    }
    CANVASS_RETURN_IF_ERROR(connection.Execute(sql, params.values()).status());
  }
  return absl::OkStatus();
}

// Seconds that it takes to read the rows that a backtest reads, and nothing else.
absl::StatusOr<double> Scan(mysql::Connection& connection, const std::string& tenant) {
  const absl::Time begin = absl::Now();
  int64_t time = 0;
  Uuid key;
  while (true) {
    mysql::Params params;
    params.Add(tenant).Add(time).Add(time).Add(key).Add(kScanChunk);
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        connection.Query(
            "SELECT event_key, event_time, receive_time, contact_id, payload, verdicts FROM events FORCE "
            "INDEX (by_time) WHERE tenant_id = ? AND event_time >= ? AND (event_time > ? OR event_key > ?) "
            "ORDER BY event_time, event_key LIMIT ?",
            params.values()));
    if (rows.size() < kScanChunk) break;
    time = rows.back().Int(1);
    key = rows.back().Uuid(0);
  }
  return absl::ToDoubleSeconds(absl::Now() - begin);
}

v1::Trigger MakeTrigger(const testing::Workspace& workspace, int least) {
  v1::Trigger trigger;
  trigger.set_event_type(kType);
  trigger.set_survey(workspace.survey);
  trigger.mutable_condition()->set_text(absl::StrCat("event.total > ", least, " AND contact.plan = premium"));
  trigger.mutable_quiet_hours()->set_start("21:00");
  trigger.mutable_quiet_hours()->set_end("08:00");
  v1::FrequencyCap& cap = *trigger.add_frequency_caps();
  cap.mutable_interval()->set_seconds(7 * 86400);
  cap.set_scope(v1::FrequencyCap::SCOPE_CONTACT);
  return trigger;
}

absl::StatusOr<v1::Operation> Backtest(const testing::Workspace& workspace) {
  v1::BacktestTriggerRequest request;
  request.set_parent(workspace.tenant);
  *request.mutable_trigger() = MakeTrigger(workspace, 60);
  request.mutable_trigger()->set_name(workspace.tenant + "/triggers/in-force");
  CANVASS_ASSIGN_OR_RETURN(v1::Operation operation, workspace.admin->Call(&client::Triggers::BacktestTrigger, request));
  v1::GetOperationRequest get;
  get.set_name(operation.name());
  while (operation.state() == v1::Operation::STATE_RUNNING) {
    absl::SleepFor(absl::Milliseconds(500));
    CANVASS_ASSIGN_OR_RETURN(operation, workspace.admin->Call(&client::Operations::GetOperation, get));
  }
  if (operation.state() == v1::Operation::STATE_SUCCEEDED) return operation;
  return absl::InternalError(absl::StrCat("the backtest failed: ", operation.error().message()));
}

}  // namespace

absl::Status MeasureBacktest(const BacktestLoad& load, const testing::Workspace& workspace, Report& report) {
  const std::string tenant = workspace.tenant.substr(workspace.tenant.find('/') + 1);
  mysql::ConnectOptions patient = load.connection;
  patient.statement_timeout = absl::InfiniteDuration();
  CANVASS_ASSIGN_OR_RETURN(const std::unique_ptr<mysql::Connection> connection, mysql::Connection::Open(patient));
  v1::CreateTriggerRequest create;
  create.set_parent(workspace.tenant);
  create.set_trigger_id("in-force");
  *create.mutable_trigger() = MakeTrigger(workspace, 100);
  CANVASS_RETURN_IF_ERROR(workspace.admin->Call(&client::Triggers::CreateTrigger, create).status());
  const absl::Time fill = absl::Now();
  CANVASS_RETURN_IF_ERROR(InsertEvents(*connection, load, tenant, fill - kRange));
  absl::PrintF("backtest of %d stored events, two rules side by side (filled in %.0f s)\n", load.events,
               absl::ToDoubleSeconds(absl::Now() - fill));
  CANVASS_ASSIGN_OR_RETURN(const double scan, Scan(*connection, tenant));
  const absl::Time begin = absl::Now();
  CANVASS_ASSIGN_OR_RETURN(const v1::Operation operation, Backtest(workspace));
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  const v1::BacktestResult& result = operation.backtest();
  absl::PrintF("  %d events, %d and %d invitations in %.1f s; the scan alone took %.1f s\n",
               result.candidate().events(), result.candidate().invitations(), result.in_force().invitations(), seconds,
               scan);
  if (result.candidate().events() < load.events) return absl::InternalError("events are missing");
  report.Add({.name = "backtest_events_per_second",
              .value = result.candidate().events() / seconds,
              .bar = kEventsPerSecondBar});
  report.Add({.name = "backtest_seconds", .value = seconds});
  report.Add({.name = "backtest_of_scan", .value = scan / seconds});
  return absl::OkStatus();
}

}  // namespace canvass::bench
