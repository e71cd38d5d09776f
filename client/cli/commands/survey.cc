// canvass survey: questionnaires and their versions.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/survey.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/load.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/output/survey_view.h"
#include "client/cli/paging.h"
#include "google/protobuf/util/message_differencer.h"

namespace canvass::cli {
namespace {

Columns<v1::Survey> SurveyColumns() {
  return {
      {{"SURVEY"}, [](const v1::Survey& s) { return ShortName(s.name()); }},
      {{.title = "NAME", .fit = Fit::kCut}, [](const v1::Survey& s) { return s.display_name(); }},
      {{"STATE"}, [](const v1::Survey& s) { return EnumText(*v1::Survey::State_descriptor(), s.state()); }},
      {{"VERSION", Align::kRight},
       [](const v1::Survey& s) {
         return s.published_version() == 0 ? std::string() : absl::StrCat(s.published_version());
       }},
      {{"QUESTIONS", Align::kRight}, [](const v1::Survey& s) { return absl::StrCat(s.definition().questions_size()); }},
      {{"UPDATED"}, [](const v1::Survey& s) { return TimeText(s.update_time()); }},
  };
}

Columns<v1::SurveyVersion> VersionColumns() {
  return {
      {{"VERSION", Align::kRight}, [](const v1::SurveyVersion& v) { return absl::StrCat(v.version()); }},
      {{"PUBLISHED"}, [](const v1::SurveyVersion& v) { return TimeText(v.publish_time()); }},
      {{"QUESTIONS", Align::kRight},
       [](const v1::SurveyVersion& v) { return absl::StrCat(v.definition().questions_size()); }},
  };
}

struct SurveyFlags {
  std::string id;
  std::vector<std::string> files;
  bool publish = false;
  bool dry_run = false;
  int version = 0;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<SurveyFlags>;

// Whether two states of a survey differ in what people write.
bool SameContent(const v1::Survey& a, const v1::Survey& b) {
  return a.display_name() == b.display_name() &&
         google::protobuf::util::MessageDifferencer::Equals(a.definition(), b.definition());
}

// Creates or changes one survey; the text says which. Empty, with the status in `failure`, if it could not.
absl::StatusOr<v1::Survey> ApplyOne(Session& session, const v1::Survey& wanted, bool dry_run, std::string& outcome) {
  v1::GetSurveyRequest get;
  get.set_name(wanted.name());
  const absl::StatusOr<v1::Survey> before = session.Call(&client::Surveys::GetSurvey, get);
  if (!before.ok() && before.status().code() != absl::StatusCode::kNotFound) return before.status();
  v1::UpdateSurveyRequest request;
  *request.mutable_survey() = wanted;
  request.set_allow_missing(true);
  request.set_validate_only(dry_run);
  absl::StatusOr<v1::Survey> after = session.Call(&client::Surveys::UpdateSurvey, request);
  if (!after.ok()) return after.status();
  outcome = !before.ok() ? "created" : SameContent(*before, *after) ? "unchanged" : "updated";
  if (dry_run) outcome += " (dry run)";
  return after;
}

absl::Status Apply(Session& session, const SurveyFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  auto documents = LoadAll<v1::Survey>(flags.files, *tenant, ReadSurvey);
  if (!documents.ok()) return documents.status();
  std::vector<v1::Survey> applied;
  bool changed = false;
  for (Document<v1::Survey>& document : *documents) {
    session.SetLocations(std::move(document.locations));
    std::string outcome;
    absl::StatusOr<v1::Survey> survey = ApplyOne(session, document.message, flags.dry_run, outcome);
    if (!survey.ok()) return survey.status();
    changed = changed || outcome != "unchanged";
    if (flags.publish && !flags.dry_run) {
      v1::PublishSurveyRequest publish;
      publish.set_name(survey->name());
      survey = session.Call(&client::Surveys::PublishSurvey, publish);
      if (!survey.ok()) return survey.status();
      absl::StrAppend(&outcome, ", published as version ", survey->published_version());
    }
    session.out().Note(absl::StrCat("survey ", ShortName(survey->name()), " ", outcome));
    applied.push_back(*std::move(survey));
  }
  if (session.out().format() != Format::kTable) return session.out().PrintList(applied, SurveyColumns());
  const bool to_publish = applied.size() == 1 && (applied.front().state() == v1::Survey::STATE_DRAFT || changed);
  if (!flags.publish && !flags.dry_run && to_publish) {
    session.out().Note(absl::StrCat("next: canvass survey publish ", ShortName(applied.front().name())));
  }
  return absl::OkStatus();
}

absl::Status Get(Session& session, const SurveyFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("surveys", flags.id);
  if (!name.ok()) return name.status();
  v1::GetSurveyRequest request;
  request.set_name(*name);
  const absl::StatusOr<v1::Survey> survey = session.Call(&client::Surveys::GetSurvey, request);
  if (!survey.ok()) return survey.status();
  absl::Status status = session.out().PrintOne(*survey, SurveyColumns());
  if (status.ok() && session.out().format() == Format::kTable) {
    session.out().PrintText(DefinitionText(survey->definition(), session.out().terminal()));
  }
  return status;
}

absl::Status List(Session& session, const SurveyFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListSurveysRequest request;
  request.set_parent(*tenant);
  const auto surveys =
      ListAll(session, &client::Surveys::ListSurveys, request, &v1::ListSurveysResponse::surveys, flags.limit);
  return surveys.ok() ? session.out().PrintList(*surveys, SurveyColumns()) : surveys.status();
}

absl::Status Publish(Session& session, const SurveyFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("surveys", flags.id);
  if (!name.ok()) return name.status();
  v1::PublishSurveyRequest request;
  request.set_name(*name);
  const absl::StatusOr<v1::Survey> survey = session.Call(&client::Surveys::PublishSurvey, request);
  return survey.ok() ? session.out().PrintOne(*survey, SurveyColumns()) : survey.status();
}

absl::Status Close(Session& session, const SurveyFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("surveys", flags.id);
  if (!name.ok()) return name.status();
  absl::Status status =
      session.Confirm(absl::StrCat("Close survey ", ShortName(*name), "? It takes no more answers then."));
  if (!status.ok()) return status;
  v1::CloseSurveyRequest request;
  request.set_name(*name);
  const absl::StatusOr<v1::Survey> survey = session.Call(&client::Surveys::CloseSurvey, request);
  return survey.ok() ? session.out().PrintOne(*survey, SurveyColumns()) : survey.status();
}

absl::Status ShowVersion(Session& session, const std::string& survey, int version) {
  v1::GetSurveyVersionRequest request;
  request.set_name(absl::StrCat(survey, "/versions/", version));
  const auto found = session.Call(&client::Surveys::GetSurveyVersion, request);
  if (!found.ok()) return found.status();
  absl::Status status = session.out().PrintOne(*found, VersionColumns());
  if (status.ok() && session.out().format() == Format::kTable) {
    session.out().PrintText(DefinitionText(found->definition(), session.out().terminal()));
  }
  return status;
}

absl::Status Versions(Session& session, const SurveyFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("surveys", flags.id);
  if (!name.ok()) return name.status();
  if (flags.version != 0) return ShowVersion(session, *name, flags.version);
  v1::ListSurveyVersionsRequest request;
  request.set_parent(*name);
  const auto versions = ListAll(session, &client::Surveys::ListSurveyVersions, request,
                                &v1::ListSurveyVersionsResponse::survey_versions, flags.limit);
  return versions.ok() ? session.out().PrintList(*versions, VersionColumns()) : versions.status();
}

}  // namespace

void AddSurveyCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("survey", "Questionnaires and their versions");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const SurveyFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<SurveyFlags>();

  CLI::App& apply = add("apply", "Create or change surveys from YAML or JSON", Apply, flags);
  AddFiles(apply, flags->files, "The surveys")->required();
  apply.add_flag("--publish", flags->publish, "Publish them, too");
  apply.add_flag("--dry-run", flags->dry_run, "Let the server check everything, write nothing");
  apply.footer(
      "The file has the fields of a survey, and those of its definition beside them:\n"
      "  id: post-purchase\n"
      "  default_language: en\n"
      "  breakdowns: [event.store]\n"
      "  questions:\n"
      "    - key: recommend\n"
      "      text: How likely are you to recommend us?   # or {en: ..., fr: ...}\n"
      "      nps:                                        # or csat, ces, single_choice, multiple_choice, free_text\n"
      "    - key: reason\n"
      "      text: Why?\n"
      "      single_choice:\n"
      "        options: [{key: price, text: Price}, {key: quality, text: Quality}]");

  add("get", "Show a survey and its draft", Get, flags).add_option("survey", flags->id, "Its id")->required();
  AddLimit(add("list", "List surveys", List, flags), flags->limit);
  add("publish", "Freeze the draft as the next version", Publish, flags)
      .add_option("survey", flags->id, "Its id")
      ->required();
  add("close", "Take no more answers", Close, flags).add_option("survey", flags->id, "Its id")->required();

  CLI::App& versions = add("versions", "List published versions, or show one", Versions, flags);
  versions.add_option("survey", flags->id, "Its id")->required();
  versions.add_option("--version", flags->version, "Show this one")->check(CLI::PositiveNumber);
  AddLimit(versions, flags->limit);
}

}  // namespace canvass::cli
