#include "server/surveys/logic/walk.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/conditions/facts.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::surveys {
namespace {

using testing::DefineSaved;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

google::protobuf::RepeatedPtrField<v1::Answer> Answers(const std::vector<std::string>& texts) {
  google::protobuf::RepeatedPtrField<v1::Answer> answers;
  for (const std::string& text : texts) *answers.Add() = Parse<v1::Answer>(text);
  return answers;
}

// The keys of the questions that are shown.
std::vector<std::string> Shown(const v1::SurveyDefinition& definition, const std::vector<std::string>& answers,
                               const std::string& facts = "") {
  const Walked walked = Walk(definition, Parse<google::protobuf::Struct>(facts), Answers(answers));
  std::vector<std::string> keys;
  for (int i = 0; i < definition.questions_size(); ++i) {
    if (walked.shown[i]) keys.push_back(definition.questions(i).key());
  }
  return keys;
}

std::string EndingOf(const v1::SurveyDefinition& definition, const std::vector<std::string>& answers) {
  const Walked walked = Walk(definition, {}, Answers(answers));
  return walked.ending == nullptr ? "" : walked.ending->key();
}

TEST(WalkTest, ShowsEverythingWithoutLogic) {
  const auto definition = DefineSaved("questions { key: 'a' nps {} } questions { key: 'b' statement {} }");
  EXPECT_FALSE(HasLogic(definition));
  EXPECT_THAT(Shown(definition, {}), ElementsAre("a", "b"));
}

TEST(WalkTest, ShowsWhatItsConditionAllows) {
  const auto definition = DefineSaved(R"pb(
    questions {
      key: 'nps'
      nps {}
    }
    questions {
      key: 'why'
      show_if { text: 'answer.nps <= 6' }
      free_text {}
    }
    questions {
      key: 'what'
      show_if { text: 'answer.nps > 6' }
      free_text {}
    }
  )pb");
  EXPECT_TRUE(HasLogic(definition));
  EXPECT_THAT(Shown(definition, {"question: 'nps' score: 3"}), ElementsAre("nps", "why"));
  EXPECT_THAT(Shown(definition, {"question: 'nps' score: 9"}), ElementsAre("nps", "what"));
  EXPECT_THAT(Shown(definition, {}), ElementsAre("nps"));
  EXPECT_THAT(Shown(definition, {"question: 'nps' dismissed: true"}), ElementsAre("nps"));
}

TEST(WalkTest, AnAnswerToAHiddenQuestionCountsForNothing) {
  const auto definition = DefineSaved(R"pb(
    questions {
      key: 'a'
      single_choice {
        options { key: 'yes' }
        options { key: 'no' }
      }
    }
    questions {
      key: 'b'
      show_if { text: 'answer.a = "yes"' }
      single_choice {
        options { key: 'yes' }
        options { key: 'no' }
      }
    }
    questions {
      key: 'c'
      show_if { text: 'answer.b = "yes"' }
      free_text {}
    }
  )pb");
  EXPECT_THAT(Shown(definition, {"question: 'a' choice: 'yes'", "question: 'b' choice: 'yes'"}),
              ElementsAre("a", "b", "c"));
  EXPECT_THAT(Shown(definition, {"question: 'a' choice: 'no'", "question: 'b' choice: 'yes'"}), ElementsAre("a"));
}

TEST(WalkTest, ReadsAnswersOfEveryKind) {
  const auto definition = DefineSaved(R"pb(
    questions {
      key: 'many'
      multiple_choice {
        options { key: 'a' }
        options { key: 'b' }
      }
    }
    questions {
      key: 'grid'
      matrix {
        rows { key: 'speed' }
        columns { key: 'bad' }
        columns { key: 'good' }
      }
    }
    questions {
      key: 'order'
      ranking {
        options { key: 'a' }
        options { key: 'b' }
      }
    }
    questions {
      key: 'size'
      number {}
    }
    questions {
      key: 'day'
      date {}
    }
    questions {
      key: 'agree'
      consent {}
    }
    questions {
      key: 'many_a'
      show_if { text: 'answer.many:"a"' }
      statement {}
    }
    questions {
      key: 'grid_speed'
      show_if { text: 'answer.grid.speed = "bad"' }
      statement {}
    }
    questions {
      key: 'order_b'
      show_if { text: 'answer.order:"b"' }
      statement {}
    }
    questions {
      key: 'size_big'
      show_if { text: 'answer.size >= 2.5' }
      statement {}
    }
    questions {
      key: 'day_late'
      show_if { text: 'answer.day > "2026-02-28"' }
      statement {}
    }
    questions {
      key: 'agreed'
      show_if { text: 'answer.agree = true' }
      statement {}
    }
  )pb");
  EXPECT_THAT(Shown(definition, {"question: 'many' choices { keys: 'b' keys: 'a' }",
                                 "question: 'grid' matrix { columns { key: 'speed' value: 'bad' } }",
                                 "question: 'order' ranking { keys: 'b' }", "question: 'size' number: 2.5",
                                 "question: 'day' date: '2026-03-01'", "question: 'agree' consent: true"}),
              ElementsAre("many", "grid", "order", "size", "day", "agree", "many_a", "grid_speed", "order_b",
                          "size_big", "day_late", "agreed"));
}

TEST(WalkTest, KnowsTheFactsOfTheMoment) {
  const auto definition = DefineSaved(R"pb(
    questions {
      key: 'vip'
      show_if { text: 'contact.vip = true' }
      nps {}
    }
    questions {
      key: 'big'
      show_if { text: 'event.total >= 100' }
      nps {}
    }
  )pb");
  EXPECT_THAT(Shown(definition, {}), IsEmpty());
  EXPECT_THAT(Shown(definition, {}, R"pb(
                fields {
                  key: 'event'
                  value {
                    struct_value {
                      fields {
                        key: 'total'
                        value { number_value: 120 }
                      }
                    }
                  }
                }
              )pb"),
              ElementsAre("big"));
}

TEST(WalkTest, ARouteLeavesQuestionsOut) {
  const auto definition = DefineSaved(R"pb(
    questions {
      key: 'a'
      routes {
        when { text: 'answer.a = 1' }
        skip_to: 'd'
      }
      routes {
        when { text: 'answer.a <= 2' }
        skip_to: 'c'
      }
      csat {}
    }
    questions {
      key: 'b'
      csat {}
    }
    questions {
      key: 'c'
      csat {}
    }
    questions {
      key: 'd'
      csat {}
    }
  )pb");
  EXPECT_TRUE(HasLogic(definition));
  EXPECT_THAT(Shown(definition, {"question: 'a' score: 1"}), ElementsAre("a", "d"));
  EXPECT_THAT(Shown(definition, {"question: 'a' score: 2"}), ElementsAre("a", "c", "d"));
  EXPECT_THAT(Shown(definition, {"question: 'a' score: 3"}), ElementsAre("a", "b", "c", "d"));
}

TEST(WalkTest, TheRouteOfAHiddenQuestionIsNotTaken) {
  const auto definition = DefineSaved(R"pb(
    questions {
      key: 'a'
      show_if { text: 'contact.vip = true' }
      routes { skip_to: 'c' }
      statement {}
    }
    questions {
      key: 'b'
      nps {}
    }
    questions {
      key: 'c'
      nps {}
    }
  )pb");
  EXPECT_THAT(Shown(definition, {}), ElementsAre("b", "c"));
}

TEST(WalkTest, ARouteThatLeadsBackGoesOnToTheNextQuestion) {
  const auto definition = DefineSaved(R"pb(
    questions {
      key: 'a'
      nps {}
    }
    questions {
      key: 'b'
      routes { skip_to: 'a' }
      nps {}
    }
    questions {
      key: 'c'
      routes { skip_to: 'nowhere' }
      nps {}
    }
    questions {
      key: 'd'
      nps {}
    }
  )pb");
  EXPECT_THAT(Shown(definition, {}), ElementsAre("a", "b", "c", "d"));
}

TEST(WalkTest, EndsWhereARouteSaysOrWithTheFirstEnding) {
  const auto definition = DefineSaved(R"pb(
    questions {
      key: 'a'
      routes {
        when { text: 'answer.a = "no"' }
        end_with: 'sorry'
      }
      single_choice {
        options { key: 'yes' }
        options { key: 'no' }
      }
    }
    questions {
      key: 'b'
      nps {}
    }
    endings { key: 'thanks' }
    endings { key: 'sorry' }
  )pb");
  EXPECT_EQ(EndingOf(definition, {"question: 'a' choice: 'yes'"}), "thanks");
  EXPECT_EQ(EndingOf(definition, {"question: 'a' choice: 'no'"}), "sorry");
  EXPECT_THAT(Shown(definition, {"question: 'a' choice: 'no'"}), ElementsAre("a"));
  EXPECT_EQ(EndingOf(DefineSaved("questions { key: 'a' nps {} }"), {}), "");
}

TEST(WalkTest, APageShowsAllOrNothing) {
  const auto definition = DefineSaved(R"pb(
    pages { key: 'one' starts_with: 'a' }
    pages {
      key: 'two'
      starts_with: 'b'
      show_if { text: 'answer.a = true' }
    }
    pages { key: 'three' starts_with: 'd' }
    questions {
      key: 'a'
      consent {}
    }
    questions {
      key: 'b'
      nps {}
    }
    questions {
      key: 'c'
      nps {}
    }
    questions {
      key: 'd'
      nps {}
    }
  )pb");
  EXPECT_TRUE(HasLogic(definition));
  EXPECT_THAT(Shown(definition, {"question: 'a' consent: true"}), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(Shown(definition, {"question: 'a' consent: false"}), ElementsAre("a", "d"));
}

TEST(WalkTest, ASkipMayLeadIntoAPage) {
  const auto definition = DefineSaved(R"pb(
    pages { key: 'one' starts_with: 'a' }
    pages { key: 'two' starts_with: 'b' }
    questions {
      key: 'a'
      routes {
        when { text: 'answer.a >= 9' }
        skip_to: 'c'
      }
      nps {}
    }
    questions {
      key: 'b'
      free_text {}
    }
    questions {
      key: 'c'
      free_text {}
    }
  )pb");
  EXPECT_THAT(Shown(definition, {"question: 'a' score: 10"}), ElementsAre("a", "c"));
}

TEST(WalkTest, ConditionsReadCalculatedValues) {
  const auto definition = DefineSaved(R"pb(
    questions {
      key: 'speed'
      csat {}
    }
    questions {
      key: 'price'
      csat {}
    }
    questions {
      key: 'why'
      show_if { text: 'value.mood = "bad"' }
      free_text {}
    }
    values {
      key: 'score'
      aggregate {
        function: FUNCTION_MEAN
        terms { field: 'answer.speed' weight: 3 }
        terms { field: 'answer.price' }
      }
    }
    values {
      key: 'mood'
      select {
        cases {
          when { text: 'value.score < 3' }
          value { string_value: 'bad' }
        }
        cases { value { string_value: 'good' } }
      }
    }
  )pb");
  EXPECT_THAT(Shown(definition, {"question: 'speed' score: 2", "question: 'price' score: 5"}),
              ElementsAre("speed", "price", "why"));  // (3·2 + 5) / 4 = 2.75
  EXPECT_THAT(Shown(definition, {"question: 'speed' score: 3", "question: 'price' score: 3"}),
              ElementsAre("speed", "price"));
  const Walked walked = Walk(definition, {}, Answers({"question: 'speed' score: 2", "question: 'price' score: 5"}));
  EXPECT_EQ(conditions::Find(walked.facts, "value.score")->number_value(), 2.75);
  EXPECT_EQ(conditions::Find(walked.facts, "value.mood")->string_value(), "bad");
}

TEST(WalkTest, WorksOutEveryFunction) {
  const auto value_of = [](const std::string& function, const std::vector<std::string>& answers) {
    const auto definition = DefineSaved(
        "questions { key: 'a' csat {} } questions { key: 'b' csat {} } questions { key: 'c' free_text {} } "
        "values { key: 'v' aggregate { function: " +
        function +
        " terms { field: 'answer.a' weight: -1 } terms { field: 'answer.b' } terms { field: 'answer.c' } } }");
    const Walked walked = Walk(definition, {}, Answers(answers));
    const google::protobuf::Value* value = conditions::Find(walked.facts, "value.v");
    return value == nullptr ? std::string("absent") : conditions::FactText(*value);
  };
  const std::vector<std::string> both = {"question: 'a' score: 4", "question: 'b' score: 1", "question: 'c' text: '9'"};
  EXPECT_EQ(value_of("FUNCTION_SUM", both), "-3");
  EXPECT_EQ(value_of("FUNCTION_MIN", both), "-4");
  EXPECT_EQ(value_of("FUNCTION_MAX", both), "1");
  EXPECT_EQ(value_of("FUNCTION_COUNT", both), "2");
  EXPECT_EQ(value_of("FUNCTION_MEAN", both), "absent");  // the weights cancel out
  EXPECT_EQ(value_of("FUNCTION_MEAN", {"question: 'b' score: 5"}), "5");
  EXPECT_EQ(value_of("FUNCTION_SUM", {}), "absent");
  EXPECT_EQ(value_of("FUNCTION_COUNT", {}), "0");
}

}  // namespace
}  // namespace canvass::surveys
