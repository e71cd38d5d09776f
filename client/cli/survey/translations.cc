// canvass survey translations: how complete each language is, and tables for translators.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/charts/text_width.h"
#include "client/cli/documents/text_file.h"
#include "client/cli/exit_code.h"
#include "client/cli/output/survey_document.h"
#include "client/cli/survey/subject.h"
#include "client/cli/survey/verbs.h"
#include "client/cli/translations/sheet.h"

namespace canvass::cli {
namespace {

struct TranslationFlags {
  std::string subject;
  std::string export_file;
  std::string import_file;
  std::string language;
};

std::string CompletenessText(const v1::CheckSurveyResponse& check, const Terminal& terminal) {
  Table table({{"LANGUAGE"}, {"OFFERED"}, {"TRANSLATED", Align::kRight}, {"", Align::kRight}});
  std::string missing;
  for (const v1::LanguageReport& report : check.languages()) {
    const int percent = report.texts() == 0 ? 100 : 100 * report.translated() / report.texts();
    table.AddRow({report.language(), report.offered() ? "yes" : "no",
                  absl::StrCat(report.translated(), "/", report.texts()), absl::StrCat(percent, " %")});
    for (const std::string& path : report.missing()) {
      absl::StrAppend(&missing, charts::Printable(report.language()), " lacks ", charts::Printable(path), "\n");
    }
  }
  return absl::StrCat(table.Render(terminal.out, terminal.OutWidth()), missing.empty() ? "" : "\n", missing);
}

absl::Status ShowCompleteness(Session& session, Subject& subject) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::CheckSurveyRequest request;
  request.set_parent(*tenant);
  *request.mutable_definition() = subject.survey.definition();
  const auto check = session.Call(&client::Surveys::CheckSurvey, request);
  if (!check.ok()) return check.status();
  return session.out().PrintAs(*check, CompletenessText(*check, session.out().terminal()));
}

// The survey with its translations goes where it came from.
absl::Status Store(Session& session, const TranslationFlags& flags, const Subject& subject) {
  if (subject.locations.has_value()) {
    absl::Status status = WriteText(session, flags.subject, SurveyYaml(subject.survey), Overwrite::kYes);
    if (status.ok() && flags.subject != "-") session.out().Note("comments in the file were not kept");
    return status;
  }
  v1::UpdateSurveyRequest request;
  // With its etag, so that nobody's change in between is lost.
  *request.mutable_survey() = subject.survey;
  request.mutable_update_mask()->add_paths("definition");
  const auto stored = session.Call(&client::Surveys::UpdateSurvey, request);
  if (!stored.ok()) return stored.status();
  const std::string id = ShortName(stored->name());
  session.out().Note(absl::StrCat("the draft of ", id, " has them; next: canvass survey publish ", id));
  return absl::OkStatus();
}

absl::Status Import(Session& session, const TranslationFlags& flags, Subject& subject) {
  const absl::StatusOr<std::string> sheet = ReadTextFile(flags.import_file);
  if (!sheet.ok()) return sheet.status();
  const auto result = ReadTranslations(*sheet, flags.language, *subject.survey.mutable_definition());
  if (!result.ok()) return UsageError(absl::StrCat(flags.import_file, ":", result.status().message()));
  for (const std::string& problem : result->problems) {
    session.out().Note(absl::StrCat(flags.import_file, ": ", problem));
  }
  session.out().Note(absl::StrCat("translations into ", flags.language, ": ", result->taken, " taken, ",
                                  result->unchanged, " unchanged or empty"));
  if (result->taken > 0) {
    absl::Status status = Store(session, flags, subject);
    if (!status.ok()) return status;
  }
  if (result->problems.empty()) return absl::OkStatus();
  return PartlyDone(absl::StrCat(result->problems.size(), " rows were left out, see above"));
}

absl::Status Translations(Session& session, const TranslationFlags& flags) {
  absl::StatusOr<Subject> subject = LoadSubject(session, flags.subject);
  if (!subject.ok()) return subject.status();
  const bool exports = !flags.export_file.empty();
  const bool imports = !flags.import_file.empty();
  if (!exports && !imports) return ShowCompleteness(session, *subject);
  if (flags.language.empty()) return UsageError("say into which language: --to cs");
  const v1::SurveyDefinition& definition = subject->survey.definition();
  if (flags.language == definition.default_language()) {
    return UsageError(absl::StrCat("--to: ", flags.language, " is the default language, which is translated from"));
  }
  if (imports) return Import(session, flags, *subject);
  return WriteText(session, flags.export_file, TranslationSheet(definition, flags.language), Overwrite::kYes);
}

}  // namespace

void AddTranslations(CommandSet& commands, CLI::App& noun) {
  auto flags = std::make_shared<TranslationFlags>();
  CLI::App& verb = commands.AddVerb(noun, "translations", "Show how complete each language is; export and import texts",
                                    [flags](Session& session) { return Translations(session, *flags); });
  verb.add_option("survey", flags->subject, "Its id, for the draft, or a file with one")->required();
  CLI::Option* to = verb.add_option("--to", flags->language, "The language that is translated into, BCP 47");
  CLI::Option* out = verb.add_option("--export", flags->export_file, "Write the texts to this CSV file; - for output");
  CLI::Option* in = verb.add_option("--import", flags->import_file, "Take translations from this CSV file");
  out->type_name("FILE")->needs(to)->excludes(in);
  in->type_name("FILE")->needs(to);
  verb.footer(
      "  canvass survey translations post-purchase --to cs --export cs.csv\n"
      "  canvass survey translations post-purchase --to cs --import cs.csv\n\n"
      "The table has a path, the source text and the translation in each row (CSV as RFC 4180, UTF-8).\n"
      "A row whose source text has changed since is left out. Add the language to `languages` to offer it.");
}

}  // namespace canvass::cli
