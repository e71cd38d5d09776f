#include "client/cli/documents/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/exit_code.h"
#include "client/cli/testing/parse.h"
#include "google/protobuf/util/message_differencer.h"

namespace canvass::cli {
namespace {

using ::testing::HasSubstr;

v1::SurveyDefinition Definition() {
  return Parse<v1::SurveyDefinition>(R"pb(
    questions {
      key: "nps"
      nps {}
    }
    questions {
      key: "rating"
      rating {}
    }
    questions {
      key: "one"
      single_choice {}
    }
    questions {
      key: "many"
      multiple_choice {}
    }
    questions {
      key: "text"
      free_text {}
    }
    questions {
      key: "matrix"
      matrix {}
    }
    questions {
      key: "ranking"
      ranking {}
    }
    questions {
      key: "number"
      number {}
    }
    questions {
      key: "date"
      date {}
    }
    questions {
      key: "consent"
      consent {}
    }
    questions {
      key: "statement"
      statement {}
    }
  )pb");
}

TEST(AnswersTest, ReadsEveryKind) {
  const struct {
    const char* text;
    const char* answer;
  } kCases[] = {
      {"nps=9", "score: 9"},
      {"rating= 3 ", "score: 3"},
      {"one=price", "choice: 'price'"},
      {"one=other:the smell: bad", "choice: 'other' other_text: 'the smell: bad'"},
      {"many=a, b", "choices { keys: 'a' keys: 'b' }"},
      {"many=a,other:this, that", "choices { keys: 'a' keys: 'other' } other_text: 'this, that'"},
      {"many=", "choices { }"},
      {"text=a=b: c", "text: 'a=b: c'"},
      {"matrix=speed:good, taste:bad",
       "matrix { columns { key: 'speed' value: 'good' } columns { key: 'taste' value: 'bad' } }"},
      {"ranking=b,a", "ranking { keys: 'b' keys: 'a' }"},
      {"number=-2.5", "number: -2.5"},
      {"date=2026-01-31", "date: '2026-01-31'"},
      {"consent=yes", "consent: true"},
      {"consent=No", "consent: false"},
  };
  for (const auto& one : kCases) {
    const absl::StatusOr<v1::Answer> answer = ParseAnswer(Definition(), one.text);
    ASSERT_TRUE(answer.ok()) << one.text << ": " << answer.status();
    auto wanted = Parse<v1::Answer>(one.answer);
    wanted.set_question(std::string(one.text).substr(0, std::string(one.text).find('=')));
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*answer, wanted)) << one.text << "\n"
                                                                                     << answer->DebugString();
  }
}

TEST(AnswersTest, SaysWhatFormIsWanted) {
  const struct {
    const char* text;
    const char* message;
  } kCases[] = {
      {"nps=nine", "'nine' is not a score"},      {"matrix=good", "'good' is not of the form row:column"},
      {"number=1,5", "'1,5' is not a number"},    {"date=31.1.2026", "'31.1.2026' is not a date such as 2026-01-31"},
      {"date=2026-02-30", "is not a date"},       {"consent=maybe", "'maybe' is not yes or no"},
      {"statement=x", "a statement takes no"},    {"npd=9", "did you mean 'nps'?"},
      {"nps", "not of the form question=answer"},
  };
  for (const auto& one : kCases) {
    const absl::StatusOr<v1::Answer> answer = ParseAnswer(Definition(), one.text);
    EXPECT_TRUE(IsUsageError(answer.status())) << one.text;
    EXPECT_THAT(std::string(answer.status().message()), HasSubstr(one.message));
  }
}

TEST(AnswersTest, ShowsEveryKind) {
  EXPECT_EQ(AnswersText(Parse<v1::Response>(R"pb(
              answers { question: "a" score: 9 }
              answers { question: "b" choice: "other" other_text: "so" }
              answers {
                question: "c"
                ranking { keys: "x" keys: "y" }
              }
              answers {
                question: "d"
                matrix { columns { key: "r" value: "c" } }
              }
              answers { question: "e" number: 2.5 }
              answers { question: "f" date: "2026-01-31" }
              answers { question: "g" consent: true })pb")),
            "a 9, b other \"so\", c x>y, d r:c, e 2.5, f 2026-01-31, g agreed");
}

}  // namespace
}  // namespace canvass::cli
