// canvass survey diff: what changed from one version to another.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/cli/exit_code.h"
#include "client/cli/output/survey_changes.h"
#include "client/cli/survey/subject.h"
#include "client/cli/survey/verbs.h"

namespace canvass::cli {
namespace {

struct DiffFlags {
  std::string id;
  int from = 0;
  int to = 0;
};

absl::Status Diff(Session& session, const DiffFlags& flags) {
  if (IsFile(flags.id)) {
    return UsageError(absl::StrCat("'", flags.id,
                                   "' is a file, and stored surveys are compared: apply it, then diff the survey; "
                                   "canvass survey apply --dry-run ",
                                   flags.id, " says whether it changes anything"));
  }
  const absl::StatusOr<v1::Survey> survey = GetSurvey(session, flags.id);
  if (!survey.ok()) return survey.status();
  const int from = flags.from != 0 ? flags.from : survey->published_version();
  if (from == 0) {
    return UsageError(absl::StrCat("survey ", ShortName(survey->name()),
                                   " was never published, so there is nothing to compare its draft with"));
  }
  v1::DiffSurveyVersionsRequest request;
  request.set_base(VersionName(survey->name(), from));
  request.set_target(flags.to == 0 ? survey->name() : VersionName(survey->name(), flags.to));
  const auto diff = session.Call(&client::Surveys::DiffSurveyVersions, request);
  if (!diff.ok()) return diff.status();
  const Terminal& terminal = session.out().terminal();
  session.out().Note(
      absl::StrCat("from version ", from, " to ", flags.to == 0 ? "the draft" : absl::StrCat("version ", flags.to)));
  return session.out().PrintAs(*diff, SurveyChangesText(*diff, terminal.out, terminal.OutWidth()));
}

}  // namespace

void AddDiff(CommandSet& commands, CLI::App& noun) {
  auto flags = std::make_shared<DiffFlags>();
  CLI::App& diff = commands.AddVerb(noun, "diff", "Show what changed, and which metrics stay comparable",
                                    [flags](Session& session) { return Diff(session, *flags); });
  diff.add_option("survey", flags->id, "Its id")->required();
  diff.add_option("--from", flags->from, "The older version; the published one if not given")
      ->check(CLI::PositiveNumber);
  diff.add_option("--to", flags->to, "The newer version; the draft if not given")->check(CLI::PositiveNumber);
  diff.footer("+ is new, - is gone, ~ says something else, > stands elsewhere.");
}

}  // namespace canvass::cli
