#include "server/http/testing/page_house.h"

#include <cstdio>
#include <cstdlib>
#include <regex>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/distribution/links/survey_link.h"
#include "server/http/pages/routes.h"
#include "server/surveys/definition/check_definition.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::http::testing {
namespace {

constexpr char kForm[] = "application/x-www-form-urlencoded";

void Require(absl::string_view what, const absl::Status& status) {
  if (status.ok()) return;
  const std::string text = absl::StrCat("page house: ", what, ": ", status.ToString(), "\n");
  std::fputs(text.c_str(), stderr);
  std::exit(1);
}

// `path` as a reference of the page at `base`.
std::string Resolve(const std::string& base, const std::string& location) {
  const std::string reference = location.substr(0, location.find('#'));
  if (absl::StartsWith(reference, "/")) return reference;
  std::string folder = base.substr(0, base.find('?'));
  folder.resize(folder.rfind('/') + 1);
  if (!absl::StartsWith(reference, "../")) return folder + reference;
  folder.pop_back();
  folder.resize(folder.rfind('/') + 1);
  return folder + reference.substr(3);
}

}  // namespace

Browser::Browser(int port, std::string accept_language)
    : client_(std::make_unique<httplib::Client>("127.0.0.1", port)) {
  client_->set_read_timeout(60);
  if (!accept_language.empty()) headers_.emplace("Accept-Language", std::move(accept_language));
}

void Browser::Get(const std::string& path) {
  path_ = path;
  Take(client_->Get(path, headers_));
}

void Browser::Take(const httplib::Result& result) {
  if (!result) Require("request", absl::UnavailableError(httplib::to_string(result.error())));
  status_ = result->status;
  html_ = result->body;
  reply_headers_ = result->headers;
  if (status_ == 303) Get(Resolve(path_, result->get_header_value("Location")));
}

httplib::Result Browser::SendOnce(Fields fields, const std::string& go) {
  httplib::Params params(fields.begin(), fields.end());
  params.emplace("page", Hidden("page"));
  params.emplace("shown", Hidden("shown"));
  params.emplace("go", go);
  return client_->Post(path_, headers_, httplib::detail::params_to_query_str(params), kForm);
}

void Browser::Send(Fields fields, const std::string& go) { Take(SendOnce(std::move(fields), go)); }

std::string Browser::Header(const std::string& name) const {
  const auto found = reply_headers_.find(name);
  return found == reply_headers_.end() ? "" : found->second;
}

std::string Browser::Hidden(const std::string& name) const {
  const std::regex field(absl::StrCat("<input type=\"hidden\" name=\"", name, "\" value=\"([^\"]*)\">"));
  std::smatch match;
  return std::regex_search(html_, match, field) ? match[1].str() : "";
}

PageHouse::PageHouse(mysql::testing::TestDatabase& the_db)
    : db(the_db),
      rooms(db.database(), db.clock(), db.random()),
      tenants(db.database()),
      directory(db.database(), tenants, db.clock()),
      settings_store(db.database()),
      settings(settings_store, db.clock()),
      respondents({.database = db.database(),
                   .catalog = rooms.catalog,
                   .tokens = rooms.tokens,
                   .invitations = rooms.invitations},
                  db.clock()),
      drafts(db.database()),
      links(db.database()),
      suppressions(db.database()),
      intake(rooms.MakeIntake()) {
  v1::Tenant tenant;
  tenant.set_display_name("Acme Garden");
  tenant.set_time_zone("UTC");
  auto record = tenants.Insert(TenantId("acme"), tenant, db.clock().Now());
  Require("make the tenant", record.status());
  scope_ = std::make_unique<TenantScope>(record->scope);
  parts_ = std::make_unique<PageParts>(PageParts{.tenants = directory,
                                                 .settings = settings,
                                                 .respondents = respondents,
                                                 .intake = *intake,
                                                 .drafts = drafts,
                                                 .links = links,
                                                 .suppressions = suppressions,
                                                 .invitation_tokens = rooms.tokens,
                                                 .unsubscribe_tokens = unsubscribe_tokens,
                                                 .link_tokens = link_tokens,
                                                 .link_addresses = link_addresses,
                                                 .clock = db.clock(),
                                                 .random = db.random()});
  auto listener = HttpListener::Start(
      {.port = 0}, registry_, [] { return true; }, [&](httplib::Server& server) { AddRoutes(server, *parts_); });
  Require("listen", listener.status());
  listener_ = *std::move(listener);
}

void PageHouse::Suspend() {
  Require("suspend", tenants
                         .Change(scope().tenant(),
                                 [](v1::Tenant& tenant) {
                                   tenant.set_state(v1::Tenant::STATE_SUSPENDED);
                                   return absl::OkStatus();
                                 })
                         .status());
  db.clock().Advance(tenants::TenantDirectory::kMaxAge);
}

void PageHouse::SetBrand(const v1::Brand& brand) {
  Require("set the brand", settings_store
                               .ChangeChannels(scope(), db.clock().Now(),
                                               [&](v1::ChannelSettings& channels) {
                                                 *channels.mutable_brand() = brand;
                                                 return absl::OkStatus();
                                               })
                               .status());
  settings.Forget(scope());
}

void PageHouse::Publish(const std::string& survey, const std::string& definition) {
  v1::SurveyDefinition content = surveys::testing::Define(definition);
  Violations faults;
  surveys::CheckDefinition(content, faults);  // for the structured form of its conditions, too
  Require("publish", faults.ToStatus(v1::ERROR_REASON_INVALID_SURVEY));
  rooms.Publish(scope(), SurveyId(survey), content);
}

std::string PageHouse::Invite(const std::string& survey, const responses::testing::IntakeHouse::Invitee& invitee) {
  return absl::StrCat("/s/", rooms.Invite(scope(), SurveyId(survey), invitee).token);
}

std::string PageHouse::UnsubscribePath(const std::string& contact, v1::Invitation::Channel channel) {
  return absl::StrCat(
      "/u/", unsubscribe_tokens.Sign({.tenant = scope().tenant(), .contact = ContactId(contact), .channel = channel}));
}

std::string PageHouse::MakeLink(const std::string& id, const v1::SurveyLink& content) {
  auto normalized = distribution::NormalizeSurveyLink(scope(), content);
  Require("link", normalized.status());
  auto link = links.Create(scope(), distribution::SurveyLinkId(id), *normalized, db.clock().Now());
  Require("make the link", link.status());
  const std::string address = link_addresses.Of(scope(), *link);
  return address.substr(address.find("/s/"));
}

Browser PageHouse::Open(const std::string& path, const std::string& accept_language) {
  Browser browser(listener_->port(), accept_language);
  browser.Get(path);
  return browser;
}

std::vector<v1::Response> PageHouse::Responses(const std::string& survey) {
  auto list = rooms.responses.List(scope(), {.survey = SurveyId(survey), .limit = 100});
  Require("list responses", list.status());
  return *std::move(list);
}

}  // namespace canvass::http::testing
