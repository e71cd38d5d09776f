// Responses by the command line, against a real server: tables taken in, mended, given out, changed, erased.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/cli/terminal.h"

namespace canvass::terminal {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kSurvey[] = R"(id: stay
default_language: en
questions:
  - {key: recommend, text: {en: "How likely?"}, nps: }
  - key: reason
    text: {en: "Why?"}
    single_choice: {options: [{key: price, text: {en: Price}}, {key: other, text: {en: Other}, other: true}]}
  - key: liked
    text: {en: "Liked?"}
    multiple_choice: {options: [{key: staff, text: {en: Staff}}, {key: food, text: {en: Food}}]}
  - key: quality
    text: {en: "Quality?"}
    matrix:
      rows: [{key: speed, text: {en: Speed}}, {key: taste, text: {en: Taste}}]
      columns: [{key: bad, text: {en: Bad}}, {key: good, text: {en: Good}}]
  - {key: comment, text: {en: "More?"}, free_text: }
)";

constexpr char kMap[] = R"(
time_format: "%d.%m.%Y %H:%M"
time_zone: Europe/Prague
columns:
  answer_time: Submitted at
  contact: Guest
  language: {value: en}
  facts.event.store: Branch
  recommend: {column: "How likely?", values: {Very likely: 10}}
  reason: Why?
  reason.other: Own words
  liked: Liked
  quality.speed: Speed
  comment: Comment
)";

constexpr char kTable[] =
    "Submitted at,Guest,Branch,How likely?,Why?,Own words,Liked,Speed,Comment\n"
    "31.01.2020 14:03,g1,Praha,Very likely,Price,,Staff;Food,good,\"Nice, \"\"really\"\"\"\n"
    "31.03.2020 14:03,g2,Brno,0,other,the smell,,,=1+1\n"
    "31.03.2020 14:03,g2,Brno,0,other,the smell,,,=1+1\n"
    "31.03.2020 14:03,g3,Brno,11,,,,,too much\n"
    "32.03.2020 14:03,g4,Brno,9,,,,,no such day\n";

class ResponsesTest : public ::testing::Test {
 protected:
  ResponsesTest() {
    const Outcome applied = Run({"survey", "apply", "-f", terminal_.File("stay.yaml", kSurvey), "--publish"});
    EXPECT_EQ(applied.code, 0) << applied.err;
    map_ = terminal_.File("map.yaml", kMap);
    table_ = terminal_.File("answers.csv", kTable);
  }

  Outcome Run(const std::vector<std::string>& arguments, const std::string& typed = "") {
    return terminal_.Run(arguments, typed);
  }
  Outcome Import() { return Run({"response", "import", table_, "--survey", "stay", "--map", map_}); }
  // Of the responses of a list, the latest stored first.
  std::vector<std::string> Ids(std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"response", "list", "-o", "name"});
    const Outcome list = Run(flags);
    EXPECT_EQ(list.code, 0) << list.err;
    std::vector<std::string> ids;
    for (const absl::string_view line : absl::StrSplit(list.out, '\n', absl::SkipEmpty())) {
      ids.emplace_back(line.substr(line.rfind('/') + 1));
    }
    return ids;
  }
  json Get(const std::string& id) {
    const Outcome got = Run({"response", "get", id, "-o", "json"});
    EXPECT_EQ(got.code, 0) << got.err;
    return json::parse(got.out, nullptr, false);
  }

  Terminal terminal_;
  std::string map_;
  std::string table_;
};

TEST_F(ResponsesTest, HiddenFieldsGoInAndOut) {
  const std::string survey = terminal_.File("plans.yaml", R"(id: plans
default_language: en
breakdowns: [hidden.plan]
questions: [{key: recommend, text: {en: "How likely on {{hidden.plan|your plan}}?"}, nps: }]
hidden_fields: [{key: plan, type: text, required: true}, {key: seats, type: number}]
)");
  EXPECT_EQ(Run({"survey", "apply", "-f", survey, "--publish"}).code, 0);
  EXPECT_THAT(Run({"survey", "get", "plans"}).out, HasSubstr("plan          text    yes"));
  const std::vector<std::string> submit = {"response", "submit", "--survey", "plans", "--answer", "recommend=9"};
  EXPECT_THAT(Run(submit).err, HasSubstr("response.facts.hidden.plan"));
  std::vector<std::string> whole = submit;
  whole.insert(whole.end(), {"--hidden", "plan=pro", "--hidden", "seats=12"});
  const Outcome stored = Run(whole);
  EXPECT_EQ(stored.code, 0) << stored.err;
  const std::vector<std::string> found = Ids({"--filter", "hidden.plan = pro AND hidden.seats > 10"});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(Run({"response", "get", found[0]}).out, HasSubstr("plan pro, seats 12"));

  const std::string table =
      terminal_.File("plans.csv", "id,recommend,hidden.plan,Places\n1,3,free,2\n2,4,,3\n3,5,pro,x\n");
  const std::string map = terminal_.File("plans-map.yaml", "columns: {request_id: id, hidden.seats: Places}\n");
  const Outcome taken = Run({"response", "import", table, "--survey", "plans", "--map", map});
  EXPECT_THAT(taken.err, HasSubstr("1 stored, 0 already there, 2 rejected"));
  EXPECT_THAT(Terminal::Read(table + ".rejected.csv"),
              AllOf(HasSubstr("2,4,,3,hidden.plan: is required"), HasSubstr("Places: 'x' is not a number")));
  const Outcome given = Run({"response", "export", "--survey", "plans"});
  EXPECT_THAT(given.out,
              AllOf(HasSubstr("hidden.plan,hidden.seats"), HasSubstr(",free,2\r\n"), HasSubstr(",pro,12\r\n")));
}

TEST_F(ResponsesTest, ATableIsTakenInOnceAndItsBadRowsAreMended) {
  const Outcome dry = Run({"response", "import", table_, "--survey", "stay", "--map", map_, "--dry-run"});
  EXPECT_EQ(dry.code, 6) << dry.err;
  EXPECT_THAT(dry.err, HasSubstr("3 good (nothing was stored), 0 already there, 2 rejected"));
  EXPECT_THAT(Ids({}), SizeIs(0));

  const Outcome first = Import();
  EXPECT_EQ(first.code, 6) << first.err;
  EXPECT_THAT(first.err, HasSubstr("3 stored, 0 already there, 2 rejected"));
  std::string rejects = Terminal::Read(table_ + ".rejected.csv");
  EXPECT_THAT(rejects, HasSubstr("Comment,problem\r\n31.03.2020 14:03,g3,Brno,11,,,,,too much,How likely?: "));
  EXPECT_THAT(rejects, HasSubstr("no such day,Submitted at: '32.03.2020 14:03' is not a time"));
  const Outcome again = Import();
  EXPECT_THAT(again.err, HasSubstr("0 stored, 3 already there, 2 rejected"));
  EXPECT_THAT(Ids({"--survey", "stay"}), SizeIs(3)) << "two rows that are alike are two responses";

  rejects.replace(rejects.find(",11,"), 4, ",10,");
  rejects.replace(rejects.find("32."), 3, "30.");
  const std::string mended = terminal_.File("mended.csv", rejects);
  const Outcome rest = Run({"response", "import", mended, "--survey", "stay", "--map", map_});
  EXPECT_EQ(rest.code, 0) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("2 stored, 0 already there, 0 rejected"));
}

TEST_F(ResponsesTest, WhatIsExportedIsWhatWasImported) {
  ASSERT_EQ(Import().code, 6);
  const std::string csv_file = terminal_.Path("out.csv");
  const Outcome csv = Run({"response", "export", "--survey", "stay", "--facts", "event.store", "-o", csv_file});
  ASSERT_EQ(csv.code, 0) << csv.err;
  const std::string text = Terminal::Read(csv_file);
  EXPECT_THAT(text, HasSubstr("contact,language,channel,device,recommend,reason,reason.other,liked,quality.speed,"
                              "quality.taste,comment,dismissed,tags,note,excluded,facts.event.store\r\n"));
  EXPECT_THAT(text, HasSubstr(",g1,en,link,,10,price,,\"staff;food\",good,,\"Nice, \"\"really\"\"\",,,,,Praha\r\n"));
  EXPECT_THAT(text, HasSubstr("2020-01-31T13:03:00Z"));
  EXPECT_THAT(text, HasSubstr(",0,other,the smell,,,,'=1+1,"));
  const std::string ndjson_file = terminal_.Path("out.ndjson");
  ASSERT_EQ(Run({"response", "export", "--survey", "stay", "-o", ndjson_file}).code, 0);
  const std::string lines = Terminal::Read(ndjson_file);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 3);
  EXPECT_EQ(json::parse(lines.substr(0, lines.find('\n')), nullptr, false)["language"], "en");
  EXPECT_THAT(lines, HasSubstr(R"("facts":{"event":{"store":"Praha"}})"));

  // Either way it can be taken in again, by another workspace or as another import.
  for (const std::string& file : {csv_file, ndjson_file}) {
    const Outcome copied = Run({"response", "import", file, "--survey", "stay"});
    EXPECT_EQ(copied.code, 0) << copied.err;
    EXPECT_THAT(copied.err, HasSubstr("3 stored, 0 already there, 0 rejected"));
  }
  const std::vector<std::string> ids = Ids({"--filter", "answer.recommend = 10"});
  ASSERT_THAT(ids, SizeIs(3));
  const json original = Get(ids[2]);
  for (int i = 0; i < 2; ++i) {
    const json copy = Get(ids[static_cast<std::size_t>(i)]);
    for (const char* field : {"answers", "answer_time", "contact", "language", "facts"}) {
      EXPECT_EQ(copy[field], original[field]) << field;
    }
  }
  const Outcome filtered =
      Run({"response", "export", "--survey", "stay", "--format", "ndjson", "--filter", "answer.recommend = 10"});
  EXPECT_EQ(std::count(filtered.out.begin(), filtered.out.end(), '\n'), 3) << filtered.out;
  EXPECT_NE(Run({"response", "export", "--survey", "stay", "--filter", "answer.nonsense ="}).code, 0);
  EXPECT_EQ(Run({"response", "export", "--survey", "stay", "--since", "1h", "--until", "2020-01-01"}).out.find("Praha"),
            std::string::npos);
}

TEST_F(ResponsesTest, AreFoundChangedAndErased) {
  ASSERT_EQ(Import().code, 6);
  const std::vector<std::string> found = Ids({"--contact", "g1"});
  ASSERT_THAT(found, SizeIs(1));
  const std::string& id = found[0];
  EXPECT_THAT(Ids({"--filter", "answer.comment:\"really\" AND answer.liked:staff"}), SizeIs(1));
  EXPECT_THAT(Ids({"--since", "1h"}), SizeIs(3));
  EXPECT_THAT(Ids({"--until", "1h"}), SizeIs(0));

  ASSERT_EQ(Run({"response", "tag", id, "--add", "vip", "--add", "call back"}).code, 0);
  ASSERT_EQ(Run({"response", "tag", id, "--remove", "vip", "--add", "late"}).code, 0);
  EXPECT_EQ(Get(id)["tags"], json({"call back", "late"}));
  ASSERT_EQ(Run({"response", "note", id, "She called."}).code, 0);
  const Outcome corrected = Run({"response", "correct", id, "--answer", "recommend=3", "--dismiss", "liked"});
  ASSERT_EQ(corrected.code, 0) << corrected.err;
  const json changed = Get(id);
  EXPECT_EQ(changed["note"], "She called.");
  EXPECT_EQ(changed["answers"][0]["score"], 3);
  EXPECT_THAT(changed["answers"].dump(), HasSubstr("{\"dismissed\":true,\"question\":\"liked\"}"));
  EXPECT_THAT(changed["answers"].dump(), HasSubstr("Nice, "));
  EXPECT_EQ(Run({"response", "correct", id, "--answer", "recommend=12"}).code, 1);
  EXPECT_EQ(Run({"response", "correct", id, "--answer", "recomend=2"}).code, 2);
  EXPECT_EQ(Run({"response", "tag", id}).code, 2);

  const auto nps = [this] { return Run({"metric", "show", "stay", "-o", "json"}).out; };
  const std::string counted = nps();
  ASSERT_EQ(Run({"response", "exclude", id, "--reason", "a test"}).code, 0);
  EXPECT_THAT(Run({"response", "get", id}).out, HasSubstr("a test"));
  EXPECT_NE(nps(), counted);
  EXPECT_THAT(Ids({"--filter", "response.excluded = true"}), SizeIs(1));
  ASSERT_EQ(Run({"response", "include", id}).code, 0);

  EXPECT_EQ(Run({"response", "delete", id}).code, 2) << "nobody can be asked";
  EXPECT_EQ(Run({"response", "delete", id, "--yes"}).code, 0);
  EXPECT_THAT(Ids({"--contact", "g1"}), SizeIs(0));
  // What was erased stays erased when the table is taken in again.
  EXPECT_THAT(Import().err, HasSubstr("0 stored"));
}

TEST_F(ResponsesTest, AreWatchedUntilItIsInterrupted) {
  ASSERT_EQ(Import().code, 6);
  std::thread user([] {
    absl::SleepFor(absl::Seconds(3));
    kill(getpid(), SIGINT);
  });
  const Outcome outcome = Run(
      {"response", "watch", "--survey", "stay", "--since", "1h", "--filter", "answer.recommend = 10", "-o", "json"});
  user.join();
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 1) << outcome.out;
  EXPECT_EQ(json::parse(outcome.out, nullptr, false)["language"], "en");
  EXPECT_EQ(Run({"response", "watch", "--since", "soon"}).code, 2);
  EXPECT_EQ(Run({"response", "watch", "--filter", "answer.nonsense ="}).code, 1);
}

}  // namespace
}  // namespace canvass::terminal
