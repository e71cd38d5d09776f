#include "server/http/intake/cloud_event.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/events/event.h"
#include "server/events/webhooks/json_text.h"
#include "server/metrics/testing/data_file.h"

namespace canvass::http {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const absl::Time kNow = absl::FromCivil(absl::CivilSecond(2026, 5, 4, 12, 0, 0), absl::UTCTimeZone());

json Good() {
  return json::parse(R"({"specversion": "1.0", "id": "o-1", "source": "/shop", "type": "order.delivered",
                         "subject": "ada", "time": "2026-05-04T11:59:00Z", "data": {"total": 80, "items": [{"sku": "A1"}]}})");
}

// The fields that are wrong about the event, "ok" if none is: as a caller hears of them.
std::string FieldsOf(const json& envelope) {
  absl::StatusOr<v1::Event> event = ReadCloudEvent(envelope, kNow);
  const absl::Status status = event.ok() ? events::ValidateEvent(*event, kNow) : event.status();
  if (status.ok()) return "ok";
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_EVENT) << status;
  std::vector<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) fields.push_back(violation.field);
  return absl::StrJoin(fields, " ");
}

TEST(ReadCloudEventTest, CarriesTheAttributes) {
  json envelope = Good();
  envelope["canvasscause"] = "tenants/acme/invitations/i-1";
  const absl::StatusOr<v1::Event> event = ReadCloudEvent(envelope, kNow);
  ASSERT_TRUE(event.ok()) << event.status();
  EXPECT_EQ(event->id(), "o-1");
  EXPECT_EQ(event->source(), "/shop");
  EXPECT_EQ(event->type(), "order.delivered");
  EXPECT_EQ(event->subject(), "ada");
  EXPECT_EQ(event->cause(), "tenants/acme/invitations/i-1");
  EXPECT_EQ(FromProto(event->time()), kNow - absl::Minutes(1));
  EXPECT_EQ(event->data().fields().at("total").number_value(), 80);
}

TEST(ReadCloudEventTest, OtherExtensionsAreIgnored) {
  json envelope = Good();
  envelope["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  envelope["anumber"] = 10;
  envelope["dataschema"] = "http://example.com/schema";
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*ReadCloudEvent(envelope, kNow),
                                                                 *ReadCloudEvent(Good(), kNow)));
}

TEST(ReadCloudEventTest, SaysWhatIsWrong) {
  struct Case {
    const char* patch;
    const char* fields;
  };
  for (const Case& test : std::vector<Case>{
           {R"({})", "ok"},
           {R"({"data": null})", "ok"},
           {R"({"datacontenttype": "application/json; charset=utf-8"})", "ok"},
           {R"({"datacontenttype": "application/vnd.shop+json"})", "ok"},
           {R"({"specversion": null})", "specversion"},
           {R"({"specversion": "0.3"})", "specversion"},
           {R"({"specversion": 1.0})", "specversion"},
           {R"({"subject": null})", "subject"},
           {R"({"time": null})", "time"},
           {R"({"time": "yesterday"})", "time"},
           {R"({"time": 1746360000})", "time"},
           {R"({"time": "2026-05-04T12:10:01Z"})", "time"},
           {R"({"time": "9999-12-31T23:59:59Z"})", "time"},
           {R"({"id": 5})", "id"},
           {R"({"id": ""})", "id"},
           {R"({"type": "order delivered"})", "type"},
           {R"({"data": "text"})", "data"},
           {R"({"data": [1]})", "data"},
           {R"({"data_base64": "e30="})", "data_base64"},
           {R"({"datacontenttype": "text/plain"})", "datacontenttype"},
           {R"({"datacontenttype": "application/jsonx"})", "datacontenttype"},
           {R"({"a_name": "x"})", "a_name"},
           {R"({"": "x"})", ""},
           {R"({"canvasscause": 5})", "canvasscause"},
           // Everything at once, each but once.
           {R"({"specversion": "2", "time": "soon", "data": 5, "subject": null, "id": 1})",
            "specversion id time data subject"},
       }) {
    // Null stays: CloudEvents take it as if the attribute were not there.
    json envelope = Good();
    const json patch = json::parse(test.patch);
    envelope.update(patch);
    EXPECT_EQ(FieldsOf(envelope), test.fields) << test.patch;
  }
}

TEST(ReadCloudEventTest, AnEventIsAnObject) {
  for (const char* text : {"null", "5", "\"x\"", "[]", "true"}) {
    EXPECT_EQ(ReasonOf(ReadCloudEvent(json::parse(text), kNow).status()), v1::ERROR_REASON_INVALID_EVENT) << text;
  }
}

TEST(ReadCloudEventTest, DataDeeperThanEightIsRefusedAtItsPlace) {
  json envelope = Good();
  json deep = 1;
  for (int i = 0; i < 7; ++i) deep = {{"a", deep}};
  envelope["data"] = {{"a", deep}};
  EXPECT_EQ(FieldsOf(envelope), "ok");
  envelope["data"] = {{"a", {{"a", deep}}}};
  EXPECT_EQ(FieldsOf(envelope), "data.a.a.a.a.a.a.a.a");
}

TEST(BinaryEnvelopeTest, HeadersAreAttributes) {
  const absl::StatusOr<json> envelope = BinaryEnvelope({{"specversion", "1.0"},
                                                        {"Id", "o-1"},
                                                        {"Source", "/shop"},
                                                        {"TYPE", "order.delivered"},
                                                        {"subject", "Zoë"},
                                                        {"time", "2026-05-04T11:59:00Z"},
                                                        {"dataschema", "x"}},
                                                       "application/json; charset=utf-8", R"({"total": 80})");
  ASSERT_TRUE(envelope.ok()) << envelope.status();
  EXPECT_EQ(FieldsOf(*envelope), "ok");
  const absl::StatusOr<v1::Event> event = ReadCloudEvent(*envelope, kNow);
  EXPECT_EQ(event->subject(), "Zoë");
  EXPECT_EQ(event->data().fields().at("total").number_value(), 80);
}

TEST(BinaryEnvelopeTest, TheBodyIsTheData) {
  const std::vector<std::pair<std::string, std::string>> attributes = {
      {"specversion", "1.0"}, {"data", "{}"}, {"datacontenttype", "application/json"}};
  EXPECT_FALSE(BinaryEnvelope(attributes, "", "")->contains("data"));
  EXPECT_EQ((*BinaryEnvelope(attributes, "application/xml", "<a/>"))["datacontenttype"], "application/xml");
  EXPECT_EQ(ReasonOf(BinaryEnvelope(attributes, "application/json", "{").status()), v1::ERROR_REASON_MALFORMED_MESSAGE);
  EXPECT_EQ(ReasonOf(BinaryEnvelope({{"id", "\xff"}}, "", "").status()), v1::ERROR_REASON_INVALID_EVENT);
}

// The examples of the specification and of an SDK's tests: the fields that are wrong with each as an event of ours,
// which needs a subject and a time.
const std::map<std::string, std::string>& Samples() {
  static const auto& samples = *new std::map<std::string, std::string>{
      {"spec-json-format-01.json", "datacontenttype subject"},
      {"spec-json-format-02.json", "datacontenttype subject"},
      {"spec-json-format-04.json", "data subject"},
      {"spec-json-format-05.json", "data subject"},
      {"spec-json-format-07.json", "datacontenttype subject; subject"},
      {"spec-json-format-08.json", ""},
      {"sdk-java-v1-base64_json_data.json", "data_base64"},
      {"sdk-java-v1-base64_json_data_with_ext.json", "data_base64"},
      {"sdk-java-v1-base64_text_data.json", "datacontenttype"},
      {"sdk-java-v1-binary_attr.json", "subject time"},
      {"sdk-java-v1-json_data_with_ext.json", "ok"},
      {"sdk-java-v1-json_data_with_ext_invalid.json", "a_invalid_name"},
      {"sdk-java-v1-json_data_with_ext_upper_case.json", "ok"},
      {"sdk-java-v1-json_data_with_fractional_time.json", "ok"},
      {"sdk-java-v1-min.json", "subject time"},
      {"sdk-java-v1-numeric_ext.json", "subject time"},
      {"sdk-java-v1-text_data.json", "datacontenttype"},
      {"sdk-java-v1-xml_data.json", "datacontenttype"},
      {"cloudevents.schema.json", "*"},
      // No JSON; the scenarios of HTTP are run in intake_test.cc.
      {"http-protocol-binding.feature", "no JSON"},
      {"kafka-protocol-binding.feature", "no JSON"},
  };
  return samples;
}

TEST(CloudEventSamplesTest, EveryFileHasAResult) {
  if (metrics::testing::DataDirectory().empty()) GTEST_SKIP() << "the examples are not beside this checkout";
  const std::string directory = absl::StrCat(metrics::testing::DataDirectory(), "/events/cloudevents");
  std::set<std::string> seen;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    SCOPED_TRACE(name);
    ASSERT_TRUE(Samples().contains(name));
    seen.insert(name);
    const std::string& expected = Samples().at(name);
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const absl::StatusOr<json> parsed = events::ParseJson(text);
    if (expected == "no JSON") {
      EXPECT_FALSE(parsed.ok());
      continue;
    }
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    if (expected == "*") {
      EXPECT_FALSE(ReadCloudEvent(*parsed, kNow).ok());
      continue;
    }
    std::vector<std::string> results;
    for (const json& envelope : parsed->is_array() ? *parsed : json::array({*parsed})) {
      results.push_back(FieldsOf(envelope));
    }
    EXPECT_EQ(absl::StrJoin(results, "; "), expected);
    if (absl::StrContains(name, "fail_") || absl::StrContains(name, "_invalid")) {
      EXPECT_NE(expected, "ok");
    }
  }
  EXPECT_EQ(seen.size(), Samples().size());
}

}  // namespace
}  // namespace canvass::http
