// canvass survey import, export: surveys of other systems, and files of ours.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/cli/documents/text_file.h"
#include "client/cli/exit_code.h"
#include "client/cli/output/survey_document.h"
#include "client/cli/survey/subject.h"
#include "client/cli/survey/verbs.h"
#include "client/surveyjs/surveyjs_export.h"
#include "client/surveyjs/surveyjs_import.h"

namespace canvass::cli {
namespace {

constexpr std::size_t kMaxId = 63;

struct ExchangeFlags {
  std::string subject;
  std::string id;
  std::string out;
  std::string import_format = "surveyjs";
  std::string export_format = "yaml";
  int version = 0;
  bool apply = false;
  bool force = false;
};

// What could not be carried over, or was changed, as a table to standard error: it is not the result.
void TellNotes(Session& session, const std::vector<surveyjs::Note>& notes) {
  if (notes.empty()) return;
  Table table({{"WHERE"}, {.title = "NOTE", .fit = Fit::kCut}});
  for (const surveyjs::Note& note : notes) table.AddRow({note.path, note.message});
  // Notes are read whole, so nothing is cut.
  session.out().Tell(table.Render(session.out().terminal().err, 0));
}

// "Customer survey 2026.json" → "customer-survey-2026".
std::string IdOf(const std::string& file) {
  std::string id;
  for (const char c : std::filesystem::path(file).stem().string()) {
    const bool plain = absl::ascii_isalnum(static_cast<unsigned char>(c));
    if (plain) id.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    if (!plain && !id.empty() && id.back() != '-') id.push_back('-');
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  if (id.empty() || !absl::ascii_isalpha(static_cast<unsigned char>(id.front()))) id = absl::StrCat("imported", id);
  return id.substr(0, kMaxId);
}

absl::Status Create(Session& session, const v1::Survey& survey, const std::string& id) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::CreateSurveyRequest request;
  request.set_parent(*tenant);
  request.set_survey_id(id);
  *request.mutable_survey() = survey;
  const absl::StatusOr<v1::Survey> created = session.Call(&client::Surveys::CreateSurvey, request);
  if (!created.ok()) return created.status();
  session.out().Note(absl::StrCat("survey ", id, " has the import as its draft; next: canvass survey preview ", id));
  return session.out().format() == Format::kTable ? absl::OkStatus()
                                                  : session.out().PrintOne(*created, SurveyColumns());
}

absl::Status Import(Session& session, const ExchangeFlags& flags) {
  const absl::StatusOr<std::string> json = ReadTextFile(flags.subject);
  if (!json.ok()) return json.status();
  const absl::StatusOr<surveyjs::Imported> imported = surveyjs::Import(*json);
  if (!imported.ok()) return UsageError(absl::StrCat(flags.subject, ": ", imported.status().message()));
  TellNotes(session, imported->notes);
  const std::string id = !flags.id.empty() ? flags.id : IdOf(flags.subject);
  v1::Survey survey;
  survey.set_name(FullName(TenantName(""), "surveys", id));
  survey.set_display_name(imported->display_name);
  *survey.mutable_definition() = imported->definition;
  if (flags.apply) return Create(session, survey, id);
  absl::Status status =
      WriteText(session, flags.out, SurveyYaml(survey), flags.force ? Overwrite::kYes : Overwrite::kNo);
  if (status.ok() && !flags.out.empty()) session.out().Note(absl::StrCat("next: canvass survey lint ", flags.out));
  return status;
}

absl::Status Export(Session& session, const ExchangeFlags& flags) {
  absl::StatusOr<Subject> subject = LoadSubject(session, flags.subject);
  if (!subject.ok()) return subject.status();
  v1::Survey& survey = subject->survey;
  if (flags.version != 0) {
    if (subject->locations.has_value()) return UsageError("--version is for a stored survey, not for a file");
    v1::GetSurveyVersionRequest request;
    request.set_name(VersionName(survey.name(), flags.version));
    const auto version = session.Call(&client::Surveys::GetSurveyVersion, request);
    if (!version.ok()) return version.status();
    *survey.mutable_definition() = version->definition();
  }
  const Overwrite overwrite = flags.force ? Overwrite::kYes : Overwrite::kNo;
  if (flags.export_format == "yaml") return WriteText(session, flags.out, SurveyYaml(survey), overwrite);
  const absl::StatusOr<surveyjs::Exported> exported = surveyjs::Export(survey.definition(), survey.display_name());
  if (!exported.ok()) return UsageError(absl::StrCat(flags.subject, ": ", exported.status().message()));
  TellNotes(session, exported->notes);
  return WriteText(session, flags.out, exported->json, overwrite);
}

}  // namespace

void AddExchange(CommandSet& commands, CLI::App& noun) {
  auto flags = std::make_shared<ExchangeFlags>();
  CLI::App& import = commands.AddVerb(noun, "import", "Turn another system's survey into ours",
                                      [flags](Session& session) { return Import(session, *flags); });
  import.add_option("file", flags->subject, "The file; - for standard input")->type_name("FILE")->required();
  import.add_option("--format", flags->import_format, "What it is")
      ->check(CLI::IsMember({"surveyjs"}))
      ->capture_default_str();
  import.add_option("--id", flags->id, "The survey's id; after the file's name if not given");
  CLI::Option* out = AddOut(import, flags->out);
  import.add_flag("--apply", flags->apply, "Store it as a new draft instead of writing a file")->excludes(out);
  import.add_flag("--force", flags->force, "Replace the file if it exists");
  import.footer("What could not be carried over, or was changed, is told on standard error.");

  CLI::App& exporting = commands.AddVerb(noun, "export", "Write a survey as a file",
                                         [flags](Session& session) { return Export(session, *flags); });
  exporting.add_option("survey", flags->subject, "Its id, or a file with one")->required();
  exporting.add_option("--version", flags->version, "This version; the draft if not given")->check(CLI::PositiveNumber);
  exporting.add_option("--format", flags->export_format, "As what")
      ->check(CLI::IsMember({"yaml", "surveyjs"}))
      ->capture_default_str();
  AddOut(exporting, flags->out);
  exporting.add_flag("--force", flags->force, "Replace the file if it exists");
}

}  // namespace canvass::cli
