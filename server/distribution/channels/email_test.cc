#include "server/distribution/channels/email.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/distribution/brand.h"
#include "server/distribution/channels/message_body.h"
#include "server/distribution/testing/sending_house.h"
#include "server/distribution/testing/smtp_sink.h"
#include "server/distribution/testing/tcp_server.h"

namespace canvass::distribution {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::SampleMessage;
using ::testing::SizeIs;
using testing::SmtpSink;
using ::testing::StartsWith;
using testing::TextOf;
using Outcome = SendResult::Outcome;

constexpr TransferLimits kShort = {.connect = absl::Seconds(1), .total = absl::Milliseconds(500)};

google::protobuf::Struct SendAndRead(const SampleMessage& message) {
  SmtpSink sink;
  SmtpClient smtp({.url = sink.url()});
  const SendResult result = EmailChannel(smtp, message.links()).Send(message.outgoing());
  EXPECT_EQ(result.outcome, Outcome::kSent) << result.detail;
  EXPECT_EQ(result.code, 250);
  const std::vector<google::protobuf::Struct> mails = sink.Mails();
  EXPECT_THAT(mails, SizeIs(1));
  return mails.empty() ? google::protobuf::Struct() : mails[0];
}

TEST(EmailTest, ArrivesAsItWasMeant) {
  SampleMessage message;
  message.settings.mutable_email()->set_from_name("Česká \"Kavárna\"");
  message.settings.mutable_email()->set_reply_to("answers@acme.example");
  message.settings.mutable_brand()->set_privacy_url("https://acme.example/privacy");
  const google::protobuf::Struct mail = SendAndRead(message);
  const std::string link = message.links().urls.Survey(message.links().TokenOf(message.outgoing()));
  EXPECT_EQ(TextOf(mail, "from"), "hello@acme.example");
  EXPECT_EQ(TextOf(mail, "to"), "ada@example.com");
  EXPECT_EQ(TextOf(mail, "headers.Message-ID"), "<01975b6a-1234-7000-8000-0123456789ab@acme.example>");
  EXPECT_EQ(TextOf(mail, "headers.Date"), "Mon, 02 Jun 2025 12:00:00 +0000");
  EXPECT_EQ(TextOf(mail, "headers.From"), "\"Česká \\\"Kavárna\\\"\" <hello@acme.example>");
  EXPECT_EQ(TextOf(mail, "headers.Reply-To"), "answers@acme.example");
  EXPECT_EQ(TextOf(mail, "headers.Subject"), "How was your experience with Acme & Sons?");
  EXPECT_EQ(TextOf(mail, "headers.List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
  EXPECT_THAT(TextOf(mail, "headers.List-Unsubscribe"), StartsWith("<https://feedback.example.com/u/cvu_"));
  EXPECT_EQ(TextOf(mail, "headers.Canvass-Cause"), "tenants/acme/invitations/01975b6a-4321-7000-8000-ba9876543210");
  EXPECT_EQ(TextOf(mail, "content_type"), "multipart/alternative");
  EXPECT_THAT(TextOf(mail, "text"), AllOf(HasSubstr("recommend Tea <& more>?"), HasSubstr(link + "\n"),
                                          HasSubstr("https://acme.example/privacy")));
  EXPECT_THAT(TextOf(mail, "html"),
              AllOf(HasSubstr("recommend Tea &lt;&amp; more&gt;?"), HasSubstr(link + "?recommend=0\""),
                    HasSubstr(link + "?recommend=10\""), Not(HasSubstr("recommend=11")), HasSubstr("lang=\"en\"")));
  EXPECT_EQ(mail.fields().at("defects").list_value().values_size(), 0);
}

TEST(EmailTest, KeepsTheLinesThatSmtpAllows) {
  SampleMessage message;
  (*message.survey.mutable_title())["en"] =
      absl::StrCat(std::string(400, 'x'), " Žluťoučký kůň\r\nBcc: eve@example.com");
  (*message.survey.mutable_questions(0)->mutable_text())["en"] = absl::StrCat(".\n.\n", std::string(2000, 'y'), " ");
  const google::protobuf::Struct mail = SendAndRead(message);
  for (absl::string_view line : absl::StrSplit(TextOf(mail, "raw"), '\n')) EXPECT_LE(line.size(), 998U);
  // An author's line break becomes a blank: it cannot start a header.
  EXPECT_THAT(TextOf(mail, "headers.Subject"), HasSubstr("xx Žluťoučký kůň Bcc: eve@example.com"));
  EXPECT_FALSE(mail.fields().at("headers").struct_value().fields().contains("Bcc"));
  EXPECT_THAT(TextOf(mail, "text"), HasSubstr(absl::StrCat("\n.\n.\n", std::string(2000, 'y'))));
}

TEST(EmailTest, SpeaksTheCustomersLanguage) {
  struct Case {
    const char* language;
    const char* subject;
    const char* question;
  };
  for (const Case& test : {Case{"de-AT", "Wie waren Ihre Erfahrungen mit Acme & Sons?", "Wie wahrscheinlich"},
                           Case{"cs", "Jaká je vaše zkušenost s Acme & Sons?", "Jak"},
                           Case{"fr", "Comment s'est passée votre expérience avec Acme & Sons ?", "Dans"},
                           Case{"es", "¿Cómo fue su experiencia con Acme & Sons?", "¿Con"},
                           // A language that the survey is not offered in: all in the survey's own.
                           Case{"it", "How was your experience with Acme & Sons?", "How likely"}}) {
    SampleMessage message;
    for (const auto& [language, text] : {std::pair("cs", "Jak?"), std::pair("fr", "Dans?"), std::pair("es", "¿Con?")}) {
      message.survey.add_languages(language);
      (*message.survey.mutable_questions(0)->mutable_text())[language] = text;
    }
    message.contact.set_language(test.language);
    const MessageBody body = WriteBody(message.outgoing(), message.links());
    EXPECT_EQ(body.subject, test.subject);
    EXPECT_THAT(body.text, HasSubstr(test.question));
    message.reminder = 1;
    EXPECT_NE(WriteBody(message.outgoing(), message.links()).subject, body.subject);
  }
}

TEST(EmailTest, OffersTheNumbersOfTheFirstQuestion) {
  struct Case {
    const char* question;
    int low;
    int high;
    const char* ends;
  };
  for (const Case& test :
       {Case{"csat { points: 5 }", 1, 5, "1 = Very dissatisfied"}, Case{"ces { points: 7 }", 1, 7, "7 = Very easy"},
        Case{"rating { points: 4 low_label { key: 'en' value: 'a' } high_label { key: 'en' value: "
             "'b' } }",
             1, 4, "1 = a"},
        Case{"free_text {}", 0, -1, ""}}) {
    SampleMessage message;
    v1::Question& question = *message.survey.mutable_questions(0);
    ASSERT_TRUE(google::protobuf::TextFormat::MergeFromString(test.question, &question));
    const std::string html = WriteBody(message.outgoing(), message.links()).html;
    for (int score = -1; score <= 11; ++score) {
      const bool expected = score >= test.low && score <= test.high;
      EXPECT_EQ(absl::StrContains(html, absl::StrCat("?recommend=", score, "\"")), expected) << test.question << score;
    }
    EXPECT_THAT(html, HasSubstr(test.ends));
  }
}

TEST(EmailTest, RefusesHeadersWithLineBreaks) {
  const auto refused = [](SampleMessage& message) {
    SmtpClient smtp({.url = "smtp://127.0.0.1:1"});
    const SendResult result = EmailChannel(smtp, message.links()).Send(message.outgoing());
    EXPECT_THAT(result.detail, Not(HasSubstr("eve")));
    return result.outcome == Outcome::kRefused;
  };
  for (const char* evil : {"x\r\nBcc: eve@example.com", "x\nBcc: eve@example.com", "x\reve",
                           "x\x01"
                           "eve",
                           "x\x7f"
                           "eve"}) {
    SampleMessage name;
    name.settings.mutable_email()->set_from_name(evil);
    EXPECT_TRUE(refused(name)) << evil;
    SampleMessage brand;
    brand.settings.mutable_brand()->set_display_name(evil);
    EXPECT_TRUE(refused(brand)) << evil;
    SampleMessage to;
    to.address = absl::StrCat("ada@example.com", evil);
    EXPECT_TRUE(refused(to)) << evil;
    SampleMessage from;
    from.settings.mutable_email()->set_from_address(absl::StrCat("a@b.example", evil));
    EXPECT_TRUE(refused(from)) << evil;
    SampleMessage reply_to;
    reply_to.settings.mutable_email()->set_reply_to(evil);
    EXPECT_TRUE(refused(reply_to)) << evil;
  }
  for (const char* evil : {"ada@example.com> NOTIFY=NEVER", "<ada@example.com", "ada@example.com,eve@example.com"}) {
    SampleMessage to;
    to.address = evil;
    EXPECT_TRUE(refused(to)) << evil;
  }
  MailMessage mail = WriteMail(SampleMessage().outgoing(), SampleMessage().links());
  ASSERT_TRUE(FormatMail(mail).ok());
  mail.subject = "x\r\nBcc: eve@example.com";
  EXPECT_FALSE(FormatMail(mail).ok());
}

TEST(EmailTest, SaysWhatTheRelaySaid) {
  SmtpSink sink;
  SmtpClient smtp({.url = sink.url(), .limits = {.total = absl::Seconds(1)}});
  const auto send = [&](const char* to) { return smtp.Send({.from = "a@b.example", .to = to, .data = "\r\n.\r\n"}); };
  EXPECT_EQ(send("ada@example.com").outcome, Outcome::kSent);
  const SendResult unknown = send("unknown@example.com");
  EXPECT_EQ(unknown.outcome, Outcome::kRefused);
  EXPECT_EQ(unknown.code, 550);
  EXPECT_EQ(unknown.detail, "550 5.1.1 … User unknown");
  EXPECT_TRUE(unknown.bounced);
  const SendResult denied = send("denied@example.com");
  EXPECT_EQ(denied.outcome, Outcome::kRefused);
  EXPECT_FALSE(denied.bounced) << "that the relay does not want us is no fault of the address";
  const SendResult later = send("greylist@example.com");
  EXPECT_EQ(later.outcome, Outcome::kRetry);
  EXPECT_EQ(later.code, 451);
  const SendResult silent = send("hang@example.com");
  EXPECT_EQ(silent.outcome, Outcome::kRetry);
  EXPECT_EQ(send("bob@example.com").outcome, Outcome::kSent);
  EXPECT_THAT(sink.Mails(), SizeIs(2));
}

TEST(EmailTest, BoundsWhatARelayCanDo) {
  const testing::TcpServer silent([](const std::string&) { return testing::TcpServer::Answer{}; });
  const absl::Time start = absl::Now();
  for (const std::string& url : {absl::StrCat("smtp://127.0.0.1:", silent.port()), std::string("smtp://127.0.0.1:1")}) {
    SmtpClient smtp({.url = url, .limits = kShort});
    const SendResult result = smtp.Send({.from = "a@b.example", .to = "c@d.example", .data = "x"});
    EXPECT_EQ(result.outcome, Outcome::kRetry);
    EXPECT_EQ(result.code, 0);
    EXPECT_FALSE(result.detail.empty());
  }
  EXPECT_LT(absl::Now() - start, absl::Seconds(4));
  EXPECT_TRUE(CheckSmtpOptions({.url = "smtps://relay:465"}).ok());
  EXPECT_FALSE(CheckSmtpOptions({.url = "http://relay"}).ok());
  EXPECT_FALSE(CheckSmtpOptions({.url = "relay:25"}).ok());
}

TEST(EmailTest, KnowsABounceByItsWords) {
  for (const auto& [code, reply, bounced] :
       {std::tuple(550, "550 5.1.1 No such user", true), std::tuple(550, "550 No such user here", true),
        std::tuple(551, "551 User not local", true), std::tuple(550, "550 5.1.2 Bad destination system", true),
        std::tuple(550, "550 5.2.1 Mailbox disabled", true), std::tuple(552, "552 5.2.2 Mailbox full", false),
        std::tuple(550, "550 5.7.1 Relaying denied", false), std::tuple(554, "554 No", false),
        std::tuple(550, "550 relay not permitted", false), std::tuple(550, "550 Blocked by policy", false),
        std::tuple(550, "550 5.1.8 Bad sender", false), std::tuple(450, "450 4.1.1 Unknown", false)}) {
    EXPECT_EQ(SaysNoSuchMailbox(code, reply), bounced) << reply;
  }
}

TEST(EmailTest, WritesDomainsOfOtherScriptsInAscii) {
  EXPECT_EQ(WithAsciiDomain("jörg@bücher.example"), "jörg@xn--bcher-kva.example");
  EXPECT_EQ(WithAsciiDomain("ada@Example.com"), "ada@Example.com");
}

TEST(BrandTest, TextStandsOutOnItsColor) {
  EXPECT_EQ(TextColorOn("#1f5fbf"), "#ffffff");
  EXPECT_EQ(TextColorOn("#ffffff"), "#000000");
  EXPECT_EQ(TextColorOn("#000000"), "#ffffff");
  EXPECT_EQ(TextColorOn("#ffd700"), "#000000");
  EXPECT_EQ(CompleteBrand({}, "Acme").display_name(), "Acme");
  EXPECT_EQ(CompleteBrand({}, "Acme").color(), "#1f5fbf");
}

}  // namespace
}  // namespace canvass::distribution
