#include "server/responses/questionnaire/step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "server/base/error.h"
#include "server/base/testing/parse.h"
#include "server/responses/questionnaire/option_order.h"
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
  pages {
    key: 'visit'
    starts_with: 'nps'
    title { key: 'en' value: 'Your visit, {{contact.name|guest}}' }
  }
  pages { key: 'details' starts_with: 'why' }
  pages { key: 'last' starts_with: 'consent' }
  questions {
    key: 'nps'
    required: true
    text { key: 'en' value: 'How likely?' }
    text { key: 'cs' value: 'Jak pravděpodobné?' }
    nps {}
  }
  questions {
    key: 'place'
    text { key: 'en' value: 'Where?' }
    single_choice {
      options {
        key: 'brno'
        text { key: 'en' value: 'In Brno' }
        text { key: 'cs' value: 'V Brně' }
      }
      options {
        key: 'praha'
        text { key: 'en' value: 'In Prague' }
        text { key: 'cs' value: 'V Praze' }
      }
    }
  }
  questions {
    key: 'why'
    show_if { text: 'answer.nps <= 6' }
    text { key: 'en' value: 'What went wrong {{answer.place|there}}?' }
    text { key: 'cs' value: 'Co se nepovedlo {{answer.place|tam}}?' }
    free_text { max_length: 10 }
  }
  questions {
    key: 'consent'
    routes {
      when { text: 'answer.consent = false' }
      end_with: 'bye'
    }
    text { key: 'en' value: 'May we call you?' }
    consent {}
  }
  questions {
    key: 'phone'
    show_if { text: 'answer.consent = true' }
    text { key: 'en' value: 'Number?' }
    free_text {}
  }
  endings {
    key: 'thanks'
    title { key: 'en' value: 'Thank you, {{contact.name}}!' }
  }
  endings {
    key: 'bye'
    title { key: 'en' value: 'Good bye!' }
  }
  quotas {
    key: 'promoters'
    limit: 10
    when { text: 'answer.nps >= 9' }
    ending: 'bye'
  }
  quotas {
    key: 'detractors'
    limit: 10
    when { text: 'answer.nps <= 6' }
  }
  values {
    key: 'mood'
    select {
      cases {
        when { text: 'answer.nps >= 9' }
        value { string_value: 'great' }
      }
      cases { value { string_value: 'other' } }
    }
  }
)pb";

class StepTest : public ::testing::Test {
 protected:
  StepTest() { Use(kDefinition); }

  void Use(const std::string& definition) {
    auto version = std::make_shared<v1::SurveyVersion>();
    *version->mutable_definition() = surveys::testing::DefineSaved(definition);
    version_ = version;
  }

  absl::StatusOr<v1::Step> TryStep(const std::string& after_page, const std::vector<std::string>& answers) {
    google::protobuf::RepeatedPtrField<v1::Answer> parsed;
    for (const std::string& answer : answers) *parsed.Add() = Parse<v1::Answer>(answer);
    const auto survey = Localize(version_, language_);
    return NextStepOf({.survey = *survey,
                       .seed = seed_,
                       .facts = facts_,
                       .answers = parsed,
                       .after_page = after_page,
                       .full_quotas = full_quotas_});
  }

  v1::Step Step(const std::string& after_page, const std::vector<std::string>& answers) {
    absl::StatusOr<v1::Step> step = TryStep(after_page, answers);
    EXPECT_TRUE(step.ok()) << step.status();
    return step.ok() ? *step : v1::Step();
  }

  static std::vector<std::string> Keys(const v1::QuestionnairePage& page) {
    std::vector<std::string> keys;
    for (const v1::Question& question : page.questions()) keys.push_back(question.key());
    return keys;
  }

  std::shared_ptr<const v1::SurveyVersion> version_;
  std::string language_ = "en";
  std::string seed_;
  google::protobuf::Struct facts_;
  std::vector<std::string> full_quotas_;
};

TEST_F(StepTest, BeginsWithTheFirstPage) {
  const v1::Step step = Step("", {});
  EXPECT_EQ(step.page().key(), "visit");
  EXPECT_EQ(step.page().title(), "Your visit, guest");
  EXPECT_THAT(Keys(step.page()), ElementsAre("nps", "place"));
  EXPECT_FALSE(step.complete());
  EXPECT_EQ(step.progress_percent(), 0);
  EXPECT_GT(step.remaining_duration().seconds(), 10);
}

TEST_F(StepTest, KnowsThePeopleItTalksTo) {
  facts_ = Parse<google::protobuf::Struct>(R"pb(
    fields {
      key: 'contact'
      value {
        struct_value {
          fields {
            key: 'name'
            value { string_value: 'Žofie' }
          }
        }
      }
    }
  )pb");
  EXPECT_EQ(Step("", {}).page().title(), "Your visit, Žofie");
  EXPECT_EQ(Step("last", {"question: 'nps' score: 7"}).ending().title().at("en"), "Thank you, Žofie!");
}

TEST_F(StepTest, GoesWhereTheAnswersLead) {
  const v1::Step unhappy = Step("visit", {"question: 'nps' score: 2", "question: 'place' choice: 'brno'"});
  EXPECT_EQ(unhappy.page().key(), "details");
  EXPECT_EQ(unhappy.page().questions(0).text().at("en"), "What went wrong In Brno?");
  const v1::Step happy = Step("visit", {"question: 'nps' score: 9"});
  EXPECT_EQ(happy.page().key(), "last");
  EXPECT_EQ(happy.values().fields().at("mood").string_value(), "great");
  EXPECT_GT(happy.progress_percent(), unhappy.progress_percent());
}

TEST_F(StepTest, SpeaksTheRespondentsLanguage) {
  language_ = "cs-CZ";
  const v1::Step step = Step("visit", {"question: 'nps' score: 2", "question: 'place' choice: 'brno'"});
  EXPECT_EQ(step.page().questions(0).text().at("cs"), "Co se nepovedlo V Brně?");
  EXPECT_EQ(step.page().questions(0).text().size(), 1u);
  // What is not translated comes in the default language, under the respondent's.
  EXPECT_EQ(Step("details", {"question: 'nps' score: 2"}).page().questions(0).text().at("cs"), "May we call you?");
}

TEST_F(StepTest, TheLogicStaysWithTheServer) {
  const v1::Step step = Step("visit", {"question: 'nps' score: 2"});
  EXPECT_FALSE(step.page().questions(0).has_show_if());
  EXPECT_THAT(Step("details", {"question: 'nps' score: 2"}).page().questions(0).routes(), IsEmpty());
}

TEST_F(StepTest, ComesBackToThePageWithAProblem) {
  const v1::Step missing = Step("visit", {});
  ASSERT_EQ(missing.problems_size(), 1);
  EXPECT_EQ(missing.problems(0).question(), "nps");
  EXPECT_EQ(missing.problems(0).field(), "");
  EXPECT_EQ(missing.page().key(), "visit");

  const v1::Step wrong = Step("details", {"question: 'nps' score: 2", "question: 'why' text: 'far too long a text'"});
  ASSERT_EQ(wrong.problems_size(), 1);
  EXPECT_EQ(wrong.problems(0).question(), "why");
  EXPECT_EQ(wrong.problems(0).field(), "text");
  EXPECT_THAT(wrong.problems(0).description(), HasSubstr("10"));
  EXPECT_EQ(wrong.page().key(), "details");
}

TEST_F(StepTest, DoesNotJudgePagesThatAreStillToCome) {
  EXPECT_THAT(Step("", {"question: 'why' text: 'far too long a text'"}).problems(), IsEmpty());
}

TEST_F(StepTest, EndsWhereTheRoutesSay) {
  const v1::Step bye = Step("last", {"question: 'nps' score: 8", "question: 'consent' consent: false"});
  EXPECT_TRUE(bye.complete());
  EXPECT_FALSE(bye.has_page());
  EXPECT_EQ(bye.ending().key(), "bye");
  EXPECT_EQ(bye.progress_percent(), 100);
  const v1::Step thanks =
      Step("last", {"question: 'nps' score: 8", "question: 'consent' consent: true", "question: 'phone' text: '1'"});
  EXPECT_EQ(thanks.ending().key(), "thanks");
  EXPECT_EQ(thanks.ending().title().at("en"), "Thank you, !");
}

TEST_F(StepTest, AQuestionMayDependOnAnotherOfItsPage) {
  EXPECT_THAT(Keys(Step("details", {"question: 'nps' score: 8"}).page()), ElementsAre("consent"));
  EXPECT_THAT(Keys(Step("details", {"question: 'nps' score: 8", "question: 'consent' consent: true"}).page()),
              ElementsAre("consent", "phone"));
}

TEST_F(StepTest, NamesAnswersThatWereNotShown) {
  const v1::Step step = Step("visit", {"question: 'nps' score: 8", "question: 'why' text: 'x'"});
  EXPECT_THAT(step.hidden_answers(), ElementsAre("why"));
}

TEST_F(StepTest, TellsOfAFullQuotaAsSoonAsItCan) {
  full_quotas_ = {"promoters", "detractors"};
  EXPECT_FALSE(Step("", {}).quota_full());
  const v1::Step promoter = Step("visit", {"question: 'nps' score: 9"});
  EXPECT_TRUE(promoter.quota_full());
  EXPECT_TRUE(promoter.complete());
  EXPECT_EQ(promoter.ending().key(), "bye");
  const v1::Step detractor = Step("visit", {"question: 'nps' score: 0"});
  EXPECT_TRUE(detractor.quota_full());
  EXPECT_THAT(detractor.ending().text().at("en"), HasSubstr("has ended"));
  EXPECT_FALSE(Step("visit", {"question: 'nps' score: 7"}).quota_full());
}

TEST_F(StepTest, RefusesAnUnknownPage) {
  const absl::StatusOr<v1::Step> step = TryStep("nowhere", {});
  ASSERT_EQ(step.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ViolationsOf(step.status()).at(0).field, "after_page");
  EXPECT_THAT(std::string(step.status().message()), HasSubstr("visit, details, last"));
}

TEST_F(StepTest, WithoutPagesEveryQuestionIsOne) {
  Use("default_language: 'en' questions { key: 'a' text { key: 'en' value: 'A?' } nps {} } "
      "questions { key: 'b' text { key: 'en' value: 'B?' } nps {} }");
  EXPECT_EQ(Step("", {}).page().key(), "a");
  EXPECT_EQ(Step("a", {}).page().key(), "b");
  EXPECT_TRUE(Step("b", {}).complete());
  EXPECT_FALSE(Step("b", {}).has_ending());
}

class OptionOrderTest : public ::testing::Test {
 protected:
  static std::vector<std::string> Order(const std::string& seed) {
    auto question = Parse<v1::Question>(R"pb(
      key: 'q'
      single_choice {
        order: OPTION_ORDER_SHUFFLED
        options { key: 'a' }
        options { key: 'b' }
        options { key: 'c' }
        options { key: 'd' }
        options { key: 'e' }
        options { key: 'none' pinned: true }
      }
    )pb");
    OrderOptions(seed, question);
    std::vector<std::string> keys;
    for (const v1::ChoiceOption& option : question.single_choice().options()) keys.push_back(option.key());
    return keys;
  }
};

TEST_F(OptionOrderTest, IsAlwaysAlikeForOneRespondent) {
  EXPECT_EQ(Order("ada"), Order("ada"));
  // Also in another process and another release.
  EXPECT_THAT(Order("ada"), ElementsAre("e", "a", "d", "c", "b", "none"));
}

TEST_F(OptionOrderTest, DiffersBetweenRespondentsAndFavoursNobody) {
  constexpr int kRespondents = 6000;
  std::vector<std::vector<int>> counts(5, std::vector<int>(5));
  for (int i = 0; i < kRespondents; ++i) {
    const std::vector<std::string> order = Order("respondent " + std::to_string(i));
    ASSERT_EQ(order[5], "none");
    for (int place = 0; place < 5; ++place) ++counts[place][order[place][0] - 'a'];
  }
  // Each option in each place 1,200 times; five standard deviations are 155.
  for (const std::vector<int>& place : counts)
    EXPECT_THAT(place, ::testing::Each(::testing::AllOf(::testing::Gt(1045), ::testing::Lt(1355))));
}

TEST_F(OptionOrderTest, IsAsWrittenWithoutASeed) {
  EXPECT_THAT(Order(""), ElementsAre("a", "b", "c", "d", "e", "none"));
}

}  // namespace
}  // namespace canvass::responses
