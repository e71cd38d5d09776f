#include "client/cli/responses/export_responses.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/response_service.pb.h"
#include "client/charts/number_text.h"
#include "client/charts/progress.h"
#include "client/cli/command_set.h"
#include "client/cli/exit_code.h"
#include "client/cli/output/message_json.h"
#include "client/cli/published_survey.h"
#include "client/cli/responses/export_columns.h"
#include "client/cli/responses/import_source.h"
#include "client/cli/sending/current_call.h"
#include "client/cli/sending/interrupt.h"
#include "client/cpp/retry.h"
#include "client/cpp/status.h"

namespace canvass::cli {
namespace {

// How long a server may be away.
constexpr absl::Duration kPatience = absl::Minutes(5);
constexpr int kVersionsPage = 100;

// Standard output, or a file that gets its name when it is whole.
class Destination {
 public:
  Destination(Session& session, std::string path) : session_(session), path_(std::move(path)) {}

  absl::Status Open() {
    if (path_.empty()) return absl::OkStatus();
    // A pipe or device is written to as it is.
    std::error_code error;
    const bool direct = std::filesystem::exists(path_, error) && !std::filesystem::is_regular_file(path_, error);
    part_ = direct ? path_ : absl::StrCat(path_, ".part");
    file_.open(part_, std::ios::binary | std::ios::trunc);
    return file_ ? absl::OkStatus() : Failed();
  }

  absl::Status Write(const std::string& text) {
    if (path_.empty()) {
      session_.out().PrintText(text);
      return absl::OkStatus();
    }
    file_ << text;
    return file_ ? absl::OkStatus() : Failed();
  }

  absl::Status Close() {
    if (path_.empty()) return absl::OkStatus();
    file_.close();
    if (!file_) return Failed();
    if (part_ == path_) return absl::OkStatus();
    std::error_code error;
    std::filesystem::rename(part_, path_, error);
    return error ? UsageError(absl::StrCat("cannot write ", path_, ": ", error.message())) : absl::OkStatus();
  }

  // Takes away what was written of a file that does not become whole.
  void Discard() {
    if (path_.empty() || part_ == path_) return;
    std::error_code error;
    std::filesystem::remove(part_, error);
  }

 private:
  absl::Status Failed() const {
    return UsageError(absl::StrCat("cannot write ", part_, ": ", std::generic_category().message(errno)));
  }

  Session& session_;
  const std::string path_;
  std::string part_;
  std::ofstream file_;
};

// Every published version, the latest first.
absl::StatusOr<std::vector<v1::SurveyVersion>> AllVersions(Session& session, const std::string& survey) {
  v1::ListSurveyVersionsRequest request;
  request.set_parent(survey);
  request.set_page_size(kVersionsPage);
  std::vector<v1::SurveyVersion> versions;
  while (true) {
    const auto page = session.Call(&client::Surveys::ListSurveyVersions, request);
    if (!page.ok()) return page.status();
    versions.insert(versions.end(), page->survey_versions().begin(), page->survey_versions().end());
    if (page->next_page_token().empty()) break;
    request.set_page_token(page->next_page_token());
  }
  std::sort(versions.begin(), versions.end(), [](const auto& a, const auto& b) { return a.version() > b.version(); });
  return versions;
}

class ResponseExport {
 public:
  ResponseExport(Session& session, v1::ExportResponsesRequest request, std::optional<ExportColumns> columns,
                 Destination& destination)
      : session_(session),
        request_(std::move(request)),
        columns_(std::move(columns)),
        destination_(destination),
        start_(session.Now()),
        line_([&session](absl::string_view text) { session.out().Tell(text); },
              {.live = session.out().terminal().stderr_is_terminal, .style = session.out().terminal().err}) {}

  absl::Status Run() {
    const absl::StatusOr<client::Client*> client = session_.Connect();
    if (!client.ok()) return client.status();
    if (columns_.has_value()) failed_write_ = destination_.Write(columns_->Header());
    const Interrupt interrupt([this] { current_.Cancel(); });
    absl::Time last_progress = session_.Now();
    int failures = 0;
    while (failed_write_.ok()) {
      const std::string before = request_.resume_token();
      const absl::Status status = ReadStream(**client);
      if (status.ok()) break;
      if (interrupt.seen()) return PartlyDone(absl::StrCat("interrupted after ", Count()));
      if (!failed_write_.ok()) break;
      if (!absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status)) return status;
      const absl::Time now = session_.Now();
      if (request_.resume_token() != before) {
        failures = 0;
        last_progress = now;
      }
      if (now - last_progress > kPatience) return status;
      if (failures == 0)
        session_.out().Note("the connection is lost; going on where it was as soon as a server answers");
      if (interrupt.SleepOrSeen(client::Backoff(client::RetryPolicy(), failures++, absl::Uniform(random_, 0.0, 1.0)))) {
        return PartlyDone(absl::StrCat("interrupted after ", Count()));
      }
    }
    if (!failed_write_.ok()) return failed_write_;
    line_.Finish(HowFar());
    return absl::OkStatus();
  }

  std::string Count() const { return absl::StrCat(charts::CountText(written_), " responses"); }

 private:
  absl::Status ReadStream(client::Client& client) {
    grpc::ClientContext context;
    absl::Status status = client.Prepare(context, {.timeout = absl::InfiniteDuration()});
    if (!status.ok()) return status;
    current_.Set(&context);
    const auto stream = client.stub<client::Responses>().ExportResponses(&context, request_);
    v1::ExportResponsesResponse part;
    while (stream->Read(&part)) {
      failed_write_ = destination_.Write(Text(part));
      if (!failed_write_.ok()) context.TryCancel();
      if (!failed_write_.ok()) continue;
      written_ += part.responses_size();
      request_.set_resume_token(part.resume_token());
      line_.Update(HowFar(), session_.Now());
    }
    status = client::FromGrpc(stream->Finish());
    current_.Set(nullptr);
    return status;
  }

  std::string Text(const v1::ExportResponsesResponse& part) const {
    std::string text;
    if (columns_.has_value()) {
      for (const v1::Response& response : part.responses()) absl::StrAppend(&text, columns_->Row(response));
      return text;
    }
    // As a whole, since what Protobuf has to find out about a type it finds out for each message that it prints.
    const nlohmann::ordered_json json = ToJson(part);
    for (const auto& response : json.value("responses", nlohmann::ordered_json::array())) {
      absl::StrAppend(&text, response.dump(), "\n");
    }
    return text;
  }

  charts::Progress HowFar() const {
    return {.label = "responses", .done = written_, .total = {}, .elapsed = session_.Now() - start_};
  }

  Session& session_;
  v1::ExportResponsesRequest request_;
  const std::optional<ExportColumns> columns_;
  Destination& destination_;
  const absl::Time start_;
  charts::ProgressLine line_;
  CurrentCall current_;
  absl::BitGen random_;
  absl::Status failed_write_;
  std::int64_t written_ = 0;
};

}  // namespace

absl::Status ExportResponses(Session& session, const ResponseExportFlags& flags) {
  const absl::StatusOr<std::string> survey = session.Name("surveys", flags.survey);
  if (!survey.ok()) return survey.status();
  v1::ExportResponsesRequest request;
  request.set_survey(*survey);
  request.set_filter(flags.filter);
  absl::Status status = ReadSinceUntil(flags.since, flags.until, session.Now(), request);
  if (!status.ok()) return status;
  std::optional<ExportColumns> columns;
  if (TableFormatOf(flags.format, flags.out) == TableFormat::kCsv) {
    const auto versions = AllVersions(session, *survey);
    if (!versions.ok()) return versions.status();
    columns.emplace(*versions, flags.facts);
  }
  Destination destination(session, flags.out);
  status = destination.Open();
  if (!status.ok()) return status;
  ResponseExport work(session, std::move(request), std::move(columns), destination);
  status = work.Run();
  if (status.ok()) status = destination.Close();
  if (!status.ok()) {
    destination.Discard();
    return status;
  }
  session.out().Note(absl::StrCat(work.Count(), " exported"));
  return status;
}

}  // namespace canvass::cli
