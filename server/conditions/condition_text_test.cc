#include "server/conditions/condition_text.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace canvass::conditions {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::HasSubstr;

v1::Condition Proto(const std::string& text) {
  v1::Condition condition;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &condition)) << text;
  return condition;
}

v1::Condition Parsed(absl::string_view text) {
  absl::StatusOr<v1::Condition> condition = ParseCondition(text);
  EXPECT_TRUE(condition.ok()) << text << ": " << condition.status();
  return condition.ok() ? *condition : v1::Condition();
}

std::string Refusal(absl::string_view text) {
  const absl::StatusOr<v1::Condition> condition = ParseCondition(text);
  EXPECT_FALSE(condition.ok()) << text;
  if (condition.ok()) return "";
  EXPECT_EQ(condition.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(condition.status()), v1::ERROR_REASON_INVALID_CONDITION);
  return std::string(condition.status().message());
}

// The value of `event.x = <text>`.
google::protobuf::Value ValueOf(absl::string_view text) {
  return Parsed(absl::StrCat("event.x = ", text)).compare().value();
}

TEST(ParseConditionTest, BlankIsAlwaysTrue) {
  EXPECT_EQ(Parsed("").kind_case(), v1::Condition::KIND_NOT_SET);
  EXPECT_EQ(Parsed(" \t\r\n").kind_case(), v1::Condition::KIND_NOT_SET);
}

TEST(ParseConditionTest, ReadsTheExampleOfTheContract) {
  const v1::Condition expected = Proto(R"pb(
    all {
      conditions {
        compare {
          field: "event.total"
          operator: OPERATOR_GREATER_OR_EQUAL
          value { number_value: 50 }
        }
      }
      conditions {
        compare {
          field: "contact.country"
          operator: OPERATOR_EQUAL
          value { string_value: "FR" }
        }
      }
      conditions {
        not {
          compare {
            field: "contact.vip"
            operator: OPERATOR_EQUAL
            value { bool_value: true }
          }
        }
      }
    })pb");
  const v1::Condition parsed = Parsed("event.total >= 50 AND contact.country = \"FR\" AND NOT contact.vip = true");
  EXPECT_TRUE(MessageDifferencer::Equals(parsed, expected)) << parsed.DebugString();
}

TEST(ParseConditionTest, OrBindsTighterThanAnd) {
  const v1::Condition parsed = Parsed("event.a=1 AND event.b=2 OR event.c=3 AND event.d=4");
  ASSERT_EQ(parsed.all().conditions_size(), 3);
  EXPECT_EQ(parsed.all().conditions(0).compare().field(), "event.a");
  EXPECT_EQ(parsed.all().conditions(1).any().conditions_size(), 2);
  EXPECT_EQ(parsed.all().conditions(2).compare().field(), "event.d");
}

TEST(ParseConditionTest, NotAndMinusBindTightest) {
  for (absl::string_view text : {"NOT event.a=1 OR event.b=2", "-event.a=1 OR event.b=2"}) {
    const v1::Condition parsed = Parsed(text);
    ASSERT_EQ(parsed.any().conditions_size(), 2) << text;
    EXPECT_TRUE(parsed.any().conditions(0).has_not_()) << text;
    EXPECT_TRUE(parsed.any().conditions(1).has_compare()) << text;
  }
  EXPECT_EQ(Parsed("-(event.a=1 AND event.b=2)").not_().all().conditions_size(), 2);
  EXPECT_EQ(Parsed("NOT(event.a=1)").not_().compare().field(), "event.a");
  EXPECT_EQ(Parsed("-\"event\".a=1").not_().compare().field(), "event.a");
}

TEST(ParseConditionTest, ComparisonsInARowAreAllRequired) {
  const v1::Condition parsed = Parsed("event.a=1 event.b=2 OR event.c=3");
  ASSERT_EQ(parsed.all().conditions_size(), 2);
  EXPECT_EQ(parsed.all().conditions(1).any().conditions_size(), 2);
}

TEST(ParseConditionTest, ParenthesesGroup) {
  const v1::Condition parsed = Parsed("(event.a=1 AND event.b=2) OR event.c=3");
  ASSERT_EQ(parsed.any().conditions_size(), 2);
  EXPECT_EQ(parsed.any().conditions(0).all().conditions_size(), 2);
  EXPECT_EQ(Parsed("((((event.a=1))))").compare().field(), "event.a");
}

TEST(ParseConditionTest, ReadsEveryComparatorWithOrWithoutSpace) {
  const std::pair<const char*, v1::Comparison::Operator> cases[] = {
      {"=", v1::Comparison::OPERATOR_EQUAL},   {"!=", v1::Comparison::OPERATOR_NOT_EQUAL},
      {"<", v1::Comparison::OPERATOR_LESS},    {"<=", v1::Comparison::OPERATOR_LESS_OR_EQUAL},
      {">", v1::Comparison::OPERATOR_GREATER}, {">=", v1::Comparison::OPERATOR_GREATER_OR_EQUAL},
      {":", v1::Comparison::OPERATOR_HAS}};
  for (const auto& [comparator, op] : cases) {
    for (const char* space : {"", " ", "\n\t"}) {
      const v1::Condition parsed = Parsed(absl::StrCat("event.x", space, comparator, space, "5"));
      EXPECT_EQ(parsed.compare().operator_(), op) << comparator;
      EXPECT_EQ(parsed.compare().value().number_value(), 5) << comparator;
    }
  }
}

TEST(ParseConditionTest, TellsNumbersBooleansAndTextApart) {
  EXPECT_EQ(ValueOf("42").number_value(), 42);
  EXPECT_EQ(ValueOf("-2.5").number_value(), -2.5);
  EXPECT_EQ(ValueOf("2.997e9").number_value(), 2.997e9);
  EXPECT_EQ(ValueOf("1E-3").number_value(), 0.001);
  EXPECT_EQ(ValueOf("0").number_value(), 0);
  EXPECT_TRUE(ValueOf("true").bool_value());
  EXPECT_TRUE(ValueOf("false").has_bool_value());
  for (const char* text : {"FR", "2024-01-31", "01234", "12abc", "1.2.3", "com.google", "a-b", "*.foo", "pre*", "20s",
                           "1.", ".5", "+5", "0x10", "inf", "nan", "True", "žluť"}) {
    EXPECT_EQ(ValueOf(text).string_value(), text);
  }
}

TEST(ParseConditionTest, QuotesAlwaysMakeText) {
  EXPECT_EQ(ValueOf("\"42\"").string_value(), "42");
  EXPECT_EQ(ValueOf("'true'").string_value(), "true");
  EXPECT_EQ(ValueOf("\"a b AND (c)\"").string_value(), "a b AND (c)");
  EXPECT_EQ(ValueOf("\"it's\"").string_value(), "it's");
  EXPECT_EQ(ValueOf("'say \"hi\"'").string_value(), "say \"hi\"");
  EXPECT_EQ(ValueOf("\"two\nlines\"").string_value(), "two\nlines");
  EXPECT_EQ(ValueOf("\"\"").string_value(), "");
}

TEST(ParseConditionTest, ReadsEscapes) {
  EXPECT_EQ(ValueOf(R"("\x41\u0159\U0001F600\101\\\"\n")").string_value(), "Ař😀A\\\"\n");
  EXPECT_EQ(ValueOf(R"("5\*")").string_value(), "5\\*")
      << "the value keeps the backslash: it says that the star is one";
  for (const char* text :
       {R"("\q")", R"("\u12")", R"("\ud800")", R"("\U00110000")", R"("\xg0")", R"("\8")", R"("\47")"}) {
    EXPECT_THAT(Refusal(absl::StrCat("event.x = ", text)), HasSubstr("at position 12")) << text;
  }
}

TEST(ParseConditionTest, ComparesOneFieldWithSeveralValues) {
  const v1::Condition parsed = Parsed("contact.country = (\"FR\" OR BE)");
  ASSERT_EQ(parsed.any().conditions_size(), 2);
  EXPECT_EQ(parsed.any().conditions(1).compare().field(), "contact.country");
  EXPECT_EQ(parsed.any().conditions(1).compare().value().string_value(), "BE");
  const v1::Condition nested = Parsed("event.tags:(a AND NOT (b OR -5))");
  ASSERT_EQ(nested.all().conditions_size(), 2);
  EXPECT_EQ(nested.all().conditions(1).not_().any().conditions(1).compare().value().number_value(), -5);
}

TEST(ParseConditionTest, PathsMayHaveQuotedPartsAndKeywords) {
  EXPECT_EQ(Parsed("event.\"boarding area\".NOT = 1").compare().field(), "event.boarding area.NOT");
  EXPECT_THAT(Refusal("event.\"a.b\" = 1"), HasSubstr("hold a dot"));
  EXPECT_THAT(Refusal("event.\"\" = 1"), HasSubstr("empty"));
  EXPECT_THAT(Refusal("event. x = 1"), HasSubstr("behind the dot"));
  EXPECT_THAT(Refusal("event .x = 1"), HasSubstr("at position 7: no space"));
  EXPECT_THAT(Refusal("event..x = 1"), HasSubstr("behind the dot"));
  EXPECT_THAT(Refusal(".x = 1"), HasSubstr("at position 1"));
}

TEST(ParseConditionTest, TrueAndFalseAloneAreConditions) {
  EXPECT_TRUE(Parsed("true").has_all());
  EXPECT_TRUE(Parsed("event.a=1 AND false").all().conditions(1).has_any());
}

TEST(ParseConditionTest, SaysWhatIsWrongAndWhere) {
  const std::pair<const char*, const char*> cases[] = {
      {"event.total >= 50 AND vip", "at position 23: 'vip' is not compared with anything"},
      {"event.name = New York", "at position 18: 'York' is not compared"},
      {"event.a = 1 and event.b = 2", "at position 13: write AND in capitals"},
      {"event.a = 1 && event.b = 2", "at position 13: write AND instead of '&&'"},
      {"event.a == 1", "at position 9: write '='"},
      {"event.a <> 1", "at position 9: write '!='"},
      {"!event.a = 1", "at position 1: write NOT"},
      {"event.a", "at position 1: 'event.a' is not compared"},
      {"event.a =", "at position 10: the condition ends"},
      {"event.a = 1 AND", "at position 16: the condition ends"},
      {"event.a = 1 OR OR event.b = 1", "at position 16: unexpected token 'OR'"},
      {"AND event.a = 1", "at position 1: unexpected token 'AND'"},
      {"NOT NOT event.a = 1", "at position 5: unexpected token 'NOT'"},
      {"event.a = AND", "a value is expected before AND"},
      {"(event.a = 1", "at position 1: this parenthesis is not closed"},
      {"event.a = 1)", "at position 12: unexpected token ')'"},
      {"()", "at position 2: unexpected token ')'"},
      {"event.a = ()", "at position 12: unexpected token ')'"},
      {"event.a = 1, event.b = 2", "at position 12: unexpected token ','"},
      {"event.a = 'x", "at position 11: unterminated string"},
      {"event.time > 2024-01-31T10:00:00Z", "at position 27: unexpected token ':'; put text that holds it"},
      {"event.a = now()", "functions such as 'now()' are not supported"},
      {"now() > event.a", "functions such as 'now()' are not supported"},
      {"event.a = null", "null cannot be compared"},
      {"event.a = contact.b", "put 'contact.b' in quotes if it is text"},
      {"event.a = 1e999", "'1e999' is too large for a number"},
      {"- event.a = 1", "'-' must touch"},
      {"event.a = x\"y\"", "at position 12: unexpected token 'y'"},
      {"event.žluť = 1 AND kůň", "at position 20: 'kůň'"},
      {"event.a\x01 = 1", "control character"},
  };
  for (const auto& [text, message] : cases) EXPECT_THAT(Refusal(text), HasSubstr(message)) << text;
}

TEST(ParseConditionTest, BoundsItsInput) {
  EXPECT_THAT(Refusal(std::string(4097, ' ')), HasSubstr("4097 bytes; at most 4096"));
  EXPECT_THAT(Refusal(std::string(4096, '(')), HasSubstr("too many parentheses"));
  EXPECT_THAT(Refusal("event.x = " + std::string(2000, '(')), HasSubstr("too many parentheses"));
  EXPECT_THAT(Refusal("event.x = \xff"), HasSubstr("UTF-8"));
  // A long word is cut in the message, and not in the middle of a character.
  std::string word;
  while (word.size() < 1000) word += "ž";
  EXPECT_LT(Refusal(word).size(), 300u);
  EXPECT_THAT(Refusal("a" + word), HasSubstr("ž'"));
}

TEST(ConditionTextTest, WritesWhatItReads) {
  for (const char* text :
       {"", "true", "false", "event.a = 1", "event.a:*", "event.a = \"*\"", "event.a < -2.5", "contact.b != true",
        "event.a = \"x\" AND contact.b >= 3 AND event.c:\"y\"", "(event.a = 1 OR event.b = 2) AND NOT event.c = 3",
        "NOT (NOT event.a = 1)", "NOT (event.a = 1 AND event.b = 2)", "event.\"boarding area\" = \"A \\\"1\\\" \\\\\"",
        "event.\"NOT\" = \"\\x0a\"", "event.a = 1e+300", "event.a = \"žluť\""}) {
    EXPECT_EQ(ConditionText(Parsed(text)), text);
  }
}

TEST(ConditionTextTest, WritesConditionsThatNoTextGives) {
  EXPECT_EQ(ConditionText(Proto("all {}")), "true");
  EXPECT_EQ(ConditionText(Proto("any {}")), "false");
  EXPECT_EQ(ConditionText(Proto("not {}")), "NOT true");
  EXPECT_EQ(ConditionText(Proto("all { conditions { any { conditions { all {} } } } }")), "(true)");
}

}  // namespace
}  // namespace canvass::conditions
