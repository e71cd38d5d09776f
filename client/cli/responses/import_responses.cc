#include "client/cli/responses/import_responses.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/charts/number_text.h"
#include "client/charts/progress.h"
#include "client/cli/documents/resources.h"
#include "client/cli/documents/text_file.h"
#include "client/cli/exit_code.h"
#include "client/cli/published_survey.h"
#include "client/cli/responses/import_map.h"
#include "client/cli/responses/import_source.h"
#include "client/cli/responses/rejected_rows.h"
#include "client/cli/responses/row_ids.h"
#include "client/cli/responses/row_reader.h"
#include "client/cli/responses/submission_stream.h"

namespace canvass::cli {
namespace {

// The cells of an object of JSON, nested ones by their path: {"quality": {"speed": "good"}} → quality.speed.
void Flatten(const Node& node, const std::string& path, std::vector<std::string>& names, std::vector<Cell>& cells) {
  for (const Member& member : node.members) {
    const std::string name = path.empty() ? member.key : absl::StrCat(path, ".", member.key);
    if (member.value.kind == Node::Kind::kMap) {
      Flatten(member.value, name, names, cells);
      continue;
    }
    names.push_back(name);
    cells.push_back({.text = member.value.text, .plain = !member.value.quoted});
    if (member.value.kind != Node::Kind::kList) continue;
    cells.back().text = absl::StrJoin(member.value.items, ";",
                                      [](std::string* out, const Node& item) { absl::StrAppend(out, item.text); });
  }
}

// Whether an object is a submission as `canvass response submit` reads it, or a response as an export writes it.
bool IsWhole(const Node& node) {
  const Node* answers = node.Find("answers");
  return answers != nullptr && answers->kind == Node::Kind::kList;
}

class ResponseImport {
 public:
  ResponseImport(Session& session, const ResponseImportFlags& flags, std::string tenant, std::string survey,
                 std::unique_ptr<ImportSource> source, RowReader reader)
      : session_(session),
        flags_(flags),
        tenant_(std::move(tenant)),
        survey_(std::move(survey)),
        source_(std::move(source)),
        reader_(std::move(reader)),
        ids_(ImportName()),
        rejected_(RejectsPath(), source_->format(), source_->header()),
        start_(session.Now()),
        line_([&session](absl::string_view text) { session.out().Tell(text); },
              {.live = session.out().terminal().stderr_is_terminal, .style = session.out().terminal().err}) {}

  absl::Status Run() {
    absl::Status status = Begin();
    if (!status.ok()) return status;
    const absl::StatusOr<client::Client*> client = session_.Connect();
    if (!client.ok()) return client.status();
    SubmissionStream stream(
        session_, **client,
        {.next = [this](ImportRow& row) { return Next(row); },
         .settle = [this](const ImportRow& row, const v1::SubmissionOutcome& outcome) { Take(row, outcome); },
         .tick = [this] { line_.Update(HowFar(), session_.Now()); }});
    status = stream.Run();
    line_.Finish(HowFar());
    absl::Status written = rejected_.Close();
    session_.out().Note(Counts());
    if (absl::IsCancelled(status)) return Interrupted();
    if (!status.ok()) return status;
    return written.ok() ? Summary() : written;
  }

 private:
  // Columns that no row can have are found before anything is sent.
  absl::Status Begin() {
    std::error_code error;
    if (std::filesystem::equivalent(rejected_.path(), flags_.file, error)) {
      return UsageError("--rejects: this is the file that is read; say another one");
    }
    if (source_->format() == TableFormat::kNdjson) return absl::OkStatus();
    absl::Status status = reader_.Bind(source_->header(), {.ignore_unknown = flags_.ignore_unknown});
    if (!status.ok()) return UsageError(absl::StrCat(status.message(), "\n", "see: canvass response import --help"));
    const std::vector<std::string> left_out = reader_.LeftOut();
    if (!left_out.empty()) session_.out().Note(absl::StrCat("left out: ", absl::StrJoin(left_out, ", ")));
    return status;
  }

  std::string ImportName() const {
    if (!flags_.name.empty()) return flags_.name;
    return absl::StrCat(ShortName(survey_), "/", std::filesystem::path(flags_.file).filename().string());
  }

  std::string RejectsPath() const {
    if (!flags_.rejects.empty()) return flags_.rejects;
    return absl::StrCat(flags_.file == "-" ? "responses" : flags_.file,
                        source_->format() == TableFormat::kCsv ? ".rejected.csv" : ".rejected.ndjson");
  }

  // The next row that can be sent; those that cannot are rejected on the way.
  bool Next(ImportRow& row) {
    while (std::optional<ImportRecord> record = source_->Next()) {
      row.record = *std::move(record);
      v1::SubmitResponseRequest& submission = row.request;
      const std::string id = ids_.Next(row.record.Content());
      std::vector<RowFault> faults = Read(row.record, submission);
      if (!faults.empty()) {
        rejected_.Add(row.record, faults);
        continue;
      }
      if (submission.request_id().empty() && submission.invitation_token().empty()) submission.set_request_id(id);
      submission.set_validate_only(flags_.dry_run);
      return true;
    }
    return false;
  }

  std::vector<RowFault> Read(const ImportRecord& record, v1::SubmitResponseRequest& submission) {
    if (!record.problem.empty()) return {{"", record.problem}};
    std::vector<Cell> cells;
    if (source_->format() == TableFormat::kCsv) {
      for (const std::string& field : record.fields) cells.push_back({.text = FromSpreadsheetText(field)});
      return reader_.Read(cells, submission);
    }
    if (IsWhole(record.node)) return ReadWhole(record, submission);
    std::vector<std::string> names;
    Flatten(record.node, "", names, cells);
    if (names != bound_) {
      bound_ = names;
      bind_status_ = reader_.Bind(names, {.ignore_unknown = flags_.ignore_unknown, .complete = false});
    }
    if (!bind_status_.ok()) return {{"", std::string(bind_status_.message())}};
    return reader_.Read(cells, submission);
  }

  std::vector<RowFault> ReadWhole(const ImportRecord& record, v1::SubmitResponseRequest& submission) {
    Node node = record.node;
    std::erase_if(node.members, [](const Member& member) { return member.key == "problem"; });
    auto document = ReadResponse(node, {.source = source_->name(), .tenant = tenant_});
    if (!document.ok()) return {{"", std::string(document.status().message())}};
    submission = std::move(document->message);
    v1::Response& response = *submission.mutable_response();
    if (!response.survey().empty() && ShortName(response.survey()) != ShortName(survey_)) {
      return {{"survey", absl::StrCat("is '", ShortName(response.survey()), "', not ", ShortName(survey_))}};
    }
    response.set_survey(survey_);
    // The version that is published here is the one that is answered.
    response.clear_survey_version();
    // Staff's words are not taken in.
    response.clear_tags();
    response.clear_note();
    return {};
  }

  void Take(const ImportRow& row, const v1::SubmissionOutcome& outcome) {
    if (outcome.has_problem()) {
      rejected_.Add(row.record, reader_.FaultsOf(outcome.problem(), row.request));
    } else {
      ++(outcome.result().repeated_call() ? known_ : stored_);
      hidden_ += outcome.result().hidden_answers().empty() ? 0 : 1;
    }
    rejected_.Settle(row.record.number);
  }

  std::int64_t done() const { return stored_ + known_ + rejected_.count(); }

  charts::Progress HowFar() const {
    std::optional<std::int64_t> total = source_->total();
    if (total.has_value()) total = std::max(*total, done());
    const std::string rejected =
        rejected_.count() > 0 ? absl::StrCat(", ", charts::CountText(rejected_.count()), " rejected") : "";
    return {.label = absl::StrCat("responses", rejected),
            .done = done(),
            .total = total,
            .elapsed = session_.Now() - start_};
  }

  std::string Counts() const {
    std::string text =
        absl::StrCat(charts::CountText(stored_), flags_.dry_run ? " good (nothing was stored)" : " stored", ", ",
                     charts::CountText(known_), " already there, ", charts::CountText(rejected_.count()), " rejected");
    if (hidden_ > 0)
      absl::StrAppend(&text, "; of ", charts::CountText(hidden_), " answers that the logic hides were left out");
    if (rejected_.count() > 0) absl::StrAppend(&text, ": ", rejected_.Reasons());
    return text;
  }

  absl::Status Interrupted() const {
    const std::string of =
        source_->total().has_value() ? absl::StrCat(" of ", charts::CountText(*source_->total())) : "";
    return PartlyDone(absl::StrCat("interrupted after ", charts::CountText(done()), of,
                                   " rows; run the same command again to go on"));
  }

  absl::Status Summary() const {
    if (rejected_.count() == 0) return absl::OkStatus();
    return PartlyDone(absl::StrCat(charts::CountText(rejected_.count()), " of ", charts::CountText(done()),
                                   " rows were rejected; they are in ", rejected_.path(),
                                   ", each with its problem: mend them there and import that file"));
  }

  Session& session_;
  const ResponseImportFlags& flags_;
  const std::string tenant_;
  const std::string survey_;
  const std::unique_ptr<ImportSource> source_;
  RowReader reader_;
  RowIds ids_;
  RejectedRows rejected_;
  const absl::Time start_;
  charts::ProgressLine line_;
  // Of NDJSON: which names the reader is bound to.
  std::vector<std::string> bound_;
  absl::Status bind_status_;
  std::int64_t stored_ = 0;
  std::int64_t known_ = 0;
  std::int64_t hidden_ = 0;
};

absl::StatusOr<ImportMap> ReadMap(const std::string& file, const v1::SurveyDefinition& definition) {
  if (file.empty()) return ImportMap::Make(definition, nullptr, "");
  const absl::StatusOr<std::string> text = ReadTextFile(file);
  if (!text.ok()) return text.status();
  const absl::StatusOr<std::vector<Node>> documents = ParseYaml(*text);
  if (!documents.ok()) return UsageError(absl::StrCat(file, ":", documents.status().message()));
  if (documents->size() != 1) return UsageError(absl::StrCat(file, ": expected one document"));
  return ImportMap::Make(definition, &documents->front(), file);
}

}  // namespace

absl::Status ImportResponses(Session& session, const ResponseImportFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  if (flags.file == "-" && flags.name.empty()) {
    return UsageError("say --name: what tells this import from others, so that running it again stores nothing twice");
  }
  const std::string survey = FullName(*tenant, "surveys", flags.survey);
  auto source = ImportSource::Open(flags.file, TableFormatOf(flags.format, flags.file));
  if (!source.ok()) return source.status();
  const absl::StatusOr<v1::SurveyVersion> version = PublishedSurvey(session, survey, 0);
  if (!version.ok()) return version.status();
  absl::StatusOr<ImportMap> map = ReadMap(flags.map, version->definition());
  if (!map.ok()) return map.status();
  session.BePatient();
  return ResponseImport(session, flags, *tenant, survey, *std::move(source),
                        RowReader(*std::move(map), *tenant, survey))
      .Run();
}

}  // namespace canvass::cli
