// SubmitResponse to surveys with logic and with an end: what is stored, what is left out, what is refused.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/testing/parse.h"
#include "server/mysql/testing/test_database.h"
#include "server/responses/reading/get_response.h"
#include "server/responses/submit_response.h"
#include "server/responses/testing/intake_house.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::responses {
namespace {

using canvass::testing::Parse;
using mysql::testing::MakeScope;
using mysql::testing::TestDatabase;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IntakeHouse;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::SubmitAllAndWait;
using testing::SubmitAndWait;
using Result = absl::StatusOr<v1::SubmitResponseResponse>;

// Who is unhappy is asked why; who flew to Paris is asked about Paris.
v1::SurveyDefinition Definition(v1::SurveyDefinition::HiddenAnswers hidden_answers) {
  v1::SurveyDefinition definition = surveys::testing::DefineSaved(R"pb(
    questions {
      key: "recommend"
      required: true
      nps {}
    }
    questions {
      key: "why"
      show_if { text: "answer.recommend <= 6" }
      free_text {}
    }
    questions {
      key: "paris"
      required: true
      show_if { text: "event.city = \"Paris\"" }
      rating {}
    }
  )pb");
  definition.set_hidden_answers(hidden_answers);
  return definition;
}

class SubmitLogicTest : public ::testing::Test {
 protected:
  void Publish(v1::SurveyDefinition::HiddenAnswers hidden_answers) {
    house_.Publish(scope_, survey_, Definition(hidden_answers));
    intake_ = house_.MakeIntake();
  }
  void Drop() { Publish(v1::SurveyDefinition::HIDDEN_ANSWERS_DROP); }
  void Refuse() { Publish(v1::SurveyDefinition::HIDDEN_ANSWERS_REFUSE); }

  v1::SubmitResponseRequest Request(const std::string& response, const std::string& request_id = "") const {
    v1::SubmitResponseRequest request;
    request.set_parent(ResourceName(scope_.tenant()));
    *request.mutable_response() = Parse<v1::Response>(response);
    request.mutable_response()->set_survey(ResourceName(scope_.tenant(), {"surveys", survey_.value()}));
    request.set_request_id(request_id);
    return request;
  }
  v1::SubmitResponseRequest WithToken(const std::string& token, const std::string& response) const {
    v1::SubmitResponseRequest request = Request(response);
    request.mutable_response()->clear_survey();
    request.set_invitation_token(token);
    return request;
  }
  std::string InviteTo(const std::string& city) {
    IntakeHouse::Invitee invitee;
    *invitee.content.mutable_facts() = Parse<google::protobuf::Struct>(
        absl::StrCat("fields { key: 'event' value { struct_value { fields { key: 'city' value { string_value: '", city,
                     "' } } } } }"));
    return house_.Invite(scope_, survey_, invitee).token;
  }
  Result Submit(const v1::SubmitResponseRequest& request) { return SubmitAndWait(*intake_, scope_, request); }
  void ExpectRefused(const v1::SubmitResponseRequest& request, const std::string& field, const std::string& says) {
    const Result result = Submit(request);
    EXPECT_EQ(ReasonOf(result.status()), v1::ERROR_REASON_INVALID_RESPONSE) << result.status();
    ASSERT_THAT(ViolationsOf(result.status()), SizeIs(1)) << result.status();
    EXPECT_EQ(ViolationsOf(result.status())[0].field, field);
    EXPECT_THAT(ViolationsOf(result.status())[0].description, HasSubstr(says));
  }
  // The questions whose answers are stored.
  std::vector<std::string> Answered(const Result& result) {
    std::vector<std::string> answered;
    v1::GetResponseRequest request;
    request.set_name(result->name());
    const auto response = GetResponse(house_.responses, scope_, request);
    EXPECT_TRUE(response.ok()) << response.status();
    for (const v1::Answer& answer : response->answers()) answered.push_back(answer.question());
    return answered;
  }
  void ExpectCellsEqualRecount(int64_t responses) {
    const metrics::RecountResult recount = house_.Recount(scope_, survey_);
    EXPECT_TRUE(recount.equal()) << recount.differences.size() << " cells differ";
    EXPECT_EQ(recount.responses, responses);
  }

  TestDatabase db_;
  IntakeHouse house_{db_.database(), db_.clock(), db_.random()};
  TenantScope scope_ = MakeScope();
  SurveyId survey_{"trip"};
  std::unique_ptr<ResponseIntake> intake_;
};

constexpr char kHappyWithWhy[] = "answers { question: 'why' text: 'rain' } answers { question: 'recommend' score: 9 }";

TEST_F(SubmitLogicTest, RefusesHiddenAnswers) {
  Refuse();
  ExpectRefused(Request(kHappyWithWhy), "response.answers[0]", "question 'why' is not shown");
  const Result result = Submit(Request("answers { question: 'recommend' score: 9 }"));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->hidden_answers(), IsEmpty());
  ExpectCellsEqualRecount(1);
}

TEST_F(SubmitLogicTest, DropsHiddenAnswersAndSaysSoEveryTime) {
  Drop();
  const Result first = Submit(Request(kHappyWithWhy, "one"));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(first->hidden_answers(), ElementsAre("why"));
  EXPECT_THAT(Answered(first), ElementsAre("recommend"));
  const Result again = Submit(Request(kHappyWithWhy, "one"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->repeated_call());
  EXPECT_THAT(again->hidden_answers(), ElementsAre("why"));
  // Whatever was dropped, another content is another content.
  EXPECT_EQ(ReasonOf(Submit(Request("answers { question: 'recommend' score: 9 }", "one")).status()),
            v1::ERROR_REASON_REQUEST_ID_REUSED);
  // Even once a later version shows or refuses it.
  Refuse();
  const Result later = Submit(Request(kHappyWithWhy, "one"));
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_THAT(later->hidden_answers(), ElementsAre("why"));
  ExpectCellsEqualRecount(1);
}

TEST_F(SubmitLogicTest, ARepeatedCallInOneBatchHearsTheSame) {
  Drop();
  intake_ = house_.MakeIntake({.writers = 1, .hold_time = absl::Milliseconds(200)});
  const std::vector<v1::SubmitResponseRequest> requests(10, Request(kHappyWithWhy, "one"));
  for (const Result& result : SubmitAllAndWait(*intake_, scope_, requests)) {
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_THAT(result->hidden_answers(), ElementsAre("why"));
  }
  ExpectCellsEqualRecount(1);
}

TEST_F(SubmitLogicTest, ARepeatedCallWithoutHiddenAnswersHasNone) {
  Drop();
  const std::string sad = "answers { question: 'recommend' score: 2 } answers { question: 'why' text: 'rain' }";
  for (int i = 0; i < 2; ++i) {
    const Result result = Submit(Request(sad, "one"));
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->repeated_call(), i == 1);
    EXPECT_THAT(result->hidden_answers(), IsEmpty());
    EXPECT_THAT(Answered(result), ElementsAre("recommend", "why"));
  }
}

TEST_F(SubmitLogicTest, InvitationsFollowTheirOwnFacts) {
  Refuse();
  const std::string paris = InviteTo("Paris");
  ExpectRefused(WithToken(paris, "answers { question: 'recommend' score: 9 }"), "response.answers",
                "question 'paris' is required");
  ExpectRefused(
      WithToken(InviteTo("Brno"), "answers { question: 'recommend' score: 9 } answers { question: 'paris' score: 5 }"),
      "response.answers[1]", "question 'paris' is not shown");
  const Result result =
      Submit(WithToken(paris, "answers { question: 'recommend' score: 9 } answers { question: 'paris' score: 5 }"));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(Submit(WithToken(InviteTo("Brno"), "answers { question: 'recommend' score: 9 }")).ok());
  ExpectCellsEqualRecount(2);
}

TEST_F(SubmitLogicTest, InvitationsDropHiddenAnswers) {
  Drop();
  const std::string token = InviteTo("Brno");
  const std::string answers =
      "answers { question: 'recommend' score: 9 } answers { question: 'paris' score: 5 } "
      "answers { question: 'why' dismissed: true }";
  for (int i = 0; i < 2; ++i) {
    const Result result = Submit(WithToken(token, answers));
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->repeated_call(), i == 1);
    EXPECT_THAT(result->hidden_answers(), ElementsAre("paris", "why"));
    EXPECT_THAT(Answered(result), ElementsAre("recommend"));
    // As after a restart of the server.
    intake_ = house_.MakeIntake();
  }
  ExpectCellsEqualRecount(1);
}

TEST_F(SubmitLogicTest, TheFactsOfTheCallerLeadTheWay) {
  Refuse();
  v1::SubmitResponseRequest request = Request(
      "answers { question: 'recommend' score: 9 } facts { fields { key: 'event' value { struct_value { "
      "fields { key: 'city' value { string_value: 'Paris' } } } } } }");
  ExpectRefused(request, "response.answers", "question 'paris' is required");
  *request.mutable_response()->add_answers() = Parse<v1::Answer>("question: 'paris' score: 1");
  EXPECT_TRUE(Submit(request).ok());
}

TEST_F(SubmitLogicTest, ASurveyEndsAtItsTime) {
  Refuse();
  v1::Closing closing;
  *closing.mutable_close_time() = ToProto(db_.clock().Now() + absl::Minutes(1));
  house_.SetClosing(scope_, survey_, closing);
  const std::string answers = "answers { question: 'recommend' score: 9 }";
  const std::string early = InviteTo("Brno");
  const std::string late = InviteTo("Brno");
  EXPECT_TRUE(Submit(Request(answers, "one")).ok());
  EXPECT_TRUE(Submit(WithToken(early, answers)).ok());
  db_.clock().Advance(absl::Minutes(1));
  for (const v1::SubmitResponseRequest& request :
       {Request(answers), Request(answers, "two"), WithToken(late, answers), Request("")}) {
    const Result result = Submit(request);
    EXPECT_EQ(result.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(ReasonOf(result.status()), v1::ERROR_REASON_SURVEY_CLOSED) << result.status();
    EXPECT_THAT(std::string(result.status().message()), HasSubstr("survey 'trip' took answers until 20"));
  }
  // Whoever repeats a call that was in time still hears so.
  EXPECT_TRUE(Submit(Request(answers, "one"))->repeated_call());
  EXPECT_TRUE(Submit(WithToken(early, answers))->repeated_call());
  house_.SetClosing(scope_, survey_, v1::Closing());
  EXPECT_TRUE(Submit(WithToken(late, answers)).ok());
  ExpectCellsEqualRecount(3);
}

}  // namespace
}  // namespace canvass::responses
