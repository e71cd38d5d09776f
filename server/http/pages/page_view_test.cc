#include "server/http/pages/page_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/surveys/testing/definitions.h"

namespace canvass::http {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::set<std::string> Braces(absl::string_view sentence) {
  static const std::regex brace("\\{[a-z_]+\\}");
  const std::string text(sentence);
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), brace), end; it != end; ++it) found.insert(it->str());
  return found;
}

TEST(SentencesTest, EveryLanguageSaysEverything) {
  const Sentences::Table english = Sentences::TableOf("en");
  EXPECT_GT(english.size(), 50u);
  EXPECT_THAT(Sentences::Languages(), ElementsAre("cs", "de", "en", "es", "fr", "pl", "sk"));
  for (const std::string& language : Sentences::Languages()) {
    const Sentences::Table table = Sentences::TableOf(language);
    EXPECT_EQ(table.size(), english.size()) << language;
    for (const auto& [key, sentence] : english) {
      ASSERT_TRUE(table.contains(key)) << language << " lacks " << key;
      EXPECT_EQ(Braces(table.at(key)), Braces(sentence)) << language << ": " << key;
    }
  }
}

TEST(SentencesTest, FillsInOnceAndFallsBack) {
  EXPECT_EQ(Sentences::In("de-AT").Get("next"), "Weiter");
  EXPECT_EQ(Sentences::In("nl").Get("next"), "Next");
  EXPECT_EQ(Sentences::In("").language(), "en");
  EXPECT_EQ(Sentences::In("en").Fill("problem_exclusive", {{"option", "{option}{max}"}}),
            "“{option}{max}” cannot be chosen together with other options.");
}

TEST(SentencesTest, OrdersWhatTheBrowserPrefers) {
  EXPECT_THAT(PreferredLanguages("en;q=0.5, cs-CZ, *;q=0.1, de; q=0.7, fr;q=0, x y, pl;q=no"),
              ElementsAre("cs-CZ", "de", "en"));
  EXPECT_THAT(PreferredLanguages(""), IsEmpty());
}

TEST(BrandLookTest, TextOnTheColourIsReadable) {
  EXPECT_NEAR(Contrast("#ffffff", "#000000"), 21, 1e-9);
  EXPECT_NEAR(Contrast("#777777", "#ffffff"), 4.48, 0.01);
  for (const char* color : {"#000000", "#ffffff", "#ffee00", "#1f5fbf", "#808080", "#ff0000", "#00ff00", "#767676"}) {
    v1::Brand brand;
    brand.set_color(color);
    const BrandLook look = LookOf(brand, "Acme");
    EXPECT_GE(Contrast(look.color, look.on_color), 4.5) << color;
    EXPECT_GE(Contrast(look.link_color, "#ffffff"), 4.5) << color;
  }
}

TEST(BrandLookTest, NothingGetsIntoThePolicy) {
  v1::Brand brand;
  brand.set_color("red;}");
  brand.set_logo_url("https://a.example;script-src * /x.png");
  const BrandLook look = LookOf(brand, "Acme");
  EXPECT_EQ(look.logo_url, "");
  EXPECT_EQ(look.color, "#1f5fbf");
  EXPECT_EQ(look.name, "Acme");
  EXPECT_THAT(ContentPolicy(look, "x"), Not(HasSubstr("script-src")));
}

class SurveyPageViewTest : public ::testing::Test {
 protected:
  // The page with all questions of `definition`.
  std::string Show(const std::string& definition, const Form& form = {}) {
    const v1::SurveyDefinition survey = surveys::testing::Define(definition);
    v1::Step step;
    step.mutable_page()->set_key("page");
    *step.mutable_page()->mutable_questions() = survey.questions();
    return SurveyPage(frame_, {.step = step, .languages = languages_, .title = "Title", .form = form}).html;
  }

  const std::vector<std::string> languages_ = {"en"};
  const PageFrame frame_{.look = LookOf(v1::Brand(), "Acme"), .sentences = Sentences::In("en"), .language = "en"};
};

TEST_F(SurveyPageViewTest, EveryTextIsEscaped) {
  const std::string html = Show(R"pb(questions {
                                       key: 'k'
                                       text { key: 'en' value: '<img src=x>{{name}}' }
                                       help { key: 'en' value: '"quoted" & \'more\'' }
                                       single_choice {
                                         options {
                                           key: 'a'
                                           text { key: 'en' value: '<a>' }
                                         }
                                         options {
                                           key: 'o'
                                           other: true
                                           text { key: 'en' value: '</style>' }
                                         }
                                       }
                                     })pb");
  EXPECT_THAT(html,
              AllOf(HasSubstr("&lt;img src=x&gt;{{name}}"), HasSubstr("&quot;quoted&quot; &amp; &apos;more&apos;"),
                    HasSubstr("<span>&lt;a&gt;</span>"), Not(HasSubstr("<img")), Not(HasSubstr("<a>"))));
}

TEST_F(SurveyPageViewTest, ALargePageStaysSmall) {
  std::string definition;
  for (int i = 0; i < 20; ++i) absl::StrAppend(&definition, "questions { key: 'nps", i, "' nps {} }");
  absl::StrAppend(&definition, "questions { key: 'matrix' matrix {");
  for (int i = 0; i < 12; ++i) absl::StrAppend(&definition, "rows { key: 'row", i, "' }");
  for (int i = 0; i < 5; ++i) absl::StrAppend(&definition, "columns { key: 'column", i, "' }");
  absl::StrAppend(&definition, "} } questions { key: 'country' single_choice {");
  for (int i = 0; i < 200; ++i) absl::StrAppend(&definition, "options { key: 'country", i, "' }");
  absl::StrAppend(&definition, "} }");
  const std::string html = Show(definition);
  EXPECT_LT(html.size(), 50'000u);
  EXPECT_THAT(html, HasSubstr("<select name=\"q.country\""));
}

TEST_F(SurveyPageViewTest, FieldsSayWhatTheyAreFor) {
  const std::string html = Show(R"pb(questions {
                                       key: 'mail'
                                       free_text { pattern: PATTERN_EMAIL }
                                     }
                                     questions {
                                       key: 'phone'
                                       free_text { pattern: PATTERN_PHONE }
                                     }
                                     questions {
                                       key: 'age'
                                       required: true
                                       number { unit { key: 'en' value: 'years' } }
                                     }
                                     questions {
                                       key: 'day'
                                       date { min: '2026-01-01' }
                                     }
                                     questions {
                                       key: 'note'
                                       statement {}
                                     })pb");
  EXPECT_THAT(html, AllOf(HasSubstr("type=\"email\" name=\"q.mail\" id=\"q-mail\" value=\"\" autocomplete=\"email\">"),
                          HasSubstr("type=\"tel\""), HasSubstr("<span id=\"u-age\">years</span>"),
                          HasSubstr(" required aria-describedby=\"u-age\""), HasSubstr("min=\"2026-01-01\""),
                          HasSubstr("<p class=\"label\">note</p>")));
}

TEST_F(SurveyPageViewTest, LanguagesFromRightToLeftRunSo) {
  PageFrame frame = frame_;
  frame.language = "he";
  EXPECT_THAT(MessagePage(frame, {.heading = "x"}).html, HasSubstr("<html lang=\"he\" dir=\"rtl\">"));
}

}  // namespace
}  // namespace canvass::http
