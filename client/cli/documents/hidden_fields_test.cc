#include "client/cli/documents/hidden_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/exit_code.h"
#include "client/cli/testing/parse.h"

namespace canvass::cli {
namespace {

using ::testing::HasSubstr;

v1::SurveyDefinition Declared() {
  return Parse<v1::SurveyDefinition>(R"pb(
    hidden_fields { key: "plan" type: TYPE_TEXT }
    hidden_fields { key: "seats" type: TYPE_NUMBER }
    hidden_fields { key: "trial" type: TYPE_BOOLEAN }
    hidden_fields { key: "since" type: TYPE_DATE }
  )pb");
}

TEST(HiddenFieldsTest, SetsAndShowsEveryType) {
  v1::Response response;
  for (const char* text : {"plan=a=b", "seats=2.5", "trial=yes", "since=2026-01-31"}) {
    EXPECT_TRUE(SetHiddenField(Declared(), text, response).ok()) << text;
  }
  const auto& hidden = response.facts().fields().at("hidden").struct_value().fields();
  EXPECT_EQ(hidden.at("plan").string_value(), "a=b");
  EXPECT_EQ(hidden.at("seats").number_value(), 2.5);
  EXPECT_TRUE(hidden.at("trial").bool_value());
  EXPECT_EQ(hidden.at("since").string_value(), "2026-01-31");
  EXPECT_EQ(HiddenFieldsText(response), "plan a=b, seats 2.5, since 2026-01-31, trial true");
  EXPECT_EQ(HiddenFieldsText({}), "");
}

TEST(HiddenFieldsTest, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"plan", "not of the form key=value"},
      {"plam=pro", "did you mean 'plan'?"},
      {"seats=many", "seats: 'many' is not a number"},
      {"trial=maybe", "trial: 'maybe' is neither yes nor no"},
  };
  for (const auto& [text, says] : cases) {
    v1::Response response;
    const absl::Status status = SetHiddenField(Declared(), text, response);
    EXPECT_TRUE(IsUsageError(status)) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr(says));
    EXPECT_FALSE(response.has_facts());
  }
}

}  // namespace
}  // namespace canvass::cli
