// `canvass survey` from the first file to the last answer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "client/cli/templates/template_library.h"
#include "tests/cli/terminal.h"

namespace canvass::terminal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class SurveyTest : public ::testing::Test {
 protected:
  // The output of what must succeed.
  std::string Done(const std::vector<std::string>& arguments, const std::string& typed = "") {
    const Outcome outcome = terminal_.Run(arguments, typed);
    EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
    return outcome.out;
  }

  Terminal terminal_;
};

constexpr char kSmall[] = R"(id: small
default_language: en
questions:
  - key: recommend
    text: How likely are you to recommend us?
    required: true
    nps:
  - key: why
    text: Why {{answer.recommend}}, {{contact.name|stranger}}?
    show_if: answer.recommend <= 6
    free_text:
values:
  - {key: doubled, aggregate: {function: sum, terms: [{field: answer.recommend, weight: 2}]}}
endings:
  - {key: thanks, title: Thank you}
)";

TEST_F(SurveyTest, FromATemplateToAnAnswer) {
  const std::string file = terminal_.Path("s.yaml");
  Done({"survey", "init", "--template", "csat-support", "--language", "cs", "en", "--id", "podpora", "-o", file});
  EXPECT_EQ(terminal_.Run({"survey", "init", "-o", file}).code, 2) << "it does not overwrite";
  const std::string lint = Done({"survey", "lint", file});
  EXPECT_THAT(lint, HasSubstr("podpora: can be published; 5 questions, about "));
  EXPECT_THAT(lint, Not(HasSubstr("warning")));
  EXPECT_EQ(terminal_.Run({"survey", "get", "podpora"}).code, 4) << "lint saves nothing";

  const Outcome applied = terminal_.Run({"survey", "apply", "-f", file, "--publish"});
  EXPECT_EQ(applied.code, 0) << applied.err;
  EXPECT_THAT(applied.err, HasSubstr("survey podpora created, published as version 1"));
  EXPECT_THAT(Done({"survey", "get", "podpora"}), HasSubstr("if answer.satisfaction <= 3"));

  const std::string answers = terminal_.File(
      "answers.yaml", "resolved: partly\nsatisfaction: 2\naspects: {speed: poor, courtesy: good}\nimprove: Rychleji\n");
  const Outcome preview = terminal_.Run({"survey", "preview", "podpora", "--language", "en", "--answers", answers});
  EXPECT_EQ(preview.code, 0) << preview.err;
  EXPECT_THAT(preview.err, HasSubstr("How satisfied are you with the support you received? *"));
  EXPECT_THAT(preview.err, HasSubstr("Thank you. We will keep working on it."));
  EXPECT_THAT(preview.err, HasSubstr("nothing was stored"));
  EXPECT_THAT(preview.out, StartsWith("# ending: we_go_on\n"));
  EXPECT_THAT(preview.out, HasSubstr("- {question: aspects, matrix: {courtesy: good, speed: poor}}\n"));
  EXPECT_EQ(Done({"response", "list", "--survey", "podpora", "-o", "name"}), "");

  // What a preview prints can be submitted.
  Done({"response", "submit", "-f", terminal_.File("response.yaml", preview.out)});
  EXPECT_THAT(Done({"response", "list", "--survey", "podpora"}), HasSubstr("aspects courtesy:good+speed:poor"));
}

TEST_F(SurveyTest, EveryTemplateIsPublished) {
  for (const cli::SurveyTemplate& one : cli::SurveyTemplates()) {
    const std::string file = terminal_.File("t.yaml", std::string(one.yaml));
    const std::string lint = Done({"survey", "lint", file});
    EXPECT_THAT(lint, HasSubstr(absl::StrCat(one.name, ": can be published; "))) << lint;
    EXPECT_THAT(lint, Not(HasSubstr("warning"))) << lint;
    Done({"survey", "apply", "-f", file, "--publish"});
    // And what is exported of it says the same.
    const std::string again = terminal_.File("again.yaml", Done({"survey", "export", std::string(one.name)}));
    const Outcome unchanged = terminal_.Run({"survey", "apply", "-f", again});
    EXPECT_EQ(unchanged.err, absl::StrCat("survey ", one.name, " unchanged\n"));
  }
}

TEST_F(SurveyTest, LintLeadsToTheLines) {
  const std::string bad = terminal_.File(
      "bad.yaml",
      absl::StrReplaceAll(kSmall, {{"answer.recommend <= 6", "answer.recomend <= 6"}, {"id: small", "id: bad"}}));
  const std::string good = terminal_.File("good.yaml", kSmall);
  const Outcome lint = terminal_.Run({"survey", "lint", bad, good});
  EXPECT_EQ(lint.code, 1);
  EXPECT_THAT(lint.out, HasSubstr(bad + ":10: error: questions[1].show_if"));
  EXPECT_THAT(lint.out, HasSubstr("small: can be published"));
  EXPECT_THAT(lint.err, HasSubstr("1 error; publishing would be refused"));
  const Outcome applied = terminal_.Run({"survey", "apply", "-f", bad, "--publish"});
  EXPECT_EQ(applied.code, 1);
  EXPECT_THAT(applied.err, HasSubstr(bad + ":10: "));
}

TEST_F(SurveyTest, PreviewAsksWithTheLogicOfTheServer) {
  const std::string file = terminal_.File("small.yaml", kSmall);
  // Not a score, off the scale, then one; why; back to it; another score, so that nothing more is asked.
  const Outcome preview = terminal_.Run({"survey", "preview", file, "--facts", "contact.name=Ana"}, "x\n11\n3\nb\n9\n");
  EXPECT_EQ(preview.code, 0) << preview.err;
  EXPECT_THAT(preview.err, HasSubstr("'x' is not a score"));
  EXPECT_THAT(preview.err, HasSubstr("recommend (score): "));
  EXPECT_THAT(preview.err, HasSubstr("Why 3, Ana?"));
  EXPECT_EQ(preview.out,
            "# ending: thanks\n# value.doubled: 18\nlanguage: en\nanswers:\n  - {question: recommend, score: 9}\n");
  const Outcome cut = terminal_.Run({"survey", "preview", file}, "3\n");
  EXPECT_EQ(cut.code, 2);
  EXPECT_THAT(cut.err, HasSubstr("the input ends before an answer to 'why'; nothing was stored"));
  const std::string refused = terminal_.File("a.yaml", "recommend: 11\n");
  EXPECT_EQ(terminal_.Run({"survey", "preview", file, "--answers", refused}).code, 1);
}

TEST_F(SurveyTest, TranslationsComeBack) {
  const std::string file = terminal_.Path("s.yaml");
  Done({"survey", "init", "--template", "churn", "--language", "en", "-o", file});
  const std::string sheet = terminal_.Path("cs.csv");
  Done({"survey", "translations", file, "--to", "cs", "--export", sheet});
  // A translator at work: every text gets a Czech one.
  std::string translated;
  for (const absl::string_view line : absl::StrSplit(Terminal::Read(sheet), "\r\n", absl::SkipEmpty())) {
    absl::StrAppend(&translated, line, translated.empty() ? "" : "\"Česky, \"\"tady\"\"\"", "\r\n");
  }
  terminal_.File("cs.csv", translated);
  Done({"survey", "translations", file, "--to", "cs", "--import", sheet});
  EXPECT_THAT(Terminal::Read(file), HasSubstr("cs: Česky, \"tady\"\n"));
  const std::string report = Done({"survey", "translations", file});
  EXPECT_THAT(report, HasSubstr("cs        no "));
  EXPECT_THAT(report, HasSubstr("100 %"));
  EXPECT_THAT(report, Not(HasSubstr("lacks")));

  // The same on what is stored.
  Done({"survey", "apply", "-f", file});
  const std::string stored = terminal_.Path("stored.csv");
  Done({"survey", "translations", "churn", "--to", "cs", "--export", stored});
  EXPECT_EQ(Terminal::Read(stored), translated);
  terminal_.File("sk.csv", absl::StrReplaceAll(translated, {{"path,en,cs", "path,en,sk"}, {"Česky", "Slovensky"}}));
  Done({"survey", "translations", "churn", "--to", "sk", "--import", terminal_.Path("sk.csv")});
  EXPECT_THAT(Done({"survey", "get", "churn", "-o", "yaml"}), HasSubstr("sk: Slovensky, \"tady\"\n"));
}

TEST_F(SurveyTest, DiffAndPublishTellWhatHappensToMetrics) {
  const std::string file = terminal_.File("small.yaml", kSmall);
  Done({"survey", "apply", "-f", file, "--publish"});
  EXPECT_EQ(Done({"survey", "diff", "small"}).substr(0, 15), "nothing changed");
  terminal_.File("small.yaml", absl::StrReplaceAll(kSmall, {{"nps:", "csat: {points: 10}"}}));
  Done({"survey", "apply", "-f", file});
  const std::string diff = Done({"survey", "diff", "small"});
  EXPECT_THAT(diff, HasSubstr("questions[recommend]"));
  EXPECT_THAT(diff, HasSubstr("recommend  new series  "));
  const Outcome asked = terminal_.Run({"survey", "publish", "small"});
  EXPECT_EQ(asked.code, 2);
  EXPECT_THAT(asked.err, HasSubstr("Metrics start a new series"));
  EXPECT_THAT(Done({"survey", "publish", "small", "--yes", "-o", "json"}), HasSubstr("\"published_version\": 2"));
  EXPECT_THAT(Done({"survey", "diff", "small", "--from", "1", "--to", "2"}), HasSubstr("new series"));
  EXPECT_EQ(terminal_.Run({"survey", "diff", file}).code, 2);
}

TEST_F(SurveyTest, ComesFromSurveyJsAndGoesThere) {
  const std::string json = terminal_.File("Customer survey.json", R"({
    "title": "Customer survey",
    "pages": [{"name": "page1", "elements": [
      {"type": "rating", "name": "quality", "title": "How good?", "rateMax": 5, "isRequired": true},
      {"type": "comment", "name": "why", "title": "Why?", "visibleIf": "{quality} < 3"},
      {"type": "signaturepad", "name": "sign", "title": "Sign here"}]}]})");
  const Outcome imported = terminal_.Run({"survey", "import", json, "-o", terminal_.Path("customer.yaml")});
  EXPECT_EQ(imported.code, 0) << imported.err;
  EXPECT_THAT(imported.err, HasSubstr("WHERE"));
  EXPECT_THAT(imported.err, HasSubstr("sign"));
  const std::string yaml = Terminal::Read(terminal_.Path("customer.yaml"));
  EXPECT_THAT(yaml, StartsWith("id: customer-survey\ndisplay_name: Customer survey\n"));
  EXPECT_THAT(yaml, HasSubstr("show_if: answer.quality < 3\n"));
  Done({"survey", "apply", "-f", terminal_.Path("customer.yaml"), "--publish"});
  Done({"survey", "import", json, "--id", "again", "--apply"});
  EXPECT_THAT(Done({"survey", "get", "again"}), HasSubstr("if answer.quality < 3"));

  const std::string back = terminal_.Path("back.json");
  Done({"survey", "export", "customer-survey", "--version", "1", "--format", "surveyjs", "-o", back});
  EXPECT_THAT(Terminal::Read(back), HasSubstr("\"visibleIf\""));
  Done({"survey", "import", back, "--id", "customer-survey", "-o", terminal_.Path("customer.yaml"), "--force"});
  EXPECT_EQ(terminal_.Run({"survey", "apply", "-f", terminal_.Path("customer.yaml")}).err,
            "survey customer-survey unchanged\n");

  const Outcome foreign = terminal_.Run({"survey", "import", terminal_.File("x.qsf", "{\"SurveyEntry\": {}}")});
  EXPECT_EQ(foreign.code, 2);
  EXPECT_THAT(foreign.err, HasSubstr("x.qsf: "));
}

TEST_F(SurveyTest, GoesThroughItsStates) {
  Done({"survey", "apply", "-f", terminal_.File("small.yaml", kSmall), "--publish"});
  EXPECT_THAT(Done({"survey", "close", "small", "-y"}), HasSubstr("closed"));
  EXPECT_THAT(terminal_.Run({"survey", "preview", "small"}).err, HasSubstr("it takes no answers now"));
  EXPECT_THAT(Done({"survey", "reopen", "small"}), HasSubstr("published"));
  EXPECT_THAT(Done({"survey", "archive", "small", "-y"}), HasSubstr("archived"));
  EXPECT_THAT(Done({"survey", "list"}), Not(HasSubstr("small")));
  EXPECT_THAT(Done({"survey", "list", "--archived"}), HasSubstr("small"));
  EXPECT_THAT(Done({"survey", "restore", "small"}), HasSubstr("closed"));
  EXPECT_THAT(Done({"survey", "copy", "small", "other", "--name", "Other"}), HasSubstr("draft"));
  EXPECT_THAT(Done({"survey", "copy", "small", "first", "--version", "1"}), HasSubstr("first"));
}

}  // namespace
}  // namespace canvass::terminal
