#include "server/base/aip/field_mask.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "canvass/v1/contact.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/error.h"

namespace canvass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr absl::string_view kAllowed[] = {"attributes", "attributes.*", "language", "time_zone"};

v1::Contact Contact(const std::string& text) {
  v1::Contact contact;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &contact)) << text;
  return contact;
}

google::protobuf::FieldMask Mask(const std::vector<std::string>& paths) {
  google::protobuf::FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  return mask;
}

v1::Contact Source() {
  return Contact(R"pb(
    name: "ignored"
    language: "fr"
    attributes {
      fields {
        key: "a"
        value { number_value: 1 }
      }
      fields {
        key: "b"
        value { number_value: 2 }
      }
    })pb");
}

v1::Contact Target() {
  return Contact(R"pb(
    name: "kept"
    language: "en"
    time_zone: "Europe/Paris"
    attributes {
      fields {
        key: "a"
        value { number_value: 9 }
      }
      fields {
        key: "c"
        value { number_value: 3 }
      }
    })pb");
}

v1::Contact Applied(const std::vector<std::string>& paths) {
  v1::Contact target = Target();
  const absl::Status status = ApplyFieldMask(Mask(paths), kAllowed, Source(), target);
  EXPECT_TRUE(status.ok()) << status;
  return target;
}

TEST(ApplyFieldMaskTest, AnEmptyMaskAndTheStarTakeEverythingAllowed) {
  for (const std::vector<std::string>& paths : {std::vector<std::string>(), std::vector<std::string>{"*"}}) {
    v1::Contact expected = Source();
    expected.set_name("kept");
    expected.clear_time_zone();
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(Applied(paths), expected));
  }
}

TEST(ApplyFieldMaskTest, TakesWhatTheMaskNames) {
  v1::Contact applied = Applied({"language"});
  EXPECT_EQ(applied.language(), "fr");
  EXPECT_EQ(applied.time_zone(), "Europe/Paris");
  EXPECT_EQ(applied.attributes().fields().size(), 2u);
  EXPECT_EQ(applied.attributes().fields().at("a").number_value(), 9);

  applied = Applied({"time_zone", "attributes", "time_zone"});
  EXPECT_EQ(applied.time_zone(), "") << "absent in the source, so cleared";
  EXPECT_EQ(applied.attributes().fields().at("a").number_value(), 1);
  EXPECT_FALSE(applied.attributes().fields().contains("c"));
}

TEST(ApplyFieldMaskTest, TakesSingleKeysOfAStruct) {
  const v1::Contact applied = Applied({"attributes.b", "attributes.c", "attributes.missing"});
  EXPECT_EQ(applied.attributes().fields().size(), 2u);
  EXPECT_EQ(applied.attributes().fields().at("a").number_value(), 9) << "not named, so kept";
  EXPECT_EQ(applied.attributes().fields().at("b").number_value(), 2);
}

TEST(ApplyFieldMaskTest, RefusesEveryPathThatIsNotAllowed) {
  v1::Contact target = Target();
  const absl::Status status = ApplyFieldMask(
      Mask({"language", "name", "attributes.", "no_such_field", "language.x", "", "attributes.a.b", "*"}), kAllowed,
      Source(), target);
  EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_FIELD_MASK);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : ViolationsOf(status)) {
    fields.push_back(violation.field);
    EXPECT_THAT(violation.description, HasSubstr("these can: attributes, attributes.*, language, time_zone"));
  }
  EXPECT_THAT(fields, ElementsAre("update_mask.paths[1]", "update_mask.paths[2]", "update_mask.paths[3]",
                                  "update_mask.paths[4]", "update_mask.paths[5]", "update_mask.paths[6]",
                                  "update_mask.paths[7]"));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(target, Target())) << "must be as it was";
}

TEST(ApplyFieldMaskTest, TakesMessagesWhole) {
  v1::Survey source;
  v1::Survey target;
  source.mutable_definition()->add_breakdowns("event.new");
  target.mutable_definition()->add_breakdowns("event.old");
  target.mutable_definition()->add_questions();
  ASSERT_TRUE(ApplyFieldMask(Mask({"definition"}), {"display_name", "definition"}, source, target).ok());
  EXPECT_EQ(target.definition().breakdowns_size(), 1);
  EXPECT_EQ(target.definition().questions_size(), 0);
  EXPECT_EQ(source.definition().breakdowns(0), "event.new") << "the source stays";
  source.clear_definition();
  ASSERT_TRUE(ApplyFieldMask(Mask({"definition"}), {"display_name", "definition"}, source, target).ok());
  EXPECT_FALSE(target.has_definition());
}

}  // namespace
}  // namespace canvass
