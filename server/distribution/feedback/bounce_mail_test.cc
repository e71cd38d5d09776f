#include "server/distribution/feedback/bounce_mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/distribution/testing/bounces.h"

namespace canvass::distribution {
namespace {

using testing::BounceSample;
using ::testing::Contains;
using testing::ExchangeBounce;
using testing::EximBounce;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::PostfixBounce;
using v1::DeliveryReport;

constexpr char kId[] = "01975b6a-1234-7000-8000-0123456789ab";

BounceSample Sample() { return {.id = kId}; }

TEST(BounceMailTest, ReadsWhatMailServersWrite) {
  for (const std::string& raw : {PostfixBounce(Sample()), EximBounce(Sample()), ExchangeBounce(Sample())}) {
    const absl::StatusOr<BounceMail> bounce = ReadBounceMail(raw);
    ASSERT_TRUE(bounce.ok()) << bounce.status() << "\n" << raw;
    EXPECT_EQ(bounce->message.ToString(), kId);
    EXPECT_EQ(bounce->feedback.channel, v1::Invitation::CHANNEL_EMAIL);
    EXPECT_EQ(bounce->feedback.report.verdict(), DeliveryReport::VERDICT_BOUNCED);
    EXPECT_THAT(bounce->feedback.report.detail(), HasSubstr("User unknown"));
    EXPECT_THAT(bounce->feedback.report.detail(), Not(HasSubstr("@")));
    EXPECT_EQ(bounce->feedback.suppress, v1::Suppression::REASON_BOUNCED);
    EXPECT_THAT(bounce->feedback.addresses, Contains("ada@example.com"));
  }
  EXPECT_EQ(ReadBounceMail(PostfixBounce(Sample()))->feedback.report.code(), "5.1.1");
  EXPECT_EQ(ReadBounceMail(EximBounce(Sample()))->feedback.report.code(), "5.0.0");
}

// Mail servers that read LF alone, and pipes of theirs, pass mails on in that form.
TEST(BounceMailTest, ReadsLinesOfEitherEnd) {
  for (const std::string& raw : {PostfixBounce(Sample()), EximBounce(Sample()), ExchangeBounce(Sample())}) {
    EXPECT_TRUE(ReadBounceMail(absl::StrReplaceAll(raw, {{"\r\n", "\n"}})).ok());
  }
}

TEST(BounceMailTest, OnlyAMailboxThatIsNotThereIsSuppressed) {
  struct Case {
    const char* status;
    const char* diagnostic;
    bool suppressed;
  };
  const std::vector<Case> cases = {
      {"5.1.1", "550 5.1.1 User unknown", true},
      {"5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", true},
      {"5.1.2", "Host or domain name not found", true},
      {"5.2.1", "550 5.2.1 The email account that you tried to reach is disabled", true},
      {"5.0.0", "550 5.1.1 No such user", true},
      {"5.0.0", "550-No such user here", true},
      {"5.2.2", "552 5.2.2 Mailbox full", false},
      {"5.7.1", "550 5.7.1 Message rejected as spam", false},
      {"5.7.26", "550 5.7.26 This mail has been blocked because the sender is unauthenticated", false},
      {"5.0.0", "550 relay not permitted", false},
      {"5.0.0", "", false},
      {"4.4.7", "Message expired", false},
      {"5.1", "550 5.1.1 User unknown", false},
      {"", "550 5.1.1 User unknown", true},
  };
  for (const Case& one : cases) {
    BounceSample sample = Sample();
    sample.status = one.status;
    sample.diagnostic = one.diagnostic;
    const absl::StatusOr<BounceMail> bounce = ReadBounceMail(PostfixBounce(sample));
    ASSERT_TRUE(bounce.ok()) << bounce.status();
    EXPECT_EQ(bounce->feedback.report.verdict(), DeliveryReport::VERDICT_BOUNCED);
    EXPECT_EQ(bounce->feedback.suppress.has_value(), one.suppressed) << one.status << " " << one.diagnostic;
  }
}

TEST(BounceMailTest, TellsDelaysAndDeliveriesFromFailures) {
  BounceSample sample = Sample();
  sample.action = "delayed (will be tried for 5 days)";
  sample.status = "4.4.1 (connection timed out)";
  absl::StatusOr<BounceMail> bounce = ReadBounceMail(PostfixBounce(sample));
  ASSERT_TRUE(bounce.ok()) << bounce.status();
  EXPECT_EQ(bounce->feedback.report.verdict(), DeliveryReport::VERDICT_DELAYED);
  EXPECT_EQ(bounce->feedback.report.code(), "4.4.1");
  EXPECT_FALSE(bounce->feedback.suppress.has_value());
  sample.action = "Delivered";
  bounce = ReadBounceMail(PostfixBounce(sample));
  ASSERT_TRUE(bounce.ok()) << bounce.status();
  EXPECT_EQ(bounce->feedback.report.verdict(), DeliveryReport::VERDICT_DELIVERED);
  for (const char* action : {"relayed", "expanded", "failedish", "-"}) {
    sample.action = action;
    EXPECT_THAT(ReadBounceMail(PostfixBounce(sample)).status().message(), HasSubstr("action")) << action;
  }
}

TEST(BounceMailTest, OfSeveralRecipientsTheFailedOneCounts) {
  const std::string raw =
      absl::StrReplaceAll(PostfixBounce(Sample()),
                          {{"Arrival-Date: Mon, 04 May 2026 12:00:01 +0000 (UTC)\r\n",
                            "\r\nFinal-Recipient: rfc822; bob@example.com\r\nAction: delayed\r\nStatus: 4.4.1\r\n"}});
  const absl::StatusOr<BounceMail> bounce = ReadBounceMail(raw);
  ASSERT_TRUE(bounce.ok()) << bounce.status();
  EXPECT_EQ(bounce->feedback.report.verdict(), DeliveryReport::VERDICT_BOUNCED);
  EXPECT_THAT(bounce->feedback.addresses, Not(Contains("bob@example.com")));
}

TEST(BounceMailTest, RefusesWhatIsNoReportOfOurs) {
  BounceSample stranger = Sample();
  stranger.id = "20260504.1234";
  const std::string whole = PostfixBounce(Sample());
  const std::string no_status = absl::StrReplaceAll(whole, {{"message/delivery-status", "text/plain"}});
  const std::string empty_status = absl::StrReplaceAll(whole, {{"Action: failed\r\n", ""}});
  const std::string deep = [] {
    std::string nested;
    for (int i = 0; i < 20'000; ++i) {
      absl::StrAppend(&nested, "Content-Type: multipart/mixed; boundary=b", i, "\r\n\r\n--b", i, "\r\n");
    }
    return nested;
  }();
  for (const std::string& raw :
       {std::string(), std::string("\0\xff\r\n\r\n", 6), std::string("no mail at all"), PostfixBounce(stranger),
        no_status, empty_status, deep, std::string("Content-Type: multipart/report\r\n\r\n"),
        std::string("Content-Type: message/delivery-status\r\n\r\n"), std::string(1 << 20, ':'),
        std::string(1 << 20, '\n'), absl::StrCat("Content-Type: message/rfc822\r\n\r\n", whole)}) {
    const absl::StatusOr<BounceMail> bounce = ReadBounceMail(raw);
    EXPECT_TRUE(absl::IsInvalidArgument(bounce.status())) << raw.substr(0, 200);
    EXPECT_FALSE(bounce.status().message().empty());
  }
}

// Wherever a mail is cut off, and whichever byte of it is another, reading it ends in one of two ways.
TEST(BounceMailTest, NoDamageIsTooMuch) {
  for (const std::string& whole : {PostfixBounce(Sample()), EximBounce(Sample()), ExchangeBounce(Sample())}) {
    int read = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ 0xA5);
      for (const std::string& raw : {whole.substr(0, i), whole.substr(i), damaged}) {
        const absl::StatusOr<BounceMail> bounce = ReadBounceMail(raw);
        if (!bounce.ok()) continue;
        ++read;
        std::string stored;
        EXPECT_TRUE(bounce->feedback.report.SerializeToString(&stored));
        v1::DeliveryReport again;
        EXPECT_TRUE(again.ParseFromString(stored)) << "at " << i;
      }
    }
    EXPECT_GT(read, 0);
  }
}

}  // namespace
}  // namespace canvass::distribution
