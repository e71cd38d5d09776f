#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_replace.h"
#include "client/cli/translations/csv.h"
#include "client/cli/translations/sheet.h"
#include "client/cli/translations/texts.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"

namespace canvass::cli {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::SurveyDefinition Definition() {
  v1::SurveyDefinition definition;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                              default_language: "en"
                                                              questions {
                                                                key: "why"
                                                                text { key: "en" value: "Why, \"really\"?" }
                                                                text { key: "cs" value: "Proč?" }
                                                                single_choice {
                                                                  options {
                                                                    key: "a"
                                                                    text { key: "en" value: " two\nlines; here" }
                                                                  }
                                                                }
                                                              }
                                                              endings {
                                                                key: "end"
                                                                title { key: "de" value: "Danke" }
                                                              }
                                                            )pb",
                                                            &definition));
  return definition;
}

TEST(CsvTest, ReadsBackWhatItWrites) {
  const std::vector<std::vector<std::string>> rows = {
      {"a", "b,c", ""}, {"\"", "\r\n", "x\ny"}, {" x ", ";", "\t"}, {"č", "'", "="}, {"", "", "z"}};
  std::string text;
  for (const std::vector<std::string>& row : rows) text += CsvLine(row);
  const auto read = ParseCsv(text);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ((*read)[i].fields, rows[i]) << i;
}

TEST(CsvTest, TakesWhatSpreadsheetsSave) {
  const auto rows = ParseCsv("\xEF\xBB\xBFpath;en;cs\n\na;\"b;\nc\";d\n");
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_THAT((*rows)[0].fields, ElementsAre("path", "en", "cs"));
  EXPECT_THAT((*rows)[1].fields, ElementsAre("a", "b;\nc", "d"));
  EXPECT_EQ((*rows)[1].line, 3);
}

TEST(CsvTest, SaysWhatIsWrong) {
  EXPECT_EQ(ParseCsv("a,b\nc,\"d\n").status().message(), "2: a quote is not closed");
  EXPECT_EQ(ParseCsv("a,\"b\"c\n").status().message(), "1: a field goes on behind its closing quote");
  EXPECT_THAT(std::string(ParseCsv("a,caf\xE9\n").status().message()), HasSubstr("UTF-8"));
}

TEST(SheetTest, ComesBackAsItWas) {
  v1::SurveyDefinition definition = Definition();
  const std::string sheet = TranslationSheet(definition, "cs");
  EXPECT_EQ(sheet,
            "path,en,cs\r\n"
            "questions[why].text,\"Why, \"\"really\"\"?\",Proč?\r\n"
            "questions[why].single_choice.options[a].text,\" two\nlines; here\",\r\n"
            "endings[end].title,,\r\n");
  const auto result = ReadTranslations(sheet, "cs", definition);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->taken, 0);
  EXPECT_EQ(result->unchanged, 3);
  EXPECT_TRUE(MessageDifferencer::Equals(definition, Definition()));
}

TEST(SheetTest, TakesTranslationsWhereverTheQuestionsStandNow) {
  v1::SurveyDefinition definition = Definition();
  const std::string sheet = absl::StrReplaceAll(TranslationSheet(definition, "cs"),
                                                {{"Proč?", "Pročpak?"}, {"here\",", "here\",\"Dva\r\nřádky\""}});
  definition.mutable_questions()->Add()->set_key("new");
  definition.mutable_questions()->SwapElements(0, 1);
  const auto result = ReadTranslations(sheet, "cs", definition);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->taken, 2);
  EXPECT_THAT(result->problems, ElementsAre());
  EXPECT_EQ(definition.questions(1).text().at("cs"), "Pročpak?");
  EXPECT_EQ(definition.questions(1).single_choice().options(0).text().at("cs"), "Dva\nřádky");
}

TEST(SheetTest, LeavesOutWhatWouldTranslateSomethingElse) {
  v1::SurveyDefinition definition = Definition();
  (*definition.mutable_questions(0)->mutable_text())["en"] = "Why not?";
  const auto result = ReadTranslations(
      "path,en,cs\r\nquestions[why].text,\"Why, "
      "\"\"really\"\"?\",Jinak\r\nquestions[wy].text,x,y\r\nendings[end].title\r\n",
      "cs", definition);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->problems,
              ElementsAre("line 2: questions[why].text: the source text has changed since; export it again",
                          HasSubstr("line 3: questions[wy].text: the survey has no such text; did you mean"),
                          "line 4: endings[end].title: has 1 fields instead of 3"));
  EXPECT_EQ(definition.questions(0).text().at("cs"), "Proč?");
  EXPECT_THAT(std::string(ReadTranslations("path,en,sk\r\n", "cs", definition).status().message()),
              HasSubstr("must be 'path,en,cs'"));
  EXPECT_FALSE(ReadTranslations("", "cs", definition).ok());
}

TEST(TextsTest, KnowsEveryTextOfTheContract) {
  // Each map of texts that the contract has below a definition is one that translators get.
  v1::SurveyDefinition definition;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
        title { key: "en" value: "x" }
        closed_text { key: "en" value: "x" }
        pages {
          title { key: "en" value: "x" }
          description { key: "en" value: "x" }
        }
        questions {
          text { key: "en" value: "x" }
          help { key: "en" value: "x" }
        }
        questions { single_choice { options { text { key: "en" value: "x" } } } }
        questions { multiple_choice { options { text { key: "en" value: "x" } } } }
        questions { ranking { options { text { key: "en" value: "x" } } } }
        questions {
          matrix {
            rows { text { key: "en" value: "x" } }
            columns { text { key: "en" value: "x" } }
          }
        }
        questions {
          rating {
            low_label { key: "en" value: "x" }
            high_label { key: "en" value: "x" }
          }
        }
        questions { number { unit { key: "en" value: "x" } } }
        endings {
          title { key: "en" value: "x" }
          text { key: "en" value: "x" }
        })pb",
      &definition));
  EXPECT_EQ(TextsOf(definition).size(), 16u);
}

}  // namespace
}  // namespace canvass::cli
