// canvass survey apply: files into drafts, and on request into versions.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/documents/load.h"
#include "client/cli/output/survey_changes.h"
#include "client/cli/survey/subject.h"
#include "client/cli/survey/verbs.h"
#include "google/protobuf/util/message_differencer.h"

namespace canvass::cli {
namespace {

using google::protobuf::util::MessageDifferencer;

constexpr char kForm[] =
    "The file has the fields of a survey, and those of its definition beside them:\n"
    "  id: post-purchase\n"
    "  default_language: en\n"
    "  languages: [cs]                               # others that it is offered in\n"
    "  breakdowns: [event.store]\n"
    "  questions:\n"
    "    - key: recommend\n"
    "      text: {en: How likely ..., cs: ...}       # one text for all: text: How likely ...\n"
    "      required: true\n"
    "      nps:                                      # or csat, ces, rating, single_choice, multiple_choice, matrix,\n"
    "                                                # ranking, free_text, number, date, consent, statement\n"
    "    - key: reason\n"
    "      text: Why?                                # pipes: {{answer.recommend}}, {{contact.name|customer}}\n"
    "      show_if: answer.recommend <= 6            # a condition in words, as everywhere\n"
    "      single_choice:\n"
    "        options: [{key: price, text: Price}, {key: other, text: Other, other: true}]\n"
    "      routes: [{when: answer.reason = \"price\", end_with: thanks}]\n"
    "  values: [{key: total, aggregate: {function: sum, terms: [{field: answer.recommend}]}}]\n"
    "  pages: [{key: first, starts_with: recommend}]\n"
    "  endings: [{key: thanks, title: Thank you}]\n"
    "  quotas: [{key: fans, limit: 200, when: answer.recommend >= 9}]\n"
    "  hidden_fields: [{key: plan, type: text}]      # comes with a response, unasked: hidden.plan\n"
    "  closing: {close_time: 2026-12-31T23:00:00Z, max_responses: 1000}\n\n"
    "See also:\n"
    "  canvass survey init                           # a file to start from\n"
    "  canvass survey lint FILE                      # what would be refused, at its lines";

struct ApplyFlags {
  std::vector<std::string> files;
  bool publish = false;
  bool dry_run = false;
};

// Whether two states of a survey differ in what people write.
bool SameContent(const v1::Survey& a, const v1::Survey& b) {
  return a.display_name() == b.display_name() && MessageDifferencer::Equals(a.closing(), b.closing()) &&
         MessageDifferencer::Equals(a.definition(), b.definition());
}

// Creates or changes one survey; `outcome` says which.
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

// Says which metrics will not go on. Who cannot be told is not stopped: the answer to publishing is the server's.
void TellNewSeries(Session& session, const v1::Survey& survey) {
  if (survey.published_version() == 0) return;
  v1::DiffSurveyVersionsRequest request;
  request.set_base(VersionName(survey.name(), survey.published_version()));
  request.set_target(survey.name());
  const auto diff = session.Call(&client::Surveys::DiffSurveyVersions, request);
  if (!diff.ok()) return;
  for (const std::string& series : NewSeries(*diff)) {
    session.out().Note(absl::StrCat("a new series of metrics starts: ", series));
  }
}

absl::StatusOr<v1::Survey> PublishOne(Session& session, const v1::Survey& survey, std::string& outcome) {
  TellNewSeries(session, survey);
  v1::PublishSurveyRequest request;
  request.set_name(survey.name());
  absl::StatusOr<v1::Survey> published = session.Call(&client::Surveys::PublishSurvey, request);
  if (!published.ok()) {
    session.out().Note(absl::StrCat("survey ", ShortName(survey.name()), " ", outcome, ", but not published"));
    return published.status();
  }
  const bool same = published->published_version() == survey.published_version();
  absl::StrAppend(&outcome, same ? ", published before as version " : ", published as version ",
                  published->published_version());
  return published;
}

absl::Status Apply(Session& session, const ApplyFlags& flags) {
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
      survey = PublishOne(session, *survey, outcome);
      if (!survey.ok()) return survey.status();
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

}  // namespace

void AddApply(CommandSet& commands, CLI::App& noun) {
  auto flags = std::make_shared<ApplyFlags>();
  CLI::App& apply = commands.AddVerb(noun, "apply", "Create or change surveys from YAML or JSON",
                                     [flags](Session& session) { return Apply(session, *flags); });
  AddFiles(apply, flags->files, "The surveys")->required();
  apply.add_flag("--publish", flags->publish, "Publish them, too");
  apply.add_flag("--dry-run", flags->dry_run, "Let the server check everything, write nothing; says changed or not");
  apply.footer(kForm);
}

}  // namespace canvass::cli
