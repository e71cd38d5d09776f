// canvass survey get, list, versions: what is stored.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "canvass/v1/survey.pb.h"
#include "client/cli/output/survey_document.h"
#include "client/cli/output/survey_view.h"
#include "client/cli/paging.h"
#include "client/cli/survey/subject.h"
#include "client/cli/survey/verbs.h"

namespace canvass::cli {
namespace {

Columns<v1::SurveyVersion> VersionColumns() {
  return {
      {{"VERSION", Align::kRight}, [](const v1::SurveyVersion& v) { return absl::StrCat(v.version()); }},
      {{"PUBLISHED"}, [](const v1::SurveyVersion& v) { return TimeText(v.publish_time()); }},
      {{"QUESTIONS", Align::kRight},
       [](const v1::SurveyVersion& v) { return absl::StrCat(v.definition().questions_size()); }},
  };
}

// A survey by itself: what a list has, and when it stops taking answers.
Columns<v1::Survey> DetailColumns() {
  Columns<v1::Survey> columns = SurveyColumns();
  columns.push_back({{"CLOSES"}, [](const v1::Survey& s) {
                       const std::string responses =
                           s.closing().max_responses() == 0
                               ? ""
                               : absl::StrCat("after ", s.closing().max_responses(), " responses");
                       const std::string time = TimeText(s.closing().close_time());
                       return absl::StrCat(time, time.empty() || responses.empty() ? "" : " or ", responses);
                     }});
  return columns;
}

struct StoredFlags {
  std::string id;
  bool archived = false;
  int version = 0;
  int limit = kDefaultLimit;
};

absl::Status Get(Session& session, const StoredFlags& flags) {
  const absl::StatusOr<v1::Survey> survey = GetSurvey(session, flags.id);
  if (!survey.ok()) return survey.status();
  Printer& out = session.out();
  if (out.format() == Format::kYaml) {
    // A file to edit and apply again.
    out.PrintText(SurveyYaml(*survey));
    return absl::OkStatus();
  }
  absl::Status status = out.PrintOne(*survey, DetailColumns());
  if (status.ok() && out.format() == Format::kTable) {
    out.PrintText(DefinitionText(survey->definition(), out.terminal()));
  }
  return status;
}

absl::Status List(Session& session, const StoredFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListSurveysRequest request;
  request.set_parent(*tenant);
  request.set_show_archived(flags.archived);
  const auto surveys =
      ListAll(session, &client::Surveys::ListSurveys, request, &v1::ListSurveysResponse::surveys, flags.limit);
  return surveys.ok() ? session.out().PrintList(*surveys, SurveyColumns()) : surveys.status();
}

absl::Status ShowVersion(Session& session, const std::string& survey, int version) {
  v1::GetSurveyVersionRequest request;
  request.set_name(VersionName(survey, version));
  const auto found = session.Call(&client::Surveys::GetSurveyVersion, request);
  if (!found.ok()) return found.status();
  absl::Status status = session.out().PrintOne(*found, VersionColumns());
  if (status.ok() && session.out().format() == Format::kTable) {
    session.out().PrintText(DefinitionText(found->definition(), session.out().terminal()));
  }
  return status;
}

absl::Status Versions(Session& session, const StoredFlags& flags) {
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

void AddStored(CommandSet& commands, CLI::App& noun) {
  auto flags = std::make_shared<StoredFlags>();
  const auto add = [&](const char* name, const char* description,
                       absl::Status (*run)(Session&, const StoredFlags&)) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  CLI::App& get = add("get", "Show a survey and its draft", Get);
  get.add_option("survey", flags->id, "Its id")->required();
  get.footer("  canvass survey get post-purchase -o yaml > post-purchase.yaml    # a file to edit and apply");

  CLI::App& list = add("list", "List surveys", List);
  list.add_flag("--archived", flags->archived, "Archived ones, too");
  AddLimit(list, flags->limit);

  CLI::App& versions = add("versions", "List published versions, or show one", Versions);
  versions.add_option("survey", flags->id, "Its id")->required();
  versions.add_option("--version", flags->version, "Show this one")->check(CLI::PositiveNumber);
  AddLimit(versions, flags->limit);
}

}  // namespace canvass::cli
