// canvass link: addresses that ask whoever opens them.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "canvass/v1/survey_link.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/assignments.h"
#include "client/cli/documents/message_reader.h"
#include "client/cli/documents/problems.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/exit_code.h"
#include "client/cli/paging.h"

namespace canvass::cli {
namespace {

std::string UseText(v1::SurveyLink::Use use) { return EnumText(*v1::SurveyLink::Use_descriptor(), use); }

Columns<v1::SurveyLink> LinkColumns() {
  return {
      {{"LINK"}, [](const v1::SurveyLink& l) { return ShortName(l.name()); }},
      {{"SURVEY"}, [](const v1::SurveyLink& l) { return ShortName(l.survey()); }},
      {{"USE"}, [](const v1::SurveyLink& l) { return UseText(l.use()); }},
      {{"ANSWERED"},
       [](const v1::SurveyLink& l) {
         return l.use() != v1::SurveyLink::USE_ONCE ? std::string() : std::string(l.used() ? "yes" : "no");
       }},
      {{"EXPIRES"}, [](const v1::SurveyLink& l) { return TimeText(l.expire_time()); }},
      {{"ADDRESS"}, [](const v1::SurveyLink& l) { return l.url(); }},
  };
}

struct LinkFlags {
  std::string id;
  std::string survey;
  std::string use = "many";
  std::string expires;
  std::string display_name;
  std::vector<std::string> set;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<LinkFlags>;

// The facts are those of `event`, as breakdowns and pipes name them.
absl::Status ReadFacts(const LinkFlags& flags, google::protobuf::Struct& facts) {
  const absl::StatusOr<Node> values = ParseAssignments("--set", flags.set);
  if (!values.ok()) return values.status();
  Problems problems("command line");
  Locations locations("command line", 1);
  MessageReader({}, problems, locations).Read(*values, facts);
  return problems.empty() ? absl::OkStatus() : problems.ToStatus();
}

absl::Status Create(Session& session, const LinkFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::CreateSurveyLinkRequest request;
  request.set_parent(*tenant);
  request.set_survey_link_id(flags.id);
  v1::SurveyLink& link = *request.mutable_survey_link();
  link.set_survey(FullName(*tenant, "surveys", flags.survey));
  link.set_display_name(flags.display_name);
  const auto use = ParseEnum(*v1::SurveyLink::Use_descriptor(), flags.use);
  if (!use.ok()) return UsageError(absl::StrCat("--use: ", use.status().message()));
  link.set_use(static_cast<v1::SurveyLink::Use>((*use)->number()));
  absl::Status status = flags.set.empty() ? absl::OkStatus() : ReadFacts(flags, *link.mutable_facts());
  if (!flags.expires.empty()) status.Update(ReadTimeFlag("--expires", flags.expires, *link.mutable_expire_time()));
  if (!status.ok()) return status;
  const auto created = session.Call(&client::SurveyLinks::CreateSurveyLink, request);
  if (!created.ok()) return created.status();
  status = session.out().PrintOne(*created, LinkColumns());
  session.out().Note(absl::StrCat("As a QR code: ", created->url(), "/qr.svg"));
  return status;
}

absl::Status Get(Session& session, const LinkFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("surveyLinks", flags.id);
  if (!name.ok()) return name.status();
  v1::GetSurveyLinkRequest request;
  request.set_name(*name);
  const auto link = session.Call(&client::SurveyLinks::GetSurveyLink, request);
  return link.ok() ? session.out().PrintOne(*link, LinkColumns()) : link.status();
}

absl::Status List(Session& session, const LinkFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListSurveyLinksRequest request;
  request.set_parent(*tenant);
  const auto links = ListAll(session, &client::SurveyLinks::ListSurveyLinks, request,
                             &v1::ListSurveyLinksResponse::survey_links, flags.limit);
  return links.ok() ? session.out().PrintList(*links, LinkColumns()) : links.status();
}

absl::Status Delete(Session& session, const LinkFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("surveyLinks", flags.id);
  if (!name.ok()) return name.status();
  absl::Status status = session.Confirm(absl::StrCat("End link ", ShortName(*name), " for good?"));
  if (!status.ok()) return status;
  v1::DeleteSurveyLinkRequest request;
  request.set_name(*name);
  const auto response = session.Call(&client::SurveyLinks::DeleteSurveyLink, request);
  if (!response.ok()) return response.status();
  session.out().Note(absl::StrCat("link ", ShortName(*name), " ended"));
  return absl::OkStatus();
}

}  // namespace

void AddLinkCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("link", "Addresses that ask whoever opens them");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const LinkFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<LinkFlags>();
  const auto with_id = [&](CLI::App& verb) { verb.add_option("link", flags->id, "Its id")->required(); };

  CLI::App& create = add("create", "Create a link, for a receipt, a poster or a kiosk", Create, flags);
  with_id(create);
  create.add_option("--survey", flags->survey, "The survey it asks")->required();
  create.add_option("--use", flags->use, "How often it can be answered")
      ->capture_default_str()
      ->check(CLI::IsMember(EnumTexts(*v1::SurveyLink::Use_descriptor())));
  create.add_option("--set", flags->set, "A fact about everybody who opens it, key=value: shop=Brno")
      ->allow_extra_args(false);
  create.add_option("--expires", flags->expires, "Not answered from then on");
  create.add_option("--display-name", flags->display_name, "For people");

  with_id(add("get", "Show a link and its address", Get, flags));
  AddLimit(add("list", "List links", List, flags), flags->limit);
  with_id(add("delete", "End a link for good; its answers stay", Delete, flags));
}

}  // namespace canvass::cli
