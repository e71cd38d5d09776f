#include "server/surveys/texts/pipes.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "server/surveys/testing/definitions.h"
#include "server/surveys/texts/piped_fact.h"

namespace canvass::surveys {
namespace {

PipeValue Known(absl::string_view path) {
  if (path == "answer.city") return {.kind = PipeValue::Kind::kText, .text = "Brno"};
  if (path == "answer.evil") return {.kind = PipeValue::Kind::kText, .text = "{{answer.city}}"};
  if (path == "value.later") return {.kind = PipeValue::Kind::kLater};
  return {.kind = PipeValue::Kind::kAbsent};
}

std::string Fill(absl::string_view text) { return FillPipes(text, Known); }

TEST(PipesTest, PutsFactsInPlace) {
  EXPECT_EQ(Fill("How was {{answer.city}}?"), "How was Brno?");
  EXPECT_EQ(Fill("{{ answer.city }}{{answer.city|x}}"), "BrnoBrno");
  EXPECT_EQ(Fill("no pipe } here {"), "no pipe } here {");
}

TEST(PipesTest, FallsBack) {
  EXPECT_EQ(Fill("Dear {{contact.name|customer}},"), "Dear customer,");
  EXPECT_EQ(Fill("Dear {{contact.name}},"), "Dear ,");
  EXPECT_EQ(Fill("{{contact.name|a|b}}"), "a|b");
}

TEST(PipesTest, NeverReadsWhatWasPutInAsAPipe) {
  EXPECT_EQ(Fill("{{answer.evil}}"), "{{answer.city}}");
  // Also when the text is read again because a pipe of it was left for later.
  const std::string once = Fill("{{answer.evil}} {{value.later}}");
  EXPECT_EQ(once, "\\{{answer.city}} {{value.later}}");
  EXPECT_EQ(FillPipes(once, [](absl::string_view) { return PipeValue{.kind = PipeValue::Kind::kText, .text = "v"}; }),
            "{{answer.city}} v");
}

TEST(PipesTest, BracesCanBeEscaped) {
  EXPECT_EQ(Fill("\\{{answer.city}}"), "{{answer.city}}");
  EXPECT_EQ(Fill("\\{{ {{answer.city}}"), "{{ Brno");
}

TEST(PipesTest, AnOpenPipeIsText) {
  EXPECT_EQ(Fill("{{answer.city"), "{{answer.city");
  EXPECT_TRUE(HasOpenPipe("a {{b}} {{c"));
  EXPECT_FALSE(HasOpenPipe("a {{b}} c"));
  EXPECT_FALSE(HasOpenPipe("a \\{{b"));
  EXPECT_FALSE(HasOpenPipe(""));
}

TEST(PipesTest, ListsPipes) {
  const std::string text = "{{a.b}} \\{{no}} {{ c.d |x}}";
  const std::vector<Pipe> pipes = PipesOf(text);
  ASSERT_EQ(pipes.size(), 2u);
  EXPECT_EQ(pipes[0].path, "a.b");
  EXPECT_FALSE(pipes[0].has_fallback);
  EXPECT_EQ(pipes[1].path, "c.d");
  EXPECT_EQ(pipes[1].fallback, "x");
}

TEST(PipesTest, PipedTextIsShortAndHarmless) {
  EXPECT_EQ(PipedText("a\nb\tc\x7f"), "a b c ");
  EXPECT_EQ(PipedText("\xC2\x85x"), " x");
  EXPECT_EQ(PipedText("žluťoučký"), "žluťoučký");
  std::string many;
  for (int i = 0; i < 250; ++i) many += "ř";
  EXPECT_EQ(PipedText(many), many.substr(0, 400));  // 200 characters of two bytes
}

// Arabic and Hebrew stay as they are, byte by byte.
TEST(PipesTest, RightToLeftSurvives) {
  const std::string text = "كيف كانت تجربتك في {{answer.city|המדינה}}؟";
  EXPECT_EQ(Fill(text), "كيف كانت تجربتك في Brno؟");
  EXPECT_EQ(FillPipes(text, [](absl::string_view) { return PipeValue{}; }), "كيف كانت تجربتك في המדינה؟");
}

class PipedFactTest : public ::testing::Test {
 protected:
  template <typename Message>
  static void Parse(const std::string& text, Message& message) {
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  }

  std::string Fact(const std::string& path, const std::string& language = "en") {
    google::protobuf::Struct facts;
    Parse(R"pb(
            fields {
              key: 'answer'
              value {
                struct_value {
                  fields {
                    key: 'place'
                    value { string_value: 'shop' }
                  }
                  fields {
                    key: 'likes'
                    value {
                      list_value {
                        values { string_value: 'b' }
                        values { string_value: 'a' }
                      }
                    }
                  }
                }
              }
            }
            fields {
              key: 'event'
              value {
                struct_value {
                  fields {
                    key: 'total'
                    value { number_value: 12.50 }
                  }
                  fields {
                    key: 'place'
                    value { string_value: 'shop' }
                  }
                }
              }
            }
          )pb",
          facts);
    return PipedFact(definition_, language, facts, answers_, path).value_or("absent");
  }

  const v1::SurveyDefinition definition_ = testing::Define(R"pb(
    questions {
      key: 'place'
      single_choice {
        options {
          key: 'shop'
          text { key: 'en' value: 'Our shop' }
          text { key: 'cs' value: 'Náš obchod' }
        }
        options {
          key: 'else'
          other: true
          text { key: 'en' value: 'Somewhere else' }
        }
      }
    }
    questions {
      key: 'likes'
      multiple_choice {
        options {
          key: 'a'
          text { key: 'en' value: 'Price' }
        }
        options {
          key: 'b'
          text { key: 'en' value: 'Speed' }
        }
      }
    }
  )pb");
  google::protobuf::RepeatedPtrField<v1::Answer> answers_;
};

TEST_F(PipedFactTest, ReadsOptionsInTheRespondentsLanguage) {
  EXPECT_EQ(Fact("answer.place"), "Our shop");
  EXPECT_EQ(Fact("answer.place", "cs"), "Náš obchod");
  EXPECT_EQ(Fact("answer.likes", "cs"), "Speed, Price");
}

TEST_F(PipedFactTest, ReadsFactsAsTheyAre) {
  EXPECT_EQ(Fact("event.total"), "12.5");
  EXPECT_EQ(Fact("event.place"), "shop");
  EXPECT_EQ(Fact("event.missing"), "absent");
  EXPECT_EQ(Fact("event"), "absent");
}

TEST_F(PipedFactTest, ReadsWhatWasWrittenBesideOther) {
  google::protobuf::Struct facts;
  Parse("fields { key: 'answer' value { struct_value { fields { key: 'place' value { string_value: 'else' } } } } }",
        facts);
  EXPECT_EQ(PipedFact(definition_, "en", facts, answers_, "answer.place"), "Somewhere else");
  Parse("question: 'place' choice: 'else' other_text: 'the market'", *answers_.Add());
  EXPECT_EQ(PipedFact(definition_, "en", facts, answers_, "answer.place"), "the market");
}

}  // namespace
}  // namespace canvass::surveys
