#include "server/distribution/channels/mail_message.h"

#include <algorithm>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/base/digest.h"
#include "server/base/status_macros.h"
#include "server/base/text/ascii_domain.h"
#include "server/base/text/characters.h"

namespace canvass::distribution {
namespace {

constexpr char kEndOfLine[] = "\r\n";
// An encoded word has at most 75 characters, with `=?UTF-8?B?` and `?=` around base64: 45 bytes of text.
constexpr std::size_t kWordBytes = 45;
// Longer text of a header is encoded for the sake of its folding.
constexpr std::size_t kPlainBytes = 70;
// RFC 2045 allows 76 characters; the last is for the `=` of a soft line break.
constexpr std::size_t kBodyLine = 75;

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isascii(static_cast<unsigned char>(c)); });
}

// RFC 2047: text of any script in a header, folded.
std::string EncodedWords(absl::string_view text) {
  std::string words;
  while (!text.empty()) {
    const absl::string_view part = Shorten(text, kWordBytes);
    absl::StrAppend(&words, words.empty() ? "" : "\r\n ", "=?UTF-8?B?", absl::Base64Escape(part), "?=");
    text.remove_prefix(part.size());
  }
  return words;
}

// Free text of a header. What looks like an encoded word, or is long, is encoded, too.
std::string HeaderText(absl::string_view text) {
  const bool plain = IsAscii(text) && text.size() <= kPlainBytes && text.find("=?") == absl::string_view::npos;
  return plain ? std::string(text) : EncodedWords(text);
}

std::string MailboxText(const Mailbox& mailbox) {
  const std::string address = WithAsciiDomain(mailbox.address);
  if (mailbox.name.empty()) return absl::StrCat("<", address, ">");
  std::string name = HeaderText(mailbox.name);
  if (name == mailbox.name)
    name = absl::StrCat("\"", absl::StrReplaceAll(name, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
  return absl::StrCat(name, " <", address, ">");
}

std::string QuotedPrintableLine(absl::string_view line) {
  std::string encoded;
  std::size_t width = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    // A blank at the end of a line would be lost on the way.
    const bool last_blank = (byte == ' ' || byte == '\t') && i + 1 == line.size();
    const bool as_is = (absl::ascii_isprint(byte) || byte == '\t') && byte != '=' && !last_blank;
    const std::string token = as_is ? std::string(1, line[i]) : absl::StrFormat("=%02X", byte);
    if (width + token.size() > kBodyLine) {
      absl::StrAppend(&encoded, "=", kEndOfLine);
      width = 0;
    }
    absl::StrAppend(&encoded, token);
    width += token.size();
  }
  return encoded;
}

std::string QuotedPrintable(absl::string_view text) {
  std::string encoded;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::ConsumeSuffix(&line, "\r");
    absl::StrAppend(&encoded, QuotedPrintableLine(line), kEndOfLine);
  }
  return encoded;
}

std::string Part(absl::string_view boundary, absl::string_view type, absl::string_view body) {
  return absl::StrCat("--", boundary, kEndOfLine, "Content-Type: ", type, "; charset=utf-8", kEndOfLine,
                      "Content-Transfer-Encoding: quoted-printable", kEndOfLine, kEndOfLine, QuotedPrintable(body));
}

absl::Status CheckHeader(absl::string_view name, absl::string_view value) {
  if (!HasControlCharacter(value) && IsUtf8(value)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the mail's ", name, " holds a line break or another control character"));
}

// Beside that, nothing that would end the address in its angle brackets.
absl::Status CheckAddress(absl::string_view name, absl::string_view address) {
  CANVASS_RETURN_IF_ERROR(CheckHeader(name, address));
  if (address.find_first_of("<> ,") == absl::string_view::npos) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("the mail's ", name, " is not a mail address"));
}

absl::Status CheckHeaders(const MailMessage& message) {
  CANVASS_RETURN_IF_ERROR(CheckHeader("Message-ID", message.message_id));
  CANVASS_RETURN_IF_ERROR(CheckHeader("sender's name", message.from.name));
  CANVASS_RETURN_IF_ERROR(CheckAddress("sender's address", message.from.address));
  CANVASS_RETURN_IF_ERROR(CheckHeader("recipient's name", message.to.name));
  CANVASS_RETURN_IF_ERROR(CheckAddress("recipient's address", message.to.address));
  CANVASS_RETURN_IF_ERROR(CheckAddress("Reply-To", message.reply_to));
  CANVASS_RETURN_IF_ERROR(CheckHeader("subject", message.subject));
  for (const auto& [name, value] : message.headers) CANVASS_RETURN_IF_ERROR(CheckHeader(name, value));
  return absl::OkStatus();
}

}  // namespace

absl::string_view DomainOf(absl::string_view address) {
  const std::size_t at = address.rfind('@');
  return at == absl::string_view::npos ? absl::string_view() : address.substr(at + 1);
}

std::string WithAsciiDomain(absl::string_view address) {
  const absl::string_view domain = DomainOf(address);
  return absl::StrCat(address.substr(0, address.size() - domain.size()), AsciiDomain(domain));
}

absl::StatusOr<std::string> FormatMail(const MailMessage& message) {
  CANVASS_RETURN_IF_ERROR(CheckHeaders(message));
  std::string mail;
  const auto add = [&](absl::string_view name, absl::string_view value) {
    absl::StrAppend(&mail, name, ": ", value, kEndOfLine);
  };
  add("Message-ID", absl::StrCat("<", message.message_id, ">"));
  add("Date", absl::FormatTime("%a, %d %b %Y %H:%M:%S +0000", message.date, absl::UTCTimeZone()));
  add("From", MailboxText(message.from));
  add("To", MailboxText(message.to));
  if (!message.reply_to.empty()) add("Reply-To", MailboxText({.address = message.reply_to}));
  add("Subject", HeaderText(message.subject));
  for (const auto& [name, value] : message.headers) add(name, value);
  add("MIME-Version", "1.0");
  // The body is encoded, so no line of it can be one of these.
  const std::string boundary = absl::StrCat("=_", absl::BytesToHexString(Digest16(message.message_id)));
  add("Content-Type", absl::StrCat("multipart/alternative; boundary=\"", boundary, "\""));
  absl::StrAppend(&mail, kEndOfLine, Part(boundary, "text/plain", message.text),
                  Part(boundary, "text/html", message.html), "--", boundary, "--", kEndOfLine);
  return mail;
}

}  // namespace canvass::distribution
