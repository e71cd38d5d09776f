#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/http/testing/page_house.h"

namespace canvass::http {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using testing::Browser;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::PageHouse;
using ::testing::SizeIs;
using ::testing::StartsWith;

class SurveyLinkPageTest : public ::testing::Test {
 protected:
  SurveyLinkPageTest() {
    house_.Publish("shop", R"pb(title { key: 'en' value: 'Table {{event.table}}' }
                                questions {
                                  key: 'nps'
                                  required: true
                                  nps {}
                                })pb");
  }

  std::string MakeLink(v1::SurveyLink::Use use, const std::string& id = "table-7") {
    v1::SurveyLink link;
    link.set_survey("tenants/acme/surveys/shop");
    link.set_use(use);
    (*link.mutable_facts()->mutable_fields())["table"].set_string_value("seven");
    return house_.MakeLink(id, link);
  }

  mysql::testing::TestDatabase db_;
  PageHouse house_{db_};
};

TEST_F(SurveyLinkPageTest, EveryVisitIsARespondentOfItsOwn) {
  const std::string path = MakeLink(v1::SurveyLink::USE_MANY);
  Browser ada = house_.Open(path);
  EXPECT_THAT(ada.path(), StartsWith(path + "/"));
  EXPECT_THAT(ada.html(), HasSubstr("Table seven"));
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM response_drafts"), 0) << "opening a link writes nothing";
  Browser bob = house_.Open(path);
  ada.Send({{"q.nps", "9"}});
  ada.Reload();
  bob.Send({{"q.nps", "1"}});
  const std::vector<v1::Response> responses = house_.Responses("shop");
  ASSERT_THAT(responses, SizeIs(2));
  EXPECT_EQ(responses[0].channel(), v1::Invitation::CHANNEL_LINK);
  EXPECT_EQ(responses[0].facts().fields().at("event").struct_value().fields().at("table").string_value(), "seven");
  EXPECT_TRUE(responses[0].has_start_time());
}

TEST_F(SurveyLinkPageTest, OneOfManyAnswersALinkForOne) {
  const std::string path = MakeLink(v1::SurveyLink::USE_ONCE);
  constexpr int kVisitors = 6;
  std::vector<Browser> browsers;
  for (int i = 0; i < kVisitors; ++i) browsers.push_back(house_.Open(path));
  std::vector<std::thread> threads;
  for (int i = 0; i < kVisitors; ++i) {
    threads.emplace_back([&, i] { browsers[i].Send({{"q.nps", absl::StrCat(i)}}); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(house_.Responses("shop"), SizeIs(1));
  int thanked = 0;
  for (const Browser& browser : browsers) {
    EXPECT_EQ(browser.status(), 200);
    thanked += absl::StrContains(browser.html(), "We have received your answers.") ? 1 : 0;
  }
  EXPECT_EQ(thanked, 1);
  EXPECT_EQ(db_.Count("SELECT used FROM survey_links"), 1);
  EXPECT_THAT(house_.Open(path).html(), HasSubstr("we already have your answer"));
}

TEST_F(SurveyLinkPageTest, AKioskStartsAgainByItself) {
  const std::string path = MakeLink(v1::SurveyLink::USE_KIOSK);
  Browser browser = house_.Open(path);
  EXPECT_EQ(browser.Header("Refresh"), "");
  browser.Send({{"q.nps", "9"}});
  const std::string token = path.substr(path.rfind('/') + 1);
  EXPECT_EQ(browser.Header("Refresh"), absl::StrCat("15; url=../", token));
  EXPECT_THAT(browser.html(), AllOf(HasSubstr("We have received your answers."), HasSubstr("Start again")));
}

TEST_F(SurveyLinkPageTest, SaysWhenALinkHasEnded) {
  v1::SurveyLink link;
  link.set_survey("tenants/acme/surveys/shop");
  *link.mutable_expire_time() = ToProto(db_.clock().Now() + absl::Hours(1));
  const std::string path = house_.MakeLink("poster", link);
  EXPECT_EQ(house_.Open(path).status(), 200);
  db_.clock().Advance(absl::Hours(2));
  EXPECT_THAT(house_.Open(path).html(), HasSubstr("This survey has ended."));
  ASSERT_TRUE(house_.links.Delete(house_.scope(), distribution::SurveyLinkId("poster")).ok());
  EXPECT_THAT(house_.Open(path).html(), HasSubstr("This survey has ended."));
  // Made anew it has another address; the old one stays dead.
  const std::string again = house_.MakeLink("poster", [] {
    v1::SurveyLink content;
    content.set_survey("tenants/acme/surveys/shop");
    return content;
  }());
  EXPECT_NE(again, path);
  EXPECT_THAT(house_.Open(path).html(), HasSubstr("This survey has ended."));
  EXPECT_THAT(house_.Open(again).html(), HasSubstr("q.nps"));
}

TEST_F(SurveyLinkPageTest, ALinkMayBePrintedBeforeItsSurveyIsPublished) {
  v1::Survey draft;
  draft.set_display_name("Soon");
  draft.mutable_definition()->set_default_language("en");
  ASSERT_TRUE(house_.rooms.surveys.Create(house_.scope(), SurveyId("soon"), draft, db_.clock().Now()).ok());
  v1::SurveyLink link;
  link.set_survey("tenants/acme/surveys/soon");
  Browser browser = house_.Open(house_.MakeLink("soon", link));
  EXPECT_EQ(browser.status(), 200);
  EXPECT_THAT(browser.html(), HasSubstr("cannot be answered right now"));
}

TEST_F(SurveyLinkPageTest, NobodyReachesAnotherDraftByAVisit) {
  house_.Publish("two", R"pb(questions {
                               key: 'nps'
                               required: true
                               nps {}
                             }
                             questions {
                               key: 'why'
                               free_text {}
                             })pb");
  const auto invited = house_.rooms.Invite(house_.scope(), SurveyId("two"));
  Browser ada = house_.Open(absl::StrCat("/s/", invited.token));
  ada.Send({{"q.nps", "9"}});
  v1::SurveyLink link;
  link.set_survey("tenants/acme/surveys/two");
  const std::string path = house_.MakeLink("spy", link);
  EXPECT_THAT(house_.Open(absl::StrCat(path, "/", invited.id.ToString())).html(), Not(HasSubstr(" checked")));
  // Not of our making, or not yet.
  EXPECT_EQ(house_.Open(absl::StrCat(path, "/ffffffff-ffff-7fff-bfff-ffffffffffff")).status(), 404);
}

TEST_F(SurveyLinkPageTest, DrawsAQrCode) {
  const std::string path = MakeLink(v1::SurveyLink::USE_MANY);
  Browser browser = house_.Open(path + "/qr.svg");
  EXPECT_EQ(browser.status(), 200);
  EXPECT_THAT(browser.Header("Content-Type"), HasSubstr("image/svg+xml"));
  EXPECT_THAT(browser.html(), StartsWith("<svg "));
  EXPECT_EQ(house_.Open("/s/cvl_x.y/qr.svg").status(), 404);
}

TEST_F(SurveyLinkPageTest, UnsubscribesOnlyByPost) {
  const std::string path = house_.UnsubscribePath("ada", v1::Invitation::CHANNEL_EMAIL);
  const char kCount[] = "SELECT COUNT(*) FROM suppressions";
  Browser browser = house_.Open(path);
  EXPECT_THAT(browser.html(), AllOf(HasSubstr("<button"), HasSubstr("Acme Garden")));
  httplib::Client client = house_.Client();
  EXPECT_EQ(client.Head(path)->status, 200);
  EXPECT_EQ(db_.Count(kCount), 0);
  browser.Send({}, "yes");
  EXPECT_THAT(browser.html(), HasSubstr("You are unsubscribed"));
  EXPECT_EQ(db_.Count(kCount), 1);
  EXPECT_EQ(db_.Count("SELECT channel FROM suppressions"), v1::Invitation::CHANNEL_EMAIL);
  EXPECT_EQ(client.Post(path, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")->status, 200);
  EXPECT_EQ(db_.Count(kCount), 1);
}

TEST_F(SurveyLinkPageTest, UnsubscribesByOneClickWithoutATenantInGoodStanding) {
  house_.Suspend();
  const std::string path = house_.UnsubscribePath("ada", v1::Invitation::CHANNEL_SMS);
  httplib::Client client = house_.Client();
  EXPECT_EQ(client.Post(path, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")->status, 200);
  const httplib::MultipartFormDataItems items = {{"List-Unsubscribe", "One-Click", "", ""}};
  EXPECT_EQ(client.Post(path, items)->status, 200);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM suppressions"), 1);
}

}  // namespace
}  // namespace canvass::http
