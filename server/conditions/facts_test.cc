#include "server/conditions/facts.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "absl/strings/str_cat.h"

namespace canvass::conditions {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

Struct Json(const std::string& json) {
  Struct facts;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &facts).ok()) << json;
  return facts;
}

auto Violation(const std::string& field, const std::string& description) {
  return testing::AllOf(testing::Field(&FieldViolation::field, field),
                        testing::Field(&FieldViolation::description, HasSubstr(description)));
}

std::vector<FieldViolation> Check(const Struct& facts, const FactLimits& limits = {}) {
  Violations violations;
  CheckFacts("data", facts, limits, violations);
  return violations.list();
}

TEST(FindTest, FollowsObjectsOnly) {
  const Struct facts = Json(R"({"event": {"a": {"b": 1}, "n": null, "list": [{"b": 2}], "": {"x": 3}}, "top": 4})");
  EXPECT_EQ(Find(facts, "event.a.b")->number_value(), 1);
  EXPECT_TRUE(Find(facts, "event.a")->has_struct_value());
  EXPECT_EQ(Find(facts, "top")->number_value(), 4);
  EXPECT_EQ(Find(facts, "event..x")->number_value(), 3);
  for (const char* path : {"event.n", "event.list.b", "event.a.b.c", "event.z", "", ".", "event.a.", "contact.a"}) {
    EXPECT_EQ(Find(facts, path), nullptr) << path;
  }
}

TEST(NumberTextTest, WritesNumbersAsPeopleDo) {
  EXPECT_EQ(NumberText(3), "3");
  EXPECT_EQ(NumberText(-0.0), "0");
  EXPECT_EQ(NumberText(0.5), "0.5");
  EXPECT_EQ(NumberText(100000), "100000");
  EXPECT_EQ(NumberText(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(NumberText(0.0001), "0.0001");
  EXPECT_EQ(NumberText(1e-7), "1e-07");
  EXPECT_EQ(NumberText(1e15), "1000000000000000");
  EXPECT_EQ(NumberText(1e20), "100000000000000000000");
  EXPECT_EQ(NumberText(1e21), "1e+21");
  EXPECT_EQ(NumberText(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
  EXPECT_EQ(NumberText(std::numeric_limits<double>::quiet_NaN()), "");
}

TEST(FactTextTest, WritesWhatBreakdownsGroupBy) {
  const Struct facts = Json(R"({"d": 0.5, "t": true, "f": false, "s": "žluť", "n": null, "l": [1], "o": {"a": 1}})");
  EXPECT_EQ(FactText(facts.fields().at("d")), "0.5");
  EXPECT_EQ(FactText(facts.fields().at("t")), "true");
  EXPECT_EQ(FactText(facts.fields().at("f")), "false");
  EXPECT_EQ(FactText(facts.fields().at("s")), "žluť");
  for (const char* key : {"n", "l", "o"}) EXPECT_EQ(FactText(facts.fields().at(key)), "") << key;
}

TEST(IsFactPathTest, TellsPathsFromOtherText) {
  const absl::string_view roots[] = {"event", "contact"};
  for (const char* path : {"event.a", "contact.a.b", "event.boarding area", "event.1", "event.žluť"}) {
    EXPECT_TRUE(IsFactPath(path, roots)) << path;
  }
  for (const char* path :
       {"", "event", "event.", ".event.a", "event..a", "answer.a", "Event.a", "event.a\n", "event.\xff"}) {
    EXPECT_FALSE(IsFactPath(path, roots)) << path;
  }
  EXPECT_TRUE(IsFactPath("event." + std::string(250, 'a'), roots));
  EXPECT_FALSE(IsFactPath("event." + std::string(251, 'a'), roots));
}

TEST(CheckFactsTest, AcceptsWhatFits) {
  EXPECT_THAT(Check(Struct()), IsEmpty());
  EXPECT_THAT(Check(Json(R"({"a b": [1, "x", null, true, {"": {}}]})")), IsEmpty());
}

TEST(CheckFactsTest, LimitsDepth) {
  const FactLimits limits{.max_depth = 2};
  EXPECT_THAT(Check(Json(R"({"a": {"b": 1}, "c": [1]})"), limits), IsEmpty());
  EXPECT_THAT(
      Check(Json(R"({"a": {"b": {}}, "c": [[]], "d": [{"x": 1}]})"), limits),
      UnorderedElementsAre(Violation("data.a.b", "more than 2 deep"), Violation("data.c[0]", "more than 2 deep"),
                           Violation("data.d[0]", "more than 2 deep")));
  Struct deep;
  Struct* at = &deep;
  for (int i = 0; i < 1500; ++i) at = (*at->mutable_fields())["a"].mutable_struct_value();
  EXPECT_THAT(Check(deep, {.max_depth = 8}), ElementsAre(Violation("data.a.a.a.a.a.a.a.a", "more than 8 deep")));
}

TEST(CheckFactsTest, LimitsSize) {
  Struct facts;
  (*facts.mutable_fields())["a"].set_string_value(std::string(1000, 'x'));
  EXPECT_THAT(Check(facts, {.max_bytes = facts.ByteSizeLong()}), IsEmpty());
  EXPECT_THAT(Check(facts, {.max_bytes = facts.ByteSizeLong() - 1}),
              ElementsAre(Violation("data", absl::StrCat("has ", facts.ByteSizeLong(), " bytes serialized"))));
}

TEST(CheckFactsTest, ChecksKeysAtEveryDepth) {
  const FactLimits limits{.keys = FactKeys::kIdentifier};
  EXPECT_THAT(Check(Json(R"({"aZ_9": {"_": 1}})"), limits), IsEmpty());
  EXPECT_THAT(Check(Json(R"({"a-b": 1, "c": {"": 2}, "d": [{"e.f": 3}], "ž": 4})"), limits),
              UnorderedElementsAre(Violation("data.a-b", "is not a key"), Violation("data.c.", "is not a key"),
                                   Violation("data.d[0].e.f", "is not a key"), Violation("data.ž", "is not a key")));
}

TEST(CheckFactsTest, RefusesNumbersAndValuesThatAreNot) {
  Struct facts;
  (*facts.mutable_fields())["nan"].set_number_value(std::numeric_limits<double>::quiet_NaN());
  (*facts.mutable_fields())["inf"].mutable_list_value()->add_values()->set_number_value(
      -std::numeric_limits<double>::infinity());
  (*facts.mutable_fields())["unset"];
  EXPECT_THAT(Check(facts), UnorderedElementsAre(Violation("data.nan", "finite"), Violation("data.inf[0]", "finite"),
                                                 Violation("data.unset", "has no value")));
}

TEST(CheckFactsTest, StopsWhenEnoughIsWrong) {
  Struct facts;
  for (int i = 0; i < 3000; ++i) (*facts.mutable_fields())[absl::StrCat("-", i)].set_bool_value(true);
  EXPECT_LE(Check(facts, {.keys = FactKeys::kIdentifier}).size(), Violations::kMaxReported);
  // A long key is cut in the path, so that many of its faults do not fill the memory.
  Struct longer;
  (*longer.mutable_fields())[std::string(5000, 'k')];
  EXPECT_LT(Check(longer)[0].field.size(), 100u);
}

}  // namespace
}  // namespace canvass::conditions
