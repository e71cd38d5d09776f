// People by the command line, against a real server: tables taken in, contacts merged, suppressed, grouped.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/cli/terminal.h"

namespace canvass::terminal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class PeopleTest : public ::testing::Test {
 protected:
  Outcome Run(const std::vector<std::string>& arguments, const std::string& typed = "") {
    return terminal_.Run(arguments, typed);
  }

  Terminal terminal_;
};

TEST_F(PeopleTest, ATableIsTakenInAndAgain) {
  const std::string file = terminal_.File("people.csv",
                                          "\xEF\xBB\xBFKundennummer;E-Mail;consent_email;zip;Bestellungen\r\n"
                                          "k/1;anna@example.com;yes;01600;12\r\n"
                                          "k2;;;75001;\"3\"\r\n");
  const std::vector<std::string> import = {
      "contact", "import", file, "--map", "Kundennummer=id", "--map", "Bestellungen=orders"};
  const Outcome first = Run(import);
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.err, HasSubstr("2 contacts stored"));
  EXPECT_THAT(first.err, HasSubstr("'zip' is attribute zip (text)"));
  const Outcome got = Run({"contact", "get", "k/1", "-o", "json"});
  EXPECT_THAT(got.out, HasSubstr("anna@example.com"));
  EXPECT_THAT(got.out, HasSubstr("\"01600\""));
  EXPECT_THAT(got.out, HasSubstr("\"etag\": \"1\""));
  EXPECT_EQ(Run(import).code, 0);
  EXPECT_EQ(Run({"contact", "get", "k/1", "-o", "json"}).out, got.out) << "running it again changes nothing";
}

TEST_F(PeopleTest, BadRowsAreNamedAndDoNotStopTheOthers) {
  std::string table = "id,email,total\n";
  for (int i = 1; i <= 2500; ++i) absl::StrAppend(&table, "c", i, ",c", i, "@example.com,", i, "\n");
  table += "bad1,not an address,1\nbad2,,many\n,x@example.com,1\nbad3,\"a@example.com\"x,1\n";
  const std::string errors = terminal_.Path("errors.csv");
  const Outcome told = Run({"contact", "import", "-", "--dry-run"}, table);
  EXPECT_EQ(told.code, 6) << told.err;
  EXPECT_THAT(told.err, HasSubstr("standard input:2502: email 'not an address' is not a mail address"));
  EXPECT_THAT(told.err, HasSubstr("standard input:2503: total 'many' is not a number"));
  EXPECT_EQ(Run({"contact", "get", "c1"}).code, 4) << "nothing was written";

  const Outcome written = Run({"contact", "import", "-", "--errors", errors}, table);
  EXPECT_EQ(written.code, 6) << written.err;
  EXPECT_THAT(written.err, HasSubstr("2,500 contacts stored"));
  EXPECT_THAT(written.err, Not(HasSubstr("not an address")));
  const std::string report = terminal_.Read(errors);
  EXPECT_THAT(report, HasSubstr("line,column,value,error\r\n2502,email,not an address,"));
  for (const char* row : {"\r\n2503,total,many,", "\r\n2504,id,,", "\r\n2505,,,"}) EXPECT_THAT(report, HasSubstr(row));
  EXPECT_EQ(Run({"contact", "get", "c2500"}).code, 0);
}

TEST_F(PeopleTest, AHeaderThatDoesNotFitSendsNothing) {
  const Outcome refused = Run({"contact", "import", "-", "--type", "zip=date"}, "name,zip\nx,1\n");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("there is no column 'id'"));
  EXPECT_THAT(refused.err, HasSubstr("text, number or boolean"));
  EXPECT_EQ(Run({"contact", "import", terminal_.Path("nowhere.csv")}).code, 2);
}

TEST_F(PeopleTest, ContactsAreMergedAndSuppressed) {
  ASSERT_EQ(Run({"contact", "upsert", "anna", "--set", "vip=true"}).code, 0);
  ASSERT_EQ(Run({"contact", "upsert", "visitor", "--language", "cs"}).code, 0);
  EXPECT_EQ(Run({"contact", "merge", "anna", "visitor"}).code, 2) << "nobody can be asked";
  const Outcome merged = Run({"contact", "merge", "anna", "visitor", "--yes"});
  EXPECT_EQ(merged.code, 0) << merged.err;
  EXPECT_THAT(Run({"contact", "get", "visitor"}).out, HasSubstr("anna"));

  EXPECT_EQ(Run({"contact", "suppress", "anna", "--channel", "email"}).code, 0);
  EXPECT_EQ(Run({"suppression", "add", "--address", "x@example.com", "--reason", "bounced"}).code, 0);
  const Outcome list = Run({"suppression", "list"});
  EXPECT_THAT(list.out, HasSubstr("x@example.com"));
  EXPECT_THAT(list.out, HasSubstr("bounced"));
  EXPECT_THAT(Run({"suppression", "list", "--contact", "anna"}).out, Not(HasSubstr("x@example.com")));
  EXPECT_EQ(Run({"contact", "unsuppress", "anna"}).code, 4) << "not on all channels";
  EXPECT_EQ(Run({"contact", "unsuppress", "anna", "--channel", "email"}).code, 0);
  EXPECT_EQ(Run({"suppression", "remove", "--address", "X@example.com"}).code, 0);
  EXPECT_EQ(Run({"suppression", "remove", "--address", "X@example.com"}).code, 4);
  EXPECT_EQ(Run({"suppression", "add", "--reason", "bounced"}).code, 2);
}

TEST_F(PeopleTest, SegmentsAreAppliedAndDeleted) {
  const std::string file =
      terminal_.File("segments.yaml",
                     "id: loyal\ndisplay_name: Loyal\ncondition: contact.orders >= 10\n---\nid: czech\ncondition: "
                     "contact.country = \"CZ\"\n");
  const Outcome applied = Run({"segment", "apply", "-f", file});
  EXPECT_EQ(applied.code, 0) << applied.err;
  EXPECT_THAT(Run({"segment", "list"}).out, HasSubstr("contact.orders >= 10"));
  const Outcome printed = Run({"segment", "get", "loyal", "-o", "yaml"});
  EXPECT_EQ(Run({"segment", "apply", "-f", terminal_.File("again.yaml", printed.out)}).code, 0);
  EXPECT_EQ(Run({"segment", "delete", "loyal", "--yes"}).code, 0);
  EXPECT_EQ(Run({"segment", "get", "loyal"}).code, 4);
  const Outcome bad = Run({"segment", "apply", "-f", terminal_.File("bad.yaml", "id: x\ncondition: event.a = 1\n")});
  EXPECT_EQ(bad.code, 1);
  EXPECT_THAT(bad.err, HasSubstr("bad.yaml:2"));
}

}  // namespace
}  // namespace canvass::terminal
