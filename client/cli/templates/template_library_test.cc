#include "client/cli/templates/template_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "client/cli/testing/parse.h"
#include "client/cli/translations/texts.h"
#include "google/protobuf/util/message_differencer.h"

namespace canvass::cli {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(TemplateLibraryTest, HasTheUsualSurveys) {
  std::vector<std::string> names;
  for (const SurveyTemplate& one : SurveyTemplates()) names.emplace_back(one.name);
  EXPECT_THAT(names, ElementsAre("ces-purchase", "churn", "csat-support", "enps", "nps", "onboarding"));
  EXPECT_EQ(FindTemplate("nsp"), nullptr);
  EXPECT_EQ(AboutTemplate(*FindTemplate("nps")), "Net Promoter Score: would customers recommend us, and why.");
}

TEST(TemplateLibraryTest, EachIsCompleteInFiveLanguages) {
  for (const SurveyTemplate& one : SurveyTemplates()) {
    v1::Survey survey = ParseSurvey(std::string(one.yaml));
    EXPECT_EQ(survey.name(), "tenants/-/surveys/" + std::string(one.name));
    EXPECT_EQ(survey.definition().default_language(), "en");
    EXPECT_THAT(survey.definition().languages(), ElementsAre("cs", "sk", "pl", "sl"));
    for (const LocatedText& text : TextsOf(*survey.mutable_definition())) {
      EXPECT_EQ(text.texts->size(), 5u) << one.name << " " << text.path;
      for (const auto& [language, words] : *text.texts) EXPECT_NE(words, "") << one.name << " " << text.path;
    }
  }
}

// What is left of a survey in some languages.
v1::Survey InLanguages(v1::Survey survey, const std::vector<std::string>& languages) {
  v1::SurveyDefinition& definition = *survey.mutable_definition();
  definition.set_default_language(languages.front());
  definition.clear_languages();
  for (std::size_t i = 1; i < languages.size(); ++i) definition.add_languages(languages[i]);
  for (const LocatedText& text : TextsOf(definition)) {
    Texts kept;
    for (const std::string& language : languages) kept[language] = text.texts->at(language);
    *text.texts = kept;
  }
  return survey;
}

TEST(TemplateLibraryTest, EachCanBeTakenInFewerLanguages) {
  for (const SurveyTemplate& one : SurveyTemplates()) {
    const v1::Survey whole = ParseSurvey(std::string(one.yaml));
    for (const std::vector<std::string>& languages : std::vector<std::vector<std::string>>{
             {"en"}, {"cs"}, {"sl"}, {"cs", "sk"}, {"pl", "en"}, {"sk", "sl", "pl", "cs", "en"}}) {
      const auto yaml = FillTemplate(one, {.id = "mine", .languages = languages});
      ASSERT_TRUE(yaml.ok()) << yaml.status();
      v1::Survey wanted = InLanguages(whole, languages);
      wanted.set_name("tenants/-/surveys/mine");
      EXPECT_TRUE(MessageDifferencer::Equals(ParseSurvey(*yaml), wanted)) << *yaml;
      EXPECT_THAT(*yaml, HasSubstr("\n# ")) << "comments stay";
    }
    EXPECT_EQ(*FillTemplate(one, {}), one.yaml);
  }
}

TEST(TemplateLibraryTest, OneLanguageNeedsNoMaps) {
  EXPECT_THAT(*FillTemplate(*FindTemplate("nps"), {.id = "", .languages = {"cs"}}),
              HasSubstr("    text: S jakou pravděpodobností byste nás doporučili svým přátelům nebo kolegům?\n"
                        "    help: 0 = určitě nedoporučím, 10 = určitě doporučím\n"));
}

TEST(TemplateLibraryTest, SaysWhichLanguagesThereAre) {
  const auto yaml = FillTemplate(*FindTemplate("nps"), {.id = "", .languages = {"en", "fr"}});
  EXPECT_THAT(std::string(yaml.status().message()),
              HasSubstr("template nps is written in en, cs, sk, pl, sl, not in 'fr'"));
}

}  // namespace
}  // namespace canvass::cli
