#include "server/distribution/channels/message_texts.h"

#include "absl/strings/match.h"

namespace canvass::distribution {
namespace {

// The first one is what others fall back to.
constexpr MessageTexts kTexts[] = {
    {.language = "en",
     .subject = "How was your experience with $0?",
     .reminder_subject = "A reminder: how was your experience with $0?",
     .greeting = "Hello,",
     .intro = "Your opinion helps us to improve. Answering takes only a moment.",
     .reminder_intro =
         "We have not heard from you yet. Your opinion helps us to improve, and answering takes only a moment.",
     .choose = "Choose a number to begin:",
     .open = "Give your answer",
     .footer = "You receive this message from $0.",
     .unsubscribe = "Do not send me such messages any more",
     .privacy = "Privacy notice",
     .sms = "$0 would like to know your opinion:",
     .sms_reminder = "A reminder: $0 would like to know your opinion:",
     .likelihood = {"Not at all likely", "Extremely likely"},
     .satisfaction = {"Very dissatisfied", "Very satisfied"},
     .ease = {"Very difficult", "Very easy"},
     .effort = {"Very low effort", "Very high effort"}},
    {.language = "de",
     .subject = "Wie waren Ihre Erfahrungen mit $0?",
     .reminder_subject = "Erinnerung: Wie waren Ihre Erfahrungen mit $0?",
     .greeting = "Guten Tag,",
     .intro = "Ihre Meinung hilft uns, besser zu werden. Die Antwort dauert nur einen Augenblick.",
     .reminder_intro = "wir haben noch nichts von Ihnen gehört. Ihre Meinung hilft uns, besser zu werden, und die "
                       "Antwort dauert nur einen Augenblick.",
     .choose = "Wählen Sie zum Beginn eine Zahl:",
     .open = "Antwort geben",
     .footer = "Sie erhalten diese Nachricht von $0.",
     .unsubscribe = "Keine solchen Nachrichten mehr erhalten",
     .privacy = "Datenschutzhinweise",
     .sms = "$0 möchte gern Ihre Meinung wissen:",
     .sms_reminder = "Erinnerung: $0 möchte gern Ihre Meinung wissen:",
     .likelihood = {"Sehr unwahrscheinlich", "Sehr wahrscheinlich"},
     .satisfaction = {"Sehr unzufrieden", "Sehr zufrieden"},
     .ease = {"Sehr schwierig", "Sehr einfach"},
     .effort = {"Sehr wenig Aufwand", "Sehr viel Aufwand"}},
    {.language = "fr",
     .subject = "Comment s'est passée votre expérience avec $0 ?",
     .reminder_subject = "Rappel : comment s'est passée votre expérience avec $0 ?",
     .greeting = "Bonjour,",
     .intro = "Votre avis nous aide à nous améliorer. Répondre ne prend qu'un instant.",
     .reminder_intro = "Nous n'avons pas encore reçu votre réponse. Votre avis nous aide à nous améliorer, et répondre "
                       "ne prend qu'un instant.",
     .choose = "Choisissez un chiffre pour commencer :",
     .open = "Donner mon avis",
     .footer = "Ce message vous est envoyé par $0.",
     .unsubscribe = "Ne plus recevoir de tels messages",
     .privacy = "Protection des données",
     .sms = "$0 aimerait connaître votre avis :",
     .sms_reminder = "Rappel : $0 aimerait connaître votre avis :",
     .likelihood = {"Pas du tout probable", "Extrêmement probable"},
     .satisfaction = {"Très insatisfait", "Très satisfait"},
     .ease = {"Très difficile", "Très facile"},
     .effort = {"Très peu d'efforts", "Énormément d'efforts"}},
    {.language = "cs",
     .subject = "Jaká je vaše zkušenost s $0?",
     .reminder_subject = "Připomenutí: jaká je vaše zkušenost s $0?",
     .greeting = "Dobrý den,",
     .intro = "váš názor nám pomáhá zlepšovat se. Odpověď zabere jen chvilku.",
     .reminder_intro =
         "zatím jsme od vás nedostali odpověď. Váš názor nám pomáhá zlepšovat se a odpověď zabere jen chvilku.",
     .choose = "Začněte výběrem čísla:",
     .open = "Odpovědět",
     .footer = "Tuto zprávu vám posílá $0.",
     .unsubscribe = "Takové zprávy už nechci dostávat",
     .privacy = "Ochrana osobních údajů",
     .sms = "$0 by zajímal váš názor:",
     .sms_reminder = "Připomenutí: $0 by zajímal váš názor:",
     .likelihood = {"Velmi nepravděpodobně", "Velmi pravděpodobně"},
     .satisfaction = {"Velmi nespokojen(a)", "Velmi spokojen(a)"},
     .ease = {"Velmi obtížné", "Velmi snadné"},
     .effort = {"Velmi malé úsilí", "Velmi velké úsilí"}},
    {.language = "es",
     .subject = "¿Cómo fue su experiencia con $0?",
     .reminder_subject = "Recordatorio: ¿cómo fue su experiencia con $0?",
     .greeting = "Hola:",
     .intro = "Su opinión nos ayuda a mejorar. Responder solo lleva un momento.",
     .reminder_intro =
         "Aún no hemos recibido su respuesta. Su opinión nos ayuda a mejorar y responder solo lleva un momento.",
     .choose = "Elija un número para empezar:",
     .open = "Dar mi opinión",
     .footer = "Recibe este mensaje de $0.",
     .unsubscribe = "No deseo recibir más mensajes como este",
     .privacy = "Aviso de privacidad",
     .sms = "A $0 le gustaría conocer su opinión:",
     .sms_reminder = "Recordatorio: a $0 le gustaría conocer su opinión:",
     .likelihood = {"Nada probable", "Muy probable"},
     .satisfaction = {"Muy insatisfecho", "Muy satisfecho"},
     .ease = {"Muy difícil", "Muy fácil"},
     .effort = {"Muy poco esfuerzo", "Muchísimo esfuerzo"}},
    {.language = "sk",
     .subject = "Aká je vaša skúsenosť s $0?",
     .reminder_subject = "Pripomienka: aká je vaša skúsenosť s $0?",
     .greeting = "Dobrý deň,",
     .intro = "váš názor nám pomáha zlepšovať sa. Odpoveď zaberie len chvíľku.",
     .reminder_intro =
         "zatiaľ sme od vás nedostali odpoveď. Váš názor nám pomáha zlepšovať sa a odpoveď zaberie len chvíľku.",
     .choose = "Začnite výberom čísla:",
     .open = "Odpovedať",
     .footer = "Túto správu vám posiela $0.",
     .unsubscribe = "Takéto správy už nechcem dostávať",
     .privacy = "Ochrana osobných údajov",
     .sms = "$0 by zaujímal váš názor:",
     .sms_reminder = "Pripomienka: $0 by zaujímal váš názor:",
     .likelihood = {"Veľmi nepravdepodobne", "Veľmi pravdepodobne"},
     .satisfaction = {"Veľmi nespokojný(á)", "Veľmi spokojný(á)"},
     .ease = {"Veľmi ťažké", "Veľmi ľahké"},
     .effort = {"Veľmi malé úsilie", "Veľmi veľké úsilie"}},
    {.language = "pl",
     .subject = "Jak oceniają Państwo doświadczenia z $0?",
     .reminder_subject = "Przypomnienie: jak oceniają Państwo doświadczenia z $0?",
     .greeting = "Dzień dobry,",
     .intro = "Państwa opinia pomaga nam się doskonalić. Odpowiedź zajmie tylko chwilę.",
     .reminder_intro = "nie otrzymaliśmy jeszcze odpowiedzi. Państwa opinia pomaga nam się doskonalić, a odpowiedź "
                       "zajmie tylko chwilę.",
     .choose = "Aby zacząć, proszę wybrać liczbę:",
     .open = "Odpowiedz",
     .footer = "Tę wiadomość wysyła $0.",
     .unsubscribe = "Nie chcę otrzymywać takich wiadomości",
     .privacy = "Ochrona danych osobowych",
     .sms = "$0 prosi o opinię:",
     .sms_reminder = "Przypomnienie: $0 prosi o opinię:",
     .likelihood = {"Bardzo mało prawdopodobne", "Bardzo prawdopodobne"},
     .satisfaction = {"Bardzo niezadowolony(a)", "Bardzo zadowolony(a)"},
     .ease = {"Bardzo trudne", "Bardzo łatwe"},
     .effort = {"Bardzo mały wysiłek", "Bardzo duży wysiłek"}},
};

}  // namespace

const MessageTexts& MessageTextsIn(absl::string_view language) {
  while (!language.empty()) {
    for (const MessageTexts& texts : kTexts) {
      if (absl::EqualsIgnoreCase(texts.language, language)) return texts;
    }
    const std::size_t hyphen = language.rfind('-');
    language = hyphen == absl::string_view::npos ? "" : language.substr(0, hyphen);
  }
  return kTexts[0];
}

}  // namespace canvass::distribution
