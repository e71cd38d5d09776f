#include "tests/bench/responses/export_bench.h"

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "canvass/v1/response_service.grpc.pb.h"
#include "server/base/ids.h"
#include "server/base/status_macros.h"
#include "server/mysql/value.h"
#include "tests/bench/acknowledged_stream.h"
#include "tests/bench/responses/submit_load.h"
#include "tests/process/process_memory.h"

namespace canvass::bench {
namespace {

constexpr int kScanChunk = 1000;
constexpr double kSecondsPerMillionBar = 20;
constexpr double kMillion = 1e6;
// In which memory is looked at.
constexpr int kParts = 10;

// Stores the responses and returns how many there are: the last message may carry a few more than asked for. Reports
// how much more memory the server holds in the end than after the first tenth.
absl::StatusOr<int64_t> Fill(const ExportLoad& load, v1::ResponseService::Stub& stub,
                             const testing::Workspace& workspace, Report& report) {
  const auto streams = SubmissionStreams(stub, workspace);
  const int64_t part = (load.responses / kParts + streams.items - 1) / streams.items * streams.items;
  std::vector<double> memory;
  absl::PrintF("StreamResponses of %d responses\n", kParts * part);
  for (int i = 0; i < kParts; ++i) {
    CANVASS_ASSIGN_OR_RETURN(const double rate, StreamedRate({.duration = absl::InfiniteDuration(), .count = part},
                                                             workspace.credential, streams));
    CANVASS_ASSIGN_OR_RETURN(const testing::ProcessMemory now, testing::MemoryOf(load.server));
    memory.push_back(now.resident);
    absl::PrintF("  %9d stored, %.0f a second; server %.0f MB\n", (i + 1) * part, rate, now.resident);
  }
  report.Add({.name = "fill_growth_mb", .value = memory.back() - memory.front()});
  return kParts * part;
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
absl::StatusOr<double> Export(int64_t stored, v1::ResponseService::Stub& stub, const testing::Workspace& workspace) {
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
  if (exported == stored) return seconds;
  return absl::InternalError(absl::StrCat(exported, " responses were exported, ", stored, " stored"));
}

}  // namespace

absl::Status MeasureExport(const ExportLoad& load, const testing::Workspace& workspace, Report& report) {
  const auto stub =
      v1::ResponseService::NewStub(grpc::CreateChannel(workspace.address, grpc::InsecureChannelCredentials()));
  CANVASS_ASSIGN_OR_RETURN(const int64_t stored, Fill(load, *stub, workspace, report));
  CANVASS_ASSIGN_OR_RETURN(const double scan, Scan(load, workspace));
  CANVASS_RETURN_IF_ERROR(testing::ForgetPeak(load.server));
  CANVASS_ASSIGN_OR_RETURN(const testing::ProcessMemory before, testing::MemoryOf(load.server));
  CANVASS_ASSIGN_OR_RETURN(const double seconds, Export(stored, *stub, workspace));
  CANVASS_ASSIGN_OR_RETURN(const testing::ProcessMemory after, testing::MemoryOf(load.server));
  absl::PrintF("  exported in %.1f s, the scan alone took %.1f s; server %.0f MB before, at most %.0f, %.0f after\n",
               seconds, scan, before.resident, after.peak, after.resident);
  report.Add({.name = "export_seconds_per_million",
              .value = seconds * kMillion / static_cast<double>(stored),
              .bar = kSecondsPerMillionBar,
              .bound = Figure::Bound::kAtMost});
  report.Add({.name = "export_of_scan", .value = scan / seconds});
  report.Add({.name = "export_peak_growth_mb", .value = after.peak - before.resident});
  report.Add({.name = "export_growth_mb", .value = after.resident - before.resident});
  return absl::OkStatus();
}

}  // namespace canvass::bench
