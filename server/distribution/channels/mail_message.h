// A mail as RFC 5322 writes it: text and HTML as alternatives, any script in names, subject and body, ASCII on the
// wire.
//
//   CANVASS_ASSIGN_OR_RETURN(const std::string data, FormatMail({.from = {.name = "Acme", .address = "hi@acme.test"},
//   …}));
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_CHANNELS_MAIL_MESSAGE_H_
#define CANVASS_SERVER_DISTRIBUTION_CHANNELS_MAIL_MESSAGE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace canvass::distribution {

struct Mailbox {
  std::string name = {};  // for people; may be empty
  std::string address;
};

struct MailMessage {
  std::string message_id;  // without angle brackets
  absl::Time date;
  Mailbox from;
  Mailbox to;
  std::string reply_to = {};  // an address; none if empty
  std::string subject;
  // Further headers, ASCII.
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string text;
  std::string html;
};

// The mail, its lines ended by CRLF, none longer than SMTP allows. InvalidArgument, naming the field but not its value,
// if a header would hold a control character: a line break there would let a name add headers of its own.
absl::StatusOr<std::string> FormatMail(const MailMessage& message);

// What stands behind the @, and the address with that part in its ASCII form; as it is if it has none.
absl::string_view DomainOf(absl::string_view address);
std::string WithAsciiDomain(absl::string_view address);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_CHANNELS_MAIL_MESSAGE_H_
