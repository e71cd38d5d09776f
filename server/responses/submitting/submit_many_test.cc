#include "server/responses/submitting/submit_many.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "server/base/error.h"
#include "server/responses/testing/answered_survey.h"

namespace canvass::responses {
namespace {

using ::testing::SizeIs;

class SubmitManyTest : public testing::AnsweredSurveyTest {
 protected:
  absl::StatusOr<v1::BatchSubmitResponsesResponse> Batch(v1::BatchSubmitResponsesRequest request) {
    absl::StatusOr<v1::BatchSubmitResponsesResponse> response;
    absl::Notification done;
    BatchSubmitResponses(*intake_, scope_, std::move(request), absl::InfiniteFuture(), [&](auto answer) {
      response = std::move(answer);
      done.Notify();
    });
    done.WaitForNotification();
    return response;
  }
  absl::StatusOr<v1::StreamResponsesResponse> Stream(const std::vector<v1::SubmitResponseRequest>& submissions) {
    absl::StatusOr<v1::StreamResponsesResponse> response;
    absl::Notification done;
    v1::StreamResponsesRequest request;
    for (const v1::SubmitResponseRequest& submission : submissions) *request.add_submissions() = submission;
    StreamResponses(*intake_, scope_, std::move(request), absl::InfiniteFuture(), [&](auto answer) {
      response = std::move(answer);
      done.Notify();
    });
    done.WaitForNotification();
    return response;
  }
};

TEST_F(SubmitManyTest, EachOfABatchIsStoredOrRefusedByItself) {
  v1::BatchSubmitResponsesRequest request;
  request.set_parent("tenants/acme");
  for (int i = 0; i < 300; ++i) {
    v1::SubmitResponseRequest& one = *request.add_requests();
    one = Request(i == 7 ? 11 : i % 11);
    one.set_request_id(std::to_string(i == 9 ? 8 : i));
    if (i % 2 == 0) one.clear_parent();
  }
  request.mutable_requests(9)->mutable_response()->mutable_answers(0)->set_score(0);
  const auto first = Batch(request);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_THAT(first->outcomes(), SizeIs(300));
  EXPECT_EQ(first->outcomes(7).problem().reason(), v1::ERROR_REASON_INVALID_RESPONSE);
  EXPECT_EQ(first->outcomes(7).problem().violations(0).field(), "response.answers[0].score");
  // Of two that say different things under one request_id, one is stored.
  const int refused = first->outcomes(9).has_problem() ? 9 : 8;
  EXPECT_EQ(first->outcomes(refused).problem().reason(), v1::ERROR_REASON_REQUEST_ID_REUSED);
  ExpectCellsEqualRecount(298);

  const auto again = Batch(request);
  ASSERT_TRUE(again.ok());
  for (int i = 0; i < 300; ++i) {
    if (i == 7 || i == refused) {
      EXPECT_TRUE(again->outcomes(i).has_problem()) << i;
      continue;
    }
    EXPECT_TRUE(again->outcomes(i).result().repeated_call()) << i;
    EXPECT_EQ(again->outcomes(i).result().name(), first->outcomes(i).result().name()) << i;
  }
  ExpectCellsEqualRecount(298);
}

TEST_F(SubmitManyTest, ABatchOfNothingOrTooMuchIsRefusedWhole) {
  v1::BatchSubmitResponsesRequest request;
  request.set_parent("tenants/acme");
  EXPECT_EQ(ReasonOf(Batch(request).status()), v1::ERROR_REASON_INVALID_FIELD);
  for (int i = 0; i <= kMaxSubmissions; ++i) *request.add_requests() = Request(9);
  EXPECT_EQ(ReasonOf(Batch(request).status()), v1::ERROR_REASON_INVALID_FIELD);
  request.set_parent("tenants/other");
  EXPECT_EQ(ReasonOf(Batch(request).status()), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  ExpectCellsEqualRecount(0);
}

TEST_F(SubmitManyTest, WhatIsWrongWithAResponseIsItsOutcomeAndWhatFailsTheServerEndsTheStream) {
  std::vector<v1::SubmitResponseRequest> requests(3, Request(9));
  requests[0].clear_parent();
  requests[1].mutable_response()->mutable_answers(0)->set_score(11);
  requests[2].set_parent("tenants/other");
  const auto first = Stream(requests);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_THAT(first->outcomes(), SizeIs(3));
  EXPECT_TRUE(first->outcomes(0).has_result());
  EXPECT_EQ(first->outcomes(1).problem().reason(), v1::ERROR_REASON_INVALID_RESPONSE);
  EXPECT_EQ(first->outcomes(2).problem().reason(), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  ExpectCellsEqualRecount(1);
  EXPECT_EQ(ReasonOf(Stream({}).status()), v1::ERROR_REASON_INVALID_FIELD);
  requests.assign(kMaxStreamed + 1, Request(9));
  EXPECT_EQ(ReasonOf(Stream(requests).status()), v1::ERROR_REASON_INVALID_FIELD);
  intake_->Drain();
  requests = {Request(11), Request(9)};
  EXPECT_EQ(ReasonOf(Stream(requests).status()), v1::ERROR_REASON_SHUTTING_DOWN);
}

}  // namespace
}  // namespace canvass::responses
