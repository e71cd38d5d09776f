#include "server/surveys/texts/expected_duration.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace canvass::surveys {
namespace {

v1::SurveyDefinition Definition(const std::string& text) {
  v1::SurveyDefinition definition;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString("default_language: 'en' " + text, &definition)) << text;
  return definition;
}

TEST(ExpectedDurationTest, EveryKindTakesItsTime) {
  const struct {
    const char* kind;
    absl::Duration expected;
  } cases[] = {
      {"nps {}", absl::Seconds(7.5)},
      {"csat {}", absl::Seconds(7.5)},
      {"ces {}", absl::Seconds(7.5)},
      {"rating {}", absl::Seconds(7.5)},
      {"single_choice { options {} options {} options {} }", absl::Seconds(7.5)},
      {"multiple_choice { options {} options {} }", absl::Seconds(7.5)},
      {"consent {}", absl::Seconds(7.5)},
      {"matrix { rows {} columns {} columns {} }", absl::Seconds(7.5)},
      {"matrix { rows {} rows {} rows {} columns {} }", absl::Seconds(17.5)},
      {"ranking { options {} options {} options {} options {} }", absl::Seconds(22.5)},
      {"ranking { options {} options {} options {} options {} min_ranked: 2 }", absl::Seconds(12.5)},
      {"number {}", absl::Seconds(5)},
      {"date {}", absl::Seconds(5)},
      {"free_text {}", absl::Seconds(15)},
      {"free_text { multiline: true }", absl::Seconds(30)},
      {"statement {}", absl::ZeroDuration()},
      {"", absl::ZeroDuration()},
  };
  for (const auto& [kind, expected] : cases) {
    EXPECT_EQ(ExpectedDuration(Definition(absl::StrCat("questions { ", kind, " }"))), expected) << kind;
  }
}

TEST(ExpectedDurationTest, ReadsTextsInTheLanguage) {
  const v1::SurveyDefinition definition = Definition(R"pb(
    questions {
      text { key: "en" value: " How was  your\nstay here? " }
      text { key: "cs" value: "Jak?" }
      help { key: "en" value: "Be honest please" }
      statement {}
    }
  )pb");
  EXPECT_EQ(ExpectedDuration(definition), absl::Seconds(2));
  // Help falls back to the default language.
  EXPECT_EQ(QuestionDurations(definition, "cs-CZ").Of({true}), absl::Seconds(1));
}

TEST(ExpectedDurationTest, CountsWhatIsShownAndItsPage) {
  const v1::SurveyDefinition definition = Definition(R"pb(
    questions {
      key: "a"
      number {}
    }
    questions {
      key: "b"
      number {}
    }
    questions {
      key: "c"
      number {}
    }
    pages {
      key: "first"
      starts_with: "a"
      title { key: "en" value: "one two" }
      description { key: "en" value: "three four" }
    }
    pages {
      key: "second"
      starts_with: "c"
      title { key: "en" value: "five six seven eight nine ten eleven twelve" }
    }
  )pb");
  EXPECT_EQ(ExpectedDuration(definition), absl::Seconds(15 + 1 + 2));
  const QuestionDurations durations(definition, "en");
  EXPECT_EQ(durations.Of({true, true, false}), absl::Seconds(10 + 1));
  EXPECT_EQ(durations.Of({false, true, false}), absl::Seconds(5 + 1));
  EXPECT_EQ(durations.Of({false, false, true}), absl::Seconds(5 + 2));
  EXPECT_EQ(durations.Of({false, false, false}), absl::ZeroDuration());
  EXPECT_EQ(durations.Of({}), absl::ZeroDuration());
}

}  // namespace
}  // namespace canvass::surveys
