// The two routes as callers see them: real HTTP, real rooms, a real database.

#include "server/http/intake/intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <prometheus/registry.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/digest.h"
#include "server/base/error.h"
#include "server/events/sources/create_event_source.h"
#include "server/events/sources/delete_event_source.h"
#include "server/events/sources/event_source_catalog.h"
#include "server/events/sources/event_source_store.h"
#include "server/events/testing/orchestration_house.h"
#include "server/http/http_listener.h"
#include "server/mysql/testing/test_database.h"
#include "tenants/tenant_directory.h"
#include "tenants/tenant_store.h"

namespace canvass::http {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kSecret[] = "whsec_0123456789";
constexpr char kStructured[] = "application/cloudevents+json";
constexpr char kBatch[] = "application/cloudevents-batch+json";

class IntakeTest : public ::testing::Test {
 protected:
  IntakeTest() {
    v1::Tenant tenant;
    tenant.set_time_zone("UTC");
    for (const char* id : {"acme", "other"}) EXPECT_TRUE(tenants_.Insert(TenantId(id), tenant, db_.clock().Now()).ok());
    house_.PublishSurvey(scope_, "nps");
    const auto authorize = [this](absl::string_view method, absl::string_view authorization) {
      EXPECT_EQ(method, "/canvass.v1.EventService/PublishEvents");
      if (authorization == "Bearer good") return absl::StatusOr<TenantScope>(scope_);
      return absl::StatusOr<TenantScope>(
          Error(absl::StatusCode::kUnauthenticated, v1::ERROR_REASON_CREDENTIAL_INVALID, "the key is not known"));
    };
    const auto publish = [this](const TenantScope& scope, const v1::PublishEventsRequest& request, absl::Time) {
      if (!publish_error_.ok()) return absl::StatusOr<v1::PublishEventsResponse>(publish_error_);
      return house_.PublishRequest(scope, request);
    };
    const IntakeParts parts = {.authorize = authorize,
                               .publish = publish,
                               .take_feedback = {},
                               .tenants = directory_,
                               .sources = catalog_,
                               .settings = house_.settings_catalog,
                               .urls = urls_,
                               .clock = db_.clock(),
                               .random = db_.random()};
    auto listener = HttpListener::Start(
        {.port = 0}, registry_, [] { return true; }, [&](httplib::Server& server) { AddRoutes(server, parts); });
    EXPECT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
    client_ = std::make_unique<httplib::Client>("127.0.0.1", listener_->port());
  }

  // The time that an event of now has.
  std::string NowText(absl::Duration ahead = absl::ZeroDuration()) {
    return absl::FormatTime(absl::RFC3339_sec, db_.clock().Now() + ahead, absl::UTCTimeZone());
  }

  json CloudEvent(absl::string_view id, double total = 80) {
    return {{"specversion", "1.0"}, {"id", std::string(id)}, {"source", "/shop"},         {"type", "order.delivered"},
            {"subject", "ada"},     {"time", NowText()},     {"data", {{"total", total}}}};
  }

  struct Answer {
    int status = 0;
    json body;
    httplib::Headers headers;
    std::string type;

    std::string Reason() const { return body.value("reason", ""); }
    std::vector<std::string> Outcomes() const {
      std::vector<std::string> outcomes;
      for (const json& result : body.value("results", json::array())) outcomes.push_back(result["outcome"]);
      return outcomes;
    }
    std::string Header(const std::string& name) const {
      const auto found = headers.find(name);
      return found == headers.end() ? "" : found->second;
    }
  };

  Answer Send(const std::string& path, const httplib::Headers& headers, const std::string& body,
              const std::string& type) {
    const httplib::Result result = client_->Post(path, headers, body, type);
    EXPECT_TRUE(result) << httplib::to_string(result.error());
    if (!result) return {};
    Answer answer{.status = result->status,
                  .body = json::parse(result->body, nullptr, false),
                  .headers = result->headers,
                  .type = result->get_header_value("Content-Type")};
    EXPECT_EQ(answer.type, answer.status < 300 ? "application/json" : "application/problem+json") << result->body;
    if (answer.status >= 300) {
      EXPECT_EQ(answer.body.value("status", 0), answer.status);
      EXPECT_FALSE(answer.body.value("title", "").empty());
      EXPECT_EQ(answer.body.value("type", ""), absl::StrCat("urn:canvass:reason:", answer.Reason()));
    }
    return answer;
  }

  Answer SendEvents(const json& body, const std::string& type = kStructured) {
    return Send("/v1/events", {{"Authorization", "Bearer good"}}, body.dump(), type);
  }

  void MakeSource(absl::string_view id, v1::EventSource::Kind kind) {
    v1::CreateEventSourceRequest request;
    request.set_parent("tenants/-");
    request.set_event_source_id(std::string(id));
    request.mutable_event_source()->set_kind(kind);
    request.mutable_event_source()->set_secret(kSecret);
    const auto created = events::CreateEventSource(sources_, catalog_, db_.clock(), scope_, request);
    ASSERT_TRUE(created.ok()) << created.status();
  }

  httplib::Headers ShopifyHeaders(const std::string& body, const std::string& topic = "orders/fulfilled") {
    return {{"X-Shopify-Topic", topic},
            {"X-Shopify-Event-Id", "e-1"},
            {"X-Shopify-Hmac-Sha256", absl::Base64Escape(HmacSha256(kSecret, body))}};
  }

  std::string StripeHeader(const std::string& body, absl::Time time) {
    const std::string seconds = absl::StrCat(absl::ToUnixSeconds(time));
    return absl::StrCat("t=", seconds,
                        ",v1=", absl::BytesToHexString(HmacSha256(kSecret, absl::StrCat(seconds, ".", body))));
  }

  std::string ShopifyOrder(absl::Duration ahead = absl::ZeroDuration()) {
    return json{{"id", 1},
                {"total_price", "403.00"},
                {"currency", "EUR"},
                {"updated_at", NowText(ahead)},
                {"customer", {{"id", 7}, {"email", "ada@example.com"}}}}
        .dump();
  }

  int64_t StoredEvents() { return db_.Count("SELECT COUNT(*) FROM events"); }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  events::testing::OrchestrationHouse house_{db_.database(), db_.clock(), db_.random()};
  tenants::TenantStore tenants_{db_.database()};
  tenants::TenantDirectory directory_{db_.database(), tenants_, db_.clock()};
  events::EventSourceStore sources_{db_.database()};
  events::EventSourceCatalog catalog_{sources_, db_.clock()};
  distribution::PageUrls urls_{"https://feedback.example.com"};
  absl::Status publish_error_;
  prometheus::Registry registry_;
  std::unique_ptr<HttpListener> listener_;
  std::unique_ptr<httplib::Client> client_;
};

TEST_F(IntakeTest, AnEventIsTakenInOnce) {
  house_.MakeTrigger(scope_, "after-order", R"pb(event_type: "order.delivered"
                                                 survey: "tenants/-/surveys/nps"
                                                 condition { text: "event.total > 50" })pb");
  const Answer first = SendEvents(CloudEvent("o-1"));
  EXPECT_EQ(first.status, 200);
  ASSERT_THAT(first.Outcomes(), ElementsAre("ACCEPTED"));
  const json result = first.body["results"][0];
  EXPECT_EQ(result["id"], "o-1");
  EXPECT_EQ(result["invitations"], 1);
  EXPECT_THAT(result["event"].get<std::string>(), HasSubstr("tenants/acme/events/"));
  EXPECT_EQ(house_.InvitationsOf(scope_, "ada").size(), 1U);

  const Answer again = SendEvents(CloudEvent("o-1"));
  EXPECT_EQ(again.status, 200);
  EXPECT_THAT(again.Outcomes(), ElementsAre("DUPLICATE"));
  EXPECT_EQ(again.body["results"][0]["event"], result["event"]);

  const Answer other = SendEvents(CloudEvent("o-1", 81));
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(other.Reason(), "EVENT_ID_REUSED");
  EXPECT_EQ(StoredEvents(), 1);
}

TEST_F(IntakeTest, ABatchIsAnsweredEventByEvent) {
  json bad = CloudEvent("o-2");
  bad.erase("subject");
  json worse = CloudEvent("o-3");
  worse["data"] = "text";
  const Answer answer = SendEvents({CloudEvent("o-1"), bad, worse, 5, CloudEvent("o-1"), CloudEvent("o-4")}, kBatch);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.Outcomes(), ElementsAre("ACCEPTED", "REFUSED", "REFUSED", "REFUSED", "DUPLICATE", "ACCEPTED"));
  const json& results = answer.body["results"];
  EXPECT_EQ(results[1]["id"], "o-2");
  EXPECT_EQ(results[1]["problem"]["reason"], "INVALID_EVENT");
  EXPECT_EQ(results[1]["problem"]["status"], 400);
  EXPECT_EQ(results[1]["problem"]["violations"][0]["field"], "subject");
  EXPECT_EQ(results[2]["problem"]["violations"][0]["field"], "data");
  EXPECT_EQ(results[3]["id"], "");
  EXPECT_EQ(StoredEvents(), 2);
  EXPECT_EQ(SendEvents(json::array(), kBatch).body, json::parse(R"({"results": []})"));
}

TEST_F(IntakeTest, ABatchHasALimit) {
  json batch = json::array();
  for (int i = 0; i < 1001; ++i) batch.push_back(CloudEvent(absl::StrCat("o-", i)));
  const Answer answer = SendEvents(batch, kBatch);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.Reason(), "INVALID_FIELD");
  batch.erase(batch.begin());
  EXPECT_EQ(SendEvents(batch, kBatch).status, 200);
  EXPECT_EQ(StoredEvents(), 1000);
}

// The scenarios of the specification's conformance tests, with the subject and time that events of ours need.
TEST_F(IntakeTest, TheScenariosOfTheHttpBinding) {
  const httplib::Headers binary = {
      {"Authorization", "Bearer good"},    {"ce-specversion", "1.0"},   {"ce-type", "com.example.someevent"},
      {"ce-time", "2018-04-05T03:56:24Z"}, {"ce-id", "1234-1234-1234"}, {"ce-source", "/mycontext/subcontext"},
      {"ce-subject", "Zo%C3%AB"}};
  for (const char* type : {"application/json", "application/json; charset=utf-8"}) {
    const Answer answer = Send("/v1/events", binary, R"({"message": "Hello World!"})", type);
    EXPECT_EQ(answer.status, 200) << type;
    EXPECT_EQ(answer.body["results"][0]["id"], "1234-1234-1234");
  }
  const json envelope = {{"specversion", "1.0"},
                         {"type", "com.example.someevent"},
                         {"time", "2018-04-05T03:56:24Z"},
                         {"id", "1234-1234-1234"},
                         {"source", "/mycontext/subcontext"},
                         {"subject", "Zoë"},
                         {"datacontenttype", "application/json"},
                         {"data", {{"message", "Hello World!"}}}};
  // The same event, whichever way it comes.
  for (const char* type : {"application/cloudevents+json", "application/cloudevents+json; charset=utf-8"}) {
    EXPECT_THAT(SendEvents(envelope, type).Outcomes(), ElementsAre("DUPLICATE")) << type;
  }
  EXPECT_EQ(StoredEvents(), 1);
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM events WHERE contact_id = 'Zoë'"), 1);
}

TEST_F(IntakeTest, ASingleBadEventIsAnErrorOfTheCall) {
  json event = CloudEvent("o-1");
  event["time"] = NowText(absl::Minutes(11));
  event.erase("subject");
  const Answer answer = SendEvents(event);
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.Reason(), "INVALID_EVENT");
  EXPECT_EQ(answer.body["title"], "Invalid event");
  ASSERT_EQ(answer.body["violations"].size(), 2U);
  EXPECT_EQ(answer.body["violations"][0]["field"], "subject");
  EXPECT_THAT(answer.body["violations"][1]["description"].get<std::string>(), HasSubstr("future"));
  EXPECT_EQ(StoredEvents(), 0);
}

TEST_F(IntakeTest, RefusesWhatIsNoCloudEvent) {
  const std::string good = CloudEvent("o-1").dump();
  const httplib::Headers key = {{"Authorization", "Bearer good"}};
  EXPECT_EQ(Send("/v1/events", key, "{", kStructured).Reason(), "MALFORMED_MESSAGE");
  EXPECT_EQ(Send("/v1/events", key, "\"\xff\"", kStructured).status, 400);
  EXPECT_EQ(Send("/v1/events", key, "", kStructured).status, 400);
  EXPECT_EQ(Send("/v1/events", key, good, kBatch).Reason(), "INVALID_FIELD");
  for (const char* type : {"application/json", "text/plain", "application/cloudevents+avro", "application/xml"}) {
    EXPECT_EQ(Send("/v1/events", key, good, type).status, 415) << type;
  }
  EXPECT_EQ(StoredEvents(), 0);
}

TEST_F(IntakeTest, AsksForAKey) {
  for (const httplib::Headers& headers : {httplib::Headers{}, httplib::Headers{{"Authorization", "Bearer bad"}}}) {
    const Answer answer = Send("/v1/events", headers, CloudEvent("o-1").dump(), kStructured);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.Reason(), "CREDENTIAL_INVALID");
    EXPECT_EQ(answer.Header("WWW-Authenticate"), "Bearer");
  }
  EXPECT_EQ(client_->Get("/v1/events")->status, 405);
  EXPECT_EQ(client_->Get("/v1/events")->get_header_value("Allow"), "POST");
}

TEST_F(IntakeTest, OverloadSaysWhenToComeBackAndFaultsStayInside) {
  publish_error_ = RetryLater(absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_OVERLOADED, "too much to do",
                              absl::Milliseconds(2500));
  const Answer overloaded = SendEvents(CloudEvent("o-1"));
  EXPECT_EQ(overloaded.status, 429);
  EXPECT_EQ(overloaded.Reason(), "OVERLOADED");
  EXPECT_EQ(overloaded.Header("Retry-After"), "3");
  publish_error_ = Error(absl::StatusCode::kUnavailable, v1::ERROR_REASON_DATABASE_UNAVAILABLE, "no database");
  const Answer unavailable = SendEvents(CloudEvent("o-1"));
  EXPECT_EQ(unavailable.status, 503);
  EXPECT_EQ(unavailable.Header("Retry-After"), "1");
  publish_error_ = absl::InternalError("the disk burns");
  const Answer fault = SendEvents(CloudEvent("o-1"));
  EXPECT_EQ(fault.status, 500);
  EXPECT_EQ(fault.Reason(), "INTERNAL");
  EXPECT_THAT(fault.body["detail"].get<std::string>(), ::testing::Not(HasSubstr("disk")));
  publish_error_ = absl::OkStatus();
  EXPECT_EQ(SendEvents(CloudEvent("o-1")).status, 200);
}

TEST_F(IntakeTest, AMebibyteIsTakenAndAByteMoreIsNot) {
  const auto batch_of = [&](std::size_t bytes) {
    json event = CloudEvent("o-1");
    json batch = json::array({event});
    std::string text = batch.dump();
    return text.substr(0, text.size() - 1) + std::string(bytes - text.size(), ' ') + "]";
  };
  const httplib::Headers key = {{"Authorization", "Bearer good"}};
  EXPECT_EQ(Send("/v1/events", key, batch_of(1 << 20), kBatch).status, 200);
  const Answer large = Send("/v1/events", key, batch_of((1 << 20) + 1), kBatch);
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.Reason(), "MESSAGE_TOO_LARGE");
  EXPECT_EQ(large.Header("Connection"), "close");
  // Nothing is cut off in the middle: the event itself has a limit of its own.
  json event = CloudEvent("o-2");
  event["data"]["text"] = std::string(70'000, 'x');
  EXPECT_EQ(SendEvents(event).body["violations"][0]["field"], "data");
}

// Speaks HTTP by hand, and returns all that comes until the server closes the connection.
std::string Exchange(int port, const std::string& bytes) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t count = send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) break;
    sent += static_cast<std::size_t>(count);
  }
  std::string answer;
  char buffer[4096];
  for (ssize_t count = 0; (count = recv(fd, buffer, sizeof(buffer), 0)) > 0;) {
    answer.append(buffer, static_cast<std::size_t>(count));
  }
  close(fd);
  return answer;
}

// What stands behind a body that is too large is never taken for a request: behind a proxy it might be somebody else's.
TEST_F(IntakeTest, NothingIsReadBehindABodyThatIsTooLarge) {
  std::string bytes =
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n"
      "Content-Type: application/cloudevents+json\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string chunk = absl::StrCat("10000\r\n", std::string(0x10000, ' '), "\r\n");
  for (int i = 0; i < 20; ++i) bytes += chunk;
  bytes += "0\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string answer = Exchange(listener_->port(), bytes);
  EXPECT_THAT(answer, HasSubstr("HTTP/1.1 413"));
  EXPECT_THAT(answer, HasSubstr("MESSAGE_TOO_LARGE"));
  EXPECT_THAT(answer, ::testing::Not(HasSubstr("HTTP/1.1 200")));
}

TEST_F(IntakeTest, AShopsOrderLeadsToAnInvitation) {
  house_.MakeTrigger(scope_, "after-order",
                     R"pb(event_type: "shopify.orders.fulfilled"
                          survey: "tenants/-/surveys/nps"
                          condition { text: "event.total_price > 100 AND event.currency = EUR" })pb");
  MakeSource("shop", v1::EventSource::KIND_SHOPIFY);
  const std::string body = ShopifyOrder();
  const Answer first = Send("/v1/sources/acme/shop", ShopifyHeaders(body), body, "application/json");
  EXPECT_EQ(first.status, 200);
  ASSERT_THAT(first.Outcomes(), ElementsAre("ACCEPTED"));
  EXPECT_EQ(first.body["results"][0]["invitations"], 1);
  const absl::StatusOr<v1::Contact> contact = house_.contacts.Get(scope_, ContactId("7"));
  ASSERT_TRUE(contact.ok()) << contact.status();
  ASSERT_EQ(contact->addresses_size(), 1);
  EXPECT_EQ(contact->addresses(0).value(), "ada@example.com");
  EXPECT_EQ(contact->addresses(0).consent(), v1::Address::CONSENT_UNSPECIFIED);
  EXPECT_EQ(house_.InvitationsOf(scope_, "7").size(), 1U);
  const Answer again = Send("/v1/sources/acme/shop", ShopifyHeaders(body), body, "application/json");
  EXPECT_EQ(again.status, 200);
  EXPECT_THAT(again.Outcomes(), ElementsAre("DUPLICATE"));
  EXPECT_EQ(StoredEvents(), 1);
}

TEST_F(IntakeTest, EverySystemSignsInItsOwnWay) {
  MakeSource("desk", v1::EventSource::KIND_ZENDESK);
  const std::string ticket =
      json{{"ticket", {{"id", 1}, {"status", "solved"}, {"requester_id", 9}, {"updated_at", NowText()}}}}.dump();
  const std::string time = NowText();
  EXPECT_EQ(Send("/v1/sources/acme/desk",
                 {{"X-Zendesk-Webhook-Signature-Timestamp", time},
                  {"X-Zendesk-Webhook-Signature", absl::Base64Escape(HmacSha256(kSecret, time + ticket))}},
                 ticket, "application/json")
                .status,
            200);
  MakeSource("app", v1::EventSource::KIND_SEGMENT);
  const std::string calls = json::array({json{{"type", "track"},
                                              {"event", "Order Completed"},
                                              {"userId", "u"},
                                              {"messageId", "m"},
                                              {"timestamp", NowText()}},
                                         json{{"type", "page"}}})
                                .dump();
  const Answer segment =
      Send("/v1/sources/acme/app", {{"X-Signature", absl::BytesToHexString(HmacSha1(kSecret, calls))}}, calls,
           "application/json");
  EXPECT_EQ(segment.status, 200);
  EXPECT_THAT(segment.Outcomes(), ElementsAre("ACCEPTED", "IGNORED"));
  MakeSource("pay", v1::EventSource::KIND_STRIPE);
  const std::string paid = json{{"id", "evt_1"},
                                {"type", "invoice.paid"},
                                {"created", absl::ToUnixSeconds(db_.clock().Now())},
                                {"data", {{"object", {{"object", "invoice"}, {"customer", "cus_1"}}}}}}
                               .dump();
  const auto send_paid = [&](const std::string& header) {
    return Send("/v1/sources/acme/pay", {{"Stripe-Signature", header}}, paid, "application/json");
  };
  const std::string header = StripeHeader(paid, db_.clock().Now());
  EXPECT_EQ(send_paid(header).status, 200);
  EXPECT_EQ(StoredEvents(), 3);
  // Somebody who has overheard it plays it again later.
  db_.clock().Advance(absl::Minutes(6));
  const Answer replayed = send_paid(header);
  EXPECT_EQ(replayed.status, 401);
  EXPECT_EQ(replayed.Reason(), "CREDENTIAL_EXPIRED");
  // Stripe itself signs every attempt anew.
  EXPECT_THAT(send_paid(StripeHeader(paid, db_.clock().Now())).Outcomes(), ElementsAre("DUPLICATE"));
}

TEST_F(IntakeTest, AForgedCallChangesNothing) {
  MakeSource("shop", v1::EventSource::KIND_SHOPIFY);
  const std::string body = ShopifyOrder();
  const httplib::Headers headers = ShopifyHeaders(body);
  std::string altered = body;
  altered[altered.find("403")] = '9';
  const Answer answer = Send("/v1/sources/acme/shop", headers, altered, "application/json");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.Reason(), "CREDENTIAL_INVALID");
  EXPECT_THAT(answer.body["detail"].get<std::string>(), HasSubstr("X-Shopify-Hmac-Sha256"));
  EXPECT_EQ(Send("/v1/sources/acme/shop", {}, body, "application/json").Reason(), "CREDENTIAL_MISSING");
  EXPECT_EQ(StoredEvents(), 0);
}

TEST_F(IntakeTest, NoStrangerLearnsWhichTenantsThereAre) {
  MakeSource("shop", v1::EventSource::KIND_SHOPIFY);
  const std::string body = ShopifyOrder();
  std::vector<std::string> details;
  for (const char* path : {"/v1/sources/acme/other", "/v1/sources/other/other", "/v1/sources/nobody/other",
                           "/v1/sources/ACME/other", "/v1/sources/-/other"}) {
    const Answer answer = Send(path, ShopifyHeaders(body), body, "application/json");
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.Reason(), "EVENT_SOURCE_NOT_FOUND");
    details.push_back(answer.body["detail"]);
  }
  for (const std::string& detail : details) EXPECT_EQ(detail, details[0]);
  EXPECT_EQ(Send("/v1/sources/other/shop", ShopifyHeaders(body), body, "application/json").status, 404);
  EXPECT_EQ(StoredEvents(), 0);
}

TEST_F(IntakeTest, GenuineCallsThatSayNothingOfUseAreNotSentAgain) {
  MakeSource("shop", v1::EventSource::KIND_SHOPIFY);
  const std::string guest = R"({"id": 1, "customer": null})";
  const Answer ignored = Send("/v1/sources/acme/shop", ShopifyHeaders(guest), guest, "application/json");
  EXPECT_EQ(ignored.status, 202);
  ASSERT_THAT(ignored.Outcomes(), ElementsAre("IGNORED"));
  EXPECT_THAT(ignored.body["results"][0]["detail"].get<std::string>(), HasSubstr("customer"));
  const std::string early = ShopifyOrder(absl::Hours(24 * 365));
  const Answer refused = Send("/v1/sources/acme/shop", ShopifyHeaders(early), early, "application/json");
  EXPECT_EQ(refused.status, 202);
  ASSERT_THAT(refused.Outcomes(), ElementsAre("REFUSED"));
  EXPECT_EQ(refused.body["results"][0]["problem"]["violations"][0]["field"], "time");
  const std::string broken = "{";
  EXPECT_EQ(Send("/v1/sources/acme/shop", ShopifyHeaders(broken), broken, "application/json").status, 400);
  EXPECT_EQ(StoredEvents(), 0);
}

TEST_F(IntakeTest, NothingIsTakenInForASuspendedTenantOrADeletedSource) {
  MakeSource("shop", v1::EventSource::KIND_SHOPIFY);
  const std::string body = ShopifyOrder();
  const auto send = [&] { return Send("/v1/sources/acme/shop", ShopifyHeaders(body), body, "application/json"); };
  const auto set_state = [&](v1::Tenant::State state) {
    const auto change = [&](v1::Tenant& tenant) {
      tenant.set_state(state);
      return absl::OkStatus();
    };
    ASSERT_TRUE(tenants_.Change(TenantId("acme"), change).ok());
    db_.clock().Advance(tenants::TenantDirectory::kMaxAge);
  };
  set_state(v1::Tenant::STATE_SUSPENDED);
  EXPECT_EQ(send().Reason(), "TENANT_SUSPENDED");
  set_state(v1::Tenant::STATE_ACTIVE);
  EXPECT_EQ(send().status, 200);
  v1::DeleteEventSourceRequest request;
  request.set_name("tenants/-/eventSources/shop");
  ASSERT_TRUE(events::DeleteEventSource(sources_, catalog_, scope_, request).ok());
  EXPECT_EQ(send().status, 404);
  EXPECT_EQ(StoredEvents(), 1);
}

}  // namespace
}  // namespace canvass::http
