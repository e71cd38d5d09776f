// `canvass invitation create`: one customer asked by hand, against a real server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/terminal.h"

namespace canvass::terminal {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(InviteCommandTest, AsksOneCustomer) {
  Terminal terminal;
  ASSERT_EQ(terminal.Run({"contact", "upsert", "ana", "--set", "vip=true"}).code, 0);
  const Outcome app = terminal.Run({"invitation", "create", "--survey", "visit", "--contact", "ana"});
  EXPECT_EQ(app.code, 0) << app.err;
  EXPECT_THAT(app.out, AllOf(HasSubstr("scheduled"), HasSubstr("visit v1"), HasSubstr("by hand"), HasSubstr("ana")));
  EXPECT_THAT(app.out, Not(HasSubstr("cvi_"))) << "the respondent's secret";
  EXPECT_THAT(terminal.Run({"invitation", "list", "--contact", "ana"}).out, HasSubstr("by hand"));

  const std::vector<std::string> create = {"invitation", "create",     "--survey",     "visit",   "--contact",
                                           "ana",        "--channel",  "link",         "--set",   "country=CZ",
                                           "--expires",  "2999-01-01", "--request-id", "ticket-7"};
  EXPECT_EQ(terminal.Run(create).code, 1) << "more than 365 days";
  std::vector<std::string> link(create.begin(), create.end() - 4);
  link.insert(link.end(), {"--request-id", "ticket-7", "--ignore-frequency-caps"});
  const Outcome made = terminal.Run(link);
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("/s/cvi_"));
  EXPECT_EQ(terminal.Run(link).out, made.out) << "the same one";
  link.insert(link.end(), {"-o", "json"});
  EXPECT_THAT(terminal.Run(link).out, AllOf(HasSubstr("\"country\": \"CZ\""), HasSubstr("\"token\": \"cvi_")));
}

TEST(InviteCommandTest, LinksTakeFactsToo) {
  Terminal terminal;
  const Outcome made =
      terminal.Run({"link", "create", "table-7", "--survey", "visit", "--set", "shop=Brno", "-o", "json"});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("\"shop\": \"Brno\""));
}

TEST(InviteCommandTest, SaysWhatIsWrong) {
  Terminal terminal;
  EXPECT_EQ(terminal.Run({"invitation", "create", "--survey", "visit"}).code, 2);
  EXPECT_EQ(terminal.Run({"invitation", "create", "--survey", "visit", "--contact", "ana", "--at", "soon"}).code, 2);
  EXPECT_EQ(terminal.Run({"invitation", "create", "--survey", "visit", "--contact", "ana", "--channel", "pigeon"}).code,
            2);
  const Outcome nobody = terminal.Run({"invitation", "create", "--survey", "visit", "--contact", "nobody"});
  EXPECT_EQ(nobody.code, 4) << nobody.err;
  EXPECT_THAT(nobody.err, HasSubstr("canvass contact list"));
  ASSERT_EQ(terminal.Run({"contact", "upsert", "ana", "--set", "vip=true"}).code, 0);
  const Outcome mail =
      terminal.Run({"invitation", "create", "--survey", "visit", "--contact", "ana", "--channel", "email"});
  EXPECT_NE(mail.code, 0);
  EXPECT_THAT(mail.err, HasSubstr("--channel"));
}

}  // namespace
}  // namespace canvass::terminal
