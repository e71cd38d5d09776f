// canvass survey init: a file to start from.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/documents/nearest.h"
#include "client/cli/exit_code.h"
#include "client/cli/survey/subject.h"
#include "client/cli/survey/verbs.h"
#include "client/cli/templates/template_library.h"

namespace canvass::cli {
namespace {

struct InitFlags {
  std::string name = "nps";
  TemplateOptions fill;
  std::string file;
  bool list = false;
  bool force = false;
};

absl::Status List(Session& session) {
  if (session.out().format() == Format::kName) {
    for (const SurveyTemplate& one : SurveyTemplates()) session.out().PrintText(absl::StrCat(one.name, "\n"));
    return absl::OkStatus();
  }
  Table table({{"TEMPLATE"}, {"LANGUAGES"}, {.title = "ABOUT", .fit = Fit::kCut}});
  for (const SurveyTemplate& one : SurveyTemplates()) {
    table.AddRow({std::string(one.name), absl::StrJoin(TemplateLanguages(one), " "), AboutTemplate(one)});
  }
  const Terminal& terminal = session.out().terminal();
  session.out().PrintText(table.Render(terminal.out, terminal.OutWidth()));
  return absl::OkStatus();
}

absl::Status Init(Session& session, const InitFlags& flags) {
  if (flags.list) return List(session);
  const SurveyTemplate* found = FindTemplate(flags.name);
  if (found == nullptr) {
    std::vector<std::string> names;
    for (const SurveyTemplate& one : SurveyTemplates()) names.emplace_back(one.name);
    return UsageError(absl::StrCat("there is no template '", flags.name, "'", Suggestion(flags.name, names),
                                   "; canvass survey init --list shows them"));
  }
  const absl::StatusOr<std::string> yaml = FillTemplate(*found, flags.fill);
  if (!yaml.ok()) return UsageError(yaml.status().message());
  absl::Status status = WriteText(session, flags.file, *yaml, flags.force ? Overwrite::kYes : Overwrite::kNo);
  if (status.ok() && !flags.file.empty() && flags.file != "-") {
    session.out().Note(
        absl::StrCat("next: canvass survey preview ", flags.file, ", canvass survey apply --publish ", flags.file));
  }
  return status;
}

}  // namespace

void AddInit(CommandSet& commands, CLI::App& noun) {
  auto flags = std::make_shared<InitFlags>();
  CLI::App& init = commands.AddVerb(noun, "init", "Write a survey to start from",
                                    [flags](Session& session) { return Init(session, *flags); });
  init.add_option("--template", flags->name, "Which one")->capture_default_str();
  init.add_option("--language", flags->fill.languages, "Only these, the default one first; all if not given");
  init.add_option("--id", flags->fill.id, "The survey's id; the template's if not given");
  AddOut(init, flags->file);
  init.add_flag("--force", flags->force, "Replace the file if it exists");
  init.add_flag("--list", flags->list, "Show the templates");
  init.footer("  canvass survey init --template csat-support --language cs sk --id podpora -o podpora.yaml");
}

}  // namespace canvass::cli
