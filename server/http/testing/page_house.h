// Respondents' pages on a real HTTP port, with all rooms behind them on one database; and a browser without scripts.
//
//   mysql::testing::TestDatabase db;
//   PageHouse house(db);
//   house.Publish("visit", R"pb(questions { key: "recommend" nps {} })pb");
//   Browser browser = house.Open(house.Invite("visit"));
//   browser.Send({{"q.recommend", "9"}});
//   EXPECT_THAT(browser.html(), HasSubstr("Thank you"));
//
// A step that fails ends the process with a message: no test could say more. Not thread-safe, but for the browsers:
// each belongs to one thread.
#ifndef CANVASS_SERVER_HTTP_TESTING_PAGE_HOUSE_H_
#define CANVASS_SERVER_HTTP_TESTING_PAGE_HOUSE_H_

#include <httplib.h>
#include <prometheus/registry.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "canvass/v1/settings.pb.h"
#include "canvass/v1/survey_link.pb.h"
#include "server/contacts/suppression_store.h"
#include "server/distribution/links/survey_link_address.h"
#include "server/distribution/links/survey_link_store.h"
#include "server/http/http_listener.h"
#include "server/http/pages/visit.h"
#include "server/mysql/testing/test_database.h"
#include "server/responses/drafts/draft_store.h"
#include "server/responses/questionnaire/respondents.h"
#include "server/responses/testing/intake_house.h"
#include "server/settings/settings_catalog.h"
#include "server/settings/settings_store.h"
#include "tenants/tenant_directory.h"
#include "tenants/tenant_store.h"

namespace canvass::http::testing {

// Keeps no cookies and runs no scripts; follows redirects.
class Browser {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  Browser(int port, std::string accept_language);

  void Get(const std::string& path);
  // Submits the form of the page, with its hidden fields.
  void Send(Fields fields, const std::string& go = "next");
  // The same without looking at where it leads: what a second click does.
  httplib::Result SendOnce(Fields fields, const std::string& go = "next");
  void Reload() { Get(path_); }

  int status() const { return status_; }
  const std::string& html() const { return html_; }
  const std::string& path() const { return path_; }
  std::string Header(const std::string& name) const;
  // The value of a hidden field of the page.
  std::string Hidden(const std::string& name) const;

 private:
  void Take(const httplib::Result& result);

  std::unique_ptr<httplib::Client> client_;
  httplib::Headers headers_;
  std::string path_;
  int status_ = 0;
  std::string html_;
  httplib::Headers reply_headers_;
};

class PageHouse {
 public:
  explicit PageHouse(mysql::testing::TestDatabase& db);

  const TenantScope& scope() const { return *scope_; }
  void Suspend();
  void SetBrand(const v1::Brand& brand);
  // `definition` as surveys::testing::Define has it.
  void Publish(const std::string& survey, const std::string& definition);

  // Paths.
  std::string Invite(const std::string& survey, const responses::testing::IntakeHouse::Invitee& invitee = {});
  std::string UnsubscribePath(const std::string& contact, v1::Invitation::Channel channel);
  // The link's path; it is made.
  std::string MakeLink(const std::string& id, const v1::SurveyLink& content);

  Browser Open(const std::string& path, const std::string& accept_language = "");
  int port() const { return listener_->port(); }
  httplib::Client Client() const { return httplib::Client("127.0.0.1", port()); }

  // The stored responses to the survey, the latest first.
  std::vector<v1::Response> Responses(const std::string& survey);

  mysql::testing::TestDatabase& db;
  responses::testing::IntakeHouse rooms;
  tenants::TenantStore tenants;
  tenants::TenantDirectory directory;
  settings::SettingsStore settings_store;
  settings::SettingsCatalog settings;
  responses::Respondents respondents;
  responses::DraftStore drafts;
  distribution::SurveyLinkStore links;
  contacts::SuppressionStore suppressions;
  distribution::UnsubscribeTokens unsubscribe_tokens{"a secret of tests alone, 32 bytes"};
  distribution::SurveyLinkTokens link_tokens{"a secret of tests alone, 32 bytes"};
  distribution::PageUrls urls{"https://feedback.example.com"};
  distribution::SurveyLinkAddresses link_addresses{link_tokens, urls};
  std::unique_ptr<responses::ResponseIntake> intake;

 private:
  std::unique_ptr<TenantScope> scope_;
  std::unique_ptr<PageParts> parts_;
  prometheus::Registry registry_;
  std::unique_ptr<HttpListener> listener_;
};

}  // namespace canvass::http::testing

#endif  // CANVASS_SERVER_HTTP_TESTING_PAGE_HOUSE_H_
