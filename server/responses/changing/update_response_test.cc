#include "server/responses/changing/update_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "server/base/error.h"
#include "server/base/testing/parse.h"
#include "server/responses/reading/get_response.h"
#include "server/responses/reading/list_responses.h"
#include "server/responses/testing/answered_survey.h"

namespace canvass::responses {
namespace {

using canvass::testing::Parse;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Result = absl::StatusOr<v1::Response>;

class UpdateResponseTest : public testing::AnsweredSurveyTest {
 protected:
  Result Update(const std::string& name, const std::string& text, const std::vector<std::string>& mask) {
    v1::UpdateResponseRequest request;
    *request.mutable_response() = Parse<v1::Response>(text);
    request.mutable_response()->set_name(name);
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    return UpdateResponse(rooms_, scope_, request);
  }
  Result Exclude(const std::string& name, const std::string& reason) {
    v1::ExcludeResponseRequest request;
    request.set_name(name);
    request.set_reason(reason);
    return ExcludeResponse(rooms_, scope_, request);
  }
  Result Include(const std::string& name) {
    v1::IncludeResponseRequest request;
    request.set_name(name);
    return IncludeResponse(rooms_, scope_, request);
  }
  absl::Status Delete(const std::string& name) {
    v1::DeleteResponseRequest request;
    request.set_name(name);
    return DeleteResponse(rooms_, scope_, request).status();
  }
  v1::ErrorReason Refusal(const Result& result) { return ReasonOf(result.status()); }

  const ChangeRooms rooms_{.database = db_.database(), .catalog = house_.catalog, .clock = db_.clock()};
};

TEST_F(UpdateResponseTest, ACorrectedAnswerIsCountedInPlaceOfTheFirst) {
  Store(9);
  const std::string name = Store(2, "wrong key");
  const Result changed = Update(name, "answers { question: 'recommend' score: 10 }", {"answers"});
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_THAT(changed->answers(), SizeIs(1));
  EXPECT_TRUE(changed->has_update_time());
  EXPECT_EQ(Read(name).answers(0).score(), 10);
  EXPECT_EQ(Counted(2), 0);
  EXPECT_EQ(Counted(10), 1);
  ExpectCellsEqualRecount(2);
}

TEST_F(UpdateResponseTest, CorrectedAnswersAreCheckedAsSubmittedOnesAre) {
  const std::string name = Store(2);
  const Result wrong = Update(name, "answers { question: 'recommend' score: 11 }", {"answers"});
  EXPECT_EQ(Refusal(wrong), v1::ERROR_REASON_INVALID_RESPONSE);
  ASSERT_THAT(ViolationsOf(wrong.status()), SizeIs(1));
  EXPECT_EQ(ViolationsOf(wrong.status())[0].field, "response.answers[0].score");
  EXPECT_EQ(Refusal(Update(name, "answers { question: 'comment' text: 'x' }", {"answers"})),
            v1::ERROR_REASON_INVALID_RESPONSE)
      << "a required question has no answer";
  EXPECT_EQ(Read(name).answers(0).score(), 2);
  ExpectCellsEqualRecount(1);
}

TEST_F(UpdateResponseTest, AnInvitedResponseKeepsItsFacts) {
  const auto invited = house_.Invite(scope_, survey_);
  v1::SubmitResponseRequest request = Request(3);
  request.mutable_response()->clear_survey();
  request.set_invitation_token(invited.token);
  const std::string name = Store(request);
  const v1::Response before = Read(name);
  const Result changed = Update(name, "answers { question: 'recommend' score: 7 }", {"answers"});
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->facts().DebugString(), before.facts().DebugString());
  EXPECT_EQ(changed->invitation(), before.invitation());
  ExpectCellsEqualRecount(1);
}

TEST_F(UpdateResponseTest, HiddenFieldsStayWhateverTheAnswersBecome) {
  v1::SurveyDefinition definition = Definition();
  *definition.add_hidden_fields() = Parse<v1::HiddenField>("key: 'plan' type: TYPE_TEXT required: true");
  definition.add_breakdowns("hidden.plan");
  house_.Publish(scope_, survey_, definition);
  const auto hidden = Parse<google::protobuf::Struct>(
      "fields { key: 'hidden' value { struct_value { fields { key: 'plan' value { string_value: 'pro' } } } } }");
  const auto invited = house_.Invite(scope_, survey_, {.survey_version = 2});
  v1::SubmitResponseRequest request = Request(3);
  request.mutable_response()->clear_survey();
  request.set_invitation_token(invited.token);
  *request.mutable_response()->mutable_facts() = hidden;
  v1::SubmitResponseRequest anonymous = Request(4);
  *anonymous.mutable_response()->mutable_facts() = hidden;
  for (const std::string& name : {Store(request), Store(anonymous)}) {
    const Result changed = Update(name, "answers { question: 'recommend' score: 7 }", {"answers"});
    ASSERT_TRUE(changed.ok()) << changed.status();
    EXPECT_EQ(changed->facts().fields().at("hidden").struct_value().fields().at("plan").string_value(), "pro");
  }
  // One that the respondent's page took without it.
  absl::Notification stored;
  std::string without;
  intake_->Submit(
      scope_, Request(5), absl::InfiniteFuture(),
      [&](const absl::StatusOr<v1::SubmitResponseResponse>& result) {
        without = result.ok() ? result->name() : result.status().ToString();
        stored.Notify();
      },
      MissingFields::kAllowed);
  stored.WaitForNotification();
  EXPECT_TRUE(Update(without, "answers { question: 'recommend' score: 8 }", {"answers"}).ok()) << without;
  ExpectCellsEqualRecount(3);
}

TEST_F(UpdateResponseTest, TagsAndNotesChangeNoMetric) {
  const std::string name = Store(9);
  const Result tagged = Update(name, "tags: 'vip' tags: 'call back' note: 'asked for Ada'", {"tags", "note"});
  ASSERT_TRUE(tagged.ok()) << tagged.status();
  EXPECT_THAT(Read(name).tags(), ElementsAre("vip", "call back"));
  EXPECT_EQ(Read(name).note(), "asked for Ada");
  EXPECT_EQ(Read(name).answers(0).score(), 9);
  ExpectCellsEqualRecount(1);

  EXPECT_EQ(Refusal(Update(name, "tags: 'a' tags: 'a'", {"tags"})), v1::ERROR_REASON_INVALID_RESPONSE);
  EXPECT_EQ(Refusal(Update(name, "tags: 'a\\nb'", {"tags"})), v1::ERROR_REASON_INVALID_RESPONSE);
  EXPECT_EQ(Refusal(Update(name, absl::StrCat("tags: '", std::string(65, 'x'), "'"), {"tags"})),
            v1::ERROR_REASON_INVALID_RESPONSE);
  EXPECT_EQ(Refusal(Update(name, absl::StrCat("note: '", std::string(4001, 'x'), "'"), {"note"})),
            v1::ERROR_REASON_INVALID_RESPONSE);
  EXPECT_EQ(Refusal(Update(name, "", {"contact"})), v1::ERROR_REASON_INVALID_FIELD_MASK);
  EXPECT_THAT(Read(name).tags(), SizeIs(2));
}

TEST_F(UpdateResponseTest, AnEtagThatIsNotTheCurrentOneIsRefused) {
  const std::string name = Store(9);
  const Result first = Update(name, "etag: '0' note: 'one'", {"note"});
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(Refusal(Update(name, "etag: '0' note: 'two'", {"note"})), v1::ERROR_REASON_ETAG_MISMATCH);
  EXPECT_EQ(Read(name).note(), "one");
  EXPECT_EQ(Read(name).etag(), first->etag());
  const Result second = Update(name, absl::StrCat("etag: '", first->etag(), "' note: 'two'"), {"note"});
  ASSERT_TRUE(second.ok()) << "the clock stands still, and the etag is another one all the same: " << second.status();
  EXPECT_NE(second->etag(), first->etag());
}

TEST_F(UpdateResponseTest, WhatIsExcludedCountsInNoMetricUntilItIsIncluded) {
  Store(10);
  const std::string name = Store(1);
  ASSERT_TRUE(Exclude(name, "a test by staff").ok());
  EXPECT_EQ(Counted(1), 0);
  ExpectCellsEqualRecount(1);
  const Result again = Exclude(name, "spam");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->exclusion().reason(), "spam");
  ExpectCellsEqualRecount(1);
  // What is corrected meanwhile counts from its inclusion on.
  ASSERT_TRUE(Update(name, "answers { question: 'recommend' score: 4 }", {"answers"}).ok());
  ExpectCellsEqualRecount(1);
  ASSERT_TRUE(Include(name).ok());
  EXPECT_EQ(Counted(1), 0);
  EXPECT_EQ(Counted(4), 1);
  ExpectCellsEqualRecount(2);
  ASSERT_TRUE(Include(name).ok());
  ExpectCellsEqualRecount(2);
  EXPECT_EQ(Refusal(Exclude(name, "")), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(Refusal(Exclude(name, std::string(201, 'x'))), v1::ERROR_REASON_INVALID_FIELD);
}

TEST_F(UpdateResponseTest, WhatIsErasedLeavesNothingButItsPlace) {
  v1::SubmitResponseRequest request = Request(1, "my name is Ada Lovelace");
  request.mutable_response()->set_contact("tenants/acme/contacts/ada");
  request.set_request_id("order-7");
  const std::string name = Store(request);
  ASSERT_TRUE(Delete(name).ok());
  v1::GetResponseRequest get;
  get.set_name(name);
  EXPECT_EQ(Refusal(GetResponse(house_.responses, scope_, get)), v1::ERROR_REASON_RESPONSE_NOT_FOUND);
  v1::ListResponsesRequest list;
  list.set_parent("tenants/acme");
  EXPECT_THAT(ListResponses(house_.responses, house_.catalog, scope_, list)->responses(), IsEmpty());
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM responses WHERE payload = '' AND contact_id = ''"), 1);
  ExpectCellsEqualRecount(0);
  EXPECT_EQ(ReasonOf(Delete(name)), v1::ERROR_REASON_RESPONSE_NOT_FOUND);
  EXPECT_EQ(Refusal(Exclude(name, "x")), v1::ERROR_REASON_RESPONSE_NOT_FOUND);
  // The call that brought it, sent again, does not bring it back.
  const auto repeated = testing::SubmitAndWait(*intake_, scope_, request);
  EXPECT_EQ(ReasonOf(repeated.status()), v1::ERROR_REASON_REQUEST_ID_REUSED);
  ExpectCellsEqualRecount(0);
}

TEST_F(UpdateResponseTest, OfManyChangesAtOnceNoneIsLost) {
  const std::string name = Store(5);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 5; ++round) {
        Result changed = absl::UnknownError("not tried yet");
        while (!changed.ok()) {
          v1::Response current = Read(name);
          changed = Update(name,
                           absl::StrCat("etag: '", current.etag(), "' answers { question: 'recommend' score: ", i + 1,
                                        " } note: '", current.note(), "x'"),
                           {"answers", "note"});
          ASSERT_TRUE(changed.ok() || Refusal(changed) == v1::ERROR_REASON_ETAG_MISMATCH) << changed.status();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Read(name).note(), std::string(40, 'x'));
  ExpectCellsEqualRecount(1);
}

TEST_F(UpdateResponseTest, AnotherTenantsResponseIsNotThere) {
  const std::string name = Store(5);
  const TenantScope other = mysql::testing::MakeScope("other");
  v1::ExcludeResponseRequest request;
  request.set_name(name);
  request.set_reason("x");
  EXPECT_EQ(Refusal(ExcludeResponse(rooms_, other, request)), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  request.set_name("tenants/other/responses/" + name.substr(name.rfind('/') + 1));
  EXPECT_EQ(Refusal(ExcludeResponse(rooms_, other, request)), v1::ERROR_REASON_RESPONSE_NOT_FOUND);
  ExpectCellsEqualRecount(1);
}

}  // namespace
}  // namespace canvass::responses
