// Commands that run until the user has seen enough.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "absl/time/clock.h"
#include "tests/cli/terminal.h"
#include "tests/process/workspace.h"

namespace canvass::terminal {
namespace {

using ::testing::HasSubstr;

TEST(WatchCommandTest, PrintsDecisionsALineEachUntilItIsInterrupted) {
  Terminal terminal;
  const testing::Workspace& own = terminal.workspace();
  v1::PublishEventsRequest publish;
  publish.set_parent(own.tenant);
  *publish.add_events() = testing::MakeEvent("ana", 1);
  ASSERT_TRUE(own.admin->Call(&client::Events::PublishEvents, publish).ok());
  std::thread user([] {
    absl::SleepFor(absl::Seconds(3));
    kill(getpid(), SIGINT);
  });
  const Outcome outcome = terminal.Run({"decision", "watch", "--from-start", "--trigger", "after-visit", "-o", "json"});
  user.join();
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("/decisions/after-visit\""));
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1) << outcome.out;
}

TEST(WatchCommandTest, SaysWhatIsWrong) {
  Terminal terminal;
  EXPECT_EQ(terminal.Run({"decision", "watch", "--since", "soon"}).code, 2);
  EXPECT_EQ(terminal.Run({"decision", "watch", "--outcome", "lucky"}).code, 2);
  EXPECT_EQ(terminal.Run({"decision", "watch", "--address", "127.0.0.1:1"}).code, 3) << "nobody is there";
}

}  // namespace
}  // namespace canvass::terminal
