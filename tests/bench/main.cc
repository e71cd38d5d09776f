// canvass-bench: every speed claim, as a ratio to a reference measured in the same run on the same machine.
//
//   canvass-bench [--seconds=N] [--rounds=N] [--only=PART] [--export=N]
//
// A part is a name of kParts or `responses`, which is all of them that are about responses; --export says how many
// responses are exported. Rounds alternate between the reference and the server, and the median of the rounds' ratios
// is reported, so that a machine that grows slower in between slows both. Exits with 1 if a bar was missed, 2 if it
// could not measure.

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "server/base/status_macros.h"
#include "tests/bench/backtest_bench.h"
#include "tests/bench/echo_server.h"
#include "tests/bench/event_bench.h"
#include "tests/bench/questionnaire_bench.h"
#include "tests/bench/raw_insert.h"
#include "tests/bench/report.h"
#include "tests/bench/responses/export_bench.h"
#include "tests/bench/responses/submit_bench.h"
#include "tests/bench/responses/tenants_bench.h"
#include "tests/bench/sending_bench.h"
#include "tests/process/server_process.h"
#include "tests/process/workspace.h"

namespace canvass::bench {
namespace {

struct Options {
  int seconds = 5;
  int rounds = 5;
  int64_t exported = 1'000'000;
  // Empty: all.
  std::string only;
};

// A server with a workspace.
struct Site {
  std::unique_ptr<testing::ServerProcess> server;
  testing::Workspace workspace;

  mysql::ConnectOptions database() const {
    return {.socket = server->data_dir() + "/mariadb.sock", .user = "root", .schema = "canvass"};
  }
};

absl::StatusOr<Site> OpenSite() {
  Site site;
  CANVASS_ASSIGN_OR_RETURN(
      site.server,
      testing::ServerProcess::Start({.flags = {"--allow-destinations=127.0.0.1", "--allow-http-destinations"}}));
  CANVASS_ASSIGN_OR_RETURN(site.workspace,
                           testing::MakeWorkspace(site.server->address(), site.server->operator_credential(), "bench"));
  return site;
}

struct Run {
  const Options& options;
  const EchoServer& echo;
  // Of the parts that share one.
  const Site* site;
  Report& report;

  absl::Duration duration() const { return absl::Seconds(options.seconds); }
  RawInsertOptions raw() const { return {.connection = site->database(), .duration = duration()}; }
  SubmitBench submit() const {
    return {.rounds = options.rounds, .duration = duration(), .echo = echo, .workspace = site->workspace, .raw = raw()};
  }
};

absl::Status Backtest(const Run& run) {
  CANVASS_ASSIGN_OR_RETURN(const Site own, OpenSite());
  return MeasureBacktest({.connection = own.database()}, own.workspace, run.report);
}

absl::Status Export(const Run& run) {
  CANVASS_ASSIGN_OR_RETURN(const Site own, OpenSite());
  return MeasureExport({.responses = run.options.exported, .connection = own.database(), .server = own.server->pid()},
                       own.workspace, run.report);
}

absl::Status Unary512(const Run& run) { return MeasureUnary512(run.submit(), run.report); }

absl::Status Unary1(const Run& run) { return MeasureUnary1(run.submit(), run.report); }

absl::Status Tail(const Run& run) { return MeasureTail(run.submit(), run.report); }

absl::Status Streams(const Run& run) { return MeasureStreams(run.submit(), run.report); }

absl::Status Tenants(const Run& run) {
  return MeasureTenants({.operator_credential = run.site->server->operator_credential()}, run.submit(), run.report);
}

absl::Status Memory(const Run& run) { return MeasureMemory(run.submit(), run.site->server->pid(), run.report); }

absl::Status Events(const Run& run) {
  return MeasureEvents({.rounds = run.options.rounds, .duration = run.duration()}, run.site->workspace, run.raw(),
                       run.report);
}

absl::Status Sending(const Run& run) { return MeasureSending({}, run.site->workspace, run.report); }

absl::Status Questionnaires(const Run& run) {
  return MeasureQuestionnaires({.rounds = run.options.rounds, .duration = run.duration()}, run.echo,
                               run.site->workspace, run.report);
}

struct Part {
  absl::string_view name;
  // kOwn: on a server of its own, so that what the others stored is not in the way.
  enum class Server { kOwn, kShared } server;
  absl::Status (*measure)(const Run&);
  bool of_responses = false;

  bool WantedBy(const Options& options) const {
    return options.only.empty() || options.only == name || (of_responses && options.only == kResponses);
  }
  static constexpr absl::string_view kResponses = "responses";
};

using enum Part::Server;

// In this order: the peak of the server's memory is that of all before.
constexpr std::array<Part, 11> kParts = {{{"backtest", kOwn, Backtest},
                                          {"export", kOwn, Export, true},
                                          {"submit_unary_512", kShared, Unary512, true},
                                          {"submit_unary_1", kShared, Unary1, true},
                                          {"p99_of_p50_at_70", kShared, Tail, true},
                                          {"submit_stream", kShared, Streams, true},
                                          {"tenants_zipf", kShared, Tenants, true},
                                          {"server_peak", kShared, Memory, true},
                                          {"events", kShared, Events},
                                          {"sending", kShared, Sending},
                                          {"questionnaires", kShared, Questionnaires}}};

absl::Status MeasureAll(const Options& options, const EchoServer& echo, Report& report) {
  std::unique_ptr<const Site> shared;
  for (const Part& part : kParts) {
    if (!part.WantedBy(options)) continue;
    if (part.server == kShared && shared == nullptr) {
      CANVASS_ASSIGN_OR_RETURN(Site site, OpenSite());
      shared = std::make_unique<const Site>(std::move(site));
    }
    CANVASS_RETURN_IF_ERROR(part.measure({.options = options, .echo = echo, .site = shared.get(), .report = report}));
  }
  return absl::OkStatus();
}

bool IsPart(absl::string_view name) {
  return name == Part::kResponses ||
         std::any_of(kParts.begin(), kParts.end(), [name](const Part& part) { return part.name == name; });
}

bool Parse(absl::string_view argument, Options& options) {
  if (absl::ConsumePrefix(&argument, "--seconds=")) {
    return absl::SimpleAtoi(argument, &options.seconds) && options.seconds > 0;
  }
  if (absl::ConsumePrefix(&argument, "--rounds=")) {
    return absl::SimpleAtoi(argument, &options.rounds) && options.rounds > 0;
  }
  if (absl::ConsumePrefix(&argument, "--export=")) {
    return absl::SimpleAtoi(argument, &options.exported) && options.exported > 0;
  }
  if (!absl::ConsumePrefix(&argument, "--only=") || !IsPart(argument)) return false;
  options.only = std::string(argument);
  return true;
}

int Usage(absl::string_view argument) {
  std::string parts(Part::kResponses);
  for (const Part& part : kParts) absl::StrAppend(&parts, "|", part.name);
  absl::FPrintF(stderr, "'%s' is not understood: canvass-bench [--seconds=N] [--rounds=N] [--export=N]\n[--only=%s]\n",
                argument, parts);
  return 2;
}

int Main(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    if (!Parse(argv[i], options)) return Usage(argv[i]);
  }
  const absl::StatusOr<EchoServer> echo = EchoServer::Start();
  Report report;
  const absl::Status status = echo.ok() ? MeasureAll(options, *echo, report) : echo.status();
  if (!status.ok()) {
    absl::FPrintF(stderr, "%s\n", status.ToString());
    return 2;
  }
  return report.Close() ? 0 : 1;
}

}  // namespace
}  // namespace canvass::bench

int main(int argc, char** argv) { return canvass::bench::Main(argc, argv); }
