// canvass survey publish, close, reopen, archive, restore, copy: the states of a survey.

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/output/survey_changes.h"
#include "client/cli/survey/subject.h"
#include "client/cli/survey/verbs.h"

namespace canvass::cli {
namespace {

struct LifecycleFlags {
  std::string id;
  std::string new_id;
  std::string display_name;
  int version = 0;
};

// Calls a method that takes a survey's name alone, and prints the survey.
template <typename Request>
absl::Status Act(Session& session, const std::string& name,
                 grpc::Status (client::Surveys::*method)(grpc::ClientContext*, const Request&, v1::Survey*)) {
  Request request;
  request.set_name(name);
  const absl::StatusOr<v1::Survey> survey = session.Call(method, request);
  return survey.ok() ? session.out().PrintOne(*survey, SurveyColumns()) : survey.status();
}

// Shows what would change for respondents, and asks where metrics would start anew.
absl::Status ReviewChanges(Session& session, const v1::Survey& survey) {
  v1::DiffSurveyVersionsRequest request;
  request.set_base(VersionName(survey.name(), survey.published_version()));
  request.set_target(survey.name());
  const auto diff = session.Call(&client::Surveys::DiffSurveyVersions, request);
  if (!diff.ok()) return diff.status();
  const Terminal& terminal = session.out().terminal();
  session.out().Note(absl::StrCat("changes since version ", survey.published_version(), ":"));
  session.out().Tell(SurveyChangesText(*diff, terminal.err, terminal.ErrWidth()));
  const std::vector<std::string> anew = NewSeries(*diff);
  if (anew.empty()) return absl::OkStatus();
  return session.Confirm(
      absl::StrCat("Publish ", ShortName(survey.name()),
                   "? Metrics start a new series, not comparable with the old one: ", absl::StrJoin(anew, "; "), "."));
}

absl::Status Publish(Session& session, const LifecycleFlags& flags) {
  const absl::StatusOr<v1::Survey> survey = GetSurvey(session, flags.id);
  if (!survey.ok()) return survey.status();
  if (survey->published_version() > 0) {
    absl::Status status = ReviewChanges(session, *survey);
    if (!status.ok()) return status;
  }
  v1::PublishSurveyRequest request;
  request.set_name(survey->name());
  // What was shown is what is published.
  request.set_etag(survey->etag());
  const absl::StatusOr<v1::Survey> published = session.Call(&client::Surveys::PublishSurvey, request);
  return published.ok() ? session.out().PrintOne(*published, SurveyColumns()) : published.status();
}

absl::Status Close(Session& session, const LifecycleFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("surveys", flags.id);
  if (!name.ok()) return name.status();
  absl::Status status = session.Confirm(
      absl::StrCat("Close survey ", ShortName(*name), "? It takes no more answers until it is reopened."));
  return status.ok() ? Act(session, *name, &client::Surveys::CloseSurvey) : status;
}

absl::Status Reopen(Session& session, const LifecycleFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("surveys", flags.id);
  return name.ok() ? Act(session, *name, &client::Surveys::ReopenSurvey) : name.status();
}

absl::Status Archive(Session& session, const LifecycleFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("surveys", flags.id);
  if (!name.ok()) return name.status();
  absl::Status status = session.Confirm(absl::StrCat(
      "Archive survey ", ShortName(*name), "? It takes no more answers and leaves the lists until it is restored."));
  return status.ok() ? Act(session, *name, &client::Surveys::ArchiveSurvey) : status;
}

absl::Status Restore(Session& session, const LifecycleFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("surveys", flags.id);
  return name.ok() ? Act(session, *name, &client::Surveys::RestoreSurvey) : name.status();
}

absl::Status Copy(Session& session, const LifecycleFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("surveys", flags.id);
  if (!name.ok()) return name.status();
  v1::CopySurveyRequest request;
  request.set_source(flags.version == 0 ? *name : VersionName(*name, flags.version));
  request.set_survey_id(flags.new_id);
  request.set_display_name(flags.display_name);
  const absl::StatusOr<v1::Survey> copy = session.Call(&client::Surveys::CopySurvey, request);
  return copy.ok() ? session.out().PrintOne(*copy, SurveyColumns()) : copy.status();
}

}  // namespace

void AddLifecycle(CommandSet& commands, CLI::App& noun) {
  auto flags = std::make_shared<LifecycleFlags>();
  const auto add = [&](const char* name, const char* description,
                       absl::Status (*run)(Session&, const LifecycleFlags&)) -> CLI::App& {
    CLI::App& verb =
        commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
    verb.add_option("survey", flags->id, "Its id")->required();
    return verb;
  };
  add("publish", "Freeze the draft as the next version", Publish)
      .footer("Says what changes since the version before, and asks where metrics would start a new series.");
  add("close", "Take no more answers", Close);
  add("reopen", "Take answers again", Reopen);
  add("archive", "Close it and put it out of lists", Archive);
  add("restore", "Bring an archived survey back, closed", Restore);
  CLI::App& copy = add("copy", "Make a draft like another survey", Copy);
  copy.add_option("new_id", flags->new_id, "The copy's id")->required();
  copy.add_option("--version", flags->version, "Copy this version; the draft if not given")->check(CLI::PositiveNumber);
  copy.add_option("--name", flags->display_name, "The copy's name for people; the survey's if not given");
}

}  // namespace canvass::cli
