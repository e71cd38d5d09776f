#include "tests/bench/responses/export_bench.h"

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "canvass/v1/response_service.grpc.pb.h"
#include "server/base/ids.h"
#include "server/base/status_macros.h"
#include "server/mysql/value.h"
#include "tests/bench/acknowledged_stream.h"
#include "tests/bench/responses/process_memory.h"
#include "tests/bench/responses/submit_load.h"

namespace canvass::bench {
namespace {

constexpr int kScanChunk = 1000;
constexpr double kSecondsPerMillionBar = 20;
constexpr double kMillion = 1e6;

absl::Status Fill(const ExportLoad& load, v1::ResponseService::Stub& stub, const testing::Workspace& workspace) {
  const absl::Time begin = absl::Now();
  CANVASS_ASSIGN_OR_RETURN(const double rate,
                           StreamedRate({.duration = absl::InfiniteDuration(), .count = load.responses},
                                        workspace.credential, SubmissionStreams(stub, workspace)));
  absl::PrintF("ExportResponses of %d responses (stored in %.0f s, %.0f a second)\n", load.responses,
               absl::ToDoubleSeconds(absl::Now() - begin), rate);
  return absl::OkStatus();
}

// Seconds that it takes to read the rows that an export reads, and nothing else.
absl::StatusOr<double> Scan(const ExportLoad& load, const testing::Workspace& workspace) {
  CANVASS_ASSIGN_OR_RETURN(const std::unique_ptr<mysql::Connection> connection,
                           mysql::Connection::Open(load.connection));
  const auto last_part = [](const std::string& name) { return name.substr(name.rfind('/') + 1); };
  const absl::Time begin = absl::Now();
  Uuid after;
  while (true) {
    mysql::Params params;
    params.Add(last_part(workspace.tenant)).Add(last_part(workspace.survey)).Add(after).Add(kScanChunk);
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        connection->Query("SELECT response_id, survey_version, contact_id, invitation_id, answer_time, create_time, "
                          "payload FROM responses FORCE INDEX (by_survey) WHERE tenant_id = ? AND survey_id = ? AND "
                          "response_id > ? ORDER BY response_id LIMIT ?",
                          params.values()));
    if (rows.size() < kScanChunk) break;
    after = rows.back().Uuid(0);
  }
  return absl::ToDoubleSeconds(absl::Now() - begin);
}

// Seconds that the whole export takes.
absl::StatusOr<double> Export(const ExportLoad& load, v1::ResponseService::Stub& stub,
                              const testing::Workspace& workspace) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", workspace.credential));
  v1::ExportResponsesRequest request;
  request.set_survey(workspace.survey);
  const absl::Time begin = absl::Now();
  const auto stream = stub.ExportResponses(&context, request);
  int64_t exported = 0;
  v1::ExportResponsesResponse part;
  while (stream->Read(&part)) exported += part.responses_size();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return absl::InternalError(absl::StrCat("the export broke off: ", status.error_message()));
  if (exported == load.responses) return seconds;
  return absl::InternalError(absl::StrCat(exported, " responses were exported, ", load.responses, " stored"));
}

}  // namespace

absl::Status MeasureExport(const ExportLoad& load, const testing::Workspace& workspace, Report& report) {
  const auto stub =
      v1::ResponseService::NewStub(grpc::CreateChannel(workspace.address, grpc::InsecureChannelCredentials()));
  CANVASS_RETURN_IF_ERROR(Fill(load, *stub, workspace));
  CANVASS_ASSIGN_OR_RETURN(const double scan, Scan(load, workspace));
  CANVASS_RETURN_IF_ERROR(ForgetPeak(load.server));
  CANVASS_ASSIGN_OR_RETURN(const ProcessMemory before, MemoryOf(load.server));
  CANVASS_ASSIGN_OR_RETURN(const double seconds, Export(load, *stub, workspace));
  CANVASS_ASSIGN_OR_RETURN(const ProcessMemory after, MemoryOf(load.server));
  absl::PrintF("  exported in %.1f s, the scan alone took %.1f s; server %.0f MB before, at most %.0f, %.0f after\n",
               seconds, scan, before.resident, after.peak, after.resident);
  report.Add({.name = "export_seconds_per_million",
              .value = seconds * kMillion / static_cast<double>(load.responses),
              .bar = kSecondsPerMillionBar,
              .bound = Figure::Bound::kAtMost});
  report.Add({.name = "export_of_scan", .value = scan / seconds});
  report.Add({.name = "export_peak_growth_mb", .value = after.peak - before.resident});
  report.Add({.name = "export_growth_mb", .value = after.resident - before.resident});
  return absl::OkStatus();
}

}  // namespace canvass::bench
