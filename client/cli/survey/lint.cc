// canvass survey lint: everything that publishing would refuse, at the lines of the files, without saving anything.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "client/charts/text_width.h"
#include "client/cli/documents/load.h"
#include "client/cli/exit_code.h"
#include "client/cli/survey/verbs.h"

namespace canvass::cli {
namespace {

using charts::Color;

constexpr int kMissingShown = 3;

// "file:3: error: questions[1].key: is used twice".
std::string FindingText(const v1::FieldViolation& finding, const Locations& locations, const std::string& word) {
  const absl::string_view path = absl::StripPrefix(finding.field(), "definition.");
  return absl::StrCat(locations.Find(finding.field()), ": ", word, " ", charts::Printable(path), ": ",
                      charts::Printable(finding.description()), "\n");
}

std::string MissingText(const v1::LanguageReport& report) {
  const int shown = std::min(kMissingShown, report.missing_size());
  const std::string paths = absl::StrJoin(report.missing().begin(), report.missing().begin() + shown, ", ");
  const int rest = report.texts() - report.translated() - shown;
  return rest > 0 ? absl::StrCat(paths, " and ", rest, " more") : paths;
}

std::string LanguageTable(const v1::CheckSurveyResponse& check, const Terminal& terminal) {
  Table table({{"LANGUAGE"}, {"OFFERED"}, {"TRANSLATED", Align::kRight}, {.title = "MISSING", .fit = Fit::kCut}});
  for (const v1::LanguageReport& report : check.languages()) {
    table.AddRow({report.language(), report.offered() ? "yes" : "no",
                  absl::StrCat(report.translated(), "/", report.texts()), MissingText(report)});
  }
  return table.Render(terminal.out, terminal.OutWidth());
}

std::string Counted(int count, absl::string_view what) { return absl::StrCat(count, " ", what, count == 1 ? "" : "s"); }

std::string CheckText(const v1::Survey& survey, const v1::CheckSurveyResponse& check, const Locations& locations,
                      const Terminal& terminal) {
  std::string text;
  for (const v1::FieldViolation& violation : check.violations()) {
    absl::StrAppend(&text, FindingText(violation, locations, charts::Paint(terminal.out, Color::kRed, "error:")));
  }
  for (const v1::FieldViolation& warning : check.warnings()) {
    absl::StrAppend(&text, FindingText(warning, locations, charts::Paint(terminal.out, Color::kYellow, "warning:")));
  }
  const std::string duration = SpanText(check.expected_duration());
  absl::StrAppend(&text, charts::Paint(terminal.out, Color::kBold, charts::Printable(ShortName(survey.name()))), ": ",
                  check.violations().empty() ? "can be published" : Counted(check.violations_size(), "error"),
                  check.warnings().empty() ? "" : absl::StrCat(", ", Counted(check.warnings_size(), "warning")), "; ",
                  Counted(survey.definition().questions_size(), "question"),
                  duration.empty() ? "" : absl::StrCat(", about ", duration), "\n");
  if (check.languages_size() > 1) absl::StrAppend(&text, LanguageTable(check, terminal));
  return text;
}

absl::Status Lint(Session& session, const std::vector<std::string>& files) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  auto documents = LoadAll<v1::Survey>(files, *tenant, ReadSurvey);
  if (!documents.ok()) return documents.status();
  std::vector<v1::CheckSurveyResponse> checks;
  int violations = 0;
  for (Document<v1::Survey>& document : *documents) {
    v1::CheckSurveyRequest request;
    request.set_parent(*tenant);
    *request.mutable_definition() = document.message.definition();
    auto check = session.Call(&client::Surveys::CheckSurvey, request);
    if (!check.ok()) {
      session.SetLocations(std::move(document.locations));
      return check.status();
    }
    if (session.out().format() == Format::kTable) {
      session.out().PrintText(CheckText(document.message, *check, document.locations, session.out().terminal()));
    }
    violations += check->violations_size();
    checks.push_back(*std::move(check));
  }
  if (session.out().format() != Format::kTable) {
    absl::Status status = session.out().PrintList<v1::CheckSurveyResponse>(checks, {});
    if (!status.ok()) return status;
  }
  if (violations == 0) return absl::OkStatus();
  return NotGood(absl::StrCat(Counted(violations, "error"), "; publishing would be refused"));
}

}  // namespace

void AddLint(CommandSet& commands, CLI::App& noun) {
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App& lint = commands.AddVerb(noun, "lint", "Check survey files without saving anything",
                                    [files](Session& session) { return Lint(session, *files); });
  AddFiles(lint, *files, "The surveys as YAML or JSON")->required();
  lint.footer("Exit code 1 where there are errors; warnings alone are no failure.");
}

}  // namespace canvass::cli
