#include "client/cpp/retry.h"

#include <gtest/gtest.h>

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"

namespace canvass::client {
namespace {

absl::Status WithRetryDelay(absl::StatusCode code, int seconds) {
  absl::Status status(code, "later");
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(seconds);
  status.SetPayload("type.googleapis.com/google.rpc.RetryInfo", absl::Cord(info.SerializeAsString()));
  return status;
}

TEST(RetryTest, BacksOffExponentiallyUpToTheMaximum) {
  const RetryPolicy policy{.initial_backoff = absl::Milliseconds(100), .max_backoff = absl::Seconds(1)};
  EXPECT_EQ(Backoff(policy, 0, 0), absl::Milliseconds(100));
  EXPECT_EQ(Backoff(policy, 1, 0), absl::Milliseconds(200));
  EXPECT_EQ(Backoff(policy, 3, 0), absl::Milliseconds(800));
  EXPECT_EQ(Backoff(policy, 4, 0), absl::Seconds(1));
  EXPECT_EQ(Backoff(policy, 100000, 0), absl::Seconds(1));
}

TEST(RetryTest, JitterShortensByAtMostItsShare) {
  const RetryPolicy policy{.initial_backoff = absl::Seconds(1), .jitter = 0.5};
  EXPECT_EQ(Backoff(policy, 0, 0.5), absl::Milliseconds(750));
  EXPECT_GE(Backoff(policy, 0, 0.999999), absl::Milliseconds(500));
}

TEST(RetryTest, RepeatsOnlyWhatIsTransient) {
  EXPECT_TRUE(IsTransient(absl::UnavailableError("")));
  EXPECT_TRUE(IsTransient(absl::DeadlineExceededError("")));
  EXPECT_TRUE(IsTransient(WithRetryDelay(absl::StatusCode::kResourceExhausted, 1)));
  EXPECT_TRUE(IsTransient(WithRetryDelay(absl::StatusCode::kAborted, 1)));
  EXPECT_FALSE(IsTransient(absl::ResourceExhaustedError("the message is too large")));
  EXPECT_FALSE(IsTransient(absl::AbortedError("the etag is not the current one")));
  EXPECT_FALSE(IsTransient(absl::InvalidArgumentError("")));
  EXPECT_FALSE(IsTransient(absl::InternalError("")));
}

TEST(RetryTest, StopsBeforeTheDeadline) {
  const absl::Time start = absl::UnixEpoch();
  Attempts attempts({.initial_backoff = absl::Seconds(1), .max_backoff = absl::Seconds(4)}, start + absl::Seconds(10));
  const absl::Status lost = absl::UnavailableError("connection lost");
  EXPECT_EQ(attempts.Next(lost, start, 0), absl::Seconds(1));
  EXPECT_EQ(attempts.Next(lost, start + absl::Seconds(1), 0), absl::Seconds(2));
  EXPECT_EQ(attempts.Next(lost, start + absl::Seconds(3), 0), absl::Seconds(4));
  // Another four seconds would end at the deadline.
  EXPECT_EQ(attempts.Next(lost, start + absl::Seconds(7), 0), std::nullopt);
}

TEST(RetryTest, WaitsAsLongAsTheServerAsks) {
  Attempts attempts({.initial_backoff = absl::Milliseconds(1)}, absl::InfiniteFuture());
  EXPECT_EQ(attempts.Next(WithRetryDelay(absl::StatusCode::kResourceExhausted, 3), absl::UnixEpoch(), 0),
            absl::Seconds(3));
}

TEST(RetryTest, CountsRetries) {
  Attempts attempts({.max_retries = 1}, absl::InfiniteFuture());
  EXPECT_NE(attempts.Next(absl::UnavailableError(""), absl::UnixEpoch(), 0), std::nullopt);
  EXPECT_EQ(attempts.Next(absl::UnavailableError(""), absl::UnixEpoch(), 0), std::nullopt);
}

TEST(RetryTest, KnowsWhatMustNotBeSentTwice) {
  EXPECT_FALSE(IsRepeatable(v1::CreateApiKeyRequest()));
  EXPECT_FALSE(IsRepeatable(v1::RotateApiKeyRequest()));
  EXPECT_TRUE(IsRepeatable(v1::RevokeApiKeyRequest()));
  EXPECT_FALSE(IsRepeatable(v1::BacktestTriggerRequest()));
  v1::CreateInvitationRequest invite;
  EXPECT_FALSE(IsRepeatable(invite));
  invite.set_request_id("ticket-7");
  EXPECT_TRUE(IsRepeatable(invite));
  v1::SubmitResponseRequest submit;
  EXPECT_FALSE(IsRepeatable(submit));
  submit.set_invitation_token("cvi_x");
  EXPECT_TRUE(IsRepeatable(submit));
}

}  // namespace
}  // namespace canvass::client
