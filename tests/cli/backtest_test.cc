// Rules tried on past events by the command line, against a real server, and the long work behind it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/cli/terminal.h"

namespace canvass::terminal {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// The line that begins with `start`, without its repeated spaces.
std::string Line(const std::string& text, const std::string& start) {
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::string squeezed = absl::StrJoin(absl::StrSplit(line, ' ', absl::SkipEmpty()), " ");
    if (absl::StrCat(squeezed, " ").rfind(absl::StrCat(start, " "), 0) == 0) return squeezed;
  }
  return "";
}

class BacktestCommandTest : public ::testing::Test {
 protected:
  Outcome Run(const std::vector<std::string>& arguments) { return terminal_.Run(arguments); }

  // Imports `per_day` visits on each of the last `days` days, the nth of a day with a total of n.
  void Import(int days, int per_day) {
    const absl::Time noon =
        absl::FromCivil(absl::CivilDay(absl::ToCivilDay(absl::Now(), absl::UTCTimeZone())), absl::UTCTimeZone()) +
        absl::Hours(12);
    std::string lines;
    for (int day = 1; day <= days; ++day) {
      for (int n = 0; n < per_day; ++n) {
        const absl::Time time = noon - absl::Hours(24 * day) + absl::Seconds(n);
        absl::StrAppend(&lines, R"({"source": "/shop", "id": ")", day, "-", n,
                        R"(", "type": "visit.ended", "subject": "c)", n, R"(", "time": ")",
                        absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone()), R"(", "data": {"total": )", n,
                        "}}\n");
      }
    }
    const Outcome outcome = Run({"event", "publish", "-f", terminal_.File("events.ndjson", lines)});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
  }
  // A trigger like the saved one of this id, for those who spent 5 or more.
  std::string Stricter(const std::string& id) {
    return terminal_.File("trigger.yaml", absl::StrCat("id: ", id,
                                                       "\nevent_type: visit.ended\nsurvey: visit\n"
                                                       "condition: event.total >= 5\n"));
  }
  // The ids of all operations, the latest first.
  std::vector<std::string> Operations() {
    const Outcome list = Run({"operation", "list", "-o", "name"});
    EXPECT_EQ(list.code, 0) << list.err;
    std::vector<std::string> ids;
    for (const absl::string_view name : absl::StrSplit(list.out, '\n', absl::SkipEmpty())) {
      ids.emplace_back(name.substr(name.rfind('/') + 1));
    }
    return ids;
  }
  // How a backtest went that the user interrupted as soon as it was on its way.
  Outcome RunInterrupted() {
    const auto handler = [] {
      struct sigaction action = {};
      sigaction(SIGINT, nullptr, &action);
      return action.sa_handler;
    };
    std::thread user([handler, before = handler()] {
      while (handler() == before) absl::SleepFor(absl::Milliseconds(1));
      kill(getpid(), SIGINT);
    });
    Outcome outcome = Run({"trigger", "backtest", "after-visit"});
    user.join();
    return outcome;
  }

  Terminal terminal_;
};

TEST_F(BacktestCommandTest, TriesASavedTrigger) {
  Import(3, 10);
  const Outcome tried = Run({"trigger", "backtest", "after-visit", "--since", "7d"});
  EXPECT_EQ(tried.code, 0) << tried.err;
  EXPECT_THAT(tried.out, StartsWith("after-visit on events from "));
  EXPECT_THAT(tried.out, HasSubstr("Asked, by day"));
  EXPECT_THAT(Line(tried.out, "scheduled"), HasSubstr(" 30")) << tried.out;
  EXPECT_THAT(Line(tried.out, "all events"), HasSubstr(" 30"));
  EXPECT_THAT(Line(tried.out, "customers"), HasSubstr(" 10"));
  EXPECT_THAT(tried.out, Not(HasSubstr("IN FORCE")));
  EXPECT_THAT(tried.err, HasSubstr("30/30")) << "how far it is goes to standard error";

  const std::string yesterday = absl::FormatTime("%Y-%m-%d", absl::Now() - absl::Hours(24), absl::UTCTimeZone());
  EXPECT_THAT(Line(tried.out, yesterday), HasSubstr(" 10")) << tried.out;
  const Outcome earlier = Run({"trigger", "backtest", "after-visit", "--since", "7d", "--until", yesterday});
  EXPECT_THAT(Line(earlier.out, "all events"), HasSubstr(" 20")) << earlier.out << earlier.err;
  const Outcome json = Run({"trigger", "backtest", "after-visit", "-o", "json"});
  EXPECT_THAT(json.out, AllOf(StartsWith("{"), HasSubstr("\"candidate\""), Not(HasSubstr("Asked,"))));
}

TEST_F(BacktestCommandTest, PutsOneFromAFileBesideTheOneInForce) {
  Import(2, 10);
  const Outcome same_id = Run({"trigger", "backtest", "-f", Stricter("after-visit")});
  EXPECT_EQ(same_id.code, 0) << same_id.err;
  EXPECT_EQ(Line(same_id.out, "OUTCOME"), "OUTCOME REASON CANDIDATE IN FORCE CHANGE") << same_id.out;
  EXPECT_EQ(Line(same_id.out, "scheduled"), "scheduled qualified 10 20 -10");
  EXPECT_EQ(Line(same_id.out, "skipped"), "skipped condition_false 10 0 +10");
  EXPECT_THAT(same_id.out, HasSubstr("0 events would newly ask, 10 would no longer."));
  EXPECT_THAT(Line(same_id.out, "in force"), HasSubstr("10"));

  const Outcome alone = Run({"trigger", "backtest", "-f", Stricter("new-rule")});
  EXPECT_EQ(alone.code, 0) << alone.err;
  EXPECT_THAT(alone.out, Not(HasSubstr("IN FORCE")));
  const Outcome compared = Run({"trigger", "backtest", "-f", Stricter("new-rule"), "--compare", "after-visit"});
  EXPECT_EQ(Line(compared.out, "scheduled"), "scheduled qualified 10 20 -10") << compared.err;
  EXPECT_EQ(Run({"trigger", "get", "new-rule"}).code, 4) << "nothing was saved";
  EXPECT_THAT(Run({"trigger", "get", "after-visit"}).out, Not(HasSubstr("total >= 5")));
}

TEST_F(BacktestCommandTest, SaysWhatIsWrong) {
  EXPECT_EQ(Run({"trigger", "backtest"}).code, 2);
  const Outcome both = Run({"trigger", "backtest", "after-visit", "-f", Stricter("after-visit")});
  EXPECT_EQ(both.code, 2);
  EXPECT_THAT(both.err, HasSubstr("not both"));
  EXPECT_EQ(Run({"trigger", "backtest", "nobody"}).code, 4);
  const Outcome compared = Run({"trigger", "backtest", "after-visit", "--compare", "nobody"});
  EXPECT_EQ(compared.code, 4);
  EXPECT_THAT(compared.err, HasSubstr("nobody"));
  const Outcome since = Run({"trigger", "backtest", "after-visit", "--since", "soon"});
  EXPECT_EQ(since.code, 2);
  EXPECT_THAT(since.err, AllOf(HasSubstr("soon"), HasSubstr("30d")));
  const Outcome backwards =
      Run({"trigger", "backtest", "after-visit", "--since", "2026-02-01", "--until", "2026-01-01"});
  EXPECT_EQ(backwards.code, 1) << backwards.err;
  const Outcome bad = Run({"trigger", "backtest", "-f",
                           terminal_.File("bad.yaml",
                                          "id: x\nevent_type: visit.ended\nsurvey: visit\n"
                                          "condition: event.total >=\n")});
  EXPECT_EQ(bad.code, 1);
  EXPECT_THAT(bad.err, HasSubstr("bad.yaml:4"));
  const Outcome none = Run({"trigger", "backtest", "after-visit"});
  EXPECT_EQ(none.code, 0) << none.err;
  EXPECT_THAT(none.out, HasSubstr("There were no events of its type in that time."));
}

TEST_F(BacktestCommandTest, OperationsAreListedShownAndStayWhenTheyAreOver) {
  Import(1, 10);
  ASSERT_EQ(Run({"trigger", "backtest", "after-visit"}).code, 0);
  const std::vector<std::string> ids = Operations();
  ASSERT_EQ(ids.size(), 1U);
  const Outcome list = Run({"operation", "list"});
  EXPECT_THAT(list.out, AllOf(HasSubstr("succeeded"), HasSubstr("after-visit"), HasSubstr("10/10"), HasSubstr(ids[0])));
  const Outcome shown = Run({"operation", "get", ids[0]});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("succeeded"), HasSubstr("Asked, by day"), HasSubstr("10/10")));
  const Outcome late = Run({"operation", "cancel", ids[0]});
  EXPECT_EQ(late.code, 0) << late.err;
  EXPECT_THAT(late.out, HasSubstr("succeeded"));
  EXPECT_THAT(late.err, HasSubstr("had finished"));
  EXPECT_EQ(Run({"operation", "get", "0190b6a0-0000-7000-8000-000000000000"}).code, 4);
  const Outcome unknown = Run({"operation", "cancel", "nonsense"});
  EXPECT_EQ(unknown.code, 4);
  EXPECT_THAT(unknown.err, HasSubstr("canvass operation list"));
}

TEST_F(BacktestCommandTest, CtrlCGivesItUp) {
  Import(10, 1000);
  const Outcome outcome = RunInterrupted();
  const std::vector<std::string> ids = Operations();
  ASSERT_EQ(ids.size(), 1U);
  EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.err, ContainsRegex(absl::StrCat("operation ", ids[0], " (was|is being) cancelled")));
  EXPECT_EQ(outcome.out, "");
  std::string state;
  for (int i = 0; i < 50 && !absl::StrContains(state, "cancelled"); ++i) {
    absl::SleepFor(absl::Milliseconds(100));
    state = Run({"operation", "get", ids[0]}).out;
  }
  EXPECT_THAT(state, HasSubstr("cancelled"));
  const Outcome again = Run({"operation", "cancel", ids[0]});
  EXPECT_EQ(again.code, 0) << again.err;
}

}  // namespace
}  // namespace canvass::terminal
