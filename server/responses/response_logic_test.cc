// What the logic of a survey makes of a response: which answers it must and must not have, which quotas it counts in.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/testing/parse.h"
#include "server/responses/response.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::responses {
namespace {

using canvass::testing::Parse;
using surveys::testing::DefineSaved;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Who is unhappy must say why; who comes from France is asked for consent; who gives 10 is done.
constexpr char kSurvey[] = R"pb(
  default_language: "en"
  questions {
    key: "recommend"
    required: true
    nps {}
    routes {
      when { text: "answer.recommend = 10" }
      end_with: "thanks"
    }
  }
  questions {
    key: "why"
    required: true
    show_if { text: "answer.recommend <= 6" }
    free_text {}
  }
  questions {
    key: "consent"
    required: true
    show_if { text: "contact.country = \"FR\"" }
    consent {}
  }
  questions {
    key: "comment"
    free_text { max_length: 5 }
  }
  endings { key: "thanks" }
)pb";

struct Judged {
  std::vector<std::string> violations;
  Outcome outcome;
};

Judged Judge(const v1::SurveyDefinition& definition, const v1::Response& response,
             const google::protobuf::Struct* invitation_facts = nullptr) {
  Judged judged;
  Violations violations;
  judged.outcome =
      Validate(definition, {.now = absl::FromUnixSeconds(1'750'000'000), .invitation_facts = invitation_facts},
               response, violations);
  for (const FieldViolation& violation : violations.list()) {
    judged.violations.push_back(absl::StrCat(violation.field, " ", violation.description));
  }
  return judged;
}

Judged Judge(const std::string& response, const std::string& definition = kSurvey) {
  return Judge(DefineSaved(definition), Parse<v1::Response>(response));
}

google::protobuf::Struct From(const std::string& country) {
  return Parse<google::protobuf::Struct>(
      absl::StrCat("fields { key: 'contact' value { struct_value { fields { key: 'country' value { string_value: '",
                   country, "' } } } } }"));
}

TEST(ResponseLogicTest, RequiresWhatIsShownAlone) {
  EXPECT_THAT(Judge("answers { question: 'recommend' score: 8 }").violations, IsEmpty());
  EXPECT_THAT(Judge("answers { question: 'recommend' score: 3 }").violations,
              ElementsAre("response.answers question 'why' is required and has no answer"));
  EXPECT_THAT(Judge("answers { question: 'recommend' score: 3 } answers { question: 'why' text: 'rain' }").violations,
              IsEmpty());
}

TEST(ResponseLogicTest, RefusesAnswersToWhatWasNotShown) {
  EXPECT_THAT(Judge("answers { question: 'recommend' score: 8 } answers { question: 'why' text: 'rain' }").violations,
              ElementsAre(HasSubstr("response.answers[1] question 'why' is not shown")));
  // Nor after the end, not even a dismissed one.
  EXPECT_THAT(
      Judge("answers { question: 'comment' dismissed: true } answers { question: 'recommend' score: 10 }").violations,
      ElementsAre(HasSubstr("response.answers[0] question 'comment' is not shown")));
  EXPECT_THAT(Judge("answers { question: 'recommend' score: 8 } answers { question: 'why' text: 'rain' }").outcome,
              Field(&Outcome::hidden_answers, IsEmpty()));
}

TEST(ResponseLogicTest, DropsAnswersWhereTheDefinitionSaysSo) {
  const std::string dropping = absl::StrCat(kSurvey, " hidden_answers: HIDDEN_ANSWERS_DROP");
  const Judged judged = Judge(R"pb(
                                answers { question: "why" text: "rain" }
                                answers { question: "recommend" score: 10 }
                                answers { question: "comment" text: "longer than it may be" }
                              )pb",
                              dropping);
  EXPECT_THAT(judged.violations, IsEmpty());  // what is dropped need not be right
  EXPECT_THAT(judged.outcome.hidden_answers, ElementsAre(0, 2));
  // What was shown is judged as ever, and twice is twice.
  EXPECT_THAT(Judge("answers { question: 'recommend' score: 11 }", dropping).violations, SizeIs(1));
  EXPECT_THAT(Judge("answers { question: 'recommend' score: 8 } answers { question: 'why' text: 'a' } "
                    "answers { question: 'why' text: 'b' }",
                    dropping)
                  .violations,
              ElementsAre(HasSubstr("response.answers[2].question question 'why' is answered twice")));
}

TEST(ResponseLogicTest, LeavesOutByPlace) {
  auto response = Parse<v1::Response>(
      "answers { question: 'a' } answers { question: 'b' } answers { question: 'c' } answers { question: 'd' }");
  EXPECT_THAT(LeaveOut({0, 2}, response), ElementsAre("a", "c"));
  ASSERT_THAT(response.answers(), SizeIs(2));
  EXPECT_EQ(response.answers(0).question(), "b");
  EXPECT_EQ(response.answers(1).question(), "d");
  EXPECT_THAT(LeaveOut({}, response), IsEmpty());
}

TEST(ResponseLogicTest, TheFactsAreTheResponsesOrTheInvitations) {
  const v1::SurveyDefinition definition = DefineSaved(kSurvey);
  auto response = Parse<v1::Response>("answers { question: 'recommend' score: 8 }");
  const google::protobuf::Struct france = From("FR");
  const google::protobuf::Struct spain = From("ES");
  EXPECT_THAT(Judge(definition, response, &france).violations,
              ElementsAre("response.answers question 'consent' is required and has no answer"));
  EXPECT_THAT(Judge(definition, response, &spain).violations, IsEmpty());
  *response.mutable_facts() = france;
  EXPECT_THAT(Judge(definition, response).violations,
              ElementsAre("response.answers question 'consent' is required and has no answer"));
}

TEST(ResponseLogicTest, FindsTheQuotasItCountsIn) {
  const std::string quotas = absl::StrCat(kSurvey, R"pb(
    quotas { key: "all" limit: 10 }
    quotas {
      key: "unhappy"
      limit: 5
      when { text: "answer.recommend <= 6" }
    }
    quotas {
      key: "rain"
      limit: 5
      when { text: "answer.why = \"rain\"" }
    }
  )pb");
  EXPECT_THAT(Judge("answers { question: 'recommend' score: 8 }", quotas).outcome.quotas, ElementsAre(0));
  EXPECT_THAT(Judge("answers { question: 'recommend' score: 2 } answers { question: 'why' text: 'rain' }", quotas)
                  .outcome.quotas,
              ElementsAre(0, 1, 2));
  // An answer that is dropped counts nowhere.
  const Judged dropped = Judge("answers { question: 'recommend' score: 8 } answers { question: 'why' text: 'rain' }",
                               absl::StrCat(quotas, " hidden_answers: HIDDEN_ANSWERS_DROP"));
  EXPECT_THAT(dropped.violations, IsEmpty());
  EXPECT_THAT(dropped.outcome.quotas, ElementsAre(0));
}

TEST(ResponseLogicTest, CountsByFactsWithoutLogic) {
  const v1::SurveyDefinition definition = DefineSaved(R"pb(
    questions {
      key: "recommend"
      nps {}
    }
    quotas {
      key: "france"
      limit: 5
      when { text: "contact.country = \"FR\"" }
    }
  )pb");
  const google::protobuf::Struct france = From("FR");
  const google::protobuf::Struct spain = From("ES");
  EXPECT_THAT(Judge(definition, v1::Response(), &france).outcome.quotas, ElementsAre(0));
  EXPECT_THAT(Judge(definition, v1::Response(), &spain).outcome.quotas, IsEmpty());
}

}  // namespace
}  // namespace canvass::responses
