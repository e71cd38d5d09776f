#include "server/distribution/outbox/sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/distribution/testing/sending_house.h"
#include "server/distribution/testing/smtp_sink.h"
#include "server/distribution/testing/tcp_server.h"

namespace canvass::distribution {
namespace {

using testing::HttpAnswer;
using testing::SendingHouse;
using testing::SendingHouseOptions;
using ::testing::SizeIs;
using testing::SmtpSink;
using testing::TcpServer;
using testing::TextOf;

constexpr v1::Invitation::Channel kMail = v1::Invitation::CHANNEL_EMAIL;
constexpr v1::Invitation::Channel kWebhook = v1::Invitation::CHANNEL_WEBHOOK;
constexpr SenderOptions kQuick = {.poll_interval = absl::Milliseconds(50)};

TcpServer::Answer Ok(const std::string&) { return {.bytes = HttpAnswer(200)}; }
TcpServer::Answer Silence(const std::string&) { return {.bytes = "", .then = TcpServer::Then::kSilence}; }

// Whether `condition` came true within `limit` of real time.
bool Await(absl::Duration limit, const std::function<bool()>& condition) {
  const absl::Time end = absl::Now() + limit;
  while (!condition()) {
    if (absl::Now() > end) return false;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return true;
}

int64_t Waiting(SendingHouse& house) {
  return house.db.Count(absl::StrCat("SELECT COUNT(*) FROM outbox WHERE state = ", v1::OutboxMessage::STATE_WAITING));
}

// How often each message came.
std::map<std::string, int> CallsById(const TcpServer& server) {
  std::map<std::string, int> calls;
  for (const std::string& request : server.requests()) {
    const std::size_t start = request.find("webhook-id: ");
    ++calls[request.substr(start, request.find('\r', start) - start)];
  }
  return calls;
}

TEST(SenderTest, TwoOfThemSendEachMessageOnce) {
  TcpServer server(Ok);
  SendingHouse house({.webhook_url = server.url()});
  for (int i = 0; i < 120; ++i) house.Invite(absl::StrCat("customer-", i), kWebhook);
  {
    Sender first(house.parts(), house.directory, kQuick);
    Sender second(house.parts(), house.directory, kQuick);
    EXPECT_TRUE(Await(absl::Seconds(30), [&] { return Waiting(house) == 0; }));
  }
  const std::map<std::string, int> calls = CallsById(server);
  EXPECT_THAT(calls, SizeIs(120));
  for (const auto& [id, count] : calls) EXPECT_EQ(count, 1) << id;
  EXPECT_EQ(house.Delivered(), 120);
}

TEST(SenderTest, SendsWithinASecondOfTheTime) {
  SmtpSink sink;
  SendingHouse house({.smtp_url = sink.url()});
  Sender sender(house.parts(), house.directory, {});
  absl::SleepFor(absl::Milliseconds(700));
  const absl::Time start = absl::Now();
  house.Invite("ada", kMail);
  EXPECT_TRUE(Await(absl::Seconds(5), [&] { return !sink.Mails().empty(); }));
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(1500));
}

TEST(SenderTest, SendsAgainUnderTheSameIdWhatADeadProcessMayHaveSent) {
  SmtpSink sink;
  SendingHouse house({.smtp_url = sink.url()});
  house.Invite("ada", kMail);
  {
    // A worker that sends and does not live to write it down.
    const ClaimedMessage claimed = house.ClaimOne(kMail, absl::Milliseconds(200));
    const auto record = house.invitations.Get(house.scope, claimed.invitation);
    const auto version = house.survey_catalog.Version(house.scope, SurveyId("nps"), 1);
    const auto settings = house.settings.Get(house.scope);
    const SendVerdict verdict = *house.check.Check(house.scope, {.invitation = &*record, .channel = kMail});
    EXPECT_EQ(house.channels.Of(kMail)
                  ->Send({.scope = house.scope,
                          .tenant_name = "Acme",
                          .id = claimed.id,
                          .invitation = *record,
                          .survey = (*version)->definition(),
                          .settings = (*settings)->channels,
                          .contact = verdict.contact,
                          .address = verdict.address,
                          .now = house.now()})
                  .outcome,
              SendResult::Outcome::kSent);
  }
  Sender sender(house.parts(), house.directory, kQuick);
  EXPECT_TRUE(Await(absl::Seconds(10), [&] { return Waiting(house) == 0; }));
  const std::vector<google::protobuf::Struct> mails = sink.Mails();
  ASSERT_THAT(mails, SizeIs(2));
  EXPECT_EQ(TextOf(mails[0], "headers.Message-ID"), TextOf(mails[1], "headers.Message-ID"));
  EXPECT_EQ(house.Delivered(), 1);
}

TEST(SenderTest, ADestinationThatHangsHoldsUpNobodyElse) {
  TcpServer silent(Silence);
  TcpServer good(Ok);
  SmtpSink sink;
  SendingHouse house({.smtp_url = sink.url(), .webhook_url = silent.url(), .limits = {.total = absl::Seconds(20)}});
  const TenantScope other = house.AddTenant("other", SendingHouseOptions{.webhook_url = good.url()});
  for (int i = 0; i < 50; ++i) house.Invite(absl::StrCat("customer-", i), kWebhook);
  for (int i = 0; i < 20; ++i) house.InviteOf(other, absl::StrCat("customer-", i), kWebhook);
  house.Invite("ada", kMail);
  Sender sender(house.parts(), house.directory, kQuick);
  EXPECT_TRUE(Await(absl::Seconds(8), [&] { return good.requests().size() == 20 && sink.Mails().size() == 1; }));
  EXPECT_EQ(silent.requests().size(), 4U) << "as many at once as one destination may have";
  sender.Stop(absl::Milliseconds(100));
}

TEST(SenderTest, KeepsItsClaimForAsLongAsItSends) {
  TcpServer slow([](const std::string&) {
    absl::SleepFor(absl::Seconds(2));
    return TcpServer::Answer{.bytes = HttpAnswer(200)};
  });
  SendingHouse house({.webhook_url = slow.url(), .limits = {.total = absl::Seconds(20)}});
  const Uuid id = house.Invite("ada", kWebhook);
  SenderOptions options = kQuick;
  options.lease = absl::Milliseconds(600);
  Sender first(house.parts(), house.directory, options);
  Sender second(house.parts(), house.directory, options);
  EXPECT_TRUE(Await(absl::Seconds(10), [&] {
    house.db.clock().Advance(absl::Milliseconds(10));
    return Waiting(house) == 0;
  }));
  EXPECT_EQ(house.Message(id).state(), v1::OutboxMessage::STATE_SENT);
  EXPECT_THAT(slow.requests(), SizeIs(1));
}

TEST(SenderTest, GivesBackWhatItCannotFinish) {
  TcpServer silent(Silence);
  SendingHouse house({.webhook_url = silent.url(), .limits = {.total = absl::Minutes(1)}});
  const Uuid id = house.Invite("ada", kWebhook);
  Sender sender(house.parts(), house.directory, kQuick);
  ASSERT_TRUE(Await(absl::Seconds(5), [&] { return silent.requests().size() == 1; }));
  const absl::Time start = absl::Now();
  sender.Stop(absl::Milliseconds(100));
  EXPECT_LT(absl::Now() - start, absl::Seconds(4));
  EXPECT_EQ(house.Message(id).state(), v1::OutboxMessage::STATE_WAITING);
  EXPECT_EQ(house.Message(id).attempt_count(), 0);
  EXPECT_THAT(house.Claim(kWebhook), SizeIs(1)) << "another server can have it at once";
}

TEST(SenderTest, FinishesWhatIsOnItsWay) {
  TcpServer slow([](const std::string&) {
    absl::SleepFor(absl::Milliseconds(400));
    return TcpServer::Answer{.bytes = HttpAnswer(200)};
  });
  SendingHouse house({.webhook_url = slow.url()});
  const Uuid id = house.Invite("ada", kWebhook);
  Sender sender(house.parts(), house.directory, kQuick);
  ASSERT_TRUE(Await(absl::Seconds(5), [&] { return house.check.checks > 0; }));
  sender.Stop(absl::Seconds(10));
  EXPECT_EQ(house.Message(id).state(), v1::OutboxMessage::STATE_SENT);
}

}  // namespace
}  // namespace canvass::distribution
