#include "server/triggers/trigger.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::triggers {
namespace {

using ::testing::ElementsAre;

v1::Trigger Parse(absl::string_view text) {
  v1::Trigger trigger;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(std::string(text), &trigger)) << text;
  return trigger;
}

class NormalizeTriggerTest : public ::testing::Test {
 protected:
  static constexpr char kLeast[] = "event_type: 'order.delivered' survey: 'tenants/-/surveys/nps' ";

  absl::StatusOr<v1::Trigger> Normalize(absl::string_view more) {
    return NormalizeTrigger(scope_, Parse(absl::StrCat(kLeast, more)));
  }
  std::vector<std::string> FieldsOf(absl::string_view text) {
    std::vector<std::string> fields;
    const absl::Status status = NormalizeTrigger(scope_, Parse(text)).status();
    EXPECT_EQ(ReasonOf(status), v1::ERROR_REASON_INVALID_TRIGGER);
    for (const FieldViolation& violation : ViolationsOf(status)) fields.push_back(violation.field);
    return fields;
  }

  TenantScope scope_ = mysql::testing::MakeScope("acme");
};

TEST_F(NormalizeTriggerTest, FillsDefaultsIn) {
  const absl::StatusOr<v1::Trigger> content = Normalize("name: 'x' etag: '7' state: STATE_PAUSED");
  ASSERT_TRUE(content.ok()) << content.status();
  EXPECT_EQ(content->DebugString(), Parse(R"pb(event_type: "order.delivered"
                                               survey: "tenants/acme/surveys/nps"
                                               delay {}
                                               channels: CHANNEL_IN_APP
                                               invitation_lifetime { seconds: 2592000 })pb")
                                        .DebugString());
  EXPECT_EQ(SurveyOf(*content), SurveyId("nps"));
  EXPECT_EQ(NormalizeTrigger(scope_, *content)->DebugString(), content->DebugString());
}

TEST_F(NormalizeTriggerTest, ReplacesTheConditionsText) {
  const absl::StatusOr<v1::Trigger> content = Normalize("condition { text: 'event.total >= 50' }");
  ASSERT_TRUE(content.ok()) << content.status();
  EXPECT_EQ(content->condition().compare().field(), "event.total");
  EXPECT_FALSE(Normalize("condition { text: '' }")->has_condition());
  EXPECT_FALSE(Normalize("condition {}")->has_condition());
  EXPECT_EQ(ReasonOf(Normalize("condition { text: 'event.total >=' }").status()), v1::ERROR_REASON_INVALID_CONDITION);
  EXPECT_EQ(ReasonOf(Normalize("condition { text: 'answer.nps > 3' }").status()), v1::ERROR_REASON_INVALID_CONDITION);
}

TEST_F(NormalizeTriggerTest, ReportsEveryViolationAtOnce) {
  EXPECT_THAT(FieldsOf(""), ElementsAre("trigger.event_type", "trigger.survey"));
  EXPECT_THAT(FieldsOf(absl::StrCat("display_name: '", std::string(201, 'x'), "' event_type: 'a b' ",
                                    "delay { seconds: -1 } frequency_caps {} channels: CHANNEL_EMAIL ",
                                    "invitation_lifetime { seconds: 59 } condition { text: '((' }")),
              ElementsAre("trigger.display_name", "trigger.event_type", "trigger.survey", "trigger.delay",
                          "trigger.frequency_caps[0].interval", "trigger.invitation_lifetime",
                          ::testing::StartsWith("trigger.condition")));
}

TEST_F(NormalizeTriggerTest, HoldsTheLimitsOfDurations) {
  EXPECT_TRUE(Normalize("delay { seconds: 7776000 }").ok());
  EXPECT_FALSE(Normalize("delay { seconds: 7776000 nanos: 1 }").ok());
  EXPECT_FALSE(Normalize("delay { seconds: 1 nanos: -1 }").ok());
  EXPECT_FALSE(Normalize("delay { seconds: 9223372036854775807 }").ok());
  EXPECT_TRUE(Normalize("invitation_lifetime { seconds: 60 }").ok());
  EXPECT_TRUE(Normalize("invitation_lifetime { seconds: 31536000 }").ok());
  EXPECT_FALSE(Normalize("invitation_lifetime { seconds: 31536001 }").ok());
  EXPECT_TRUE(Normalize("frequency_caps { interval { seconds: 60 } }").ok());
  EXPECT_FALSE(Normalize("frequency_caps { interval { seconds: 59 } }").ok());
  EXPECT_TRUE(Normalize("frequency_caps { interval { seconds: 315360000 } }").ok());
  EXPECT_FALSE(Normalize("frequency_caps { interval { seconds: 315360001 } }").ok());
  EXPECT_EQ(Normalize("frequency_caps { interval { seconds: 60 } }")->frequency_caps(0).scope(),
            v1::FrequencyCap::SCOPE_SURVEY);
  EXPECT_FALSE(Normalize("frequency_caps { interval { seconds: 60 } scope: 9 }").ok());
}

TEST_F(NormalizeTriggerTest, TheSurveyIsTheTenantsOwn) {
  const auto reason = [&](absl::string_view survey) {
    return ReasonOf(NormalizeTrigger(scope_, Parse(absl::StrCat("event_type: 'x' survey: '", survey, "'"))).status());
  };
  EXPECT_EQ(reason("tenants/other/surveys/nps"), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  EXPECT_EQ(reason("surveys/nps"), v1::ERROR_REASON_INVALID_RESOURCE_NAME);
  EXPECT_EQ(reason("tenants/acme/surveys/N%20PS"), v1::ERROR_REASON_SURVEY_NOT_FOUND);
}

TEST_F(NormalizeTriggerTest, NamesComeBack) {
  EXPECT_EQ(*ParseTriggerName(scope_, "name", "tenants/acme/triggers/after-order"), TriggerId("after-order"));
  EXPECT_EQ(ReasonOf(ParseTriggerName(scope_, "name", "tenants/acme/triggers/%C3%AB").status()),
            v1::ERROR_REASON_TRIGGER_NOT_FOUND);
  EXPECT_EQ(ReasonOf(ParseTriggerName(scope_, "name", "tenants/other/triggers/x").status()),
            v1::ERROR_REASON_RESOURCE_NOT_FOUND);
}

}  // namespace
}  // namespace canvass::triggers
