#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/proto_time.h"
#include "server/conditions/facts.h"
#include "server/http/testing/page_house.h"
#include "server/responses/validation/hidden_facts.h"

namespace canvass::http {
namespace {

using ::testing::AllOf;
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

class HiddenFieldsPageTest : public SurveyLinkPageTest {
 protected:
  HiddenFieldsPageTest() {
    house_.Publish("shop", R"pb(
      title { key: 'en' value: 'The plan {{hidden.plan|unknown}} of {{event.table|nobody}}' }
      questions {
        key: 'nps'
        required: true
        nps {}
      }
      questions {
        key: 'why'
        show_if { text: 'hidden.seats > 10' }
        text { key: 'en' value: 'Why {{hidden.seats}} seats?' }
        free_text {}
      }
      hidden_fields { key: 'plan' type: TYPE_TEXT max_length: 5 required: true }
      hidden_fields { key: 'seats' type: TYPE_NUMBER }
      hidden_fields { key: 'trial' type: TYPE_BOOLEAN }
      hidden_fields { key: 'since' type: TYPE_DATE }
    )pb");
  }

  // The latest response's hidden fields, "plan=pro seats=11".
  std::string Stored() {
    const std::vector<v1::Response> responses = house_.Responses("shop");
    if (responses.empty()) return "no response";
    std::map<std::string, std::string> texts;
    for (const auto& [key, value] : responses::HiddenIn(responses[0].facts()).fields()) {
      texts[key] = conditions::FactText(value);
    }
    return absl::StrJoin(texts, " ", absl::PairFormatter("="));
  }
};

TEST_F(HiddenFieldsPageTest, ComeWithALinkAndStayWithTheVisit) {
  const std::string path = MakeLink(v1::SurveyLink::USE_MANY);
  Browser browser = house_.Open(path + "?hidden.plan=a%2Bb&hidden.seats=11&hidden.trial=true&hidden.since=2026-01-31");
  EXPECT_THAT(browser.html(), HasSubstr("The plan a+b of seven"));
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM response_drafts"), 0) << "opening a link writes nothing";
  browser.Send({{"q.nps", "9"}});
  EXPECT_THAT(browser.path(), Not(HasSubstr("hidden")));
  EXPECT_THAT(browser.html(), HasSubstr("Why 11 seats?"));
  browser.Reload();
  browser.Send({{"q.why", "many"}});
  EXPECT_EQ(Stored(), "plan=a+b seats=11 since=2026-01-31 trial=true");
  const google::protobuf::Struct facts = house_.Responses("shop")[0].facts();
  EXPECT_EQ(facts.fields().at("event").struct_value().fields().at("table").string_value(), "seven");
}

TEST_F(HiddenFieldsPageTest, ABrokenLinkStopsNobody) {
  const std::string path = MakeLink(v1::SurveyLink::USE_MANY);
  for (const char* query : {"", "?hidden.plan=longer", "?hidden.plan=&hidden.seats=many&hidden.trial=1",
                            "?hidden.other=1&hidden=2&hidden.=3", "?hidden.plan=%ff", "?hidden.since=2026-02-30"}) {
    Browser browser = house_.Open(path + query);
    EXPECT_THAT(browser.html(), HasSubstr("The plan unknown of seven")) << query;
    browser.Send({{"q.nps", "9"}});
    EXPECT_THAT(browser.html(), HasSubstr("We have received your answers.")) << query;
    EXPECT_EQ(Stored(), "") << query;
  }
  EXPECT_THAT(house_.Responses("shop"), SizeIs(6));
}

TEST_F(HiddenFieldsPageTest, ComeWithAnInvitationAndAreReplacedByALaterAddress) {
  const std::string path = house_.Invite("shop", {.survey_version = 2});
  EXPECT_THAT(house_.Open(path + "?hidden.plan=free&hidden.seats=11").html(), HasSubstr("The plan free of nobody"));
  // On another device, from the mail that knows nothing of them.
  Browser browser = house_.Open(path);
  EXPECT_THAT(browser.html(), HasSubstr("The plan free of nobody"));
  browser = house_.Open(path + "?hidden.plan=pro");
  browser.Send({{"q.nps", "9"}});
  EXPECT_THAT(browser.html(), HasSubstr("Why 11 seats?"));
  browser.Send({{"q.why", "many"}});
  EXPECT_EQ(Stored(), "plan=pro seats=11");
}

TEST_F(HiddenFieldsPageTest, AKioskKeepsThemForTheNext) {
  const std::string path = MakeLink(v1::SurveyLink::USE_KIOSK);
  Browser browser = house_.Open(path + "?hidden.plan=pro&hidden.seats=5");
  browser.Send({{"q.nps", "9"}});
  const std::string token = path.substr(path.rfind('/') + 1);
  EXPECT_EQ(browser.Header("Refresh"), absl::StrCat("15; url=../", token, "?hidden.plan=pro&hidden.seats=5"));
}

TEST_F(HiddenFieldsPageTest, ANewVersionForgetsWhatItDoesNotDeclare) {
  Browser browser = house_.Open(MakeLink(v1::SurveyLink::USE_MANY) + "?hidden.plan=pro&hidden.seats=11");
  browser.Send({{"q.nps", "9"}});
  house_.Publish("shop", R"pb(
    questions {
      key: 'nps'
      nps {}
    }
    questions {
      key: 'why'
      free_text {}
    }
    hidden_fields { key: 'plan' type: TYPE_TEXT }
  )pb");
  browser.Send({{"q.why", "many"}});
  EXPECT_EQ(Stored(), "plan=pro");
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
