#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/http/testing/page_house.h"
#include "server/responses/drafts/save_partial_response.h"

namespace canvass::http {
namespace {

using ::testing::AllOf;
using testing::Browser;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::PageHouse;
using ::testing::SizeIs;

constexpr char kVisit[] = R"pb(
  default_language: 'en'
  languages: 'cs'
  title { key: 'en' value: 'Your visit' }
  title { key: 'cs' value: 'Vaše návštěva' }
  questions {
    key: 'recommend'
    required: true
    text { key: 'en' value: 'Would you recommend us?' }
    text { key: 'cs' value: 'Doporučíte nás?' }
    nps {}
  }
  questions {
    key: 'why'
    show_if { text: 'answer.recommend <= 6' }
    text { key: 'en' value: 'What went <wrong>?' }
    text { key: 'cs' value: 'Co se nepovedlo?' }
    free_text { multiline: true max_length: 20 }
  }
  questions {
    key: 'call'
    text { key: 'en' value: 'May we call you?' }
    text { key: 'cs' value: 'Smíme zavolat?' }
    consent {}
  }
  endings {
    key: 'done'
    title { key: 'en' value: 'Thank you for {{answer.recommend}}!' }
    title { key: 'cs' value: 'Děkujeme za {{answer.recommend}}!' }
  }
)pb";

class SurveyPageTest : public ::testing::Test {
 protected:
  SurveyPageTest() { house_.Publish("visit", kVisit); }

  mysql::testing::TestDatabase db_;
  PageHouse house_{db_};
};

TEST_F(SurveyPageTest, LeadsFromTheFirstPageToTheThanks) {
  Browser browser = house_.Open(house_.Invite("visit"));
  EXPECT_EQ(browser.status(), 200);
  EXPECT_THAT(browser.html(), AllOf(HasSubstr("Your visit"), HasSubstr("Would you recommend us?"),
                                    HasSubstr("Acme Garden"), Not(HasSubstr("name=\"go\" value=\"back\""))));
  db_.clock().Advance(absl::Minutes(2));
  browser.Send({{"q.recommend", "3"}});
  EXPECT_THAT(browser.html(), HasSubstr("What went &lt;wrong&gt;?"));
  browser.Send({{"q.why", "It was\r\n  cold"}});
  EXPECT_THAT(browser.html(), AllOf(HasSubstr("May we call you?"), HasSubstr(">Submit</button>")));
  browser.Send({});
  EXPECT_THAT(browser.html(), HasSubstr("Thank you for 3!"));

  const std::vector<v1::Response> responses = house_.Responses("visit");
  ASSERT_THAT(responses, SizeIs(1));
  const v1::Response& response = responses[0];
  ASSERT_EQ(response.answers_size(), 3);
  EXPECT_EQ(response.answers(0).score(), 3);
  EXPECT_EQ(response.answers(1).text(), "It was\n  cold");
  EXPECT_FALSE(response.answers(2).consent());
  EXPECT_EQ(response.language(), "en");
  EXPECT_EQ(response.channel(), v1::Invitation::CHANNEL_IN_APP);
  EXPECT_EQ(response.answer_time().seconds() - response.start_time().seconds(), 120);
}

TEST_F(SurveyPageTest, GoesOnWhereAnAppLeftOffAndTheOtherWayRound) {
  const responses::PartialRooms rooms{.drafts = house_.drafts,
                                      .responses = house_.rooms.responses,
                                      .respondents = house_.respondents,
                                      .tokens = house_.rooms.tokens,
                                      .clock = db_.clock()};
  const std::string path = house_.Invite("visit");
  v1::SavePartialResponseRequest save;
  save.set_parent("tenants/-");
  save.set_invitation_token(path.substr(path.rfind('/') + 1));
  v1::Answer& answer = *save.mutable_response()->add_answers();
  answer.set_question("recommend");
  answer.set_score(3);
  const auto saved = responses::SavePartialResponse(rooms, house_.scope(), save);
  ASSERT_TRUE(saved.ok()) << saved.status();

  Browser browser = house_.Open(path);
  EXPECT_THAT(browser.html(), HasSubstr("What went &lt;wrong&gt;?"));
  browser.Send({{"q.why", "Rain"}});
  v1::GetPartialResponseRequest get;
  get.set_parent("tenants/-");
  get.set_invitation_token(save.invitation_token());
  EXPECT_THAT(responses::GetPartialResponse(rooms, house_.scope(), get)->response().answers(), SizeIs(2));
  browser.Send({});
  ASSERT_THAT(house_.Responses("visit"), SizeIs(1));
  EXPECT_EQ(house_.Responses("visit")[0].answers(1).text(), "Rain");
  EXPECT_EQ(responses::SavePartialResponse(rooms, house_.scope(), save).status().code(),
            absl::StatusCode::kAlreadyExists);
}

TEST_F(SurveyPageTest, SaysWhatIsWrongAndKeepsWhatWasTyped) {
  Browser browser = house_.Open(house_.Invite("visit"));
  browser.Send({});
  EXPECT_EQ(browser.status(), 422);
  EXPECT_THAT(
      browser.html(),
      AllOf(HasSubstr("<title>Error: Your visit"), HasSubstr("role=\"alert\" tabindex=\"-1\" autofocus"),
            HasSubstr("href=\"#q-recommend\""), HasSubstr("aria-invalid=\"true\""),
            HasSubstr("aria-describedby=\"n-recommend e-recommend\""), HasSubstr("Please answer this question.")));
  browser.Send({{"q.recommend", "11"}});
  EXPECT_THAT(browser.html(), HasSubstr("Please choose one of the options."));
  browser.Send({{"q.recommend", "0"}});
  browser.Send({{"q.why", "<b>much too long for this field"}});
  EXPECT_EQ(browser.status(), 422);
  EXPECT_THAT(browser.html(), AllOf(HasSubstr("&lt;b&gt;much too long for this field</textarea>"),
                                    HasSubstr("Please write at most 20 characters.")));
}

TEST_F(SurveyPageTest, GoesBackAndOnWithoutLosingAnything) {
  Browser browser = house_.Open(house_.Invite("visit"));
  browser.Send({{"q.recommend", "2"}});
  browser.Send({{"q.why", "Rain"}}, "back");
  EXPECT_THAT(browser.html(), HasSubstr("value=\"2\" checked"));
  browser.Send({{"q.recommend", "2"}});
  EXPECT_THAT(browser.html(), HasSubstr("Rain</textarea>"));
  // A better score leaves the question out, and its answer with it.
  browser.Send({{"q.why", "Rain"}}, "back");
  browser.Send({{"q.recommend", "10"}});
  browser.Send({{"q.call", "yes"}});
  ASSERT_THAT(house_.Responses("visit"), SizeIs(1));
  EXPECT_EQ(house_.Responses("visit")[0].answers_size(), 2);
}

TEST_F(SurveyPageTest, ResumesOnAnotherDevice) {
  const std::string path = house_.Invite("visit");
  house_.Open(path).Send({{"q.recommend", "1"}});
  Browser phone = house_.Open(path);
  EXPECT_THAT(phone.html(), HasSubstr("What went &lt;wrong&gt;?"));
  phone.Send({});  // left blank, and left behind
  EXPECT_THAT(house_.Open(path).html(), HasSubstr("May we call you?"));
  phone.Send({});
  EXPECT_THAT(house_.Responses("visit")[0].answers(1).dismissed(), true);
}

TEST_F(SurveyPageTest, SpeaksTheRespondentsLanguage) {
  const std::string path = house_.Invite("visit");
  Browser browser = house_.Open(path, "sv;q=0.9, cs-CZ;q=0.8, en;q=0.1");
  EXPECT_THAT(browser.html(), AllOf(HasSubstr("<html lang=\"cs\">"), HasSubstr("Doporučíte nás?"), HasSubstr("Další")));
  browser.Send({{"q.recommend", "1"}}, "language:en");
  EXPECT_THAT(browser.html(), AllOf(HasSubstr("<html lang=\"en\">"), HasSubstr("value=\"1\" checked"),
                                    HasSubstr("lang=\"en\" aria-current=\"true\">English")));
  EXPECT_THAT(house_.Open(path, "cs").html(), HasSubstr("<html lang=\"en\">"));
}

TEST_F(SurveyPageTest, APreselectedScoreIsShownAndNotRecorded) {
  const std::string path = house_.Invite("visit");
  Browser browser = house_.Open(path + "?recommend=9&call=1&recommend=x");
  EXPECT_THAT(browser.html(), HasSubstr("value=\"9\" checked"));
  EXPECT_THAT(house_.Open(path).html(), Not(HasSubstr(" checked")));
  EXPECT_THAT(house_.Responses("visit"), IsEmpty());
}

TEST_F(SurveyPageTest, ASecondClickAndTheWayBackFindTheThanks) {
  Browser browser = house_.Open(house_.Invite("visit"));
  browser.Send({{"q.recommend", "9"}});
  Browser first = house_.Open(browser.path());
  Browser second = house_.Open(browser.path());
  std::thread one([&] { first.Send({{"q.call", "yes"}}); });
  std::thread two([&] { second.Send({{"q.call", "yes"}}); });
  one.join();
  two.join();
  EXPECT_THAT(first.html(), HasSubstr("Thank you for 9!"));
  EXPECT_THAT(second.html(), HasSubstr("Thank you for 9!"));
  // The browser still shows the page of before.
  browser.Send({});
  EXPECT_THAT(browser.html(), HasSubstr("Thank you for 9!"));
  EXPECT_THAT(house_.Responses("visit"), SizeIs(1));
  db_.clock().Advance(absl::Hours(48));
  browser.Reload();
  EXPECT_THAT(browser.html(), HasSubstr("Thank you, we already have your answer."));
}

TEST_F(SurveyPageTest, AsksWhatAnAnswerOfTheSamePageMakesAppear) {
  house_.Publish("one", R"pb(pages { key: 'all' starts_with: 'nps' }
                             questions {
                               key: 'nps'
                               required: true
                               nps {}
                             }
                             questions {
                               key: 'why'
                               required: true
                               show_if { text: 'answer.nps < 5' }
                               free_text {}
                             })pb");
  Browser browser = house_.Open(house_.Invite("one"));
  EXPECT_THAT(browser.html(), Not(HasSubstr("q.why")));
  const auto result = browser.SendOnce({{"q.nps", "2"}});
  EXPECT_EQ(result->status, 303);
  EXPECT_THAT(result->get_header_value("Location"), HasSubstr("?_page=all#q-why"));
  browser.Send({{"q.nps", "2"}});
  EXPECT_EQ(browser.status(), 200);
  EXPECT_THAT(browser.html(), AllOf(HasSubstr("q.why"), Not(HasSubstr("role=\"alert\""))));
  browser.Send({{"q.nps", "2"}, {"q.why", "Rain"}});
  EXPECT_THAT(house_.Responses("one"), SizeIs(1));
}

TEST_F(SurveyPageTest, SaysThatItIsTooLate) {
  const std::string closed = house_.Invite("visit");
  const std::string expired = house_.Invite("visit", {.contact = "bob", .expire = absl::Minutes(1)});
  const std::string early = house_.Invite("visit", {.contact = "eve", .schedule = absl::Hours(24)});
  EXPECT_THAT(house_.Open(early).html(), HasSubstr("cannot be answered right now"));
  Browser late = house_.Open(expired);
  db_.clock().Advance(absl::Minutes(2));
  late.Send({{"q.recommend", "9"}});
  EXPECT_THAT(late.html(), HasSubstr("This survey is closed"));
  house_.rooms.Close(house_.scope(), SurveyId("visit"));
  EXPECT_THAT(house_.Open(closed, "de").html(), HasSubstr("This survey has ended."));
}

TEST_F(SurveyPageTest, ASuspendedTenantsSurveysAreClosed) {
  const std::string path = house_.Invite("visit");
  Browser browser = house_.Open(path);
  house_.Suspend();
  browser.Send({{"q.recommend", "9"}});
  EXPECT_THAT(browser.html(), HasSubstr("This survey is closed"));
}

TEST_F(SurveyPageTest, WhatOpensNothingLooksAlike) {
  const std::string path = house_.Invite("visit");
  const std::string not_found = house_.Open("/s/nonsense").html();
  EXPECT_THAT(not_found, HasSubstr("Page not found"));
  for (const std::string& bad :
       {path + "x", path.substr(0, path.size() - 1), std::string("/s/"), path + "/00000000-0000-7000-8000-000000000000",
        std::string("/u/cvu_x.y"), absl::StrCat("/s/", std::string(900, 'a'))}) {
    Browser browser = house_.Open(bad);
    EXPECT_EQ(browser.status(), 404) << bad;
    EXPECT_EQ(browser.html(), not_found) << bad;
  }
  EXPECT_THAT(house_.Open("/s/nonsense", "de").html(), HasSubstr("Seite nicht gefunden"));
}

TEST_F(SurveyPageTest, RefusesLargeAndForeignBodies) {
  const std::string path = house_.Invite("visit");
  httplib::Client client = house_.Client();
  client.set_keep_alive(true);
  const std::string large(300 * 1024, 'a');
  EXPECT_EQ(client.Post(path, large, "application/x-www-form-urlencoded")->status, 413);
  EXPECT_EQ(client.Post(path, "{}", "application/json")->status, 413);
  EXPECT_EQ(client.Post(path, "page=%ff", "application/x-www-form-urlencoded")->status, 413);
  // What was refused left nothing on the connection.
  EXPECT_EQ(client.Get(path)->status, 200);
}

TEST_F(SurveyPageTest, TakesTextsOfTheGreatestLength) {
  house_.Publish("long", R"pb(questions {
                                key: 'story'
                                free_text { max_length: 10000 multiline: true }
                              })pb");
  Browser browser = house_.Open(house_.Invite("long"));
  std::string text;
  for (int i = 0; i < 10000; ++i) text += "ž";
  browser.Send({{"q.story", text}});
  ASSERT_THAT(house_.Responses("long"), SizeIs(1));
  EXPECT_EQ(house_.Responses("long")[0].answers(0).text(), text);
}

TEST_F(SurveyPageTest, HeadersKeepThePagePrivate) {
  v1::Brand brand;
  brand.set_display_name("Acme & Sons");
  brand.set_logo_url("https://cdn.example.com/logo.svg");
  brand.set_color("#ffee00");
  house_.SetBrand(brand);
  Browser browser = house_.Open(house_.Invite("visit"));
  const std::string policy = browser.Header("Content-Security-Policy");
  EXPECT_THAT(policy, AllOf(HasSubstr("default-src 'none'"), HasSubstr("form-action 'self'"),
                            HasSubstr("img-src https://cdn.example.com"), HasSubstr("style-src 'sha256-"),
                            Not(HasSubstr("unsafe"))));
  EXPECT_EQ(browser.Header("Cache-Control"), "no-store");
  EXPECT_EQ(browser.Header("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(browser.Header("Set-Cookie"), "");
  EXPECT_THAT(browser.Header("X-Robots-Tag"), HasSubstr("noindex"));
  EXPECT_THAT(browser.html(), AllOf(HasSubstr("--brand:#ffee00;--on-brand:#000000;--ink:#1a1a1a"),
                                    HasSubstr("alt=\"Acme &amp; Sons\""), Not(HasSubstr("<script"))));
}

TEST_F(SurveyPageTest, HeadBeginsNothing) {
  const std::string path = house_.Invite("visit");
  httplib::Client client = house_.Client();
  const auto head = client.Head(path);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->body, "");
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM response_drafts"), 0);
  EXPECT_EQ(client.Get(path)->status, 200);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM response_drafts"), 1);
}

TEST_F(SurveyPageTest, AFullQuotaEndsTheSurvey) {
  house_.Publish("quota", R"pb(questions {
                                 key: 'nps'
                                 required: true
                                 nps {}
                               }
                               questions {
                                 key: 'more'
                                 free_text {}
                               }
                               quotas { key: 'all' limit: 1 }
                               closed_text { key: 'en' value: 'Enough for today.' })pb");
  Browser slow = house_.Open(house_.Invite("quota", {.contact = "slow"}));
  slow.Send({{"q.nps", "7"}});
  Browser quick = house_.Open(house_.Invite("quota"));
  quick.Send({{"q.nps", "9"}});
  quick.Send({});
  EXPECT_THAT(quick.html(), HasSubstr("Thank you!"));
  slow.Send({});
  EXPECT_THAT(slow.html(), HasSubstr("Enough for today."));
  EXPECT_THAT(house_.Responses("quota"), SizeIs(1));
}

TEST_F(SurveyPageTest, AnsweredElsewhereIsThanked) {
  const auto invited = house_.rooms.Invite(house_.scope(), SurveyId("visit"));
  Browser browser = house_.Open(absl::StrCat("/s/", invited.token));
  browser.Send({{"q.recommend", "9"}});
  v1::SubmitResponseRequest request;
  request.set_parent("tenants/acme");
  request.set_invitation_token(invited.token);
  v1::Answer& answer = *request.mutable_response()->add_answers();
  answer.set_question("recommend");
  answer.set_score(1);
  ASSERT_TRUE(responses::testing::SubmitAndWait(*house_.intake, house_.scope(), request).ok());
  browser.Send({});
  EXPECT_EQ(browser.status(), 200);
  EXPECT_THAT(browser.html(), HasSubstr("Thank you"));
  EXPECT_THAT(house_.Responses("visit"), SizeIs(1));
}

TEST_F(SurveyPageTest, TellsOverloadFromFault) {
  const std::string path = house_.Invite("visit");
  Browser browser = house_.Open(path);
  browser.Send({{"q.recommend", "9"}});
  house_.intake->Drain();
  browser.Send({});
  EXPECT_EQ(browser.status(), 503);
  EXPECT_NE(browser.Header("Retry-After"), "");
  EXPECT_THAT(browser.html(), AllOf(HasSubstr("Something went wrong"), HasSubstr("Reference: ")));
}

}  // namespace
}  // namespace canvass::http
