#include "server/events/webhooks/json_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/time/time.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"

namespace canvass::events {
namespace {

using ::testing::HasSubstr;

std::string Nested(int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += i % 2 == 0 ? "{\"a\":" : "[";
  text += "1";
  for (int i = depth - 1; i >= 0; --i) text += i % 2 == 0 ? "}" : "]";
  return text;
}

TEST(ParseJsonTest, RefusesWhatIsNoJson) {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("{\"a\":1}x"), std::string("{'a':1}"), std::string("{\"a\":NaN}"),
        std::string("{\"a\":1,}"), std::string("\"\xff\""), std::string("{\"a\":\"\xc0\xaf\"}"),
        std::string("\"\\ud800\""), std::string("[1]\0", 4), std::string("{\"a\":1e400}"), std::string(3, '\xef'),
        std::string("{\"a\":\"line\nfeed\"}")}) {
    const absl::StatusOr<nlohmann::json> parsed = ParseJson(text);
    EXPECT_EQ(ReasonOf(parsed.status()), v1::ERROR_REASON_MALFORMED_MESSAGE) << text;
  }
  EXPECT_THAT(std::string(ParseJson("{\"a\": x}").status().message()), HasSubstr("byte 7"));
  EXPECT_THAT(std::string(ParseJson("[1e999]").status().message()), HasSubstr("double"));
}

TEST(ParseJsonTest, BoundsTheDepth) {
  EXPECT_TRUE(ParseJson(Nested(kMaxJsonDepth)).ok());
  const absl::Status status = ParseJson(Nested(kMaxJsonDepth + 1)).status();
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_MALFORMED_MESSAGE);
  EXPECT_THAT(std::string(status.message()), HasSubstr("32 deep"));
  // Neither time nor stack runs out.
  EXPECT_FALSE(ParseJson(std::string(1 << 20, '[')).ok());
  EXPECT_FALSE(ParseJson(Nested(100'000)).ok());
}

TEST(ParseJsonTest, TheLastOfEqualKeysCounts) { EXPECT_EQ((*ParseJson(R"({"a":1,"a":2})"))["a"], 2); }

TEST(ToStructTest, CarriesEveryKindOfValue) {
  const auto parsed = ParseJson(R"({"text":"ž","whole":-3,"half":0.5,"yes":true,"none":null,"list":[1,["a"],{}],
                                    "object":{"inner":{"x":18446744073709551615}},"":"empty key"})");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  google::protobuf::Struct data;
  ToStruct(*parsed, data);
  EXPECT_EQ(data.fields().at("text").string_value(), "ž");
  EXPECT_EQ(data.fields().at("whole").number_value(), -3);
  EXPECT_EQ(data.fields().at("half").number_value(), 0.5);
  EXPECT_TRUE(data.fields().at("yes").bool_value());
  EXPECT_TRUE(data.fields().at("none").has_null_value());
  EXPECT_EQ(data.fields().at("list").list_value().values_size(), 3);
  EXPECT_TRUE(data.fields().at("list").list_value().values(2).has_struct_value());
  EXPECT_EQ(
      data.fields().at("object").struct_value().fields().at("inner").struct_value().fields().at("x").number_value(),
      18446744073709551615.0);
  EXPECT_EQ(data.fields().at("").string_value(), "empty key");
}

TEST(ToStructTest, AnEmptyListIsAList) {
  google::protobuf::Struct data;
  ToStruct(*ParseJson(R"({"list":[],"object":{}})"), data);
  EXPECT_TRUE(data.fields().at("list").has_list_value());
  EXPECT_TRUE(data.fields().at("object").has_struct_value());
}

TEST(ParseTimestampTest, TakesRfc3339) {
  const absl::Time noon = absl::FromUnixSeconds(1524746889);
  EXPECT_EQ(FromProto(*ParseTimestamp("2018-04-26T14:48:09+02:00")), noon);
  EXPECT_EQ(FromProto(*ParseTimestamp("2018-04-26T12:48:09Z")), noon);
  EXPECT_EQ(FromProto(*ParseTimestamp("2018-04-26T12:48:09-00:00")), noon);
  EXPECT_EQ(FromProto(*ParseTimestamp("2018-04-26T12:48:09.1234Z")), noon + absl::Microseconds(123400));
}

TEST(ParseTimestampTest, RefusesTheRest) {
  for (const char* text : {"", "2018-04-26", "2018-04-26T12:48:09", "infinite-future", "-1-01-01T00:00:00Z",
                           " 2018-04-26T12:48:09Z", "2018-04-26T12:48:09Z ", "10000-01-01T00:00:00Z",
                           "999999999-01-01T00:00:00Z", "2018-02-30T00:00:00Z", "1524746889"}) {
    EXPECT_FALSE(ParseTimestamp(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace canvass::events
