#include "server/responses/testing/answered_survey.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/testing/parse.h"
#include "server/responses/reading/get_response.h"

namespace canvass::responses::testing {

AnsweredSurveyTest::AnsweredSurveyTest() {
  house_.Publish(scope_, survey_, Definition());
  intake_ = house_.MakeIntake();
}

v1::SurveyDefinition AnsweredSurveyTest::Definition() {
  return canvass::testing::Parse<v1::SurveyDefinition>(R"pb(
    default_language: "en"
    questions {
      key: "recommend"
      text { key: "en" value: "Would you?" }
      required: true
      nps {}
    }
    questions {
      key: "comment"
      text { key: "en" value: "Why?" }
      free_text {}
    }
    breakdowns: "event.gate"
    breakdowns: "response.channel"
  )pb");
}

v1::SubmitResponseRequest AnsweredSurveyTest::Request(int score, const std::string& comment) const {
  v1::SubmitResponseRequest request;
  request.set_parent("tenants/acme");
  v1::Response& response = *request.mutable_response();
  response.set_survey("tenants/acme/surveys/post-purchase");
  v1::Answer& recommend = *response.add_answers();
  recommend.set_question("recommend");
  recommend.set_score(score);
  if (comment.empty()) return request;
  v1::Answer& why = *response.add_answers();
  why.set_question("comment");
  why.set_text(comment);
  return request;
}

std::string AnsweredSurveyTest::Store(const v1::SubmitResponseRequest& request) {
  const auto result = SubmitAndWait(*intake_, scope_, request);
  EXPECT_TRUE(result.ok()) << result.status();
  db_.clock().Advance(absl::Milliseconds(2));
  return result.ok() ? result->name() : "";
}

v1::Response AnsweredSurveyTest::Read(const std::string& name) {
  v1::GetResponseRequest request;
  request.set_name(name);
  auto response = GetResponse(house_.responses, scope_, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? *response : v1::Response();
}

void AnsweredSurveyTest::ExpectCellsEqualRecount(int64_t responses) {
  const metrics::RecountResult recount = house_.Recount(scope_, survey_);
  EXPECT_TRUE(recount.equal()) << recount.differences.size() << " cells differ";
  EXPECT_EQ(recount.responses, responses);
}

int64_t AnsweredSurveyTest::Counted(int score) const {
  return db_.Count(absl::StrCat(
      "SELECT COALESCE(SUM(total), 0) FROM metric_cells WHERE series = 'recommend:nps' AND value = ", score));
}

}  // namespace canvass::responses::testing
