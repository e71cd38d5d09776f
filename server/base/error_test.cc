#include "server/base/error.h"

#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace canvass {
namespace {

using ::testing::HasSubstr;

template <typename Message>
Message Payload(const absl::Status& status) {
  Message message;
  const auto payload = status.GetPayload(absl::StrCat("type.googleapis.com/", Message::descriptor()->full_name()));
  EXPECT_TRUE(payload.has_value()) << Message::descriptor()->full_name();
  EXPECT_TRUE(payload.has_value() && message.ParseFromString(std::string(*payload)));
  return message;
}

TEST(ErrorTest, CarriesCodeTextAndReason) {
  const absl::Status status =
      Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SURVEY_NOT_FOUND, "survey 'nps' does not exist");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "survey 'nps' does not exist");
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_SURVEY_NOT_FOUND);
}

TEST(ErrorTest, OnTheWireTheReasonIsItsShortName) {
  const auto info =
      Payload<google::rpc::ErrorInfo>(Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SURVEY_NOT_FOUND, "gone"));
  EXPECT_EQ(info.reason(), "SURVEY_NOT_FOUND");
  EXPECT_EQ(info.domain(), "canvass");
}

TEST(ErrorTest, EveryReasonComesBack) {
  const auto* reasons = v1::ErrorReason_descriptor();
  for (int i = 0; i < reasons->value_count(); ++i) {
    const auto reason = static_cast<v1::ErrorReason>(reasons->value(i)->number());
    EXPECT_EQ(ReasonOf(Error(absl::StatusCode::kInternal, reason, "x")), reason) << reasons->value(i)->name();
  }
}

TEST(ErrorTest, AStatusOfSomebodyElseHasNoReason) {
  EXPECT_EQ(ReasonOf(absl::NotFoundError("x")), v1::ERROR_REASON_UNSPECIFIED);
  EXPECT_EQ(ReasonOf(absl::OkStatus()), v1::ERROR_REASON_UNSPECIFIED);
  EXPECT_TRUE(ViolationsOf(absl::InvalidArgumentError("x")).empty());
  absl::Status garbled = absl::NotFoundError("x");
  garbled.SetPayload("type.googleapis.com/google.rpc.ErrorInfo", absl::Cord("\xff\xff"));
  EXPECT_EQ(ReasonOf(garbled), v1::ERROR_REASON_UNSPECIFIED);
}

TEST(ErrorTest, RetryLaterSaysWhen) {
  const absl::Status status = RetryLater(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DATABASE_UNAVAILABLE,
                                         "try again", absl::Milliseconds(1500));
  const auto retry = Payload<google::rpc::RetryInfo>(status);
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 500'000'000);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_DATABASE_UNAVAILABLE);
  EXPECT_EQ(RetryDelayOf(status), absl::Milliseconds(1500));
  EXPECT_EQ(RetryDelayOf(absl::UnavailableError("no idea when")), std::nullopt);
}

TEST(ViolationsTest, NoneIsOk) {
  const Violations violations;
  EXPECT_TRUE(violations.empty());
  EXPECT_TRUE(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELD).ok());
}

TEST(ViolationsTest, AllAreReportedWithTheirFields) {
  Violations violations;
  violations.Add("answers[2].score", "11 is not on the scale 0 to 10");
  violations.Add("language", "'xx-' is not a language");
  const absl::Status status = violations.ToStatus(v1::ERROR_REASON_INVALID_RESPONSE);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_RESPONSE);
  EXPECT_THAT(std::string(status.message()), HasSubstr("answers[2].score: 11 is not on the scale"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("1 more"));
  const std::vector<FieldViolation> found = ViolationsOf(status);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].field, "answers[2].score");
  EXPECT_EQ(found[1].description, "'xx-' is not a language");
}

TEST(ViolationsTest, AThousandDoNotMakeAThousandfoldAnswer) {
  Violations violations;
  for (int i = 0; i < 1000; ++i) violations.Add(absl::StrCat("answers[", i, "]"), "bad");
  const absl::Status status = violations.ToStatus(v1::ERROR_REASON_INVALID_RESPONSE);
  EXPECT_EQ(ViolationsOf(status).size(), Violations::kMaxReported);
  EXPECT_THAT(std::string(status.message()), HasSubstr("999 more"));
}

TEST(ViolationsTest, FieldErrorIsOneOfThem) {
  const absl::Status status = FieldError(v1::ERROR_REASON_INVALID_FIELD, "page_size", "-1 is negative");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  ASSERT_EQ(ViolationsOf(status).size(), 1u);
  EXPECT_EQ(ViolationsOf(status)[0].field, "page_size");
  EXPECT_EQ(std::string(status.message()), "page_size: -1 is negative");
}

}  // namespace
}  // namespace canvass
