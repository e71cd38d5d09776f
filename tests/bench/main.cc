// canvass-bench: every speed claim, as a ratio to a reference measured in the same run on the same machine.
//
//   canvass-bench [--seconds=N] [--rounds=N] [--only=responses|events|sending|backtest|questionnaires]
//
// Rounds alternate between the reference and the server, and the median of the rounds' ratios is reported, so that a
// machine that grows slower in between slows both. Exits with 1 if a bar was missed, 2 if it could not measure.

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "server/base/status_macros.h"
#include "tests/bench/backtest_bench.h"
#include "tests/bench/echo_server.h"
#include "tests/bench/event_bench.h"
#include "tests/bench/load.h"
#include "tests/bench/questionnaire_bench.h"
#include "tests/bench/raw_insert.h"
#include "tests/bench/report.h"
#include "tests/bench/sending_bench.h"
#include "tests/process/server_process.h"
#include "tests/process/workspace.h"

namespace canvass::bench {
namespace {

struct Options {
  int seconds = 5;
  int rounds = 5;
  // Empty: all.
  std::string only;

  bool Wants(absl::string_view part) const { return only.empty() || only == part; }
};

// SubmitResponse against the echo of the same message, with `in_flight` calls under way.
absl::Status MeasureSubmit(const Options& options, const EchoServer& echo, const testing::ServerProcess& server,
                           const testing::Workspace& workspace, int in_flight, std::vector<double>& ratios,
                           std::vector<double>& rates) {
  const auto request = [&](int64_t n) { return testing::MakeSubmission(workspace, n); };
  LoadOptions load{.method = "/canvass.v1.ResponseService/SubmitResponse",
                   .in_flight = in_flight,
                   .duration = absl::Seconds(options.seconds)};
  for (int round = 0; round < options.rounds; ++round) {
    load.address = echo.address();
    load.credential.clear();
    const LoadResult reference = RunLoad<v1::SubmitResponseRequest, v1::SubmitResponseResponse>(load, request);
    PrintLoad("echo", reference);
    load.address = server.address();
    load.credential = workspace.credential;
    const LoadResult submitted = RunLoad<v1::SubmitResponseRequest, v1::SubmitResponseResponse>(load, request);
    PrintLoad("SubmitResponse", submitted);
    if (reference.failed + submitted.failed > 0) {
      return absl::InternalError(absl::StrCat("calls failed: ", reference.first_error, submitted.first_error));
    }
    ratios.push_back(submitted.rate() / reference.rate());
    rates.push_back(submitted.rate());
  }
  return absl::OkStatus();
}

absl::Status MeasureResponses(const Options& options, const EchoServer& echo, const testing::ServerProcess& server,
                              const testing::Workspace& workspace, double raw_insert_rate, Report& report) {
  std::vector<double> ratios;
  std::vector<double> rates;
  absl::PrintF("unary SubmitResponse, 512 in flight, every acknowledgement durable\n");
  CANVASS_RETURN_IF_ERROR(MeasureSubmit(options, echo, server, workspace, 512, ratios, rates));
  report.Add({.name = "submit_unary_512", .value = Median(ratios), .bar = 0.4});
  report.Add({.name = "submit_unary_512_per_second", .value = Median(rates)});
  report.Add({.name = "submit_unary_512_of_raw_insert", .value = Median(rates) / raw_insert_rate});
  return absl::OkStatus();
}

// On a server of its own, so that what the others stored is not in the way.
absl::Status RunBacktest(Report& report) {
  CANVASS_ASSIGN_OR_RETURN(const auto server, testing::ServerProcess::Start({}));
  CANVASS_ASSIGN_OR_RETURN(const testing::Workspace workspace,
                           testing::MakeWorkspace(server->address(), server->operator_credential(), "bench"));
  return MeasureBacktest(
      {.connection = {.socket = server->data_dir() + "/mariadb.sock", .user = "root", .schema = "canvass"}}, workspace,
      report);
}

absl::Status Run(const Options& options, const EchoServer& echo, Report& report) {
  if (options.Wants("backtest")) CANVASS_RETURN_IF_ERROR(RunBacktest(report));
  if (options.only == "backtest") return absl::OkStatus();
  CANVASS_ASSIGN_OR_RETURN(
      const auto server,
      testing::ServerProcess::Start({.flags = {"--allow-destinations=127.0.0.1", "--allow-http-destinations"}}));
  CANVASS_ASSIGN_OR_RETURN(const testing::Workspace workspace,
                           testing::MakeWorkspace(server->address(), server->operator_credential(), "bench"));
  const RawInsertOptions raw = {
      .connection = {.socket = server->data_dir() + "/mariadb.sock", .user = "root", .schema = "canvass"},
      .duration = absl::Seconds(options.seconds)};
  if (options.Wants("responses")) {
    CANVASS_ASSIGN_OR_RETURN(const double raw_rate, RawInsertRate(raw));
    absl::PrintF("  %-24s %9.0f rows/s\n", "raw insert, 256 a commit", raw_rate);
    CANVASS_RETURN_IF_ERROR(MeasureResponses(options, echo, *server, workspace, raw_rate, report));
  }
  const absl::Duration duration = absl::Seconds(options.seconds);
  if (options.Wants("events")) {
    CANVASS_RETURN_IF_ERROR(MeasureEvents({.rounds = options.rounds, .duration = duration}, workspace, raw, report));
  }
  if (options.Wants("sending")) CANVASS_RETURN_IF_ERROR(MeasureSending({}, workspace, report));
  if (options.Wants("questionnaires")) {
    CANVASS_RETURN_IF_ERROR(
        MeasureQuestionnaires({.rounds = options.rounds, .duration = duration}, echo, workspace, report));
  }
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    const bool good = (absl::ConsumePrefix(&argument, "--seconds=") && absl::SimpleAtoi(argument, &options.seconds) &&
                       options.seconds > 0) ||
                      (absl::ConsumePrefix(&argument, "--rounds=") && absl::SimpleAtoi(argument, &options.rounds) &&
                       options.rounds > 0) ||
                      (absl::ConsumePrefix(&argument, "--only=") &&
                       (argument == "responses" || argument == "events" || argument == "sending" ||
                        argument == "backtest" || argument == "questionnaires"));
    if (!good) {
      absl::FPrintF(stderr,
                    "'%s' is not understood: canvass-bench [--seconds=N] [--rounds=N] "
                    "[--only=responses|events|sending|backtest|questionnaires]\n",
                    argv[i]);
      return 2;
    }
    if (absl::StartsWith(argv[i], "--only=")) options.only = std::string(argument);
  }
  const absl::StatusOr<EchoServer> echo = EchoServer::Start();
  Report report;
  const absl::Status status = echo.ok() ? Run(options, *echo, report) : echo.status();
  if (!status.ok()) {
    absl::FPrintF(stderr, "%s\n", status.ToString());
    return 2;
  }
  return report.Close() ? 0 : 1;
}

}  // namespace
}  // namespace canvass::bench

int main(int argc, char** argv) { return canvass::bench::Main(argc, argv); }
