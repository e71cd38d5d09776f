// Reports about messages as their senders see it: real HTTP, a mail and text messages that really left, a real
// database.

#include "server/http/intake/feedback_route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/error.h"
#include "server/distribution/channels/sms.h"
#include "server/distribution/testing/bounces.h"
#include "server/distribution/testing/sending_house.h"
#include "server/distribution/testing/smtp_sink.h"
#include "server/distribution/testing/tcp_server.h"
#include "server/events/sources/event_source_catalog.h"
#include "server/events/sources/event_source_store.h"
#include "server/http/http_listener.h"

namespace canvass::http {
namespace {

using distribution::testing::HttpAnswer;
using distribution::testing::PostfixBounce;
using distribution::testing::SendingHouse;
using distribution::testing::SmtpSink;
using distribution::testing::TcpServer;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kBase[] = "https://feedback.example.com";
constexpr auto kSms = v1::Invitation::CHANNEL_SMS;
constexpr auto kMail = v1::Invitation::CHANNEL_EMAIL;
using Form = std::map<std::string, std::string>;

// As the provider's documentation says it: base64 of HMAC-SHA1 over the address and the sorted fields.
std::string SignatureOf(const std::string& secret, const std::string& url, const Form& form) {
  std::string content = url;
  for (const auto& [name, value] : form) content += name + value;
  std::string mac(20, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(content.data()), content.size(),
       reinterpret_cast<unsigned char*>(mac.data()), &size);
  return absl::Base64Escape(mac);
}

class FeedbackRouteTest : public ::testing::Test {
 protected:
  FeedbackRouteTest() {
    house_.StoreContact("ada");
    const auto authorize = [this](absl::string_view method, absl::string_view authorization) {
      EXPECT_EQ(method, kPublishMethod);
      if (authorization == "Bearer good") return absl::StatusOr<TenantScope>(house_.scope);
      return absl::StatusOr<TenantScope>(
          Error(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_CREDENTIAL_INVALID, "the key is not known"));
    };
    const auto take = [this](const TenantScope& scope, const Uuid& message, const distribution::Feedback& feedback) {
      return house_.feedback.Take(scope, message, feedback);
    };
    const IntakeParts parts = {.authorize = authorize,
                               .publish = {},
                               .take_feedback = take,
                               .tenants = house_.directory,
                               .sources = catalog_,
                               .settings = house_.settings,
                               .urls = house_.urls,
                               .clock = house_.db.clock(),
                               .random = house_.db.random()};
    auto listener = HttpListener::Start(
        {.port = 0}, registry_, [] { return true; }, [&](httplib::Server& server) { AddRoutes(server, parts); });
    EXPECT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
    client_ = std::make_unique<httplib::Client>("127.0.0.1", listener_->port());
  }

  struct Answer {
    int status = 0;
    json body;
    std::string Text(const std::string& name) const { return body.value(name, ""); }
  };

  Answer Send(const std::string& path, const httplib::Headers& headers, const std::string& body,
              const std::string& type) {
    const httplib::Result result = client_->Post(path, headers, body, type);
    EXPECT_TRUE(result) << httplib::to_string(result.error());
    if (!result) return {};
    EXPECT_EQ(result->get_header_value("Content-Type"),
              result->status < 300 ? "application/json" : "application/problem+json");
    return {.status = result->status, .body = json::parse(result->body, nullptr, false)};
  }

  // A report as the provider sends it to the address that it was given with the message.
  Answer ReportSms(const std::string& url, const Form& form, const std::string& secret = "12345") {
    return Send(std::string(absl::StripPrefix(url, kBase)), {{"X-Twilio-Signature", SignatureOf(secret, url, form)}},
                distribution::EncodeForm(form), "application/x-www-form-urlencoded");
  }

  Answer SendBounce(const std::string& mail, const std::string& tenant = "acme", const std::string& key = "good") {
    return Send(absl::StrCat("/v1/mail/", tenant, "/bounces"), {{"Authorization", "Bearer " + key}}, mail,
                "message/rfc822");
  }

  Uuid Sent(v1::Invitation::Channel channel) {
    const Uuid id = house_.Invite("ada", channel);
    EXPECT_EQ(house_.SendOne(channel), distribution::Delivery::End::kSettled);
    return id;
  }

  // Where the last text message asked to be reported about.
  std::string StatusUrl() {
    const std::string request = provider_.requests().back();
    return distribution::DecodeForm(request.substr(request.find("\r\n\r\n") + 4)).at("StatusCallback");
  }

  int64_t Suppressions() { return house_.db.Count("SELECT COUNT(*) FROM suppressions"); }

  TcpServer provider_{[](const std::string&) { return TcpServer::Answer{.bytes = HttpAnswer(201)}; }};
  SmtpSink sink_;
  SendingHouse house_{{.smtp_url = sink_.url(), .sms_url = provider_.url("/sms")}};
  events::EventSourceStore sources_{house_.db.database()};
  events::EventSourceCatalog catalog_{sources_, house_.db.clock()};
  prometheus::Registry registry_;
  std::unique_ptr<HttpListener> listener_;
  std::unique_ptr<httplib::Client> client_;
};

TEST_F(FeedbackRouteTest, AProviderReportsWhereItWasToldTo) {
  const Uuid id = Sent(kSms);
  const std::string url = StatusUrl();
  EXPECT_EQ(url, absl::StrCat(kBase, "/v1/sms/acme/status?message=", id.ToString()));
  const Form form = {{"MessageSid", "SM1"}, {"To", "+420601234567"}, {"MessageStatus", "sent"}};
  Answer answer = ReportSms(url, form);
  EXPECT_EQ(answer.status, 202) << answer.body;
  EXPECT_EQ(answer.Text("outcome"), "IGNORED");
  Form delivered = form;
  delivered["MessageStatus"] = "delivered";
  EXPECT_EQ(ReportSms(url, delivered).Text("outcome"), "NOTED");
  answer = ReportSms(url, delivered);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.Text("outcome"), "KNOWN");
  ASSERT_THAT(house_.Message(id).reports(), SizeIs(1));
}

TEST_F(FeedbackRouteTest, AnUnknownNumberIsSuppressedAndTheMailFollows) {
  const Uuid id = Sent(kSms);
  house_.check.fallback = kMail;
  const Form form = {{"ErrorCode", "30005"},
                     {"MessageSid", "SM1"},
                     {"MessageStatus", "undelivered"},
                     {"To", "+420601234567"},
                     {"Note", "a b+c&d=é%"}};
  const Answer answer = ReportSms(StatusUrl(), form);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_BOUNCED);
  EXPECT_EQ(house_.Message(id).reports(0).code(), "30005");
  EXPECT_EQ(house_.InvitationOf(id).channel(), kMail);
  EXPECT_EQ(Suppressions(), 1);
  EXPECT_EQ(house_.SendOne(kMail), distribution::Delivery::End::kSettled);
  EXPECT_THAT(sink_.Mails(), SizeIs(1));
}

TEST_F(FeedbackRouteTest, OnlyTheProviderReports) {
  const Uuid id = Sent(kSms);
  const Form form = {{"MessageStatus", "failed"}, {"ErrorCode", "30005"}, {"To", "+420601234567"}};
  const std::string url = StatusUrl();
  const std::string path(absl::StripPrefix(url, kBase));
  const std::string body = distribution::EncodeForm(form);
  const std::string type = "application/x-www-form-urlencoded";
  EXPECT_EQ(ReportSms(url, form, "54321").status, 401);
  EXPECT_EQ(Send(path, {}, body, type).Text("reason"), "CREDENTIAL_MISSING");
  const std::string right = SignatureOf("12345", url, form);
  EXPECT_EQ(Send(path, {{"X-Twilio-Signature", right}}, body + "0", type).status, 401);
  EXPECT_EQ(Send(path + "0", {{"X-Twilio-Signature", right}}, body, type).status, 401);
  EXPECT_EQ(Send("/v1/sms/acme/status", {{"X-Twilio-Signature", right}}, body, type).status, 401);
  // Signed with the secret for an address that names no message.
  const std::string nil = house_.urls.SmsStatus(TenantId("acme"), Uuid());
  EXPECT_EQ(Send("/v1/sms/acme/status?message=x", {{"X-Twilio-Signature", SignatureOf("12345", nil, form)}}, body, type)
                .status,
            202);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_SENT);
  EXPECT_EQ(Suppressions(), 0);
}

TEST_F(FeedbackRouteTest, OfOthersNothingIsTold) {
  const Form form = {{"MessageStatus", "failed"}};
  const std::string message = Sent(kSms).ToString();
  const auto url = [&](absl::string_view tenant, absl::string_view id) {
    return absl::StrCat(kBase, "/v1/sms/", tenant, "/status?message=", id);
  };
  for (const char* tenant : {"nobody", "A", "%2e%2e", "acme%00"}) {
    const Answer answer = ReportSms(url(tenant, message), form);
    EXPECT_EQ(answer.status, 404) << tenant;
    EXPECT_EQ(answer.Text("reason"), "RESOURCE_NOT_FOUND");
  }
  // A tenant without text messages, whose empty secret anybody knows.
  house_.AddTenant("mute", {});
  EXPECT_EQ(ReportSms(url("mute", message), form, "").status, 404);
  // A tenant that knows another one's message.
  house_.AddTenant("other", {.sms_url = "https://sms.example"});
  EXPECT_EQ(ReportSms(url("other", message), form).status, 202);
  EXPECT_EQ(ReportSms(url("acme", Uuid().ToString()), form).status, 202);
  EXPECT_EQ(house_.Bounced(), 0);
}

TEST_F(FeedbackRouteTest, AMailThatCameBackIsHandedIn) {
  const Uuid id = Sent(kMail);
  house_.check.fallback = kSms;
  const std::string mail = PostfixBounce({.id = id.ToString()});
  Answer answer = SendBounce(mail);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.Text("outcome"), "NOTED");
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_BOUNCED);
  EXPECT_EQ(house_.InvitationOf(id).channel(), kSms);
  EXPECT_EQ(Suppressions(), 1);
  EXPECT_EQ(house_.Bounced(), 1);
  EXPECT_EQ(SendBounce(mail).Text("outcome"), "KNOWN");
  // The report of an auto-responder, of a mail of others, of another tenant's: nothing that sending again would mend.
  for (const std::string& other :
       {std::string("From: ada@example.com\r\nSubject: On holiday\r\n\r\nBack on Monday.\r\n"), std::string(),
        PostfixBounce({.id = "20260504.1"}), PostfixBounce({.id = Uuid().ToString()})}) {
    answer = SendBounce(other);
    EXPECT_EQ(answer.status, 202) << answer.body;
    EXPECT_EQ(answer.Text("outcome"), "IGNORED");
    EXPECT_FALSE(answer.Text("detail").empty());
  }
}

TEST_F(FeedbackRouteTest, ADelayChangesNothing) {
  const Uuid id = Sent(kMail);
  EXPECT_EQ(SendBounce(PostfixBounce({.id = id.ToString(), .action = "delayed", .status = "4.4.1"})).status, 200);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_SENT);
  EXPECT_EQ(house_.Message(id).reports(0).verdict(), v1::DeliveryReport::VERDICT_DELAYED);
  EXPECT_EQ(house_.InvitationOf(id).state(), v1::Invitation::STATE_DELIVERED);
}

TEST_F(FeedbackRouteTest, BouncesNeedTheTenantsKey) {
  const Uuid id = Sent(kMail);
  const std::string mail = PostfixBounce({.id = id.ToString()});
  EXPECT_EQ(SendBounce(mail, "acme", "bad").status, 401);
  EXPECT_EQ(SendBounce(mail, "other").Text("reason"), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(SendBounce(std::string((1 << 20) + 1, 'x')).status, 413);
  const httplib::Result read = client_->Get("/v1/mail/acme/bounces");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->status, 405);
  EXPECT_EQ(house_.Message(id).state(), v1::OutboxMessage::STATE_SENT);
}

}  // namespace
}  // namespace canvass::http
