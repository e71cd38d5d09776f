#include "server/distribution/channels/webhook.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/digest.h"
#include "server/conditions/facts.h"
#include "server/distribution/channels/sms.h"
#include "server/distribution/testing/sending_house.h"
#include "server/distribution/testing/tcp_server.h"

namespace canvass::distribution {
namespace {

using ::testing::HasSubstr;
using testing::HttpAnswer;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::SampleMessage;
using ::testing::SizeIs;
using testing::TcpServer;
using Answer = TcpServer::Answer;
using Outcome = SendResult::Outcome;

HttpOptions OpenOptions() {
  return {.allow_http = true,
          .guard = *AddressGuard::Make({"127.0.0.1"}),
          .limits = {.connect = absl::Seconds(1), .total = absl::Seconds(1)}};
}

std::string Fact(const google::protobuf::Struct& event, absl::string_view path) {
  const google::protobuf::Value* value = conditions::Find(event, path);
  return value == nullptr ? "(none)" : conditions::FactText(*value);
}

TEST(WebhookTest, SignsAsTheStandardSays) {
  // The vector of the specification.
  EXPECT_EQ(WebhookSignature({"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "msg_p5jXN8AQM9LWM0D4loKWxJek",
                             absl::FromUnixSeconds(1614265330), R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  const std::string both =
      WebhookSignature({"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "", "whsec_AAAA"}, "x", absl::UnixEpoch(), "");
  EXPECT_THAT(std::vector<std::string>(absl::StrSplit(both, ' ')), SizeIs(2));
}

TEST(WebhookTest, CallsWithASignedEvent) {
  TcpServer server([](const std::string&) { return Answer{.bytes = HttpAnswer(204)}; });
  SampleMessage message;
  message.settings.mutable_webhook()->set_url(server.url("/hook?x=1"));
  const HttpClient http(OpenOptions());
  const SendResult result = WebhookChannel(http, message.links()).Send(message.outgoing());
  EXPECT_EQ(result.outcome, Outcome::kSent) << result.detail;
  EXPECT_EQ(result.code, 204);
  ASSERT_THAT(server.requests(), SizeIs(1));
  const std::vector<std::string> parts = absl::StrSplit(server.requests()[0], absl::MaxSplits("\r\n\r\n", 1));
  const std::string signature =
      WebhookSignature({message.settings.webhook().secret()}, message.id.ToString(), message.outgoing().now, parts[1]);
  EXPECT_THAT(parts[0], HasSubstr("POST /hook?x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(parts[0], HasSubstr("webhook-id: 01975b6a-1234-7000-8000-0123456789ab\r\n"));
  EXPECT_THAT(parts[0], HasSubstr("webhook-timestamp: 1748865600\r\n"));
  EXPECT_THAT(parts[0], HasSubstr(absl::StrCat("webhook-signature: ", signature)));
  google::protobuf::Struct event;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(parts[1], &event).ok()) << parts[1];
  EXPECT_EQ(Fact(event, "specversion"), "1.0");
  EXPECT_EQ(Fact(event, "type"), "canvass.invitation.due");
  EXPECT_EQ(Fact(event, "source"), "canvass://tenants/acme");
  EXPECT_EQ(Fact(event, "canvasscause"), message.invitation.invitation.name());
  EXPECT_EQ(Fact(event, "data.invitation"), message.invitation.invitation.name());
  EXPECT_EQ(Fact(event, "data.contact"), "ada");
  EXPECT_EQ(Fact(event, "data.url"), message.urls.Survey(Fact(event, "data.token")));
  EXPECT_TRUE(message.tokens.Verify(Fact(event, "data.token")).ok());
  EXPECT_EQ(Fact(event, "data.facts.event.product"), "Tea <& more>");
  EXPECT_EQ(Fact(event, "data.expire_time"), "2025-07-02T12:00:00Z");
  message.reminder = 2;
  EXPECT_THAT(WebhookBody(message.outgoing(), message.links()), HasSubstr("\"canvass.invitation.reminder\""));
}

TEST(HttpClientTest, TakesStatusesForWhatTheyMean) {
  struct Case {
    std::string answer;
    Outcome outcome;
    absl::Duration retry_after;
  };
  TcpServer hidden([](const std::string&) { return Answer{.bytes = HttpAnswer(200)}; });
  for (const Case& test : {Case{HttpAnswer(200), Outcome::kSent}, Case{HttpAnswer(202), Outcome::kSent},
                           Case{HttpAnswer(400), Outcome::kRefused}, Case{HttpAnswer(404), Outcome::kRefused},
                           Case{HttpAnswer(410), Outcome::kRefused}, Case{HttpAnswer(408), Outcome::kRetry},
                           Case{HttpAnswer(429, "Retry-After: 17\r\n"), Outcome::kRetry, absl::Seconds(17)},
                           Case{HttpAnswer(500), Outcome::kRetry},
                           Case{HttpAnswer(503, "Retry-After: 5\r\n"), Outcome::kRetry, absl::Seconds(5)},
                           Case{HttpAnswer(302, absl::StrCat("Location: ", hidden.url(), "\r\n")), Outcome::kRefused},
                           Case{"what is this?\r\n\r\n", Outcome::kRetry}, Case{"", Outcome::kRetry}}) {
    TcpServer server([&](const std::string&) { return Answer{.bytes = test.answer}; });
    const SendResult result = HttpClient(OpenOptions()).Post({.url = server.url(), .body = "x"});
    EXPECT_EQ(result.outcome, test.outcome) << test.answer;
    EXPECT_EQ(result.retry_after, test.retry_after) << test.answer;
    EXPECT_FALSE(result.detail.empty());
  }
  EXPECT_THAT(hidden.requests(), IsEmpty()) << "a redirect was followed";
}

TEST(HttpClientTest, BoundsWhatAServerCanDo) {
  const std::string endless = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n";
  struct Case {
    Answer answer;
    Outcome outcome;
  };
  for (const Case& test : {Case{{.bytes = "", .then = TcpServer::Then::kSilence}, Outcome::kRetry},
                           Case{{.bytes = "HTTP/1.1 200 OK\r\n", .then = TcpServer::Then::kSilence}, Outcome::kSent},
                           Case{{.bytes = endless, .then = TcpServer::Then::kSilence}, Outcome::kSent},
                           Case{{.bytes = endless, .then = TcpServer::Then::kEndless}, Outcome::kSent}}) {
    TcpServer server([&](const std::string&) { return test.answer; });
    const absl::Time start = absl::Now();
    const SendResult result = HttpClient(OpenOptions()).Post({.url = server.url(), .body = "x"});
    EXPECT_EQ(result.outcome, test.outcome) << test.answer.bytes << result.detail;
    EXPECT_LT(absl::Now() - start, absl::Seconds(3));
  }
}

TEST(HttpClientTest, GoesNowhereThatIsNotPublic) {
  TcpServer server([](const std::string&) { return Answer{.bytes = HttpAnswer(200)}; });
  HttpOptions closed = OpenOptions();
  closed.guard = AddressGuard();
  // However the address is written: what counts is where the connection would go.
  for (const char* host :
       {"127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"}) {
    const std::string url = absl::StrCat("http://", host, ":", server.port(), "/");
    EXPECT_EQ(HttpClient(closed).Post({.url = url}).outcome, Outcome::kRefused) << url;
  }
  EXPECT_THAT(server.requests(), IsEmpty());
  HttpOptions strict = OpenOptions();
  strict.allow_http = false;
  EXPECT_EQ(HttpClient(strict).Post({.url = server.url()}).outcome, Outcome::kRefused);
  for (const char* url : {"file:///etc/passwd", "gopher://127.0.0.1:1/", "ftp://127.0.0.1/", "not a url", ""}) {
    EXPECT_EQ(HttpClient(OpenOptions()).Post({.url = url}).outcome, Outcome::kRefused) << url;
  }
  // Nor through a proxy that the environment names.
  setenv("http_proxy", server.url().c_str(), 1);
  EXPECT_EQ(HttpClient(closed).Post({.url = "http://127.0.0.1:1/"}).outcome, Outcome::kRefused);
  EXPECT_EQ(HttpClient(OpenOptions()).Post({.url = "http://127.0.0.1:1/"}).outcome, Outcome::kRetry);
  unsetenv("http_proxy");
  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST(HttpClientTest, CanBeCutOff) {
  TcpServer server([](const std::string&) { return Answer{.then = TcpServer::Then::kSilence}; });
  std::atomic<bool> cancelled = false;
  HttpOptions options = OpenOptions();
  options.limits = {.total = absl::Minutes(1), .cancelled = &cancelled};
  std::thread canceller([&] {
    while (server.requests().empty()) absl::SleepFor(absl::Milliseconds(5));
    cancelled = true;
  });
  EXPECT_EQ(HttpClient(options).Post({.url = server.url(), .body = "x"}).outcome, Outcome::kInterrupted);
  canceller.join();
}

TEST(SmsTest, PostsAForm) {
  TcpServer server([](const std::string&) { return Answer{.bytes = HttpAnswer(201)}; });
  SampleMessage message;
  message.address = "+420601234567";
  message.settings.mutable_sms()->set_url(server.url("/Messages.json"));
  const HttpClient http(OpenOptions());
  FormPostProvider provider(http);
  SmsChannel channel(provider, message.links());
  EXPECT_EQ(channel.Send(message.outgoing()).outcome, Outcome::kSent);
  ASSERT_THAT(server.requests(), SizeIs(1));
  const std::string request = server.requests()[0];
  EXPECT_THAT(request, HasSubstr("POST /Messages.json HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr(absl::StrCat("Authorization: Basic ", absl::Base64Escape("AC1:12345"))));
  EXPECT_THAT(request, HasSubstr("&From=Acme&"));
  EXPECT_THAT(request, HasSubstr("&To=%2B420601234567"));
  EXPECT_THAT(request, HasSubstr("StatusCallback=https%3A%2F%2Ffeedback.example.com%2Fv1%2Fsms%2Facme%2Fstatus%3F"
                                 "message%3D01975b6a-1234-7000-8000-0123456789ab"));
  EXPECT_THAT(request, HasSubstr("\r\n\r\nBody=Acme%20%26%20Sons%20would%20like%20to%20know%20your%20opinion"));
  message.settings.clear_sms();
  EXPECT_EQ(channel.Send(message.outgoing()).outcome, Outcome::kRefused);
}

TEST(SmsTest, KnowsItsProvidersCalls) {
  // The example of the provider's documentation.
  const std::map<std::string, std::string> fields = {{"CallSid", "CA1234567890ABCDE"},
                                                     {"Caller", "+12349013030"},
                                                     {"Digits", "1234"},
                                                     {"From", "+12349013030"},
                                                     {"To", "+18005551212"}};
  const std::string url = "https://mycompany.com/myapp.php?foo=1&bar=2";
  const std::string signature = "0/KCTR6DLpKmkAf8muzZqo1nDgQ=";
  EXPECT_TRUE(IsProvidersCall("12345", url, fields, signature));
  EXPECT_FALSE(IsProvidersCall("12346", url, fields, signature));
  EXPECT_FALSE(IsProvidersCall("12345", url + "0", fields, signature));
  EXPECT_FALSE(IsProvidersCall("12345", url, {}, signature));
  EXPECT_FALSE(IsProvidersCall("12345", url, fields, ""));
}

}  // namespace
}  // namespace canvass::distribution
