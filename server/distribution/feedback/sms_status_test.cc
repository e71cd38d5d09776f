#include "server/distribution/feedback/sms_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace canvass::distribution {
namespace {

using v1::DeliveryReport;

TEST(SmsStatusTest, ReadsFinalStatuses) {
  for (const char* status : {"delivered", "read", "Delivered"}) {
    const auto feedback = ReadSmsStatus({{"MessageStatus", status}, {"To", "+420601234567"}});
    ASSERT_TRUE(feedback.has_value()) << status;
    EXPECT_EQ(feedback->report.verdict(), DeliveryReport::VERDICT_DELIVERED);
    EXPECT_EQ(feedback->channel, v1::Invitation::CHANNEL_SMS);
  }
  for (const char* status : {"undelivered", "failed", "canceled"}) {
    const auto feedback = ReadSmsStatus({{"MessageStatus", status}});
    ASSERT_TRUE(feedback.has_value()) << status;
    EXPECT_EQ(feedback->report.verdict(), DeliveryReport::VERDICT_BOUNCED);
    EXPECT_FALSE(feedback->suppress.has_value());
    EXPECT_EQ(feedback->report.detail(), status);
  }
  for (const char* status : {"accepted", "queued", "sending", "sent", "", "flying"}) {
    EXPECT_FALSE(ReadSmsStatus({{"MessageStatus", status}}).has_value()) << status;
  }
  EXPECT_FALSE(ReadSmsStatus({}).has_value());
}

TEST(SmsStatusTest, OnlyNumbersThatNeverWorkAreSuppressed) {
  const auto suppress = [](const char* code) {
    return ReadSmsStatus({{"MessageStatus", "undelivered"}, {"ErrorCode", code}})->suppress;
  };
  for (const char* code : {"21211", "21614", "30005", "30006"}) {
    EXPECT_EQ(suppress(code), v1::Suppression::REASON_BOUNCED) << code;
  }
  EXPECT_EQ(suppress("21610"), v1::Suppression::REASON_UNSUBSCRIBED);
  for (const char* code : {"", "30001", "30003", "30004", "30007", "30008", "nonsense"}) {
    EXPECT_FALSE(suppress(code).has_value()) << code;
  }
}

TEST(SmsStatusTest, KeepsNoTextThatCannotBeStored) {
  const auto feedback =
      ReadSmsStatus({{"MessageStatus", "failed"}, {"ErrorCode", std::string(100, '9')}, {"ErrorMessage", "\xff"}});
  ASSERT_TRUE(feedback.has_value());
  EXPECT_EQ(feedback->report.code().size(), 20U);
  EXPECT_EQ(feedback->report.detail(), "failed");
}

}  // namespace
}  // namespace canvass::distribution
