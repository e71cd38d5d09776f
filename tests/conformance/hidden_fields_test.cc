// Hidden fields from the caller, with an invitation and on a link's page, into logic, breakdowns and filters.

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/contact_service.pb.h"
#include "canvass/v1/survey_link_service.pb.h"
#include "client/cpp/status.h"
#include "tests/conformance/target.h"

namespace canvass::conformance {
namespace {

using client::Reason;
using client::Responses;
using ::testing::ElementsAre;
using ::testing::Pair;

constexpr char kDefinition[] = R"pb(
  default_language: 'en'
  questions {
    key: 'score'
    text { key: 'en' value: 'How was it on {{hidden.plan|no plan}}?' }
    nps {}
  }
  questions {
    key: 'why'
    required: true
    show_if { text: 'hidden.seats >= 100' }
    text { key: 'en' value: 'Why?' }
    free_text {}
  }
  breakdowns: 'hidden.plan'
  hidden_fields { key: 'plan' type: TYPE_TEXT required: true max_length: 20 }
  hidden_fields { key: 'seats' type: TYPE_NUMBER }
)pb";

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

google::protobuf::Struct Hidden(const std::string& plan, double seats) {
  return Parse<google::protobuf::Struct>(
      absl::StrCat("fields { key: 'hidden' value { struct_value { fields { key: 'plan' value { string_value: '", plan,
                   "' } } fields { key: 'seats' value { number_value: ", seats, " } } } } }"));
}

class HiddenFieldsTest : public ::testing::Test {
 protected:
  HiddenFieldsTest() {
    const auto survey = testing::PublishSurvey(own_, "plans", Parse<v1::SurveyDefinition>(kDefinition));
    EXPECT_TRUE(survey.ok()) << survey.status();
    survey_ = survey.value_or("");
  }

  v1::SubmitResponseRequest Request(const std::string& plan, double seats, int score) const {
    v1::SubmitResponseRequest request;
    request.set_parent(own_.tenant);
    request.mutable_response()->set_survey(survey_);
    *request.mutable_response()->mutable_facts() = Hidden(plan, seats);
    v1::Answer& answer = *request.mutable_response()->add_answers();
    answer.set_question("score");
    answer.set_score(score);
    return request;
  }
  std::string InvitationToken() {
    v1::UpsertContactRequest contact;
    contact.mutable_contact()->set_name(absl::StrCat(own_.tenant, "/contacts/ana"));
    EXPECT_TRUE(own_.admin->Call(&client::Contacts::UpsertContact, contact).ok());
    v1::CreateInvitationRequest request;
    request.set_parent(own_.tenant);
    request.mutable_invitation()->set_survey(survey_);
    request.mutable_invitation()->set_contact(contact.contact().name());
    const auto made = own_.admin->Call(&client::Invitations::CreateInvitation, request);
    EXPECT_TRUE(made.ok()) << made.status();
    return made.ok() ? made->token() : "";
  }
  void ExpectRefused(const v1::SubmitResponseRequest& request, const std::string& field) {
    const auto refused = own_.admin->Call(&Responses::SubmitResponse, request);
    EXPECT_EQ(Reason(refused.status()), "INVALID_RESPONSE") << refused.status();
    EXPECT_THAT(refused.status().ToString(), ::testing::HasSubstr(field));
  }
  std::vector<v1::Response> Filtered(const std::string& filter) {
    v1::ListResponsesRequest request;
    request.set_parent(own_.tenant);
    request.set_filter(filter);
    const auto page = own_.admin->Call(&Responses::ListResponses, request);
    EXPECT_TRUE(page.ok()) << page.status();
    return {page->responses().begin(), page->responses().end()};
  }
  // How many answers each plan gave.
  std::map<std::string, int64_t> CountsByPlan() {
    v1::QueryMetricRequest request;
    request.set_survey(survey_);
    request.set_metric(v1::METRIC_NPS);
    request.set_question("score");
    request.set_breakdown("hidden.plan");
    const auto metric = own_.admin->Call(&client::Metrics::QueryMetric, request);
    EXPECT_TRUE(metric.ok()) << metric.status();
    std::map<std::string, int64_t> counts;
    for (const v1::MetricPoint& point : metric->points()) counts[point.group()] = point.n();
    return counts;
  }

  const testing::Workspace own_ = NewWorkspace();
  std::string survey_;
};

TEST_F(HiddenFieldsTest, ComeWithAnInvitationAndAreCounted) {
  v1::SubmitResponseRequest invited = Request("pro", 100, 9);
  invited.set_invitation_token(InvitationToken());
  v1::NextStepRequest next;
  next.mutable_context()->set_invitation_token(invited.invitation_token());
  *next.mutable_context()->mutable_facts() = invited.response().facts();
  const auto step = own_.admin->Call(&client::Surveys::NextStep, next);
  ASSERT_TRUE(step.ok()) << step.status();
  EXPECT_EQ(step->page().questions(0).text().at("en"), "How was it on pro?");

  ExpectRefused(invited, "response.answers");
  v1::Answer& why = *invited.mutable_response()->add_answers();
  why.set_question("why");
  why.set_text("so");
  ASSERT_TRUE(own_.admin->Call(&Responses::SubmitResponse, invited).ok());
  ASSERT_TRUE(own_.admin->Call(&Responses::SubmitResponse, Request("free", 1, 3)).ok());
  ASSERT_TRUE(own_.admin->Call(&Responses::SubmitResponse, Request("pro", 2, 10)).ok());
  EXPECT_THAT(CountsByPlan(), ElementsAre(Pair("free", 1), Pair("pro", 2)));
  EXPECT_EQ(Filtered("hidden.plan = pro AND hidden.seats >= 100").size(), 1u);
  EXPECT_EQ(Filtered("hidden.plan = pro AND hidden.seats >= 100")[0].facts().fields().count("contact"), 1u);
}

TEST_F(HiddenFieldsTest, AreRefusedWhereTheyDoNotFit) {
  v1::SubmitResponseRequest request = Request("pro", 1, 9);
  auto& hidden = *(*request.mutable_response()->mutable_facts()->mutable_fields())["hidden"]
                      .mutable_struct_value()
                      ->mutable_fields();
  hidden["seats"].set_string_value("many");
  ExpectRefused(request, "response.facts.hidden.seats");
  hidden["seats"].set_number_value(1);
  hidden["team"].set_string_value("a");
  ExpectRefused(request, "response.facts.hidden.team");
  hidden.erase("team");
  hidden.erase("plan");
  ExpectRefused(request, "response.facts.hidden.plan");
}

TEST_F(HiddenFieldsTest, ComeWithTheAddressOfALink) {
  v1::CreateSurveyLinkRequest create;
  create.set_parent(own_.tenant);
  create.set_survey_link_id("door");
  create.mutable_survey_link()->set_survey(survey_);
  create.mutable_survey_link()->set_use(v1::SurveyLink::USE_MANY);
  const auto link = own_.admin->Call(&client::SurveyLinks::CreateSurveyLink, create);
  ASSERT_TRUE(link.ok()) << link.status();
  if (!absl::StartsWith(link->url(), "http://")) GTEST_SKIP() << "the pages of this server are at " << link->url();
  const std::size_t path = link->url().find('/', std::string("http://").size());
  httplib::Client browser(link->url().substr(0, path));
  const auto opened =
      browser.Get(absl::StrCat(link->url().substr(path), "?hidden.plan=basic%20plus&hidden.seats=none"));
  ASSERT_TRUE(opened);
  ASSERT_EQ(opened->status, 303);
  const std::string visit = absl::StrCat("/s/", opened->get_header_value("Location"));
  const auto page = browser.Get(visit);
  ASSERT_TRUE(page);
  EXPECT_THAT(page->body, ::testing::HasSubstr("How was it on basic plus?"));
  const httplib::Params fields = {{"page", "score"}, {"shown", "score"}, {"go", "next"}, {"q.score", "8"}};
  const auto sent = browser.Post(visit, fields);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->status, 303);
  const std::vector<v1::Response> stored = Filtered("hidden.plan = \"basic plus\"");
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_EQ(stored[0].facts().fields().at("hidden").struct_value().fields_size(), 1) << "what does not fit is left out";
  EXPECT_THAT(CountsByPlan(), ElementsAre(Pair("basic plus", 1)));
}

}  // namespace
}  // namespace canvass::conformance
