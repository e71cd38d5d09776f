// Questions and endings that nobody can reach, and those that only seem so.

#include "server/surveys/publishing/reach_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/surveys/publishing/check_for_publish.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::surveys {
namespace {

using testing::DefineWith;
using ::testing::IsEmpty;
using testing::PublishFaults;

// The paths of what is never shown, below `definition`; "?" and the whole fault for any other.
std::vector<std::string> NeverShown(const v1::SurveyDefinition& definition) {
  std::vector<std::string> paths;
  for (const std::string& fault : PublishFaults(definition)) {
    const std::size_t colon = fault.find(": is never shown");
    paths.push_back(colon == std::string::npos ? "?" + fault : fault.substr(11, colon - 11));
  }
  return paths;
}

std::string Question(const std::string& key, const std::string& rest) {
  return absl::StrCat("questions { key: '", key, "' nps {} ", rest, " } ");
}

std::string ShownIf(const std::string& key, const std::string& condition) {
  return Question(key, absl::StrCat("show_if { text: '", condition, "' }"));
}

struct Case {
  std::string text;  // within DefineWith, whose questions are 0 to 3
  std::vector<std::string> never_shown;
};

TEST(ReachTest, FollowsConditionsValuesPagesAndRoutes) {
  const std::string mood =
      "values { key: 'mood' select { cases { when { text: 'answer.nps >= 9' } value { string_value: 'good' } } "
      "cases { when { text: 'answer.nps > 9' } value { string_value: 'great' } } } } ";
  const std::string sum =
      "values { key: 'sum' aggregate { function: FUNCTION_SUM terms { field: 'answer.nps' } terms { field: 'answer.x' "
      "} "
      "} } ";
  const Case cases[] = {
      // Conditions that contradict themselves.
      {ShownIf("x", "answer.nps >= 9 AND answer.nps <= 6"), {"questions[4]"}},
      {ShownIf("x", "answer.nps > 8 AND answer.nps < 9"), {"questions[4]"}},
      {ShownIf("x", "answer.a = \"yes\" AND answer.a = \"no\""), {"questions[4]"}},
      {ShownIf("x", "answer.a:* AND NOT answer.a = \"yes\" AND NOT answer.a = \"no\""), {"questions[4]"}},
      {ShownIf("x", "NOT answer.a = \"yes\" AND NOT answer.a = \"no\""), {}},
      {ShownIf("x", "event.total > 5 AND event.total < 5"), {"questions[4]"}},
      {ShownIf("x", "event.total > 5 AND event.total < 6"), {}},
      {ShownIf("x", "contact.country = \"CZ\" AND contact.country = \"SK\""), {"questions[4]"}},
      {ShownIf("x", "contact.tags:\"a\" AND contact.tags:\"b\""), {}},
      {ShownIf("x", "contact.name = \"A*\" AND contact.name = \"*z\""), {}},
      {ShownIf("x", "contact.name = \"A\" AND contact.name != \"A\""), {"questions[4]"}},
      {"hidden_fields { key: 'seats' type: TYPE_NUMBER } " + ShownIf("x", "hidden.seats > 5 AND hidden.seats < 5"),
       {"questions[4]"}},
      {"hidden_fields { key: 'trial' type: TYPE_BOOLEAN } " +
           ShownIf("x", "hidden.trial:* AND NOT hidden.trial = true AND NOT hidden.trial = false"),
       {"questions[4]"}},
      // Even one that is required may be missing, on the respondent's page.
      {"hidden_fields { key: 'plan' type: TYPE_TEXT required: true } " + ShownIf("x", "NOT hidden.plan:*"), {}},
      {"hidden_fields { key: 'plan' type: TYPE_TEXT } " + ShownIf("x", "hidden.plan = \"\""), {}},
      // Through what another question is shown for.
      {ShownIf("x", "answer.nps >= 9") + ShownIf("y", "answer.x = 0 AND answer.nps <= 6"), {"questions[5]"}},
      {ShownIf("x", "answer.nps >= 9") + ShownIf("y", "NOT answer.x:* AND answer.nps <= 6"), {}},
      {"questions { key: 'r' required: true nps {} } " + ShownIf("x", "NOT answer.r:*"), {"questions[5]"}},
      {"questions { key: 'r' required: true nps {} show_if { text: 'answer.nps = 1' } } " +
           ShownIf("x", "NOT answer.r:*"),
       {}},
      // Routes that lead past.
      {Question("x", "routes { skip_to: 'z' }") + Question("y", "") + Question("z", ""), {"questions[5]"}},
      {Question("x", "routes { skip_to: 'z' when { text: 'answer.x < 5' } }") + Question("y", "") + Question("z", ""),
       {}},
      {Question("x", "routes { skip_to: 'z' when { text: 'answer.x < 5' } } routes { skip_to: 'z' }") +
           Question("y", "") + Question("z", ""),
       {"questions[5]"}},
      {Question("x", "routes { skip_to: 'z' when { text: 'answer.x < 5' } }") + ShownIf("y", "answer.x = 4") +
           Question("z", ""),
       {"questions[5]"}},
      {ShownIf("x", "answer.nps = 3") + Question("y", ""), {}},
      {Question("x", "show_if { text: 'answer.nps = 3' } routes { skip_to: 'z' }") + ShownIf("y", "answer.nps = 3") +
           Question("z", ""),
       {"questions[5]"}},
      // Pages.
      {"pages { key: 'p' starts_with: 'a' } pages { key: 'r' starts_with: 'x' show_if { text: 'answer.nps = 3' } } " +
           ShownIf("x", "answer.nps = 4"),
       {"questions[4]"}},
      // Values.
      {mood + ShownIf("x", "value.mood = \"great\""), {"questions[4]"}},
      {mood + ShownIf("x", "value.mood = \"good\" AND answer.nps = 9"), {}},
      {sum + Question("x", "") + ShownIf("y", "value.sum > 20"), {"questions[5]"}},
      {sum + Question("x", "") + ShownIf("y", "value.sum = 20"), {}},
      {sum + "values { key: 'top' aggregate { function: FUNCTION_MAX terms { field: 'value.sum' } } } " +
           Question("x", "") + ShownIf("y", "value.top > 20"),
       {"questions[5]"}},
      // Several options at once.
      {"questions { key: 'm' multiple_choice { options { key: 'x' } options { key: 'y' } max_choices: 1 } } " +
           ShownIf("q", "answer.m:\"x\" AND answer.m:\"y\""),
       {"questions[5]"}},
      {"questions { key: 'm' multiple_choice { options { key: 'x' } options { key: 'y' } } } " +
           ShownIf("q", "answer.m:\"x\" AND answer.m:\"y\""),
       {}},
      {"questions { key: 'm' multiple_choice { options { key: 'x' } options { key: 'y' exclusive: true } } } " +
           ShownIf("q", "answer.m:\"x\" AND answer.m:\"y\""),
       {"questions[5]"}},
      // Endings.
      {"endings { key: 'e' } endings { key: 'f' }", {"endings[1]"}},
      {"endings { key: 'e' } endings { key: 'f' } quotas { key: 'k' limit: 1 ending: 'f' }", {}},
      {"endings { key: 'e' } endings { key: 'f' } " + Question("x", "routes { end_with: 'f' }"), {"endings[0]"}},
      {"endings { key: 'e' } endings { key: 'f' } " +
           Question("x", "show_if { text: 'answer.nps = 3' } routes { end_with: 'f' }"),
       {}},
      {"endings { key: 'e' } endings { key: 'f' } " +
           Question("x", "routes { skip_to: 'y' } routes { end_with: 'f' }") + Question("y", ""),
       {"endings[1]"}},
      {Question("x", "routes { end_with: 'e' }") + Question("y", "") + "endings { key: 'e' }", {"questions[5]"}},
  };
  for (const auto& [text, never_shown] : cases) EXPECT_EQ(NeverShown(DefineWith(text)), never_shown) << text;
}

TEST(ReachTest, ConcludesNothingFromWhatIsBroken) {
  const auto faults = [](const std::string& text) { return PublishFaults(DefineWith(text)).size(); };
  EXPECT_EQ(faults(ShownIf("x", "answer.nobody = 1")), 1u);
  EXPECT_EQ(faults(ShownIf("x", "answer.nobody = 1") + ShownIf("y", "answer.x = 1")), 1u);
  EXPECT_EQ(faults(ShownIf("x", "answer.nps = = 1") + ShownIf("y", "answer.x = 1")), 1u);
  EXPECT_EQ(faults("endings { key: 'e' } endings { key: 'f' } " + Question("x", "routes { end_with: 'g' }")), 1u);
  EXPECT_EQ(faults("questions { key: 'm' multiple_choice { options { key: 'x' } options { key: 'y' } min_choices: -1 } "
                   "} " +
                   ShownIf("q", "answer.m:\"x\"")),
            1u);
  EXPECT_EQ(faults("pages { key: 'p' starts_with: 'a' } pages { key: 'r' starts_with: 'gone' show_if { text: "
                   "'answer.nps >= 9 AND answer.nps <= 6' } }"),
            1u);
}

// 200 questions, each shown for an answer to the one before: nothing here can be tried out completely.
TEST(ReachTest, LongSurveysAreCheckedFast) {
  v1::SurveyDefinition definition;
  for (const bool with_facts : {false, true}) {
    std::string text = ShownIf("q0", "answer.nps >= 5");
    for (int i = 1; i < 196; ++i) {
      const std::string condition = absl::StrCat("answer.q", i - 1, " >= 5");
      absl::StrAppend(&text, ShownIf(absl::StrCat("q", i),
                                     with_facts ? absl::StrCat(condition, " OR event.x", i, " = ", i) : condition));
    }
    definition = DefineWith(text);
    const absl::Time start = absl::Now();
    EXPECT_THAT(PublishFaults(definition), IsEmpty());
    const absl::Duration taken = absl::Now() - start;
    RecordProperty(with_facts ? "with_facts_ms" : "plain_ms", static_cast<int>(absl::ToInt64Milliseconds(taken)));
    EXPECT_LT(taken, absl::Seconds(5)) << "far beyond what it takes on any machine";
  }
  // What contradicts itself is found nevertheless.
  definition.mutable_questions(150)->mutable_show_if()->set_text("answer.q10 > 3 AND answer.q10 < 2");
  EXPECT_EQ(NeverShown(definition), std::vector<std::string>{"questions[150]"});
}

// Every value reads the one before many times over.
TEST(ReachTest, ValuesOfValuesAreFollowedOnce) {
  std::string text;
  for (int i = 0; i < 50; ++i) {
    const std::string field = i == 0 ? "answer.nps" : absl::StrCat("value.v", i - 1);
    absl::StrAppend(&text, "values { key: 'v", i, "' aggregate { function: FUNCTION_MAX ");
    for (int j = 0; j < 100; ++j) absl::StrAppend(&text, "terms { field: '", field, "' } ");
    absl::StrAppend(&text, "} } ");
  }
  EXPECT_THAT(NeverShown(DefineWith(text + ShownIf("x", "value.v49 > 9"))), IsEmpty());
  EXPECT_EQ(NeverShown(DefineWith(text + ShownIf("x", "value.v49 > 10"))), std::vector<std::string>{"questions[4]"});
}

// As much logic as fits: every question reads facts of its own and values that are worked out again and again.
TEST(ReachTest, HostileSurveysTakeBoundedTime) {
  std::string text;
  for (int i = 0; i < 50; ++i) {
    absl::StrAppend(&text, "values { key: 'v", i, "' aggregate { function: FUNCTION_SUM ");
    for (int j = 0; j < 40; ++j) absl::StrAppend(&text, "terms { field: 'answer.nps' } ");
    absl::StrAppend(&text, "} } ");
  }
  for (int i = 0; i < 196; ++i) {
    std::string condition = absl::StrCat("value.v", i % 50, " > 5");
    for (int j = 0; j < 20; ++j) absl::StrAppend(&condition, " OR event.f", i, "_", j, " = \"a*\"");
    absl::StrAppend(&text, ShownIf(absl::StrCat("q", i), condition));
  }
  const v1::SurveyDefinition definition = DefineWith(text);
  const absl::Time start = absl::Now();
  EXPECT_THAT(PublishFaults(definition), IsEmpty());
  const absl::Duration taken = absl::Now() - start;
  RecordProperty("ms", static_cast<int>(absl::ToInt64Milliseconds(taken)));
  EXPECT_LT(taken, absl::Seconds(10)) << "far beyond what it takes on any machine";
}

}  // namespace
}  // namespace canvass::surveys
