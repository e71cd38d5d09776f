#include "server/responses/submit_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/testing/parse.h"
#include "server/mysql/connection.h"
#include "server/mysql/testing/test_database.h"
#include "server/responses/reading/get_response.h"
#include "server/responses/reading/list_responses.h"
#include "server/responses/testing/answered_survey.h"
#include "server/responses/testing/intake_house.h"

namespace canvass::responses {
namespace {

using canvass::testing::Parse;
using mysql::testing::MakeScope;
using mysql::testing::TestDatabase;
using testing::IntakeHouse;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::SubmitAllAndWait;
using testing::SubmitAndWait;
using Result = absl::StatusOr<v1::SubmitResponseResponse>;

class SubmitResponseTest : public testing::AnsweredSurveyTest {
 protected:
  v1::SubmitResponseRequest WithId(const std::string& request_id, int score = 9) const {
    v1::SubmitResponseRequest request = Request(score);
    request.set_request_id(request_id);
    return request;
  }
  v1::SubmitResponseRequest WithToken(const std::string& token, int score = 9) const {
    v1::SubmitResponseRequest request = Request(score);
    request.mutable_response()->clear_survey();
    request.set_invitation_token(token);
    return request;
  }
  Result Submit(const v1::SubmitResponseRequest& request) { return SubmitAndWait(*intake_, scope_, request); }
  void ExpectRefused(const v1::SubmitResponseRequest& request, absl::StatusCode code, v1::ErrorReason reason,
                     const std::string& field = "") {
    const int64_t before = Stored();
    const Result result = Submit(request);
    EXPECT_EQ(result.status().code(), code) << result.status();
    EXPECT_EQ(ReasonOf(result.status()), reason) << result.status();
    if (!field.empty()) {
      ASSERT_THAT(ViolationsOf(result.status()), SizeIs(1)) << result.status();
      EXPECT_EQ(ViolationsOf(result.status())[0].field, field);
    }
    EXPECT_EQ(Stored(), before);
  }
  int64_t Stored() const { return db_.Count("SELECT COUNT(*) FROM responses"); }
  int64_t Stage(metrics::InvitationStage stage) const {
    return db_.Count(
        absl::StrCat("SELECT COALESCE(SUM(total), 0) FROM metric_cells WHERE series = '@stage' AND value = ",
                     static_cast<int>(stage)));
  }
};

TEST_F(SubmitResponseTest, StoresAResponseWithItsCells) {
  v1::SubmitResponseRequest request = Request(10);
  request.mutable_response()->set_contact("tenants/acme/contacts/ada%20l");
  request.mutable_response()->set_language("fr");
  request.mutable_response()->set_name("tenants/acme/responses/mine");
  request.mutable_response()->mutable_start_time()->set_seconds(1'700'000'000);
  *request.mutable_response()->mutable_facts() = Parse<google::protobuf::Struct>(
      "fields { key: 'event' value { struct_value { fields { key: 'gate' value { string_value: 'B7' } } } } }");
  const Result result = Submit(request);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->name(), StartsWith("tenants/acme/responses/"));
  EXPECT_EQ(result->survey_version(), 1);
  EXPECT_EQ(FromProto(result->create_time()), db_.clock().Now());
  EXPECT_FALSE(result->repeated_call());

  const v1::Response stored = Read(result->name());
  EXPECT_EQ(stored.name(), result->name());
  EXPECT_EQ(stored.survey(), "tenants/acme/surveys/post-purchase");
  EXPECT_EQ(stored.survey_version(), 1);
  EXPECT_EQ(stored.contact(), "tenants/acme/contacts/ada%20l");
  EXPECT_EQ(stored.invitation(), "");
  EXPECT_EQ(stored.channel(), v1::Invitation::CHANNEL_LINK);
  EXPECT_EQ(stored.language(), "fr");
  EXPECT_EQ(stored.start_time().seconds(), 1'700'000'000);
  EXPECT_EQ(FromProto(stored.answer_time()), db_.clock().Now());
  EXPECT_EQ(FromProto(stored.create_time()), db_.clock().Now());
  EXPECT_EQ(stored.answers(0).score(), 10);
  ExpectCellsEqualRecount(1);
  EXPECT_EQ(db_.Count("SELECT SUM(total) FROM metric_cells WHERE series = 'recommend:nps' AND value = 10"), 1);
}

TEST_F(SubmitResponseTest, RefusesBadRequestsAndStoresNothing) {
  using enum absl::StatusCode;
  v1::SubmitResponseRequest request = Request();
  request.set_parent("tenants/other");
  ExpectRefused(request, kNotFound, v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  request = Request();
  request.clear_response();
  ExpectRefused(request, kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD, "response");
  request = Request();
  request.mutable_response()->clear_survey();
  ExpectRefused(request, kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD, "response.survey");
  request.mutable_response()->set_survey("surveys/post-purchase");
  ExpectRefused(request, kInvalidArgument, v1::ERROR_REASON_INVALID_RESOURCE_NAME, "response.survey");
  request.mutable_response()->set_survey("tenants/other/surveys/post-purchase");
  ExpectRefused(request, kNotFound, v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  request.mutable_response()->set_survey("tenants/acme/surveys/none");
  ExpectRefused(request, kNotFound, v1::ERROR_REASON_SURVEY_NOT_FOUND);
  ExpectRefused(WithId(std::string(129, 'x')), kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD, "request_id");
  request = Request();
  request.mutable_response()->set_contact("tenants/acme/contacts/%ff");
  ExpectRefused(request, kInvalidArgument, v1::ERROR_REASON_INVALID_RESOURCE_NAME, "response.contact");
  request.mutable_response()->set_contact(absl::StrCat("tenants/acme/contacts/", std::string(129, 'x')));
  ExpectRefused(request, kInvalidArgument, v1::ERROR_REASON_INVALID_RESOURCE_NAME, "response.contact");
  request = Request();
  request.mutable_response()->set_survey_version(2);
  ExpectRefused(request, kInvalidArgument, v1::ERROR_REASON_INVALID_RESPONSE, "response.survey_version");
  ExpectRefused(Request(11), kInvalidArgument, v1::ERROR_REASON_INVALID_RESPONSE, "response.answers[0].score");
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM metric_cells"), 0);
}

TEST_F(SubmitResponseTest, KnowsTheStateOfTheSurvey) {
  v1::Survey draft;
  draft.set_display_name("Draft");
  *draft.mutable_definition() = Definition();
  ASSERT_TRUE(house_.surveys.Create(scope_, SurveyId("draft"), draft, db_.clock().Now()).ok());
  v1::SubmitResponseRequest request = Request();
  request.mutable_response()->set_survey("tenants/acme/surveys/draft");
  ExpectRefused(request, absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_NOT_PUBLISHED);

  ASSERT_TRUE(Submit(WithId("before")).ok());
  house_.Close(scope_, survey_);
  ExpectRefused(Request(), absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_CLOSED);
  ExpectRefused(WithId("after"), absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_CLOSED);
  // Whoever repeats a call that was right then still hears so.
  const Result repeated = Submit(WithId("before"));
  ASSERT_TRUE(repeated.ok()) << repeated.status();
  EXPECT_TRUE(repeated->repeated_call());
}

TEST_F(SubmitResponseTest, RepeatedCallsGetTheFirstResult) {
  const Result first = Submit(WithId("one"));
  ASSERT_TRUE(first.ok());
  db_.clock().Advance(absl::Minutes(5));
  for (int round = 0; round < 2; ++round) {
    const Result again = Submit(WithId("one"));
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_TRUE(again->repeated_call());
    EXPECT_EQ(again->name(), first->name());
    EXPECT_EQ(again->create_time().seconds(), first->create_time().seconds());
    ExpectRefused(WithId("one", 8), absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_REQUEST_ID_REUSED);
    // As after a restart of the server.
    intake_ = house_.MakeIntake();
  }
  // Without a request id every call is a new response.
  EXPECT_TRUE(Submit(Request()).ok());
  EXPECT_TRUE(Submit(Request()).ok());
  EXPECT_TRUE(Submit(WithId("two")).ok());
  ExpectCellsEqualRecount(4);
}

TEST_F(SubmitResponseTest, RequestIdsAreTheTenantsOwn) {
  const TenantScope other = MakeScope("other");
  house_.Publish(other, survey_, Definition());
  ASSERT_TRUE(Submit(WithId("one")).ok());
  v1::SubmitResponseRequest request = WithId("one", 3);
  request.set_parent("tenants/other");
  request.mutable_response()->set_survey("tenants/other/surveys/post-purchase");
  const Result result = SubmitAndWait(*intake_, other, request);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_FALSE(result->repeated_call());
  EXPECT_THAT(result->name(), StartsWith("tenants/other/"));
  EXPECT_EQ(house_.Recount(other, survey_).responses, 1);
}

TEST_F(SubmitResponseTest, ARepeatedCallOutlivesANewVersion) {
  const Result first = Submit(WithId("one"));
  ASSERT_TRUE(first.ok());
  v1::SurveyDefinition narrower = Definition();
  narrower.mutable_questions(0)->mutable_csat()->set_points(5);
  house_.Publish(scope_, survey_, narrower);
  // The answer, 9, is on the scale of version 1 alone.
  const Result again = Submit(WithId("one"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->repeated_call());
  EXPECT_EQ(again->survey_version(), 1);
  ExpectRefused(WithId("two"), absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_RESPONSE,
                "response.answers[0].score");
}

TEST_F(SubmitResponseTest, AnsweringAnInvitationMovesEverything) {
  IntakeHouse::Invitee invitee;
  *invitee.content.mutable_facts() = Parse<google::protobuf::Struct>(
      "fields { key: 'event' value { struct_value { fields { key: 'gate' value { string_value: 'B7' } } } } }");
  const auto invited = house_.Invite(scope_, survey_, invitee);
  const Result result = Submit(WithToken(invited.token));
  ASSERT_TRUE(result.ok()) << result.status();

  const v1::Response stored = Read(result->name());
  EXPECT_EQ(stored.contact(), "tenants/acme/contacts/ada");
  EXPECT_EQ(stored.invitation(), absl::StrCat("tenants/acme/invitations/", invited.id.ToString()));
  EXPECT_EQ(stored.channel(), v1::Invitation::CHANNEL_IN_APP);
  EXPECT_EQ(stored.facts().fields().at("event").struct_value().fields().at("gate").string_value(), "B7");
  const auto record = house_.invitations.Get(scope_, invited.id);
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->invitation.state(), v1::Invitation::STATE_ANSWERED);
  EXPECT_EQ(FromProto(record->invitation.answer_time()), db_.clock().Now());
  // Nobody had said that it was shown: the answer says so.
  EXPECT_EQ(FromProto(record->invitation.deliver_time()), db_.clock().Now());
  EXPECT_EQ(db_.Count(absl::StrCat("SELECT COUNT(*) FROM decisions WHERE outcome = ",
                                   static_cast<int>(v1::Decision::OUTCOME_SENT))),
            1);
  EXPECT_EQ(Stage(metrics::InvitationStage::kDelivered), 1);
  EXPECT_EQ(Stage(metrics::InvitationStage::kAnswered), 1);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM metric_cells WHERE series = '@time'"), 0);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM metric_dimensions WHERE payload LIKE '%B7%'"), 2);
  ExpectCellsEqualRecount(1);

  const Result again = Submit(WithToken(invited.token));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->repeated_call());
  EXPECT_EQ(again->name(), result->name());
  ExpectRefused(WithToken(invited.token, 3), absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_INVITATION_ANSWERED);
  EXPECT_EQ(Stage(metrics::InvitationStage::kAnswered), 1);
}

TEST_F(SubmitResponseTest, CountsTheTimeToAnswerOfWhatWasShown) {
  const auto invited = house_.Invite(scope_, survey_);
  ASSERT_TRUE(db_.database()
                  .Write(scope_,
                         [&](mysql::Transaction& tx) -> absl::Status {
                           auto locked = house_.invitations.LockMany(tx, scope_, {invited.id});
                           distribution::InvitationRecord& record = locked->at(invited.id);
                           record.invitation.set_state(v1::Invitation::STATE_DELIVERED);
                           *record.invitation.mutable_deliver_time() = ToProto(db_.clock().Now());
                           return house_.invitations.UpdateState(tx, scope_, record);
                         })
                  .ok());
  db_.clock().Advance(absl::Minutes(3));
  ASSERT_TRUE(Submit(WithToken(invited.token)).ok());
  EXPECT_EQ(Stage(metrics::InvitationStage::kDelivered), 0);  // counted when it was shown
  EXPECT_EQ(Stage(metrics::InvitationStage::kAnswered), 1);
  EXPECT_EQ(db_.Count("SELECT SUM(total) FROM metric_cells WHERE series = '@time'"), 1);
}

TEST_F(SubmitResponseTest, JudgesInvitations) {
  using enum absl::StatusCode;
  const auto invited = house_.Invite(scope_, survey_);
  std::string altered = invited.token;
  altered[10] = altered[10] == 'A' ? 'B' : 'A';
  ExpectRefused(WithToken(altered), kInvalidArgument, v1::ERROR_REASON_INVITATION_TOKEN_INVALID, "invitation_token");
  ExpectRefused(WithToken("cvi_"), kInvalidArgument, v1::ERROR_REASON_INVITATION_TOKEN_INVALID, "invitation_token");
  // Signed, but another tenant's, or of no row.
  const TenantScope other = MakeScope("other");
  house_.Publish(other, survey_, Definition());
  ExpectRefused(WithToken(house_.Invite(other, survey_).token), kNotFound, v1::ERROR_REASON_INVITATION_NOT_FOUND);
  ExpectRefused(WithToken(house_.tokens.Sign({.tenant = scope_.tenant(),
                                              .survey = survey_,
                                              .invitation = Uuid::V7(db_.clock().Now(), db_.random()),
                                              .expire_time = absl::FromUnixSeconds(4'000'000'000)})),
                kNotFound, v1::ERROR_REASON_INVITATION_NOT_FOUND);
  // Another survey than the token's.
  house_.Publish(scope_, SurveyId("other"), Definition());
  v1::SubmitResponseRequest request = WithToken(invited.token);
  request.mutable_response()->set_survey("tenants/acme/surveys/other");
  ExpectRefused(request, kInvalidArgument, v1::ERROR_REASON_INVITATION_TOKEN_INVALID, "invitation_token");
  // What the invitation knows better.
  request = WithToken(invited.token);
  (*request.mutable_response()->mutable_facts()->mutable_fields())["event"].mutable_struct_value();
  ExpectRefused(request, kInvalidArgument, v1::ERROR_REASON_INVALID_RESPONSE, "response.facts.event");
  request = WithToken(invited.token);
  request.mutable_response()->set_contact("tenants/acme/contacts/bob");
  ExpectRefused(request, kInvalidArgument, v1::ERROR_REASON_INVALID_RESPONSE, "response.contact");
  request = WithToken(invited.token);
  request.mutable_response()->set_survey_version(2);
  ExpectRefused(request, kInvalidArgument, v1::ERROR_REASON_INVALID_RESPONSE, "response.survey_version");
  ExpectRefused(WithToken(invited.token, 11), kInvalidArgument, v1::ERROR_REASON_INVALID_RESPONSE,
                "response.answers[0].score");
  ExpectRefused(WithToken(house_.Invite(scope_, survey_, {.schedule = absl::Hours(1), .content = {}}).token),
                kFailedPrecondition, v1::ERROR_REASON_INVITATION_NOT_OPEN);
  // After all of this it is still open, and may be named in full.
  request = WithToken(invited.token);
  request.mutable_response()->set_survey("tenants/acme/surveys/post-purchase");
  request.mutable_response()->set_contact("tenants/acme/contacts/ada");
  request.mutable_response()->set_survey_version(1);
  EXPECT_TRUE(Submit(request).ok());
}

TEST_F(SubmitResponseTest, ExpiryEndsAnInvitationButNotTheRepeatedCall) {
  const auto answered = house_.Invite(scope_, survey_);
  const auto open = house_.Invite(scope_, survey_);
  ASSERT_TRUE(Submit(WithToken(answered.token)).ok());
  db_.clock().Advance(absl::Hours(24 * 30));
  ExpectRefused(WithToken(open.token), absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_INVITATION_EXPIRED);
  const Result again = Submit(WithToken(answered.token));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->repeated_call());
  ExpectRefused(WithToken(answered.token, 3), absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_INVITATION_ANSWERED);
}

TEST_F(SubmitResponseTest, ADismissedInvitationIsNotOpen) {
  const auto invited = house_.Invite(scope_, survey_);
  ASSERT_TRUE(db_.database()
                  .Write(scope_,
                         [&](mysql::Transaction& tx) -> absl::Status {
                           auto locked = house_.invitations.LockMany(tx, scope_, {invited.id});
                           locked->at(invited.id).invitation.set_state(v1::Invitation::STATE_DISMISSED);
                           return house_.invitations.UpdateState(tx, scope_, locked->at(invited.id));
                         })
                  .ok());
  ExpectRefused(WithToken(invited.token), absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_INVITATION_NOT_OPEN);
}

TEST_F(SubmitResponseTest, InvitationsAreAnsweredToTheVersionTheyAsk) {
  const auto invited = house_.Invite(scope_, survey_);
  v1::SurveyDefinition next = Definition();
  next.mutable_questions(0)->set_key("overall");
  house_.Publish(scope_, survey_, next);
  // A server that has not seen version 1 yet.
  IntakeHouse fresh(db_.database(), db_.clock(), db_.random());
  auto intake = fresh.MakeIntake();
  const Result result = SubmitAndWait(*intake, scope_, WithToken(invited.token));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->survey_version(), 1);
  ExpectRefused(Request(), absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_RESPONSE);
  v1::SubmitResponseRequest earlier = Request();
  earlier.mutable_response()->set_survey_version(1);
  const Result refused = Submit(earlier);
  EXPECT_EQ(ReasonOf(refused.status()), v1::ERROR_REASON_INVALID_RESPONSE);
  EXPECT_EQ(ViolationsOf(refused.status())[0].field, "response.survey_version");
  ExpectCellsEqualRecount(1);
}

// One of a thousand wins, whatever way they race.
TEST_F(SubmitResponseTest, AThousandAtOnceOnOneInvitation) {
  const auto invited = house_.Invite(scope_, survey_);
  intake_ = house_.MakeIntake({.writers = 4, .max_batch = 16});
  std::vector<v1::SubmitResponseRequest> requests;
  for (int i = 0; i < 1000; ++i) requests.push_back(WithToken(invited.token, i % 4));
  int first = 0;
  int repeated = 0;
  int refused = 0;
  std::set<std::string> names;
  for (const Result& result : SubmitAllAndWait(*intake_, scope_, requests)) {
    if (result.ok()) {
      names.insert(result->name());
      ++(result->repeated_call() ? repeated : first);
    } else {
      EXPECT_EQ(ReasonOf(result.status()), v1::ERROR_REASON_INVITATION_ANSWERED) << result.status();
      ++refused;
    }
  }
  EXPECT_EQ(first, 1);
  EXPECT_EQ(repeated, 249);
  EXPECT_EQ(refused, 750);
  EXPECT_THAT(names, SizeIs(1));
  EXPECT_EQ(Stored(), 1);
  EXPECT_EQ(Stage(metrics::InvitationStage::kAnswered), 1);
  ExpectCellsEqualRecount(1);
}

TEST_F(SubmitResponseTest, AThousandAtOnceUnderTenRequestIds) {
  intake_ = house_.MakeIntake({.writers = 4, .max_batch = 32});
  std::vector<v1::SubmitResponseRequest> requests;
  for (int i = 0; i < 1000; ++i) requests.push_back(WithId(absl::StrCat("id-", i % 10), i % 20 < 10 ? 1 : 2));
  int first = 0;
  int answered = 0;
  for (const Result& result : SubmitAllAndWait(*intake_, scope_, requests)) {
    if (result.ok()) {
      ++answered;
      if (!result->repeated_call()) ++first;
    } else {
      EXPECT_EQ(ReasonOf(result.status()), v1::ERROR_REASON_REQUEST_ID_REUSED) << result.status();
    }
  }
  EXPECT_EQ(first, 10);
  EXPECT_EQ(answered, 500);
  ExpectCellsEqualRecount(10);
}

TEST_F(SubmitResponseTest, ManyTenantsShareABatch) {
  std::vector<TenantScope> scopes;
  for (int i = 0; i < 5; ++i) scopes.push_back(MakeScope(absl::StrCat("tenant-", i)));
  for (const TenantScope& scope : scopes) house_.Publish(scope, survey_, Definition());
  intake_ = house_.MakeIntake({.writers = 1, .hold_time = absl::Milliseconds(200)});
  absl::Mutex mutex;
  int answered = 0;
  for (int i = 0; i < 200; ++i) {
    const TenantScope& scope = scopes[i % 5];
    v1::SubmitResponseRequest request = i % 2 == 0 ? Request() : WithToken(house_.Invite(scope, survey_).token);
    request.set_parent("tenants/-");
    if (i % 2 == 0) request.mutable_response()->set_survey("tenants/-/surveys/post-purchase");
    intake_->Submit(scope, request, absl::InfiniteFuture(), [&](const Result& result) {
      EXPECT_TRUE(result.ok()) << result.status();
      absl::MutexLock lock(&mutex);
      ++answered;
    });
  }
  intake_->Drain();
  EXPECT_EQ(answered, 200);
  for (const TenantScope& scope : scopes) {
    const metrics::RecountResult recount = house_.Recount(scope, survey_);
    EXPECT_TRUE(recount.equal());
    EXPECT_EQ(recount.responses, 40);
  }
  EXPECT_EQ(Stage(metrics::InvitationStage::kAnswered), 100);
}

TEST_F(SubmitResponseTest, AFullQueueSaysSoAtOnce) {
  // Nobody takes anything out of this one.
  auto intake = house_.MakeIntake({.writers = 0, .max_queued = 3});
  std::vector<Result> results;
  const auto submit = [&] {
    intake->Submit(scope_, Request(), absl::InfiniteFuture(),
                   [&](Result result) { results.push_back(std::move(result)); });
  };
  ASSERT_TRUE(Submit(Request()).ok());  // brings the survey into memory
  for (int i = 0; i < 5; ++i) submit();
  ASSERT_THAT(results, SizeIs(2));
  EXPECT_EQ(results[0].status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(results[0].status()), v1::ERROR_REASON_OVERLOADED);
  EXPECT_TRUE(results[0].status().GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());

  auto narrow = house_.MakeIntake({.writers = 0, .max_queued_bytes = 3000});
  results.clear();
  for (int i = 0; i < 5; ++i) {
    narrow->Submit(scope_, Request(), absl::InfiniteFuture(),
                   [&](Result result) { results.push_back(std::move(result)); });
  }
  EXPECT_THAT(results, SizeIs(3));
}

TEST_F(SubmitResponseTest, DrainFinishesWhatWasSubmitted) {
  intake_ = house_.MakeIntake({.max_batch = 8});
  absl::Mutex mutex;
  int answered = 0;
  for (int i = 0; i < 300; ++i) {
    intake_->Submit(scope_, Request(), absl::InfiniteFuture(), [&](const Result& result) {
      EXPECT_TRUE(result.ok()) << result.status();
      absl::MutexLock lock(&mutex);
      ++answered;
    });
  }
  intake_->Drain();
  EXPECT_EQ(answered, 300);
  EXPECT_EQ(Stored(), 300);
  const Result late = Submit(Request());
  EXPECT_EQ(late.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(late.status()), v1::ERROR_REASON_SHUTTING_DOWN);
}

TEST_F(SubmitResponseTest, WhatIsTooLateIsNotWritten) {
  ASSERT_TRUE(Submit(Request()).ok());
  const Result result = SubmitAndWait(*intake_, scope_, Request(), db_.clock().Now());
  EXPECT_EQ(result.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(ReasonOf(result.status()), v1::ERROR_REASON_DEADLINE_EXCEEDED);
  EXPECT_EQ(Stored(), 1);
}

TEST_F(SubmitResponseTest, ListsTheLatestFirst) {
  std::vector<std::string> names;
  for (int i = 0; i < 5; ++i) {
    const Result result = Submit(Request(i));
    ASSERT_TRUE(result.ok());
    names.insert(names.begin(), result->name());
    db_.clock().Advance(absl::Milliseconds(2));
  }
  house_.Publish(scope_, SurveyId("other"), Definition());
  v1::ListResponsesRequest request;
  request.set_parent("tenants/acme");
  request.set_survey("tenants/acme/surveys/post-purchase");
  request.set_page_size(2);
  std::vector<std::string> listed;
  int pages = 0;
  do {
    const auto page = ListResponses(house_.responses, house_.catalog, scope_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Response& response : page->responses()) listed.push_back(response.name());
    request.set_page_token(page->next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(listed, names);

  request.set_survey("tenants/acme/surveys/other");
  EXPECT_THAT(ListResponses(house_.responses, house_.catalog, scope_, request)->responses(), IsEmpty());
  request.set_survey("tenants/acme/surveys/none");
  EXPECT_EQ(ReasonOf(ListResponses(house_.responses, house_.catalog, scope_, request).status()),
            v1::ERROR_REASON_SURVEY_NOT_FOUND);
}

TEST_F(SubmitResponseTest, ValidateOnlyChecksAndStoresNothing) {
  v1::SubmitResponseRequest request = WithId("one");
  request.set_validate_only(true);
  const Result right = Submit(request);
  ASSERT_TRUE(right.ok()) << right.status();
  EXPECT_EQ(right->name(), "");
  EXPECT_EQ(right->survey_version(), 1);
  request.mutable_response()->mutable_answers(0)->set_score(11);
  ExpectRefused(request, absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_RESPONSE,
                "response.answers[0].score");
  EXPECT_EQ(Stored(), 0);
  // Nor is the request_id used.
  EXPECT_TRUE(Submit(WithId("one", 3)).ok());
}

TEST_F(SubmitResponseTest, WhatStaffAloneMaySayIsNotTakenFromTheRespondent) {
  v1::SubmitResponseRequest request = Request();
  request.mutable_response()->add_tags("vip");
  request.mutable_response()->set_note("call back");
  request.mutable_response()->mutable_exclusion()->set_reason("test");
  request.mutable_response()->set_device(v1::Response::DEVICE_PHONE);
  const Result result = Submit(request);
  ASSERT_TRUE(result.ok()) << result.status();
  const v1::Response stored = Read(result->name());
  EXPECT_THAT(stored.tags(), IsEmpty());
  EXPECT_EQ(stored.note(), "");
  EXPECT_FALSE(stored.has_exclusion());
  EXPECT_EQ(stored.device(), v1::Response::DEVICE_PHONE);
  EXPECT_EQ(stored.etag(), "0");
  ExpectCellsEqualRecount(1);
}

TEST_F(SubmitResponseTest, GetsOnlyWhatIsThere) {
  const Result result = Submit(Request());
  ASSERT_TRUE(result.ok());
  v1::GetResponseRequest request;
  request.set_name("tenants/acme/responses/none");
  EXPECT_EQ(ReasonOf(GetResponse(house_.responses, scope_, request).status()), v1::ERROR_REASON_RESPONSE_NOT_FOUND);
  request.set_name(result->name());
  EXPECT_TRUE(GetResponse(house_.responses, scope_, request).ok());
  EXPECT_EQ(ReasonOf(GetResponse(house_.responses, MakeScope("other"), request).status()),
            v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  request.set_name("tenants/-/responses/" + result->name().substr(result->name().rfind('/') + 1));
  EXPECT_EQ(ReasonOf(GetResponse(house_.responses, MakeScope("other"), request).status()),
            v1::ERROR_REASON_RESPONSE_NOT_FOUND);
}

}  // namespace
}  // namespace canvass::responses
