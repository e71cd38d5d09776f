#include "server/responses/drafts/save_partial_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/testing/parse.h"
#include "server/responses/testing/answered_survey.h"

namespace canvass::responses {
namespace {

using canvass::testing::Parse;
using ::testing::ElementsAre;
using Result = absl::StatusOr<v1::PartialResponse>;

class SavePartialResponseTest : public testing::AnsweredSurveyTest {
 protected:
  static v1::SavePartialResponseRequest Saving(const std::string& text) {
    return Parse<v1::SavePartialResponseRequest>("parent: 'tenants/-' " + text);
  }
  // Of request_id "one".
  static v1::SavePartialResponseRequest SavingOne(const std::string& response) {
    return Saving("request_id: 'one' response { survey: 'tenants/-/surveys/post-purchase' " + response + " }");
  }
  Result Save(const v1::SavePartialResponseRequest& request) { return SavePartialResponse(rooms_, scope_, request); }
  Result Get(const std::string& text) {
    return GetPartialResponse(rooms_, scope_, Parse<v1::GetPartialResponseRequest>("parent: 'tenants/-' " + text));
  }

  static v1::SubmitResponseRequest Completing(const std::string& text) {
    return Parse<v1::SubmitResponseRequest>("parent: 'tenants/-' complete_partial: true " + text);
  }
  static v1::SubmitResponseRequest CompletingOne(const std::string& response = "") {
    return Completing("request_id: 'one' response { survey: 'tenants/-/surveys/post-purchase' " + response + " }");
  }
  absl::StatusOr<v1::SubmitResponseResponse> Submit(const v1::SubmitResponseRequest& request) {
    return testing::SubmitAndWait(*intake_, scope_, request);
  }
  int64_t Drafts() const { return db_.Count("SELECT COUNT(*) FROM response_drafts"); }

  DraftStore drafts_{db_.database()};
  Respondents respondents_{{.database = db_.database(),
                            .catalog = house_.catalog,
                            .tokens = house_.tokens,
                            .invitations = house_.invitations},
                           db_.clock()};
  PartialRooms rooms_{.drafts = drafts_,
                      .responses = house_.responses,
                      .respondents = respondents_,
                      .tokens = house_.tokens,
                      .clock = db_.clock()};
};

TEST_F(SavePartialResponseTest, TheSumOfWhatWasSavedIsOneResponse) {
  const absl::Time begun = db_.clock().Now();
  v1::SavePartialResponseRequest first = SavingOne(
      "answers { question: 'recommend' score: 3 } contact: "
      "'tenants/-/contacts/ada%20l' device: DEVICE_PHONE language: 'en'");
  *first.mutable_response()->mutable_start_time() = ToProto(begun);
  ASSERT_TRUE(Save(first).ok());
  ASSERT_TRUE(Save(SavingOne("answers { question: 'comment' text: 'late' }")).ok());
  const Result saved = Save(SavingOne("answers { question: 'recommend' score: 9 }"));
  ASSERT_TRUE(saved.ok()) << saved.status();
  EXPECT_EQ(saved->revision(), 3);
  EXPECT_EQ(saved->response().survey(), "tenants/acme/surveys/post-purchase");
  EXPECT_EQ(saved->response().survey_version(), 1);
  EXPECT_EQ(Get("request_id: 'one'")->response().answers_size(), 2);
  ExpectCellsEqualRecount(0);

  db_.clock().Advance(absl::Minutes(2));
  const auto stored = Submit(CompletingOne());
  ASSERT_TRUE(stored.ok()) << stored.status();
  const v1::Response response = Read(stored->name());
  ASSERT_EQ(response.answers_size(), 2);
  EXPECT_EQ(response.answers(0).score(), 9);
  EXPECT_EQ(response.answers(1).text(), "late");
  EXPECT_EQ(response.contact(), "tenants/acme/contacts/ada%20l");
  EXPECT_EQ(response.device(), v1::Response::DEVICE_PHONE);
  EXPECT_EQ(response.language(), "en");
  EXPECT_EQ(FromProto(response.duration()), absl::Minutes(2));
  EXPECT_EQ(response.completeness(), 1);
  EXPECT_EQ(Counted(9), 1);
  EXPECT_EQ(Drafts(), 0);
  ExpectCellsEqualRecount(1);

  const auto again = Submit(CompletingOne());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->repeated_call());
  EXPECT_EQ(again->name(), stored->name());
  EXPECT_EQ(ReasonOf(Save(SavingOne("answers { question: 'recommend' score: 1 }")).status()),
            v1::ERROR_REASON_REQUEST_ID_REUSED);
  EXPECT_EQ(Drafts(), 0);
  EXPECT_EQ(ReasonOf(Get("request_id: 'one'").status()), v1::ERROR_REASON_PARTIAL_RESPONSE_NOT_FOUND);
}

TEST_F(SavePartialResponseTest, AnInvitationIsAnsweredInParts) {
  const auto invited = house_.Invite(scope_, survey_);
  const std::string token = "invitation_token: '" + invited.token + "' ";
  const Result saved = Save(Saving(token + "response { answers { question: 'recommend' score: 8 } }"));
  ASSERT_TRUE(saved.ok()) << saved.status();
  EXPECT_EQ(FromProto(saved->expire_time()), db_.clock().Now() + absl::Hours(24 * 30));
  const auto stored = Submit(Completing(token + "response { answers { question: 'comment' text: 'fine' } }"));
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(Read(stored->name()).answers_size(), 2);
  EXPECT_EQ(Read(stored->name()).contact(), "tenants/acme/contacts/ada");
  EXPECT_EQ(Drafts(), 0);
  db_.clock().Advance(absl::Minutes(1));
  EXPECT_EQ(ReasonOf(Save(Saving(token + "response { answers { question: 'recommend' score: 1 } }")).status()),
            v1::ERROR_REASON_INVITATION_ANSWERED);
  EXPECT_TRUE(Submit(Completing(token + "response { answers { question: 'comment' text: 'fine' } }"))->repeated_call());
  ExpectCellsEqualRecount(1);
}

TEST_F(SavePartialResponseTest, WhatIsNotWholeIsRefusedAndStays) {
  ASSERT_TRUE(Save(SavingOne("answers { question: 'comment' text: 'hm' }")).ok());
  const auto refused = Submit(CompletingOne());
  EXPECT_EQ(ReasonOf(refused.status()), v1::ERROR_REASON_INVALID_RESPONSE) << refused.status();
  EXPECT_EQ(Drafts(), 1);
  EXPECT_TRUE(Submit(CompletingOne("answers { question: 'recommend' score: 7 }")).ok());
  EXPECT_EQ(Drafts(), 0);
}

TEST_F(SavePartialResponseTest, TheVersionIsTheOneThatWasBegun) {
  ASSERT_TRUE(Save(SavingOne("answers { question: 'recommend' score: 6 }")).ok());
  v1::SurveyDefinition next = Definition();
  next.mutable_questions(0)->set_key("overall");
  house_.Publish(scope_, survey_, next);
  db_.clock().Advance(absl::Minutes(1));
  const Result other = Save(SavingOne("answers { question: 'overall' score: 6 }"));
  EXPECT_EQ(ReasonOf(other.status()), v1::ERROR_REASON_INVALID_RESPONSE);
  ASSERT_TRUE(Save(SavingOne("answers { question: 'comment' text: 'old' }")).ok());
  const auto stored = Submit(CompletingOne());
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->survey_version(), 1);
  ExpectCellsEqualRecount(1);
}

TEST_F(SavePartialResponseTest, SavedAnswersOfAnotherWayAreLeftOut) {
  v1::SurveyDefinition definition = Definition();
  *definition.mutable_questions(1)->mutable_show_if() =
      Parse<v1::Condition>("compare { field: 'answer.recommend' operator: OPERATOR_LESS value { number_value: 7 } }");
  house_.Publish(scope_, survey_, definition);
  db_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(Save(SavingOne("answers { question: 'recommend' score: 3 }")).ok());
  ASSERT_TRUE(Save(SavingOne("answers { question: 'comment' text: 'bad' }")).ok());
  ASSERT_TRUE(Save(SavingOne("answers { question: 'recommend' score: 9 }")).ok());
  const auto stored = Submit(CompletingOne());
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_THAT(stored->hidden_answers(), ElementsAre("comment"));
  EXPECT_EQ(Read(stored->name()).answers_size(), 1);
}

TEST_F(SavePartialResponseTest, BadSavesAreRefused) {
  const auto reason = [&](const v1::SavePartialResponseRequest& request) { return ReasonOf(Save(request).status()); };
  EXPECT_EQ(reason(SavingOne("answers { question: 'recommend' score: 11 }")), v1::ERROR_REASON_INVALID_RESPONSE);
  EXPECT_EQ(reason(SavingOne("answers { question: 'nothing' score: 1 }")), v1::ERROR_REASON_INVALID_RESPONSE);
  EXPECT_EQ(reason(SavingOne("survey_version: 2")), v1::ERROR_REASON_INVALID_RESPONSE);
  v1::SavePartialResponseRequest request = SavingOne("");
  request.add_cleared_questions("nothing");
  EXPECT_EQ(ViolationsOf(Save(request).status()).at(0).field, "cleared_questions[0]");
  request = SavingOne("");
  request.set_revision(-1);
  EXPECT_EQ(ViolationsOf(Save(request).status()).at(0).field, "revision");
  EXPECT_EQ(reason(Saving("response { survey: 'tenants/-/surveys/post-purchase' }")), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(reason(Saving("request_id: 'one'")), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(reason(Saving("request_id: 'one' response { survey: 'tenants/-/surveys/none' }")),
            v1::ERROR_REASON_SURVEY_NOT_FOUND);
  EXPECT_EQ(reason(Saving("invitation_token: 'cvi_x'")), v1::ERROR_REASON_INVITATION_TOKEN_INVALID);
  house_.Publish(scope_, SurveyId("other"), Definition());
  const std::string invited = "invitation_token: '" + house_.Invite(scope_, survey_).token + "' ";
  EXPECT_EQ(reason(Saving(invited + "response { survey: 'tenants/-/surveys/other' }")),
            v1::ERROR_REASON_INVITATION_TOKEN_INVALID);
  EXPECT_EQ(reason(Saving(invited + "response { survey: 'tenants/rival/surveys/post-purchase' }")),
            v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  EXPECT_EQ(Drafts(), 0);
  EXPECT_EQ(ReasonOf(Submit(CompletingOne()).status()), v1::ERROR_REASON_PARTIAL_RESPONSE_NOT_FOUND);
  EXPECT_EQ(ReasonOf(Get("").status()), v1::ERROR_REASON_INVALID_FIELD);
  ASSERT_TRUE(Save(SavingOne("answers { question: 'recommend' score: 1 }")).ok());
  EXPECT_EQ(reason(Saving("request_id: 'one' response { survey: 'tenants/-/surveys/other' }")),
            v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(ReasonOf(Submit(Completing("request_id: 'one' response { survey: 'tenants/-/surveys/other' }")).status()),
            v1::ERROR_REASON_INVALID_FIELD);
  house_.Close(scope_, survey_);
  EXPECT_EQ(reason(SavingOne("answers { question: 'recommend' score: 2 }")), v1::ERROR_REASON_SURVEY_CLOSED);
}

TEST_F(SavePartialResponseTest, NoAcknowledgedSaveIsLostWhileAnotherDeviceCompletes) {
  for (int round = 0; round < 10; ++round) {
    const std::string id = absl::StrCat("request_id: 'race-", round, "' ");
    const std::string survey = "survey: 'tenants/-/surveys/post-purchase' ";
    ASSERT_TRUE(Save(Saving(id + "response { " + survey + "answers { question: 'recommend' score: 5 } }")).ok());
    Result saved = absl::UnknownError("");
    std::thread device(
        [&] { saved = Save(Saving(id + "response { " + survey + "answers { question: 'comment' text: 'late' } }")); });
    const auto stored = Submit(Completing(id + "response { " + survey + "}"));
    device.join();
    ASSERT_TRUE(stored.ok()) << stored.status();
    if (saved.ok()) {
      EXPECT_EQ(Read(stored->name()).answers_size(), 2);
    } else {
      EXPECT_EQ(ReasonOf(saved.status()), v1::ERROR_REASON_REQUEST_ID_REUSED) << saved.status();
    }
  }
  EXPECT_EQ(Drafts(), 0);
}

}  // namespace
}  // namespace canvass::responses
