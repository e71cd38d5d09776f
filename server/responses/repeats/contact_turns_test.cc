#include "server/responses/repeats/contact_turns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/responses/testing/answered_survey.h"

namespace canvass::responses {
namespace {

using Result = absl::StatusOr<v1::SubmitResponseResponse>;

class ContactTurnsTest : public testing::AnsweredSurveyTest {
 protected:
  void Publish(absl::Duration contact_period, absl::Duration duplicate_period = absl::ZeroDuration()) {
    v1::SurveyDefinition definition = Definition();
    v1::RepeatPolicy& repeats = *definition.mutable_repeats();
    if (contact_period > absl::ZeroDuration()) *repeats.mutable_contact_period() = ToProto(contact_period);
    if (duplicate_period > absl::ZeroDuration()) *repeats.mutable_duplicate_period() = ToProto(duplicate_period);
    house_.Publish(scope_, survey_, definition);
    db_.clock().Advance(absl::Minutes(1));
  }
  v1::SubmitResponseRequest From(const std::string& contact, int score = 9) const {
    v1::SubmitResponseRequest request = Request(score);
    request.mutable_response()->set_contact("tenants/acme/contacts/" + contact);
    return request;
  }
  Result Submit(const v1::SubmitResponseRequest& request) { return testing::SubmitAndWait(*intake_, scope_, request); }
  v1::ErrorReason Refusal(const v1::SubmitResponseRequest& request) { return ReasonOf(Submit(request).status()); }
  int64_t Stored() const { return db_.Count("SELECT COUNT(*) FROM responses"); }
};

TEST_F(ContactTurnsTest, AContactAnswersOnceInAPeriod) {
  Publish(absl::Hours(24));
  ASSERT_TRUE(Submit(From("ada")).ok());
  const Result second = Submit(From("ada", 3));
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(second.status()), v1::ERROR_REASON_CONTACT_ANSWERED) << second.status();
  EXPECT_TRUE(Submit(From("bob")).ok());
  EXPECT_TRUE(Submit(Request(1)).ok()) << "anonymous";
  EXPECT_TRUE(Submit(Request(1)).ok());
  db_.clock().Advance(absl::Hours(24));
  EXPECT_TRUE(Submit(From("ada", 3)).ok());
  EXPECT_EQ(Stored(), 5);
  ExpectCellsEqualRecount(5);
}

TEST_F(ContactTurnsTest, TheTimeOfTheAnswerCountsInBothDirections) {
  Publish(absl::Hours(24));
  ASSERT_TRUE(Submit(From("ada")).ok());
  v1::SubmitResponseRequest earlier = From("ada");
  *earlier.mutable_response()->mutable_answer_time() = ToProto(db_.clock().Now() - absl::Hours(23));
  EXPECT_EQ(Refusal(earlier), v1::ERROR_REASON_CONTACT_ANSWERED);
  *earlier.mutable_response()->mutable_answer_time() = ToProto(db_.clock().Now() - absl::Hours(25));
  EXPECT_TRUE(Submit(earlier).ok());
}

TEST_F(ContactTurnsTest, ARepeatedCallIsNoSecondAnswer) {
  Publish(absl::Hours(24));
  v1::SubmitResponseRequest request = From("ada");
  request.set_request_id("one");
  ASSERT_TRUE(Submit(request).ok());
  EXPECT_TRUE(Submit(request)->repeated_call());
}

TEST_F(ContactTurnsTest, InvitationsCount) {
  Publish(absl::Hours(24));
  testing::IntakeHouse::Invitee invitee;
  invitee.survey_version = 2;
  v1::SubmitResponseRequest invited = Request();
  invited.set_invitation_token(house_.Invite(scope_, survey_, invitee).token);
  const Result first = Submit(invited);
  ASSERT_TRUE(first.ok()) << first.status();
  invited.set_invitation_token(house_.Invite(scope_, survey_, invitee).token);
  EXPECT_EQ(Refusal(invited), v1::ERROR_REASON_CONTACT_ANSWERED);
  EXPECT_EQ(Refusal(From("ada")), v1::ERROR_REASON_CONTACT_ANSWERED);
}

TEST_F(ContactTurnsTest, OneOfManyAtOnceIsTaken) {
  Publish(absl::Hours(24));
  std::vector<std::unique_ptr<ResponseIntake>> servers;
  for (int i = 0; i < 2; ++i) servers.push_back(house_.MakeIntake());
  for (int contact = 0; contact < 5; ++contact) {
    std::vector<v1::SubmitResponseRequest> requests(8, From(absl::StrCat("person-", contact)));
    int taken = 0;
    std::vector<Result> other;
    std::thread second([&] { other = testing::SubmitAllAndWait(*servers[1], scope_, requests); });
    std::vector<Result> results = testing::SubmitAllAndWait(*servers[0], scope_, requests);
    second.join();
    std::move(other.begin(), other.end(), std::back_inserter(results));
    for (const Result& result : results) {
      if (result.ok()) ++taken;
      const v1::ErrorReason reason = ReasonOf(result.status());
      EXPECT_TRUE(result.ok() || reason == v1::ERROR_REASON_CONTACT_ANSWERED) << result.status();
    }
    EXPECT_EQ(taken, 1);
  }
  EXPECT_EQ(Stored(), 5);
  ExpectCellsEqualRecount(5);
}

TEST_F(ContactTurnsTest, TheSameAnswersAgainAreTheFirstOnes) {
  Publish(absl::ZeroDuration(), absl::Minutes(10));
  const Result first = Submit(From("ada", 7));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_FALSE(first->repeated_call());
  db_.clock().Advance(absl::Minutes(5));
  const Result same = Submit(From("ada", 7));
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_TRUE(same->repeated_call());
  EXPECT_EQ(same->name(), first->name());
  EXPECT_EQ(FromProto(same->create_time()), FromProto(first->create_time()));
  EXPECT_FALSE(Submit(From("ada", 8))->repeated_call());
  EXPECT_FALSE(Submit(From("bob", 7))->repeated_call());
  db_.clock().Advance(absl::Minutes(5));
  EXPECT_FALSE(Submit(From("ada", 7))->repeated_call());
  EXPECT_EQ(Stored(), 4);
  ExpectCellsEqualRecount(4);
}

TEST_F(ContactTurnsTest, TheSameAnswersToTwoInvitationsAreTwo) {
  Publish(absl::ZeroDuration(), absl::Minutes(10));
  testing::IntakeHouse::Invitee invitee;
  invitee.survey_version = 2;
  for (int i = 0; i < 2; ++i) {
    v1::SubmitResponseRequest invited = Request();
    invited.set_invitation_token(house_.Invite(scope_, survey_, invitee).token);
    const Result result = Submit(invited);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_FALSE(result->repeated_call());
  }
  EXPECT_EQ(Stored(), 2);
}

}  // namespace
}  // namespace canvass::responses
