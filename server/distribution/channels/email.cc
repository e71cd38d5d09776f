#include "server/distribution/channels/email.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/distribution/brand.h"
#include "server/distribution/channels/message_body.h"

namespace canvass::distribution {

MailMessage WriteMail(const Outgoing& message, const MessageLinks& links) {
  const v1::EmailSettings& email = message.settings.email();
  MessageBody body = WriteBody(message, links);
  MailMessage mail{
      .message_id = absl::StrCat(message.id.ToString(), "@", DomainOf(WithAsciiDomain(email.from_address()))),
      .date = message.now,
      .from = {.name = email.from_name(), .address = email.from_address()},
      .to = {.address = std::string(message.address)},
      .reply_to = email.reply_to(),
      .subject = std::move(body.subject),
      .text = std::move(body.text),
      .html = std::move(body.html)};
  if (mail.from.name.empty()) {
    mail.from.name = CompleteBrand(message.settings.brand(), message.tenant_name).display_name();
  }
  const std::string unsubscribe = links.UnsubscribeOf(message, v1::Invitation::CHANNEL_EMAIL);
  // RFC 8058: one click works over https alone.
  if (absl::StartsWith(unsubscribe, "https://")) {
    mail.headers.emplace_back("List-Unsubscribe", absl::StrCat("<", unsubscribe, ">"));
    mail.headers.emplace_back("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
  }
  // Whoever turns mails into events names it as their cause, so that an answer to a survey asks for no other.
  mail.headers.emplace_back("Canvass-Cause", message.invitation.invitation.name());
  mail.headers.emplace_back("Auto-Submitted", "auto-generated");
  return mail;
}

std::string EmailChannel::Destination(const v1::ChannelSettings& settings) const {
  return settings.has_email() ? HostAndPort(smtp_.options().url) : "";
}

SendResult EmailChannel::Send(const Outgoing& message) {
  if (!message.settings.has_email()) return Refused("ChannelSettings.email is not set");
  if (smtp_.options().url.empty()) return Refused("the operator has named no mail relay");
  const MailMessage mail = WriteMail(message, links_);
  absl::StatusOr<std::string> data = FormatMail(mail);
  if (!data.ok()) return Refused(data.status().message());
  return smtp_.Send(
      {.from = WithAsciiDomain(mail.from.address), .to = WithAsciiDomain(mail.to.address), .data = *std::move(data)});
}

}  // namespace canvass::distribution
