#include "server/responses/response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/proto_time.h"
#include "server/base/testing/parse.h"

namespace canvass::responses {
namespace {

using canvass::testing::Parse;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const v1::SurveyDefinition& Survey() {
  static const auto* const survey = new v1::SurveyDefinition(Parse<v1::SurveyDefinition>(R"pb(
    default_language: "en"
    questions {
      key: "recommend"
      required: true
      nps {}
    }
    questions {
      key: "overall"
      csat {}
    }
    questions {
      key: "parking"
      csat { points: 10 }
    }
    questions {
      key: "ease"
      ces { points: 5 }
    }
    questions {
      key: "reason"
      single_choice {
        options { key: "price" }
        options { key: "staff" }
      }
    }
    questions {
      key: "visited"
      multiple_choice {
        options { key: "shops" }
        options { key: "lounge" }
        options { key: "food" }
        min_choices: 1
        max_choices: 2
      }
    }
    questions {
      key: "comment"
      free_text { max_length: 5 }
    }
    questions {
      key: "more"
      multiple_choice {
        options { key: "a" }
        options { key: "b" }
      }
    }
  )pb"));
  return *survey;
}

absl::Time Now() { return absl::FromUnixSeconds(1'750'000'000); }

std::vector<FieldViolation> ViolationsIn(const v1::Response& response,
                                         const google::protobuf::Struct* invitation_facts = nullptr) {
  Violations violations;
  const Outcome outcome =
      Validate(Survey(), {.now = Now(), .invitation_facts = invitation_facts}, response, violations);
  EXPECT_THAT(outcome.hidden_answers, IsEmpty());
  EXPECT_THAT(outcome.quotas, IsEmpty());
  return violations.list();
}

// The fields with violations in a response that is right but for `text`.
std::vector<std::string> FieldsIn(const std::string& text) {
  const std::vector<FieldViolation> violations =
      ViolationsIn(Parse<v1::Response>(absl::StrCat("answers { question: 'recommend' score: 9 } ", text)));
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations) fields.push_back(violation.field);
  return fields;
}

TEST(ValidateTest, TakesACompleteResponse) {
  EXPECT_THAT(FieldsIn(R"pb(
                answers { question: "overall" score: 5 }
                answers { question: "parking" score: 10 }
                answers { question: "ease" dismissed: true }
                answers { question: "reason" choice: "staff" }
                answers {
                  question: "visited"
                  choices { keys: "food" keys: "shops" }
                }
                answers { question: "comment" text: "été !" }
                answers {
                  question: "more"
                  choices {}
                }
                channel: CHANNEL_EMAIL
                language: "pt-BR"
                start_time { seconds: 1749999990 }
                answer_time { seconds: 1750000000 nanos: 999999999 }
                facts {
                  fields {
                    key: "event"
                    value {
                      struct_value {
                        fields {
                          key: "gate"
                          value { string_value: "B7" }
                        }
                      }
                    }
                  }
                }
              )pb"),
              IsEmpty());
}

TEST(ValidateTest, TakesAnswersInAnyOrder) {
  EXPECT_THAT(ViolationsIn(Parse<v1::Response>(R"pb(
                answers { question: "comment" text: "x" }
                answers { question: "ease" score: 1 }
                answers { question: "recommend" score: 0 }
              )pb")),
              IsEmpty());
}

struct AnswerCase {
  const char* text;   // of the answer at answers[1]
  const char* field;  // behind response.answers[1]
  const char* says;
};

class AnswerTest : public ::testing::TestWithParam<AnswerCase> {};

TEST_P(AnswerTest, IsRefusedAtItsField) {
  const v1::Response response =
      Parse<v1::Response>(absl::StrCat("answers { question: 'recommend' score: 9 } answers { ", GetParam().text, " }"));
  EXPECT_THAT(ViolationsIn(response),
              ElementsAre(AllOf(Field(&FieldViolation::field, absl::StrCat("response.answers[1]", GetParam().field)),
                                Field(&FieldViolation::description, HasSubstr(GetParam().says)))));
}

INSTANTIATE_TEST_SUITE_P(
    Answers, AnswerTest,
    ::testing::Values(
        AnswerCase{"question: 'overall' score: 6", ".score", "6 is not on the scale 1 to 5 of question 'overall'"},
        AnswerCase{"question: 'overall' score: 0", ".score", "0 is not on the scale 1 to 5"},
        AnswerCase{"question: 'parking' score: 11", ".score", "11 is not on the scale 1 to 10"},
        AnswerCase{"question: 'ease' score: -1", ".score", "-1 is not on the scale 1 to 5"},
        AnswerCase{"question: 'recommend' score: 3", ".question", "'recommend' is answered twice"},
        AnswerCase{"question: 'nobody' score: 3", ".question", "'nobody' is not a question"},
        AnswerCase{"score: 3", ".question", "'' is not a question"},
        AnswerCase{"question: 'overall'", "", "says nothing on question 'overall': give `score`"},
        AnswerCase{"question: 'overall' text: '5'", ".text", "does not fit question 'overall', which takes `score`"},
        AnswerCase{"question: 'overall' choice: 'a'", ".choice", "which takes `score`"},
        AnswerCase{"question: 'overall' choices {}", ".choices", "which takes `score`"},
        AnswerCase{"question: 'reason' score: 1", ".score", "which takes `choice`"},
        AnswerCase{"question: 'visited' choice: 'food'", ".choice", "which takes `choices`"},
        AnswerCase{"question: 'comment' score: 1", ".score", "which takes `text`"},
        AnswerCase{"question: 'reason' choice: 'rain'", ".choice", "'rain' is not an option of question 'reason'"},
        AnswerCase{"question: 'visited' choices {}", ".choices",
                   "0 options are chosen; question 'visited' takes 1 to 2"},
        AnswerCase{"question: 'visited' choices { keys: ['shops', 'lounge', 'food'] }", ".choices", "3 options"},
        AnswerCase{"question: 'visited' choices { keys: ['a', 'b', 'c', 'd'] }", ".choices", "4 options"},
        AnswerCase{"question: 'visited' choices { keys: ['shops', 'bar'] }", ".choices.keys[1]",
                   "'bar' is not an option"},
        AnswerCase{"question: 'visited' choices { keys: ['food', 'food'] }", ".choices.keys[1]",
                   "'food' is chosen twice"},
        AnswerCase{"question: 'more' choices { keys: ['a', 'b', 'a'] }", ".choices", "takes 0 to 2"},
        AnswerCase{"question: 'comment' text: 'sixsix'", ".text",
                   "has 6 characters; question 'comment' takes at most 5"},
        AnswerCase{"question: 'comment' text: ''", ".text", "is empty"},
        AnswerCase{"question: 'overall' dismissed: false", ".dismissed", "must be true"}));

TEST(ValidateTest, CountsCharactersNotBytes) {
  EXPECT_THAT(FieldsIn("answers { question: 'comment' text: 'ÄÖÜßé' }"), IsEmpty());
  EXPECT_THAT(FieldsIn("answers { question: 'comment' text: '🙂🙂🙂🙂🙂' }"), IsEmpty());
  EXPECT_THAT(FieldsIn("answers { question: 'comment' text: '🙂🙂🙂🙂🙂🙂' }"),
              ElementsAre("response.answers[1].text"));
}

TEST(ValidateTest, RequiresTheRequired) {
  EXPECT_THAT(
      ViolationsIn(v1::Response()),
      ElementsAre(AllOf(Field(&FieldViolation::field, "response.answers"),
                        Field(&FieldViolation::description, "question 'recommend' is required and has no answer"))));
  EXPECT_THAT(ViolationsIn(Parse<v1::Response>("answers { question: 'recommend' dismissed: true }")),
              ElementsAre(AllOf(Field(&FieldViolation::field, "response.answers[0].dismissed"),
                                Field(&FieldViolation::description, HasSubstr("required")))));
}

TEST(ValidateTest, ReportsEverythingAtOnce) {
  EXPECT_THAT(FieldsIn(R"pb(
                answers { question: "overall" score: 9 }
                answers { question: "nobody" }
                answers {
                  question: "visited"
                  choices { keys: "a" keys: "b" keys: "food" }
                }
                channel: 99
                language: "english!"
                start_time { seconds: 1750000001 }
                answer_time { seconds: 1750000000 }
                facts {
                  fields {
                    key: "order"
                    value { number_value: 1 }
                  }
                }
              )pb"),
              ElementsAre("response.answers[1].score", "response.answers[2].question", "response.answers[3].choices",
                          "response.answers[3].choices.keys[0]", "response.answers[3].choices.keys[1]",
                          "response.start_time", "response.language", "response.channel", "response.facts.order"));
}

TEST(ValidateTest, JudgesTimes) {
  EXPECT_THAT(FieldsIn("answer_time { seconds: 1750000600 }"), IsEmpty());
  EXPECT_THAT(FieldsIn("answer_time { seconds: 1750000600 nanos: 1 }"), ElementsAre("response.answer_time"));
  EXPECT_THAT(FieldsIn("answer_time { seconds: 1 nanos: -1 }"), ElementsAre("response.answer_time"));
  EXPECT_THAT(FieldsIn("answer_time { seconds: -62135596801 }"), ElementsAre("response.answer_time"));
  EXPECT_THAT(FieldsIn("answer_time { seconds: -62135596800 }"), IsEmpty());
  EXPECT_THAT(FieldsIn("start_time { seconds: 253402300800 }"), ElementsAre("response.start_time"));
  EXPECT_THAT(FieldsIn("start_time { seconds: 1750000601 }"), ElementsAre("response.start_time"));
  EXPECT_THAT(FieldsIn("start_time { seconds: 5 } answer_time { seconds: 5 }"), IsEmpty());
  EXPECT_THAT(FieldsIn("start_time { seconds: 6 } answer_time { seconds: 5 }"), ElementsAre("response.start_time"));
}

TEST(ValidateTest, JudgesFacts) {
  EXPECT_THAT(FieldsIn("facts {}"), IsEmpty());
  EXPECT_THAT(FieldsIn("facts { fields { key: 'event' value { number_value: 1 } } }"),
              ElementsAre("response.facts.event"));
  const google::protobuf::Struct of_invitation;
  const v1::Response with_event = Parse<v1::Response>(
      "answers { question: 'recommend' score: 9 } facts { fields { key: 'event' value { struct_value {} } } }");
  EXPECT_THAT(ViolationsIn(with_event, &of_invitation),
              ElementsAre(Field(&FieldViolation::field, "response.facts.event")));
  v1::Response large = Parse<v1::Response>("answers { question: 'recommend' score: 9 }");
  auto& contact = (*large.mutable_facts()->mutable_fields())["contact"];
  (*contact.mutable_struct_value()->mutable_fields())["note"].set_string_value(std::string(70'000, 'x'));
  EXPECT_THAT(ViolationsIn(large), ElementsAre(Field(&FieldViolation::description, HasSubstr("65536"))));
}

TEST(ValidateTest, StopsAtTheMostThatIsReported) {
  v1::Response response;
  for (int i = 0; i < 100'000; ++i) response.add_answers()->set_question(absl::StrCat("q", i));
  EXPECT_THAT(ViolationsIn(response), SizeIs(Violations::kMaxReported));
}

TEST(ValidateTest, QuotesForeignBytesSafely) {
  v1::Response response = Parse<v1::Response>("answers { question: 'recommend' score: 9 }");
  response.add_answers()->set_question(absl::StrCat(absl::string_view("\n\0'", 3), std::string(1000, 'x')));
  const std::vector<FieldViolation> violations = ViolationsIn(response);
  ASSERT_THAT(violations, SizeIs(1));
  EXPECT_THAT(violations[0].description, HasSubstr("'\\n\\x00\\'"));
  EXPECT_LT(violations[0].description.size(), 200u);
}

TEST(ContentDigestTest, TellsContentsApart) {
  const v1::Response response = Parse<v1::Response>("answers { question: 'recommend' score: 9 }");
  v1::Response other = response;
  EXPECT_EQ(ContentDigest(response), ContentDigest(other));
  EXPECT_THAT(ContentDigest(response), SizeIs(16));
  other.mutable_answers(0)->set_score(8);
  EXPECT_NE(ContentDigest(response), ContentDigest(other));
}

TEST(ContentDigestTest, DoesNotDependOnTheOrderOfFacts) {
  v1::Response up;
  v1::Response down;
  auto& up_fields = *up.mutable_facts()->mutable_fields();
  auto& down_fields = *down.mutable_facts()->mutable_fields();
  for (int i = 0; i < 50; ++i) up_fields[absl::StrCat("k", i)].set_number_value(i);
  for (int i = 49; i >= 0; --i) down_fields[absl::StrCat("k", i)].set_number_value(i);
  EXPECT_EQ(ContentDigest(up), ContentDigest(down));
}

}  // namespace
}  // namespace canvass::responses
