#include "tests/bench/responses/submit_bench.h"

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <vector>

#include "absl/strings/str_format.h"
#include "canvass/v1/response_service.grpc.pb.h"
#include "server/base/status_macros.h"
#include "tests/bench/acknowledged_stream.h"
#include "tests/bench/responses/submit_load.h"
#include "tests/process/process_memory.h"

namespace canvass::bench {
namespace {

// Of those that come by themselves: less than the server queues.
constexpr int kMaxUnderWay = 8192;
constexpr int kStreams = 4;
// In megabytes, without the database.
constexpr double kMemoryBar = 400;

MakeSubmissionFunction Submissions(const SubmitBench& bench) {
  return [&bench](int64_t n) { return testing::MakeSubmission(bench.workspace, n); };
}

// The same calls to the echo.
absl::StatusOr<LoadResult> Echo(const SubmitBench& bench, LoadOptions options) {
  options.address = bench.echo.address();
  options.credential.clear();
  return RunSubmitLoad("echo", options, Submissions(bench));
}

absl::StatusOr<double> StreamRate(const SubmitBench& bench) {
  const auto stub =
      v1::ResponseService::NewStub(grpc::CreateChannel(bench.workspace.address, grpc::InsecureChannelCredentials()));
  return StreamedRate({.streams = kStreams, .duration = bench.duration}, bench.workspace.credential,
                      SubmissionStreams(*stub, bench.workspace));
}

}  // namespace

absl::Status MeasureUnary512(const SubmitBench& bench, Report& report) {
  absl::PrintF("unary SubmitResponse, 512 in flight, every acknowledgement durable\n");
  const LoadOptions options = SubmitOptions(bench.workspace, 512, bench.duration);
  std::vector<double> rates;
  std::vector<double> of_echo;
  std::vector<double> of_raw;
  for (int round = 0; round < bench.rounds; ++round) {
    CANVASS_ASSIGN_OR_RETURN(const double raw_rate, RawInsertRate(bench.raw));
    CANVASS_ASSIGN_OR_RETURN(const LoadResult echo, Echo(bench, options));
    CANVASS_ASSIGN_OR_RETURN(const LoadResult submitted, RunSubmitLoad("SubmitResponse", options, Submissions(bench)));
    rates.push_back(submitted.rate());
    of_echo.push_back(submitted.rate() / echo.rate());
    of_raw.push_back(submitted.rate() / raw_rate);
  }
  report.Add({.name = "submit_unary_512", .value = Median(of_echo), .bar = 0.6});
  report.Add({.name = "submit_unary_512_per_second", .value = Median(rates)});
  report.Add({.name = "submit_unary_512_of_raw_insert", .value = Median(of_raw)});
  return absl::OkStatus();
}

absl::Status MeasureUnary1(const SubmitBench& bench, Report& report) {
  absl::PrintF("unary SubmitResponse, one in flight\n");
  const LoadOptions options = SubmitOptions(bench.workspace, 1, bench.duration);
  RawInsertOptions raw = bench.raw;
  raw.rows_per_statement = 1;
  std::vector<double> millis;
  std::vector<double> ratios;
  for (int round = 0; round < bench.rounds; ++round) {
    CANVASS_ASSIGN_OR_RETURN(const absl::Duration insert, RawInsertLatency(raw));
    CANVASS_ASSIGN_OR_RETURN(const LoadResult echo, Echo(bench, options));
    CANVASS_ASSIGN_OR_RETURN(const LoadResult submitted, RunSubmitLoad("SubmitResponse", options, Submissions(bench)));
    absl::PrintF("  %-24s p50 %.2f ms\n", "raw insert of one row", absl::ToDoubleMilliseconds(insert));
    millis.push_back(absl::ToDoubleMilliseconds(submitted.Percentile(0.5)));
    ratios.push_back(absl::FDivDuration(submitted.Percentile(0.5), echo.Percentile(0.5) + insert));
  }
  report.Add({.name = "submit_unary_1", .value = Median(ratios), .bar = 1.5, .bound = Figure::Bound::kAtMost});
  report.Add({.name = "submit_unary_1_ms", .value = Median(millis)});
  return absl::OkStatus();
}

absl::Status MeasureTail(const SubmitBench& bench, Report& report) {
  absl::PrintF("unary SubmitResponse at 70 %% of the peak, calls that come by themselves\n");
  std::vector<double> ratios;
  std::vector<double> millis;
  for (int round = 0; round < bench.rounds; ++round) {
    LoadOptions options = SubmitOptions(bench.workspace, 512, bench.duration);
    CANVASS_ASSIGN_OR_RETURN(const LoadResult peak, RunSubmitLoad("peak", options, Submissions(bench)));
    options.in_flight = kMaxUnderWay;
    CANVASS_ASSIGN_OR_RETURN(const LoadResult below,
                             RunOpenLoad("at 70 %", options, 0.7 * peak.rate(), Submissions(bench)));
    ratios.push_back(absl::FDivDuration(below.Percentile(0.99), below.Percentile(0.5)));
    millis.push_back(absl::ToDoubleMilliseconds(below.Percentile(0.99)));
  }
  report.Add({.name = "p99_of_p50_at_70", .value = Median(ratios), .bar = 5, .bound = Figure::Bound::kAtMost});
  report.Add({.name = "p99_at_70_ms", .value = Median(millis)});
  return absl::OkStatus();
}

absl::Status MeasureStreams(const SubmitBench& bench, Report& report) {
  absl::PrintF("StreamResponses, %d streams, every acknowledgement durable\n", kStreams);
  std::vector<double> rates;
  std::vector<double> ratios;
  for (int round = 0; round < bench.rounds; ++round) {
    CANVASS_ASSIGN_OR_RETURN(const double raw_rate, RawInsertRate(bench.raw));
    CANVASS_ASSIGN_OR_RETURN(const double rate, StreamRate(bench));
    absl::PrintF("  %-24s %9.0f responses/s, %.3f of %.0f raw rows/s\n", "StreamResponses", rate, rate / raw_rate,
                 raw_rate);
    rates.push_back(rate);
    ratios.push_back(rate / raw_rate);
  }
  report.Add({.name = "submit_stream", .value = Median(ratios), .bar = 0.4});
  report.Add({.name = "submit_stream_per_second", .value = Median(rates)});
  return absl::OkStatus();
}

absl::Status MeasureMemory(const SubmitBench& bench, pid_t server, Report& report) {
  absl::PrintF("memory of the server\n");
  CANVASS_RETURN_IF_ERROR(
      RunSubmitLoad("SubmitResponse", SubmitOptions(bench.workspace, 512, bench.duration), Submissions(bench))
          .status());
  CANVASS_RETURN_IF_ERROR(StreamRate(bench).status());
  CANVASS_ASSIGN_OR_RETURN(const testing::ProcessMemory memory, testing::MemoryOf(server));
  absl::PrintF("  %.0f MB, at most %.0f\n", memory.resident, memory.peak);
  report.Add({.name = "server_peak_mb", .value = memory.peak, .bar = kMemoryBar, .bound = Figure::Bound::kAtMost});
  return absl::OkStatus();
}

}  // namespace canvass::bench
