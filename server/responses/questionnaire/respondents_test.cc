#include "server/responses/questionnaire/respondents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/testing/parse.h"
#include "server/mysql/testing/test_database.h"
#include "server/responses/questionnaire/get_questionnaire.h"
#include "server/responses/questionnaire/next_step.h"
#include "server/responses/testing/intake_house.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::responses {
namespace {

using canvass::testing::Parse;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kDefinition[] = R"pb(
  default_language: 'en'
  languages: 'cs'
  title { key: 'en' value: 'Your order' }
  title { key: 'cs' value: 'Vaše objednávka' }
  questions {
    key: 'nps'
    required: true
    text { key: 'en' value: 'Dear {{contact.first_name|customer}}, how likely?' }
    text { key: 'cs' value: 'Vážený zákazníku {{contact.first_name}}, jak pravděpodobné?' }
    nps {}
  }
  questions {
    key: 'why'
    show_if { text: 'answer.nps <= 6 AND event.total > 100' }
    text { key: 'en' value: 'Why {{answer.nps}}?' }
    text { key: 'cs' value: 'Proč {{answer.nps}}?' }
    single_choice {
      order: OPTION_ORDER_SHUFFLED
      options {
        key: 'a'
        text { key: 'en' value: 'A' }
        text { key: 'cs' value: 'Á' }
      }
      options {
        key: 'b'
        text { key: 'en' value: 'B' }
        text { key: 'cs' value: 'B' }
      }
      options {
        key: 'c'
        text { key: 'en' value: 'C' }
        text { key: 'cs' value: 'C' }
      }
      options {
        key: 'd'
        text { key: 'en' value: 'D' }
        text { key: 'cs' value: 'D' }
      }
    }
  }
  quotas {
    key: 'first'
    limit: 1
    when { text: 'answer.nps = 10' }
  }
  closed_text { key: 'en' value: 'Too late!' }
  closed_text { key: 'cs' value: 'Už je pozdě!' }
)pb";

class RespondentsTest : public ::testing::Test {
 protected:
  RespondentsTest() { house_.Publish(scope_, survey_, definition_); }

  std::string Invite(const testing::IntakeHouse::Invitee& invitee = {}) {
    testing::IntakeHouse::Invitee with_facts = invitee;
    *with_facts.content.mutable_facts() = Parse<google::protobuf::Struct>(R"pb(
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
      fields {
        key: 'contact'
        value {
          struct_value {
            fields {
              key: 'first_name'
              value { string_value: 'Žofie' }
            }
            fields {
              key: 'language'
              value { string_value: 'cs-CZ' }
            }
          }
        }
      }
    )pb");
    return house_.Invite(scope_, survey_, with_facts).token;
  }

  v1::QuestionnaireContext Token(const std::string& token) {
    v1::QuestionnaireContext context;
    context.set_invitation_token(token);
    return context;
  }

  v1::QuestionnaireContext Survey() {
    v1::QuestionnaireContext context;
    context.set_survey(ResourceName(scope_.tenant(), {"surveys", survey_.value()}));
    return context;
  }

  absl::StatusOr<v1::Questionnaire> Get(const v1::QuestionnaireContext& context) {
    v1::GetQuestionnaireRequest request;
    *request.mutable_context() = context;
    return GetQuestionnaire(respondents_, scope_, request);
  }

  absl::StatusOr<v1::Step> Next(const v1::QuestionnaireContext& context, const std::string& after_page,
                                const std::vector<std::string>& answers) {
    v1::NextStepRequest request;
    *request.mutable_context() = context;
    request.set_after_page(after_page);
    for (const std::string& answer : answers) *request.add_answers() = Parse<v1::Answer>(answer);
    return NextStep(respondents_, scope_, request);
  }

  absl::StatusOr<v1::SubmitResponseResponse> Submit(const std::string& token, int score) {
    v1::SubmitResponseRequest request;
    request.set_parent(ResourceName(scope_.tenant()));
    if (token.empty()) {
      request.mutable_response()->set_survey(Survey().survey());
    } else {
      request.set_invitation_token(token);
    }
    v1::Answer& answer = *request.mutable_response()->add_answers();
    answer.set_question("nps");
    answer.set_score(score);
    return testing::SubmitAndWait(*intake_, scope_, request);
  }

  mysql::testing::TestDatabase db_;
  const TenantScope scope_ = mysql::testing::MakeScope();
  const SurveyId survey_{"order"};
  testing::IntakeHouse house_{db_.database(), db_.clock(), db_.random()};
  std::unique_ptr<ResponseIntake> intake_ = house_.MakeIntake();
  Respondents respondents_{{.database = db_.database(),
                            .catalog = house_.catalog,
                            .tokens = house_.tokens,
                            .invitations = house_.invitations},
                           db_.clock()};
  v1::SurveyDefinition definition_ = surveys::testing::DefineSaved(kDefinition);
};

TEST_F(RespondentsTest, AnInvitationSpeaksTheContactsLanguageAndKnowsTheName) {
  const auto questionnaire = Get(Token(Invite()));
  ASSERT_TRUE(questionnaire.ok()) << questionnaire.status();
  EXPECT_EQ(questionnaire->availability(), v1::Questionnaire::AVAILABILITY_OPEN);
  EXPECT_EQ(questionnaire->language(), "cs");
  EXPECT_THAT(questionnaire->languages(), ElementsAre("en", "cs"));
  EXPECT_THAT(questionnaire->survey_version(), HasSubstr("/versions/1"));
  const v1::SurveyDefinition& definition = questionnaire->definition();
  EXPECT_EQ(definition.questions(0).text().at("cs"), "Vážený zákazníku Žofie, jak pravděpodobné?");
  EXPECT_EQ(definition.questions(1).text().at("cs"), "Proč {{answer.nps}}?");  // for who evaluates the logic alone
  EXPECT_TRUE(definition.questions(1).has_show_if());
  EXPECT_GT(questionnaire->expected_duration().seconds(), 10);
}

TEST_F(RespondentsTest, TheAskedLanguageComesFirst) {
  v1::QuestionnaireContext context = Token(Invite());
  context.set_language("en-GB");
  EXPECT_EQ(Get(context)->definition().title().at("en"), "Your order");
  context.set_language("not a language");
  EXPECT_EQ(ViolationsOf(Get(context).status()).at(0).field, "context.language");
  context.set_language(absl::StrCat(std::string(99, 'x'), "é"));
  EXPECT_THAT(ViolationsOf(Get(context).status()).at(0).description, HasSubstr("xxx' is not a BCP 47")) << "no half é";
}

TEST_F(RespondentsTest, ShufflesAlikeForOneInvitation) {
  const std::string token = Invite();
  const auto order = [&] {
    std::vector<std::string> keys;
    const auto questionnaire = Get(Token(token));
    for (const auto& option : questionnaire->definition().questions(1).single_choice().options()) {
      keys.push_back(option.key());
    }
    return keys;
  };
  const std::vector<std::string> first = order();
  EXPECT_EQ(order(), first);
  const auto step = Next(Token(token), "nps", {"question: 'nps' score: 1"});
  ASSERT_TRUE(step.ok()) << step.status();
  std::vector<std::string> shown;
  for (const auto& option : step->page().questions(0).single_choice().options()) shown.push_back(option.key());
  EXPECT_EQ(shown, first);
}

TEST_F(RespondentsTest, LogicKnowsTheFactsOfTheInvitation) {
  const auto step = Next(Token(Invite()), "nps", {"question: 'nps' score: 1"});
  ASSERT_TRUE(step.ok()) << step.status();
  EXPECT_EQ(step->page().questions(0).text().at("cs"), "Proč 1?");
  // Without them the second question is not asked.
  const auto anonymous = Next(Survey(), "nps", {"question: 'nps' score: 1"});
  EXPECT_TRUE(anonymous->complete());
}

TEST_F(RespondentsTest, FactsMayBeGivenWithoutAnInvitation) {
  v1::QuestionnaireContext context = Survey();
  *context.mutable_facts() = Parse<google::protobuf::Struct>(
      "fields { key: 'event' value { struct_value { fields { key: 'total' value { number_value: 101 } } } } }");
  EXPECT_EQ(Next(context, "nps", {"question: 'nps' score: 1"})->page().key(), "why");
  v1::QuestionnaireContext invited = Token(Invite());
  *invited.mutable_facts() = context.facts();
  EXPECT_EQ(ViolationsOf(Get(invited).status()).at(0).field, "context.facts");
}

TEST_F(RespondentsTest, HiddenFieldsJoinTheFactsOfTheInvitation) {
  house_.Publish(scope_, survey_, surveys::testing::DefineSaved(R"pb(
                   title { key: 'en' value: '{{hidden.plan|no}} plan for {{contact.first_name|you}}' }
                   questions {
                     key: 'nps'
                     nps {}
                   }
                   questions {
                     key: 'seats'
                     show_if { text: 'hidden.seats > 10 AND event.total > 100' }
                     number {}
                   }
                   hidden_fields { key: 'plan' type: TYPE_TEXT max_length: 3 required: true }
                   hidden_fields { key: 'seats' type: TYPE_NUMBER }
                 )pb"));
  const auto with = [](v1::QuestionnaireContext context, const std::string& hidden) {
    *context.mutable_facts() = Parse<google::protobuf::Struct>(
        absl::StrCat("fields { key: 'hidden' value { struct_value { ", hidden, " } } }"));
    return context;
  };
  constexpr char kPro[] =
      "fields { key: 'plan' value { string_value: 'pro' } } fields { key: 'seats' value { number_value: 11 } }";
  const v1::QuestionnaireContext invited = with(Token(Invite({.survey_version = 2})), kPro);
  EXPECT_EQ(Get(invited)->definition().title().at("en"), "pro plan for Žofie");
  EXPECT_EQ(Next(invited, "nps", {"question: 'nps' score: 1"})->page().key(), "seats");
  // Nobody is refused who only looks.
  EXPECT_EQ(Get(Survey())->definition().title().at("en"), "no plan for you");
  EXPECT_TRUE(Next(with(Survey(), kPro), "nps", {"question: 'nps' score: 1"})->complete());
  for (const v1::QuestionnaireContext& bad :
       {with(Survey(), "fields { key: 'plan' value { string_value: 'none' } }"),
        with(Token(Invite({.survey_version = 2})), "fields { key: 'plan' value { number_value: 1 } }")}) {
    const auto refused = Get(bad).status();
    EXPECT_EQ(ReasonOf(refused), v1::ERROR_REASON_INVALID_FIELD);
    EXPECT_EQ(ViolationsOf(refused).at(0).field, "context.facts.hidden.plan");
  }
}

TEST_F(RespondentsTest, WhoIsTooLateIsToldSo) {
  const std::string late = Invite({.schedule = -absl::Hours(2), .expire = -absl::Hours(1)});
  const auto expired = Get(Token(late));
  ASSERT_TRUE(expired.ok()) << expired.status();
  EXPECT_EQ(expired->availability(), v1::Questionnaire::AVAILABILITY_EXPIRED);
  EXPECT_EQ(expired->message(), "Už je pozdě!");
  EXPECT_THAT(expired->definition().questions(), IsEmpty());
  const auto step = Next(Token(late), "", {});
  EXPECT_TRUE(step->complete());
  EXPECT_EQ(step->availability(), v1::Questionnaire::AVAILABILITY_EXPIRED);
  EXPECT_EQ(step->ending().text().at("cs"), "Už je pozdě!");
}

TEST_F(RespondentsTest, WhoHasAnsweredIsThanked) {
  const std::string token = Invite();
  ASSERT_TRUE(Submit(token, 9).ok());
  const auto questionnaire = Get(Token(token));
  EXPECT_EQ(questionnaire->availability(), v1::Questionnaire::AVAILABILITY_ANSWERED);
  EXPECT_EQ(questionnaire->message(), "Děkujeme, vaši odpověď už máme.");
}

TEST_F(RespondentsTest, WhoIsTooEarlyIsToldSo) {
  EXPECT_EQ(Get(Token(Invite({.schedule = absl::Hours(1)})))->availability(), v1::Questionnaire::AVAILABILITY_NOT_OPEN);
}

TEST_F(RespondentsTest, AClosedSurveyIsClosedForEverybody) {
  const std::string token = Invite();
  house_.Close(scope_, survey_);
  EXPECT_EQ(Get(Token(token))->availability(), v1::Questionnaire::AVAILABILITY_CLOSED);
  EXPECT_EQ(Get(Survey())->message(), "Too late!");
}

TEST_F(RespondentsTest, SeesANewVersionWithinASecond) {
  EXPECT_THAT(Get(Survey())->survey_version(), HasSubstr("/versions/1"));
  (*definition_.mutable_title())["en"] = "Your second order";
  house_.Publish(scope_, survey_, definition_);
  db_.clock().Advance(surveys::SurveyCatalog::kStatusLifetime);
  const auto questionnaire = Get(Survey());
  EXPECT_THAT(questionnaire->survey_version(), HasSubstr("/versions/2"));
  EXPECT_EQ(questionnaire->definition().title().at("en"), "Your second order");
  // Who was invited to the first one still answers that.
  EXPECT_THAT(Get(Token(Invite()))->survey_version(), HasSubstr("/versions/1"));
  v1::QuestionnaireContext first;
  first.set_survey_version(ResourceName(scope_.tenant(), {"surveys", survey_.value(), "versions", "1"}));
  EXPECT_EQ(Get(first)->definition().title().at("en"), "Your order");
}

TEST_F(RespondentsTest, AFullQuotaIsToldWithinASecond) {
  ASSERT_TRUE(Submit("", 10).ok());
  EXPECT_FALSE(Submit("", 10).ok());
  db_.clock().Advance(Respondents::kQuotaLifetime);
  const auto full = Next(Survey(), "nps", {"question: 'nps' score: 10"});
  ASSERT_TRUE(full.ok()) << full.status();
  EXPECT_TRUE(full->quota_full());
  EXPECT_EQ(full->ending().text().at("en"), "Too late!");
  EXPECT_FALSE(Next(Survey(), "nps", {"question: 'nps' score: 9"})->quota_full());
}

TEST_F(RespondentsTest, PreviewsADefinitionThatIsNotSaved) {
  v1::QuestionnaireContext context;
  *context.mutable_definition() = Parse<v1::SurveyDefinition>(kDefinition);  // its conditions as texts
  context.set_language("cs");
  const auto step = Next(context, "", {});
  ASSERT_TRUE(step.ok()) << step.status();
  EXPECT_EQ(step->page().questions(0).text().at("cs"), "Vážený zákazníku , jak pravděpodobné?");
  EXPECT_EQ(Get(context)->survey_version(), "");

  context.mutable_definition()->mutable_questions(1)->mutable_show_if()->set_text("answer.unknown = 1");
  const absl::Status refused = Next(context, "", {}).status();
  EXPECT_EQ(ReasonOf(refused), v1::ERROR_REASON_INVALID_SURVEY);
  EXPECT_THAT(ViolationsOf(refused).at(0).field, HasSubstr("context.definition.questions[1].show_if"));
}

TEST_F(RespondentsTest, AnswersFromMemoryOnceItHasRead) {
  const auto from_memory = [&](const v1::QuestionnaireContext& context) {
    v1::NextStepRequest request;
    *request.mutable_context() = context;
    return NextStepFromMemory(respondents_, scope_, request);
  };
  const v1::QuestionnaireContext invited = Token(Invite());
  EXPECT_FALSE(from_memory(Survey()).has_value());
  ASSERT_TRUE(Next(Survey(), "", {}).ok());
  const auto step = from_memory(Survey());
  ASSERT_TRUE(step.has_value());
  EXPECT_EQ((*step)->page().key(), "nps");
  EXPECT_FALSE(from_memory(invited).has_value());
  ASSERT_TRUE(Next(invited, "", {}).ok());
  EXPECT_TRUE(from_memory(invited).has_value());
  // What is wrong by itself needs no reading.
  const auto refused = from_memory({});
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(ReasonOf(refused->status()), v1::ERROR_REASON_INVALID_FIELD);
  // What is too old does.
  db_.clock().Advance(surveys::SurveyCatalog::kStatusLifetime);
  EXPECT_FALSE(from_memory(Survey()).has_value());
  v1::QuestionnaireContext preview;
  *preview.mutable_definition() = definition_;
  ASSERT_TRUE(Next(preview, "", {}).ok());
  EXPECT_FALSE(from_memory(preview).has_value());
}

TEST_F(RespondentsTest, RefusesWhatIsNotTheCallersOrDoesNotExist) {
  EXPECT_EQ(ReasonOf(Get({}).status()), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_EQ(ReasonOf(Get(Token("cvi_nonsense")).status()), v1::ERROR_REASON_INVITATION_TOKEN_INVALID);
  const TenantScope other = mysql::testing::MakeScope("globex");
  v1::GetQuestionnaireRequest request;
  *request.mutable_context() = Token(Invite());
  EXPECT_EQ(GetQuestionnaire(respondents_, other, request).status().code(), absl::StatusCode::kNotFound);
  v1::QuestionnaireContext context;
  context.set_survey(ResourceName(scope_.tenant(), {"surveys", "nothing"}));
  EXPECT_EQ(ReasonOf(Get(context).status()), v1::ERROR_REASON_SURVEY_NOT_FOUND);
  context.set_survey_version(Survey().survey() + "/versions/7");
  EXPECT_EQ(Get(context).status().code(), absl::StatusCode::kNotFound);
  context = Survey();
  context.set_seed(std::string(101, 'x'));
  EXPECT_EQ(ViolationsOf(Get(context).status()).at(0).field, "context.seed");
}

}  // namespace
}  // namespace canvass::responses
