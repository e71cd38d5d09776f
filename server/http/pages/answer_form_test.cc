#include "server/http/pages/answer_form.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/http/pages/problem_text.h"

namespace canvass::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

Form ParseForm(absl::string_view body) {
  auto form = Form::Parse(body);
  EXPECT_TRUE(form.ok()) << form.status();
  return form.value_or(Form());
}

TEST(FormTest, ReadsWhatBrowsersSend) {
  const Form form = ParseForm("a=1&b=x+y%21&a=2&c&d=50%&e=%C5%BE&f=one%0D%0Atwo%0Athree&&g%2eh=%25%32%35%2");
  EXPECT_THAT(form.All("a"), ElementsAre("1", "2"));
  EXPECT_EQ(form.First("b"), "x y!");
  EXPECT_EQ(form.First("c"), "");
  EXPECT_EQ(form.First("d"), "50%");
  EXPECT_EQ(form.First("e"), "ž");
  EXPECT_EQ(form.First("f"), "one\ntwo\nthree");
  EXPECT_EQ(form.First("g.h"), "%25%2");
  EXPECT_THAT(form.All("z"), IsEmpty());
  EXPECT_FALSE(Form::Parse("a=%ff").ok());
  EXPECT_FALSE(Form::Parse("%ed%a0%80=1").ok());
}

constexpr char kOptions[] = "options { key: 'a' } options { key: 'b' } options { key: 'o' other: true }";

struct AnswerCase {
  std::string question;
  std::string body;
  // Empty: no answer.
  std::string answer;
  bool unreadable = false;
};

class ReadAnswerTest : public ::testing::TestWithParam<AnswerCase> {};

TEST_P(ReadAnswerTest, ReadsAndWritesBack) {
  const AnswerCase& param = GetParam();
  v1::Question question = Parse<v1::Question>(param.question);
  question.set_key("k");
  const FormAnswer read = ReadAnswer(question, ParseForm(param.body));
  EXPECT_EQ(read.unreadable, param.unreadable);
  ASSERT_EQ(read.answer.has_value(), !param.answer.empty());
  if (!read.answer.has_value()) return;
  v1::Answer expected = Parse<v1::Answer>(param.answer);
  expected.set_question("k");
  EXPECT_EQ(read.answer->DebugString(), expected.DebugString());
  Form form;
  WriteAnswer(question, *read.answer, form);
  EXPECT_EQ(ReadAnswer(question, form).answer->DebugString(), expected.DebugString());
}

std::string Single() { return absl::StrCat("single_choice {", kOptions, "}"); }
std::string Multiple() { return absl::StrCat("multiple_choice {", kOptions, "}"); }
std::string Ranking() { return absl::StrCat("ranking {", kOptions, "}"); }
constexpr char kMatrix[] = "matrix { rows { key: 'r' } rows { key: 's' } columns { key: 'c' } columns { key: 'd' } }";

INSTANTIATE_TEST_SUITE_P(
    Kinds, ReadAnswerTest,
    ::testing::Values(AnswerCase{"nps {}", "q.k=0", "score: 0"}, AnswerCase{"nps {}", "q.k=", ""},
                      AnswerCase{"csat {}", "q.k=-3", "score: -3"}, AnswerCase{"rating {}", "q.k=many", "", true},
                      AnswerCase{Single(), "q.k=b&q.k.other=x", "choice: 'b'"},
                      AnswerCase{Single(), "q.k=o&q.k.other= my own ", "choice: 'o' other_text: ' my own '"},
                      AnswerCase{Single(), "q.k.other=mine", "choice: 'o' other_text: 'mine'"},
                      AnswerCase{Single(), "q.k.other= ", ""},
                      AnswerCase{Multiple(), "q.k=b&q.k=a", "choices { keys: 'b' keys: 'a' }"},
                      AnswerCase{Multiple(), "q.k=a&q.k.other=x", "choices { keys: 'a' keys: 'o' } other_text: 'x'"},
                      AnswerCase{Multiple(), "", ""}, AnswerCase{"free_text {}", "q.k=++a+", "text: '  a '"},
                      AnswerCase{"free_text {}", "q.k=+%0A+", ""},
                      AnswerCase{kMatrix, "q.k.r=c&q.k.s=", "matrix { columns { key: 'r' value: 'c' } }"},
                      AnswerCase{kMatrix, "q.k.x=c", ""},
                      AnswerCase{Ranking(), "q.k.a=3&q.k.b=1&q.k.o=", "ranking { keys: 'b' keys: 'a' }"},
                      AnswerCase{Ranking(), "q.k.a=1&q.k.b=1", "", true},
                      AnswerCase{Ranking(), "q.k.a=first", "", true},
                      AnswerCase{"number { decimals: 2 }", "q.k=-1%C2%A0234,5", "number: -1234.5"},
                      AnswerCase{"number {}", "q.k=1e5", "", true}, AnswerCase{"number {}", "q.k=nan", "", true},
                      AnswerCase{"date {}", "q.k=+2026-01-31", "date: '2026-01-31'"},
                      AnswerCase{"consent {}", "q.k=yes", "consent: true"},
                      AnswerCase{"consent {}", "", "consent: false"}, AnswerCase{"statement {}", "q.k=1", ""}));

struct ProblemCase {
  std::string question;
  std::string body;
  std::string field;
  std::string text;
};

TEST(ProblemTextTest, SaysWhatToDo) {
  const std::vector<ProblemCase> cases = {
      {"nps {}", "", "", "Please answer this question."},
      {"nps {}", "q.k=11", "score", "Please choose one of the options."},
      {"multiple_choice { options { key: 'a' } options { key: 'b' } max_choices: 1 }", "q.k=a&q.k=b", "choices",
       "Please choose 1 to 1 options."},
      {"multiple_choice { options { key: 'a' } options { key: 'n' exclusive: true text { key: 'en' value: 'None' } } }",
       "q.k=a&q.k=n", "choices.keys[1]", "“None” cannot be chosen together with other options."},
      {"free_text { min_length: 5 }", "q.k=ab", "text", "Please write at least 5 characters."},
      {"free_text { max_length: 1 }", "q.k=ab", "text", "Please write at most 1 characters."},
      {"free_text { pattern: PATTERN_EMAIL }", "q.k=ab", "text",
       "Please enter an e-mail address, for example name@example.com."},
      {"number { min: 3 decimals: 1 }", "q.k=2", "number", "Please enter 3 or more."},
      {"number { max: 1.5 decimals: 1 }", "q.k=2", "number", "Please enter 1.5 or less."},
      {"number {}", "q.k=1.5", "number", "Please enter a whole number in digits."},
      {"number { decimals: 1 }", "q.k=1.55", "number", "Please enter a number with at most 1 decimal places."},
      {"number { decimals: 1 }", "q.k=x", "", "Please enter a number in digits."},
      {"date { min: '2026-01-01' }", "q.k=2025-01-01", "date", "Please enter 2026-01-01 or a later date."},
      {"date {}", "q.k=tomorrow", "date", "Please enter a date, for example 2026-01-31."},
      {"ranking { options { key: 'a' } options { key: 'b' } }", "q.k.a=1&q.k.b=1", "",
       "Please give every place only once."},
      {"ranking { options { key: 'a' } options { key: 'b' } }", "q.k.a=1", "ranking",
       "Please give a place to at least 2 options."},
      {kMatrix, "q.k.r=c", "matrix.columns.s", "Please answer every line."},
      {"consent {}", "", "consent", "Please tick the box to go on."},
  };
  for (const ProblemCase& test : cases) {
    v1::Question question = Parse<v1::Question>(test.question);
    question.set_key("k");
    const FormAnswer read = ReadAnswer(question, ParseForm(test.body));
    EXPECT_EQ(ProblemText(question, read, test.field, Sentences::In("en")), test.text) << test.question;
  }
}

}  // namespace
}  // namespace canvass::http
