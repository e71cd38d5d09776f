#include "server/surveys/texts/late_message.h"

#include "server/surveys/texts/languages.h"

namespace canvass::surveys {
namespace {

using v1::Questionnaire;

struct Sentences {
  absl::string_view language;
  absl::string_view closed;
  absl::string_view answered;
  absl::string_view not_open;
};

// English comes last: it is what everybody else reads.
constexpr Sentences kSentences[] = {
    {"cs", "Děkujeme za váš zájem. Tento průzkum už skončil.", "Děkujeme, vaši odpověď už máme.",
     "Na tento průzkum teď nelze odpovědět."},
    {"de", "Vielen Dank für Ihr Interesse. Diese Umfrage ist beendet.", "Vielen Dank, Ihre Antwort ist schon bei uns.",
     "Diese Umfrage kann gerade nicht beantwortet werden."},
    {"es", "Gracias por su interés. Esta encuesta ha terminado.", "Gracias, ya tenemos su respuesta.",
     "Esta encuesta no se puede contestar en este momento."},
    {"fr", "Merci de votre intérêt. Cette enquête est terminée.", "Merci, nous avons déjà votre réponse.",
     "Il n’est pas possible de répondre à cette enquête pour le moment."},
    {"pl", "Dziękujemy za zainteresowanie. Ta ankieta jest już zakończona.",
     "Dziękujemy, otrzymaliśmy już Państwa odpowiedź.", "Na tę ankietę nie można teraz odpowiedzieć."},
    {"sk", "Ďakujeme za váš záujem. Tento prieskum sa už skončil.", "Ďakujeme, vašu odpoveď už máme.",
     "Na tento prieskum teraz nie je možné odpovedať."},
    {"sl", "Hvala za vaše zanimanje. Ta anketa je že zaključena.", "Hvala, vaš odgovor smo že prejeli.",
     "Na to anketo trenutno ni mogoče odgovoriti."},
    {"en", "Thank you for your interest. This survey has ended.", "Thank you, we already have your answer.",
     "This survey cannot be answered right now."},
};

const Sentences& SentencesIn(absl::string_view language) {
  const absl::string_view primary = language.substr(0, language.find('-'));
  for (const Sentences& sentences : kSentences) {
    if (sentences.language == primary) return sentences;
  }
  return kSentences[std::size(kSentences) - 1];
}

}  // namespace

std::string LateMessage(const v1::SurveyDefinition& definition, absl::string_view language,
                        Questionnaire::Availability availability) {
  const Sentences& sentences = SentencesIn(language);
  switch (availability) {
    case Questionnaire::AVAILABILITY_CLOSED:
    case Questionnaire::AVAILABILITY_EXPIRED: {
      const absl::string_view own = TextIn(definition.closed_text(), language, definition.default_language());
      return std::string(own.empty() ? sentences.closed : own);
    }
    case Questionnaire::AVAILABILITY_ANSWERED:
      return std::string(sentences.answered);
    case Questionnaire::AVAILABILITY_NOT_OPEN:
      return std::string(sentences.not_open);
    default:
      return "";
  }
}

}  // namespace canvass::surveys
