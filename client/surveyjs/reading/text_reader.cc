#include "client/surveyjs/reading/text_reader.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/surveyjs/expression/loose_values.h"
#include "client/surveyjs/html_text.h"

namespace canvass::surveyjs {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxCharacters = 5000;
constexpr std::size_t kMaxLanguages = 50;

struct StandardText {
  absl::string_view english;
  std::array<std::pair<absl::string_view, absl::string_view>, 10> others;
};

constexpr std::array<StandardText, 7> kStandardTexts = {{
    {"Thank you for completing the survey",
     {{{"cs", "Děkujeme za vyplnění dotazníku"},
       {"de", "Vielen Dank, dass Sie an der Umfrage teilgenommen haben"},
       {"es", "Gracias por completar la encuesta"},
       {"fr", "Merci d'avoir répondu au questionnaire"},
       {"it", "Grazie per aver completato il sondaggio"},
       {"nl", "Bedankt voor het invullen van de vragenlijst"},
       {"pl", "Dziękujemy za wypełnienie ankiety"},
       {"pt", "Obrigado por responder ao questionário"},
       {"sk", "Ďakujeme za vyplnenie dotazníka"},
       {"sl", "Hvala za izpolnjeno anketo"}}}},
    {"Yes",
     {{{"cs", "Ano"},
       {"de", "Ja"},
       {"es", "Sí"},
       {"fr", "Oui"},
       {"it", "Sì"},
       {"nl", "Ja"},
       {"pl", "Tak"},
       {"pt", "Sim"},
       {"sk", "Áno"},
       {"sl", "Da"}}}},
    {"No",
     {{{"cs", "Ne"},
       {"de", "Nein"},
       {"es", "No"},
       {"fr", "Non"},
       {"it", "No"},
       {"nl", "Nee"},
       {"pl", "Nie"},
       {"pt", "Não"},
       {"sk", "Nie"},
       {"sl", "Ne"}}}},
    {"Other (describe)",
     {{{"cs", "Jiné (popište)"},
       {"de", "Sonstiges (bitte angeben)"},
       {"es", "Otro (describa)"},
       {"fr", "Autre (préciser)"},
       {"it", "Altro (specificare)"},
       {"nl", "Anders (licht toe)"},
       {"pl", "Inne (opisz)"},
       {"pt", "Outro (descreva)"},
       {"sk", "Iné (opíšte)"},
       {"sl", "Drugo (opišite)"}}}},
    {"None",
     {{{"cs", "Žádné"},
       {"de", "Keine"},
       {"es", "Ninguno"},
       {"fr", "Aucun"},
       {"it", "Nessuno"},
       {"nl", "Geen"},
       {"pl", "Żadne"},
       {"pt", "Nenhum"},
       {"sk", "Žiadne"},
       {"sl", "Nobeno"}}}},
    {"Refuse to answer",
     {{{"cs", "Nechci odpovědět"},
       {"de", "Keine Angabe"},
       {"es", "Prefiero no responder"},
       {"fr", "Je refuse de répondre"},
       {"it", "Preferisco non rispondere"},
       {"nl", "Wil ik niet zeggen"},
       {"pl", "Odmawiam odpowiedzi"},
       {"pt", "Prefiro não responder"},
       {"sk", "Nechcem odpovedať"},
       {"sl", "Ne želim odgovoriti"}}}},
    {"Don't know",
     {{{"cs", "Nevím"},
       {"de", "Weiß nicht"},
       {"es", "No sé"},
       {"fr", "Ne sait pas"},
       {"it", "Non so"},
       {"nl", "Weet niet"},
       {"pl", "Nie wiem"},
       {"pt", "Não sei"},
       {"sk", "Neviem"},
       {"sl", "Ne vem"}}}},
}};

absl::string_view StandardIn(absl::string_view english, absl::string_view language) {
  for (const StandardText& text : kStandardTexts) {
    if (text.english != english) continue;
    for (const auto& [tag, translation] : text.others) {
      if (tag == language.substr(0, language.find('-'))) return translation;
    }
  }
  return english;
}

}  // namespace

TextMap TextReader::Read(const json* value, absl::string_view path) const {
  TextMap map;
  if (value == nullptr) return map;
  bool had_tags = false;
  for (const auto& [language, text] : ByLanguage(*value, path)) {
    const HtmlText html = surveyjs::ReadHtml(text);
    had_tags = had_tags || html.had_tags;
    // A text without tags is shown as it is written, `&amp;` and line breaks, too.
    const std::string stripped = html.heading.empty() ? html.text : absl::StrCat(html.heading, "\n", html.text);
    Put(language, html.had_tags ? stripped : text, path, map);
  }
  if (had_tags) report_.Add(path, "HTML became plain text");
  FillDefault(path, map);
  return map;
}

HeadedText TextReader::ReadHtml(const json* value, absl::string_view path) const {
  HeadedText headed;
  if (value == nullptr) return headed;
  bool had_markup = false;
  for (const auto& [language, text] : ByLanguage(*value, path)) {
    const HtmlText html = surveyjs::ReadHtml(text);
    had_markup = had_markup || html.had_markup;
    // One language decides for all, so that none has its headline elsewhere.
    Put(language, html.heading.empty() ? html.text : html.heading, path, headed.heading);
    if (!html.heading.empty()) Put(language, html.text, path, headed.text);
  }
  if (had_markup) report_.Add(path, "HTML became plain text");
  FillDefault(path, headed.heading);
  FillDefault(path, headed.text);
  return headed;
}

TextMap TextReader::Plain(absl::string_view text) const {
  TextMap map;
  Put(languages_.default_language, text, "", map);
  return map;
}

TextMap TextReader::Standard(absl::string_view english, const std::set<std::string>& languages) const {
  TextMap map;
  map[languages_.default_language] = std::string(StandardIn(english, languages_.default_language));
  for (const std::string& language : languages) map[language] = std::string(StandardIn(english, language));
  return map;
}

std::map<std::string, std::string> TextReader::ByLanguage(const json& value, absl::string_view path) const {
  std::map<std::string, std::string> texts;
  if (!value.is_object()) {
    texts[languages_.plain_language] = LooseText(value);
    return texts;
  }
  for (const auto& [locale, text] : value.items()) {
    if (locale == "default") continue;
    const std::string tag = TagOfLocale(locale);
    if (tag.empty() || !text.is_string()) {
      report_.Add(path, absl::StrCat(Quoted(locale), " is not a language with a text: left out"));
    } else if (texts.size() < kMaxLanguages - 1) {
      texts[tag] = text.get<std::string>();
    } else {
      report_.Add(path, absl::StrCat("has more than ", kMaxLanguages, " languages: ", locale, " is left out"));
    }
  }
  // `default` is what is shown where both are there.
  const auto plain = value.find("default");
  if (plain != value.end() && !IsEmpty(*plain)) texts[languages_.plain_language] = LooseText(*plain);
  return texts;
}

void TextReader::Put(const std::string& language, absl::string_view text, absl::string_view path, TextMap& map) const {
  if (absl::StripAsciiWhitespace(text).empty()) return;
  std::string shortened = Shortened(text, kMaxCharacters);
  if (shortened.size() < text.size()) {
    report_.Add(path, absl::StrCat("is longer than ", kMaxCharacters, " characters: cut"));
  }
  map[language] = std::move(shortened);
}

void TextReader::FillDefault(absl::string_view path, TextMap& map) const {
  if (map.empty() || map.contains(languages_.default_language)) return;
  const auto first =
      std::min_element(map.begin(), map.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  report_.Add(path, absl::StrCat("has no text in the default language ", languages_.default_language, ": that in ",
                                 first->first, " stands for it"));
  const std::string text = first->second;
  map[languages_.default_language] = text;
}

}  // namespace canvass::surveyjs
