#include "server/rpc/wire_walk.h"

#include <gtest/gtest.h>

#include <string>

#include "canvass/v1/event_service.pb.h"
#include "canvass/v1/response_service.pb.h"
#include "canvass/v1/survey_service.pb.h"
#include "google/protobuf/struct.pb.h"

namespace canvass::rpc {
namespace {

constexpr char kBad[] = "caf\xe9";

// Serializes `message` with every "BAD!" in it made invalid. Serializing invalid text would only log.
std::string Spoiled(const google::protobuf::Message& message) {
  std::string bytes = message.SerializeAsString();
  for (std::size_t at = bytes.find("BAD!"); at != std::string::npos; at = bytes.find("BAD!")) {
    bytes.replace(at, 4, kBad, 4);
  }
  return bytes;
}

std::string PathIn(const google::protobuf::Message& message) {
  return FindInvalidUtf8(*message.GetDescriptor(), Spoiled(message)).value_or("none");
}

TEST(WireWalkTest, FindsPlainFields) {
  v1::SubmitResponseRequest request;
  request.set_parent("tenants/acme");
  request.set_request_id("BAD!");
  EXPECT_EQ(PathIn(request), "request_id");
  request.set_request_id("good");
  EXPECT_EQ(PathIn(request), "none");
}

TEST(WireWalkTest, FindsRepeatedAndNestedFields) {
  v1::SubmitResponseRequest request;
  request.mutable_response()->add_answers()->set_question("q1");
  request.mutable_response()->add_answers()->set_question("q2");
  request.mutable_response()->mutable_answers(1)->set_text("BAD!");
  EXPECT_EQ(PathIn(request), "response.answers[1].text");
}

TEST(WireWalkTest, PathsIntoAStructReadAsPeopleWriteThem) {
  v1::PublishEventsRequest request;
  request.add_events();
  auto& data = *request.add_events()->mutable_data()->mutable_fields();
  data["total"].set_number_value(7);
  (*data["order"].mutable_struct_value()->mutable_fields())["note"].set_string_value("BAD!");
  EXPECT_EQ(PathIn(request), "events[1].data.order.note");
  data.erase("order");
  google::protobuf::ListValue& items = *data["items"].mutable_list_value();
  items.add_values()->set_string_value("fine");
  items.add_values()->set_string_value("BAD!");
  EXPECT_EQ(PathIn(request), "events[1].data.items[1]");
  data.erase("items");
  data["BAD!"].set_number_value(1);
  EXPECT_EQ(PathIn(request), "events[1].data.caf\\xe9");
}

TEST(WireWalkTest, ReportsTheFirst) {
  v1::CreateSurveyRequest request;
  request.set_parent("BAD!");
  request.mutable_survey()->set_display_name("BAD!");
  EXPECT_EQ(PathIn(request), "parent");
}

TEST(WireWalkTest, SurvivesAnything) {
  v1::SubmitResponseRequest request;
  request.mutable_response()->add_answers()->set_text("BAD!");
  const std::string bytes = Spoiled(request);
  const google::protobuf::Descriptor& type = *request.GetDescriptor();
  for (std::size_t size = 0; size < bytes.size(); ++size) FindInvalidUtf8(type, bytes.substr(0, size));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int flip : {0x01, 0x07, 0x80, 0xff}) {
      std::string other = bytes;
      other[i] = static_cast<char>(other[i] ^ flip);
      FindInvalidUtf8(type, other);
    }
  }
  EXPECT_FALSE(FindInvalidUtf8(type, std::string("\x0a\xff\xff\xff\xff\x0f", 6)).has_value())
      << "a length beyond the end";
  EXPECT_FALSE(FindInvalidUtf8(type, std::string("\xfa\x0f\x02xx", 5)).has_value()) << "an unknown field";
}

TEST(WireWalkTest, DoesNotFollowWithoutEnd) {
  // A list in a list in a list …
  std::string bytes = std::string("\x1a\x04", 2) + std::string(kBad, 4);
  for (int depth = 0; depth < 20000; ++depth) {
    google::protobuf::UnknownFieldSet one;
    one.AddLengthDelimited(depth % 2 == 0 ? 1 : 6, bytes);
    bytes.clear();
    one.SerializeToString(&bytes);
    if (bytes.size() > 1'000'000) break;
  }
  EXPECT_FALSE(FindInvalidUtf8(*google::protobuf::ListValue::descriptor(), bytes).has_value());
}

}  // namespace
}  // namespace canvass::rpc
