#include "server/surveys/texts/languages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/surveys/testing/definitions.h"
#include "server/surveys/texts/late_message.h"

namespace canvass::surveys {
namespace {

using ::testing::ElementsAre;

v1::SurveyDefinition Definition() {
  return testing::Define(
      R"pb(
        default_language: 'en'
        languages: 'cs'
        languages: 'pt'
        languages: 'pt-BR'
        languages: 'zh-Hant'
        title { key: 'en' value: 'Your visit' }
        title { key: 'cs' value: 'Vaše návštěva' }
        title { key: 'ar' value: 'زيارتك' }
        questions {
          key: 'likes'
          text { key: 'en' value: 'What did you like?' }
          text { key: 'pt' value: 'De que gostou?' }
          multiple_choice {
            options {
              key: 'a'
              text { key: 'en' value: 'The price' }
            }
          }
        }
      )pb");
}

TEST(LanguagesTest, OffersTheDefaultFirst) {
  EXPECT_THAT(LanguagesOf(Definition()), ElementsAre("en", "cs", "pt", "pt-BR", "zh-Hant"));
}

TEST(LanguagesTest, ChoosesTheNearestOnOffer) {
  const auto definition = Definition();
  EXPECT_EQ(ChooseLanguage(definition, "cs"), "cs");
  EXPECT_EQ(ChooseLanguage(definition, "CS-cz"), "cs");
  EXPECT_EQ(ChooseLanguage(definition, "pt-br"), "pt-BR");
  EXPECT_EQ(ChooseLanguage(definition, "pt-PT"), "pt");
  EXPECT_EQ(ChooseLanguage(definition, "zh-Hant-TW"), "zh-Hant");
  EXPECT_EQ(ChooseLanguage(definition, "zh-Hant-x-private"), "zh-Hant");
  EXPECT_EQ(ChooseLanguage(definition, "zh"), "en");
  EXPECT_EQ(ChooseLanguage(definition, "ar"), "en");  // has texts, but is not offered
  EXPECT_EQ(ChooseLanguage(definition, ""), "en");
}

TEST(LanguagesTest, EachTextFallsBackByItself) {
  const v1::SurveyDefinition one = InLanguage(Definition(), "pt-BR");
  EXPECT_EQ(one.title().at("pt-BR"), "Your visit");
  EXPECT_EQ(one.questions(0).text().at("pt-BR"), "De que gostou?");
  EXPECT_EQ(one.questions(0).multiple_choice().options(0).text().at("pt-BR"), "The price");
  EXPECT_EQ(one.questions(0).text().size(), 1u);
  EXPECT_TRUE(one.questions(0).help().empty());
}

TEST(LateMessageTest, SpeaksTheRespondentsLanguage) {
  v1::SurveyDefinition definition;
  definition.set_default_language("en");
  EXPECT_EQ(LateMessage(definition, "cs-CZ", v1::Questionnaire::AVAILABILITY_ANSWERED),
            "Děkujeme, vaši odpověď už máme.");
  EXPECT_EQ(LateMessage(definition, "sl", v1::Questionnaire::AVAILABILITY_CLOSED),
            "Hvala za vaše zanimanje. Ta anketa je že zaključena.");
  EXPECT_EQ(LateMessage(definition, "fi", v1::Questionnaire::AVAILABILITY_NOT_OPEN),
            "This survey cannot be answered right now.");
  EXPECT_EQ(LateMessage(definition, "en", v1::Questionnaire::AVAILABILITY_OPEN), "");
}

TEST(LateMessageTest, TheSurveysOwnTextComesFirst) {
  v1::SurveyDefinition definition;
  definition.set_default_language("en");
  (*definition.mutable_closed_text())["en"] = "Join us next year.";
  EXPECT_EQ(LateMessage(definition, "pl", v1::Questionnaire::AVAILABILITY_EXPIRED), "Join us next year.");
}

}  // namespace
}  // namespace canvass::surveys
