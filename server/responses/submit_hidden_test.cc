// Hidden fields on their way from the caller into logic, quotas, metrics and the stored response.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/testing/parse.h"
#include "server/responses/testing/answered_survey.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::responses {
namespace {

using canvass::testing::Parse;
using google::protobuf::Struct;
using ::testing::ElementsAre;

// Who is on the plan `pro` and ordered for more than 100 is asked why, and there is one place for those.
v1::SurveyDefinition AskingByPlan() {
  return surveys::testing::DefineSaved(R"pb(
    default_language: "en"
    questions {
      key: "recommend"
      text { key: "en" value: "Would you?" }
      nps {}
    }
    questions {
      key: "why"
      text { key: "en" value: "Why?" }
      required: true
      show_if { text: "hidden.plan = \"pro\" AND event.total > 100" }
      free_text {}
    }
    breakdowns: "hidden.plan"
    quotas {
      key: "pros"
      limit: 1
      when { text: "hidden.plan = \"pro\"" }
    }
    hidden_fields { key: "plan" type: TYPE_TEXT required: true }
    hidden_fields { key: "seats" type: TYPE_NUMBER }
  )pb");
}

class SubmitHiddenTest : public testing::AnsweredSurveyTest {
 protected:
  SubmitHiddenTest() { house_.Publish(scope_, survey_, AskingByPlan()); }

  // Answers an invitation to someone who ordered for `total`.
  v1::SubmitResponseRequest Invited(double total, const std::string& hidden, const std::string& why = "") {
    testing::IntakeHouse::Invitee invitee{.survey_version = 2};
    *invitee.content.mutable_facts() = Parse<Struct>(
        absl::StrCat("fields { key: 'event' value { struct_value { fields { key: 'total' value { number_value: ", total,
                     " } } } } }"));
    v1::SubmitResponseRequest request;
    request.set_parent("tenants/acme");
    request.set_invitation_token(house_.Invite(scope_, survey_, invitee).token);
    *request.mutable_response() = Parse<v1::Response>(absl::StrCat(
        "answers { question: 'recommend' score: 9 } ", why.empty() ? "" : "answers { question: 'why' text: 'so' }",
        "facts { fields { key: 'hidden' value { struct_value { ", hidden, " } } } }"));
    return request;
  }
  std::vector<std::string> FaultyFields(const v1::SubmitResponseRequest& request) {
    const auto result = testing::SubmitAndWait(*intake_, scope_, request);
    EXPECT_EQ(ReasonOf(result.status()), v1::ERROR_REASON_INVALID_RESPONSE) << result.status();
    std::vector<std::string> fields;
    for (const FieldViolation& violation : ViolationsOf(result.status())) fields.push_back(violation.field);
    return fields;
  }
};

constexpr char kPro[] = "fields { key: 'plan' value { string_value: 'pro' } }";
constexpr char kFree[] = "fields { key: 'plan' value { string_value: 'free' } }";

TEST_F(SubmitHiddenTest, JoinTheFactsOfTheInvitation) {
  EXPECT_THAT(FaultyFields(Invited(120, kPro)), ElementsAre("response.answers"));
  const v1::Response stored = Read(Store(Invited(120, kPro, "so")));
  const auto& facts = stored.facts().fields();
  EXPECT_EQ(facts.at("event").struct_value().fields().at("total").number_value(), 120);
  EXPECT_EQ(facts.at("hidden").struct_value().fields().at("plan").string_value(), "pro");
  // The quota is full for one plan alone.
  EXPECT_EQ(ReasonOf(testing::SubmitAndWait(*intake_, scope_, Invited(90, kPro)).status()),
            v1::ERROR_REASON_QUOTA_FULL);
  Store(Invited(120, kFree));
  EXPECT_EQ(db_.Count("SELECT COUNT(DISTINCT dimension_key) FROM metric_cells WHERE series = 'recommend:nps'"), 2);
  ExpectCellsEqualRecount(2);
}

TEST_F(SubmitHiddenTest, ARepeatedCallIsTheSameWithTheSameFields) {
  const v1::SubmitResponseRequest request = Invited(50, kPro);
  const std::string name = Store(request);
  EXPECT_EQ(Store(request), name);
  v1::SubmitResponseRequest other = request;
  *other.mutable_response()->mutable_facts() = Invited(50, kFree).response().facts();
  EXPECT_EQ(ReasonOf(testing::SubmitAndWait(*intake_, scope_, other).status()), v1::ERROR_REASON_INVITATION_ANSWERED);
}

TEST_F(SubmitHiddenTest, AreCheckedWithAndWithoutAnInvitation) {
  v1::SubmitResponseRequest invited = Invited(50, kFree);
  v1::SubmitResponseRequest anonymous = Request(9);
  *anonymous.mutable_response()->mutable_facts() = invited.response().facts();
  for (v1::SubmitResponseRequest request : {invited, anonymous}) {
    auto& facts = *request.mutable_response()->mutable_facts();
    auto& hidden = *(*facts.mutable_fields())["hidden"].mutable_struct_value()->mutable_fields();
    hidden["seats"].set_string_value("many");
    EXPECT_THAT(FaultyFields(request), ElementsAre("response.facts.hidden.seats"));
    hidden.erase("seats");
    hidden["other"].set_bool_value(true);
    EXPECT_THAT(FaultyFields(request), ElementsAre("response.facts.hidden.other"));
    facts.clear_fields();
    EXPECT_THAT(FaultyFields(request), ElementsAre("response.facts.hidden.plan"));
    request.mutable_response()->clear_facts();
    EXPECT_THAT(FaultyFields(request), ElementsAre("response.facts.hidden.plan"));
  }
  EXPECT_FALSE(Store(invited).empty());
  EXPECT_FALSE(Store(anonymous).empty());
}

}  // namespace
}  // namespace canvass::responses
