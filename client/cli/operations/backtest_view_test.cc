#include "client/cli/operations/backtest_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace canvass::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::BacktestResult Compared() {
  v1::BacktestResult result;
  result.mutable_start_time()->set_seconds(1748822400);
  result.mutable_end_time()->set_seconds(1748995200);
  result.set_newly_asked(3);
  result.set_no_longer_asked(1200);
  const auto fill = [](v1::BacktestedRule& rule, const char* trigger, int asked) {
    rule.set_trigger(absl::StrCat("tenants/acme/triggers/", trigger));
    rule.set_events(3000);
    rule.set_invitations(asked);
    rule.set_customers(asked / 2);
    v1::BacktestCount& count = *rule.add_counts();
    count.set_outcome(v1::Decision::OUTCOME_SCHEDULED);
    count.set_reason(v1::Decision::REASON_QUALIFIED);
    count.set_count(asked);
    v1::BacktestDay& day = *rule.add_days();
    day.set_day("2025-06-02");
    day.set_events(3000);
    day.set_asked(asked);
  };
  fill(*result.mutable_candidate(), "after", 800);
  fill(*result.mutable_in_force(), "after", 1997);
  v1::BacktestCount& capped = *result.mutable_candidate()->add_counts();
  capped.set_outcome(v1::Decision::OUTCOME_SUPPRESSED);
  capped.set_reason(v1::Decision::REASON_FREQUENCY_CAP);
  capped.set_count(2200);
  return result;
}

// The line that begins with `start`, without its spaces.
std::string Line(const std::string& text, const std::string& start) {
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::string squeezed = absl::StrJoin(absl::StrSplit(line, ' ', absl::SkipEmpty()), " ");
    if (squeezed.rfind(start, 0) == 0) return squeezed;
  }
  return "";
}

TEST(BacktestViewTest, StandsSideBySide) {
  const std::string text = BacktestText(Compared(), Terminal());
  EXPECT_THAT(text, HasSubstr("after on events from 2025-06-02 00:00:00Z to 2025-06-04 00:00:00Z"));
  EXPECT_EQ(Line(text, "scheduled"), "scheduled qualified 800 1,997 -1,197");
  EXPECT_EQ(Line(text, "suppressed"), "suppressed frequency_cap 2,200 0 +2,200");
  EXPECT_EQ(Line(text, "customers"), "customers 400 998 -598");
  EXPECT_THAT(Line(text, "2025-06-02"), HasSubstr("800"));
  EXPECT_THAT(Line(text, "in force"), HasSubstr("1,997"));
  EXPECT_THAT(text, HasSubstr("3 events would newly ask, 1,200 would no longer"));
}

TEST(BacktestViewTest, StandsAloneWithoutAComparison) {
  v1::BacktestResult result = Compared();
  result.clear_in_force();
  const std::string text = BacktestText(result, Terminal());
  EXPECT_EQ(Line(text, "scheduled"), "scheduled qualified 800");
  EXPECT_THAT(text, Not(HasSubstr("force")));
  result.mutable_candidate()->Clear();
  EXPECT_THAT(BacktestText(result, Terminal()), HasSubstr("no events of its type"));
}

TEST(BacktestViewTest, ALongTimeIsDrawnInAFewBars) {
  v1::BacktestResult result;
  result.mutable_candidate()->set_events(1);
  for (int day = 0; day < 100; ++day) {
    v1::BacktestDay& row = *result.mutable_candidate()->add_days();
    row.set_day(absl::StrCat("day-", 100 + day));
    row.set_asked(1);
  }
  const std::string text = BacktestText(result, Terminal());
  EXPECT_THAT(text, HasSubstr("by 4 days"));
  EXPECT_THAT(Line(text, "day-104"), HasSubstr(" 4"));
  EXPECT_EQ(Line(text, "day-101"), "");
}

}  // namespace
}  // namespace canvass::cli
